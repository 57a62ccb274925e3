"""A real SMTP server for tests: it takes, refuses, goes down, asks for a password, speaks TLS and answers slowly."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.mailer import MailSecurity, MailServer

USER, PASSWORD = "vierluik", "geheim-woord-7391"
SIGNED = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Post:
    """What arrived, and what is refused."""

    arrived: list[tuple[str, EmailMessage]] = field(default_factory=list)  # receiver and message
    refused: dict[str, str] = field(default_factory=dict)  # receiver: what the server says
    message_refused: str = ""
    seconds: float = 0.0  # before each answer to a message
    logged_in: int = 0
    over_tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        if self.message_refused:
            return self.message_refused
        message = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.arrived += [(receiver, message) for receiver in envelope.rcpt_tos]
        self.over_tls.append(session.ssl is not None)
        return "250 taken"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.logged_in += right
        return AuthResult(success=right, handled=False)


class Server:
    """Starts and stops on one port."""

    def __init__(self, post: Post, *, tls: ssl.SSLContext | None = None, asks_password: bool = False) -> None:
        self.post, self.tls, self.asks_password = post, tls, asks_password
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.controller: Controller | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        options: dict[str, Any] = {"tls_context": self.tls, "require_starttls": True} if self.tls else {}
        if self.asks_password:
            options |= {"auth_required": True, "authenticator": self.post.authenticate, "auth_require_tls": bool(self.tls)}
        self.controller = Controller(self.post, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    def settings(self, **changes: Any) -> MailServer:
        values: dict[str, Any] = {"security": MailSecurity.STARTTLS if self.tls else MailSecurity.NONE}
        return MailServer("127.0.0.1", self.port, **values | {"answers_within_s": 5.0, "delivers_within_s": 5.0} | changes)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context, and the file by which a client trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SIGNED)
        .not_valid_after(SIGNED + timedelta(days=365 * 80))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "server.pem", folder / "server.key"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file
