"""Hands e-mail to the organisation's own mail server (SMTP, RFC 5321), and says what became of each message."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum

PORTS = {"none": 25, "starttls": 587, "tls": 465}
ANSWERS_WITHIN_S = 30.0  # one step
DELIVERS_WITHIN_S = 120.0  # one message in all: a server that answers drop by drop holds nobody up
LONGEST_SAID = 300  # characters


class MailSecurity(StrEnum):
    """How the way to the mail server is kept secret."""

    STARTTLS = "starttls"  # RFC 3207; where the server does not offer it, nothing is sent
    TLS = "tls"  # from the first byte (RFC 8314)
    NONE = "none"  # only for a server on this machine or network


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. The password is never part of what is shown."""

    host: str
    port: int = 0  # 0: the usual one
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""  # authorities that sign the server's certificate; empty: those of this machine
    answers_within_s: float = ANSWERS_WITHIN_S
    delivers_within_s: float = DELIVERS_WITHIN_S


class Fate(StrEnum):
    """What became of a message that was handed over."""

    SENT = "sent"
    LATER = "later"  # not now: it is tried again
    REFUSED = "refused"  # never


@dataclass(frozen=True)
class Delivery:
    """What a receiver said of one message."""

    fate: Fate
    reason: str = ""  # a key of rules.reason
    said: str = ""  # in the receiver's own words


class _ServerFails(Exception):
    """The mail server cannot be spoken to, or lets us send nothing: no message is to blame."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(f"{reason}: {said}")
        self.reason, self.said = reason, _said(said)


class MailLine:
    """A connection to the mail server, opened for the first message and kept for the next ones. Use with `with`."""

    def __init__(self, server: MailServer, sender: str) -> None:
        """`sender`: the address that bounces go to."""
        self.server = server
        self.sender = sender
        self._connection: smtplib.SMTP | None = None
        self._gone: Delivery | None = None  # the server could not be reached: the other messages need not try

    def __enter__(self) -> MailLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException), _at_most(self._connection, self.server.answers_within_s):
                self._connection.quit()
            self._connection.close()

    def deliver(self, message: EmailMessage, receiver: str) -> Delivery:
        """Hand over one message for one receiver. Never raises: what goes wrong is its fate."""
        if self._gone:
            return self._gone
        try:
            if self._connection is None:
                self._connection = _connect(self.server)
        except _ServerFails as error:
            self._gone = Delivery(Fate.LATER, error.reason, error.said)
            return self._gone
        try:
            with _at_most(self._connection, self.server.delivers_within_s):
                return _send(self._connection, message, self.sender, receiver)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._connection.close()
            self._connection = None
            return Delivery(Fate.LATER, "mail-server-gone", _said(str(error)))


def _connect(server: MailServer) -> smtplib.SMTP:
    """A connection that is logged in. Raises _ServerFails."""
    try:
        return _open(server)
    except smtplib.SMTPAuthenticationError as error:
        raise _ServerFails("mail-log-in-refused", f"{error.smtp_code} {_said(error.smtp_error)}") from error
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise _ServerFails("mail-not-secure", str(error)) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise _ServerFails("mail-server-gone", str(error)) from error


def _open(server: MailServer) -> smtplib.SMTP:
    port, context = server.port or PORTS[server.security], ssl.create_default_context(cafile=server.ca_file or None)
    connection: smtplib.SMTP
    if server.security is MailSecurity.TLS:
        connection = smtplib.SMTP_SSL(server.host, port, timeout=server.answers_within_s, context=context)
    else:
        connection = smtplib.SMTP(server.host, port, timeout=server.answers_within_s)
    try:
        with _at_most(connection, server.delivers_within_s):
            if server.security is MailSecurity.STARTTLS:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _send(connection: smtplib.SMTP, message: EmailMessage, sender: str, receiver: str) -> Delivery:
    """Only a refusal for good (5yz, RFC 5321, 4.2.1) of this receiver or this message is final.

    That the server refuses the sender is a matter of settings: nothing is lost by trying again.
    """
    try:
        connection.send_message(message, sender, [receiver])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return Delivery(Fate.REFUSED if code >= 500 else Fate.LATER, "mail-receiver-refused", f"{code} {_said(said)}")
    except smtplib.SMTPSenderRefused as error:
        return Delivery(Fate.LATER, "mail-sender-refused", f"{error.smtp_code} {_said(error.smtp_error)}")
    except smtplib.SMTPDataError as error:
        fate = Fate.REFUSED if error.smtp_code >= 500 else Fate.LATER
        return Delivery(fate, "mail-message-refused", f"{error.smtp_code} {_said(error.smtp_error)}")
    return Delivery(Fate.SENT)


@contextmanager
def _at_most(connection: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """End the connection after so long, whatever it is waiting for: a time limit of sockets is one for each single byte."""

    def cut() -> None:
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _said(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return "".join(sign if sign.isprintable() else " " for sign in text)[:LONGEST_SAID]
