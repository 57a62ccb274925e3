"""Reads a secret from where a setting says that it is. Nothing said here holds any of it."""

from __future__ import annotations

import os
from pathlib import Path

from rules.log_in_steps import PLACED
from rules.login import ENVIRONMENT, LoginError, source_of

LONGEST = 10_000  # characters


class SecretMissing(LoginError):
    """The secret is not where the setting says; the sentence says what to do."""


def read_secret(source: str) -> str:
    """The secret of "env:NAME" or "file:/path", without the end of its last line. Raises SecretMissing or LoginError."""
    kind, place = source_of(source)
    if kind == ENVIRONMENT:
        secret = os.environ.get(place, "")
        if not secret:
            raise SecretMissing(
                f"The environment has no variable {place}, which holds the secret for the log-in. Set it where Vierluik is "
                f"started (also for its workers), for example: export {place}=…"
            )
        return secret
    try:
        with Path(place).open(encoding="utf-8") as file:
            secret = file.read(LONGEST).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise SecretMissing(f"The file {place} is no text. Write nothing but the secret into it, as UTF-8.") from error
    except OSError as error:
        raise SecretMissing(
            f"The file {place}, which holds the secret for the log-in, cannot be read: {error.strerror}. "
            f"Make it, readable only for who runs Vierluik."
        ) from error
    if not secret:
        raise SecretMissing(f"The file {place} is empty. Write the secret into it, and nothing else.")
    return secret


def filled_in(text: str) -> tuple[str, list[str]]:
    """A text with the secrets that it names put in, and those secrets. Raises SecretMissing or LoginError."""
    secrets = {source: read_secret(source) for source in PLACED.findall(text)}
    return PLACED.sub(lambda found: secrets[found[1]], text), list(secrets.values())
