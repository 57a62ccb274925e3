"""Who may do what: roles and permissions, what a password has to be, and the second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from enum import StrEnum

SHORTEST, LONGEST = 12, 200  # characters of a password
STEP_S = 30  # of a code
DIGITS = 6
TRIES = 5  # wrong passwords or codes in a row, before an account is locked
LOCKED_MINUTES = (1, 5, 15, 60)  # the longer the more often
INVITATION_DAYS = 7
SESSION_HOURS = 12
IDLE_HOURS = 2
RECOVERY_CODES = 8


class AccountError(ValueError):
    """The account cannot be made or changed; `field` says which part of the form is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Role(StrEnum):
    """What somebody is to a site."""

    EDITOR = "editor"
    ADVISER = "adviser"
    AUDITOR = "auditor"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What somebody may do on a site."""

    SEE = "see"
    CHECK = "check"  # have a page or the site looked at again
    DECIDE = "decide"  # about findings
    ADVISE = "advise"  # tasks, searches, products, rules of the organisation
    AUDIT = "audit"  # evaluations, and who changed what
    MANAGE = "manage"  # targets, annotations, tickets
    ADMINISTER = "administer"  # everything else


_EVERYBODY = frozenset({Permission.SEE})
_AT_WORK = _EVERYBODY | {Permission.CHECK, Permission.DECIDE}
MAY: dict[Role, frozenset[Permission]] = {
    Role.EDITOR: _AT_WORK,
    Role.ADVISER: _AT_WORK | {Permission.ADVISE, Permission.MANAGE},
    Role.AUDITOR: _AT_WORK | {Permission.AUDIT},
    Role.MANAGER: _EVERYBODY | {Permission.DECIDE, Permission.MANAGE},
    Role.ADMINISTRATOR: frozenset(Permission),
}


def mail_address(text: str) -> str:
    """An address as it is kept. Raises AccountError for what is none."""
    address = text.strip().casefold()
    if not re.fullmatch(r"[^\s@<>\"',;]{1,64}@[a-z0-9.-]{1,180}\.[a-z]{2,}", address):
        raise AccountError("mail", "write an e-mail address, such as anne@example.nl")
    return address


def full_name(text: str) -> str:
    """A name as it is kept. Raises AccountError where it is empty, too long, or holds what cannot be seen."""
    name = " ".join(text.split())
    if not name or len(name) > 200 or not name.isprintable():
        raise AccountError("name", "write a name, in at most 200 characters")
    return name


def password(text: str, *about: str) -> str:
    """A password that may be used. `about`: what it may not be made of, such as the name and the address of its owner.

    Long rather than odd, as NIST SP 800-63B and the NCSC advise: nothing asks for digits or signs.
    """
    if not SHORTEST <= len(text) <= LONGEST:
        raise AccountError("password", f"choose at least {SHORTEST} characters; a short sentence is easy to remember")
    plain = re.sub(r"[^a-z0-9]", "", text.casefold())
    parts = {part for one in about for part in re.split(r"[^a-z0-9]+", one.casefold()) if len(part) > 3}
    if len(set(plain)) < 5 or any(len(plain.replace(part, "")) < 6 for part in (*parts, "vierluik", "wachtwoord", "password")):
        raise AccountError("password", "choose something that nobody guesses")
    return text


def code_at(secret: str, step: int) -> str:
    """The code of one step of thirty seconds. Source: RFC 6238 over HMAC-SHA-1, as authenticator programs expect it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), hashlib.sha1)
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of_code(secret: str, code: str, moment: float, after: int) -> int | None:
    """The step that a code belongs to: the present one, or one beside it for clocks that differ; None: it is wrong.

    `after`: the last step that was used; a code is used once.
    """
    now = int(moment) // STEP_S
    said = re.sub(r"\s", "", code)
    for step in (now, now - 1, now + 1):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), said.encode("utf-8", "replace")):
            return step
    return None
