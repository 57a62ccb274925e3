"""What a connection that fails means, in the words of `rules.reason`."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable

from crawler.address_guard import AddressRefused

FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (AddressRefused, "private-address"),
    (ssl.SSLError, "tls-error"),
    (socket.gaierror, "unknown-host"),
    (ConnectionRefusedError, "connection-refused"),
    (TimeoutError, "timeout"),
    (UnicodeError, "bad-address"),
    (ConnectionResetError, "connection-broken"),
)


def reason_of(error: BaseException, more: Iterable[tuple[type[BaseException], str]] = ()) -> str:
    """Why there was no answer, as a key of `rules.reason`; the deepest of errors that wrap others says most.

    `more`: the errors of a library, and what they mean.
    """
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__ or getattr(cause, "os_error", None)
    kinds = (*FAILURES, *more)
    return next((reason for one in reversed(seen) for kind, reason in kinds if isinstance(one, kind)), "connection-failed")
