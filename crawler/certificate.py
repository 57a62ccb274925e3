"""What a host shows to prove its name, and whether it is trusted here; the problem is in words, not in a refused connection.

Source: RFC 5280 (certification path validation), as OpenSSL names its failures (X509_V_ERR_*).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from datetime import UTC, datetime

from crawler.address_guard import AddressGuard
from crawler.deadline import within
from rules.observation import Certificate

HANDSHAKE_TIMEOUT_S = 10.0
PROBLEMS = {9: "not-yet-valid", 10: "expired", 18: "self-signed", 62: "wrong-name", 64: "wrong-name"}


async def certificate_of(
    host: str, port: int, guard: AddressGuard, context: ssl.SSLContext | None = None, seconds: float = HANDSHAKE_TIMEOUT_S
) -> Certificate | None:
    """The certificate of a host, at the first of its addresses that may be spoken to; None: nobody there speaks TLS."""
    with contextlib.suppress(OSError, TimeoutError, ValueError):
        return await within(seconds, _shown_by(host, port, guard, context or ssl.create_default_context()))
    return None


async def _shown_by(host: str, port: int, guard: AddressGuard, context: ssl.SSLContext) -> Certificate | None:
    resolved = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = next((str(entry[4][0]) for entry in resolved if guard.allows(str(entry[4][0]), port)), "")
    if not address:
        return None
    try:
        _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        return Certificate(PROBLEMS.get(error.verify_code, "not-trusted"))
    shown = writer.get_extra_info("peercert") or {}
    writer.transport.abort()
    return Certificate("", _moment(shown.get("notBefore", "")), _moment(shown.get("notAfter", "")))


def _moment(text: str) -> str:
    """A time as a certificate has it, in ISO 8601; empty where there is none."""
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC).isoformat() if text else ""
