"""Small sites on loopback that do what no site should: each test says what its site answers, address by address."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MEGABYTE = 1_000_000
PIECE = b"<p>regel</p>" * 5_000


@dataclass(frozen=True)
class Answer:
    """What an address answers; `then` goes on where an ordinary answer would have ended."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Callable[[Caller], None] | None = None
    says_length: bool = True


class Caller:
    """Somebody who asked, and is being answered."""

    def __init__(self, handler: BaseHTTPRequestHandler, stopped: threading.Event) -> None:
        self.handler = handler
        self.stopped = stopped

    def send(self, data: bytes) -> None:
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def keep_waiting(self) -> None:
        """Until the site is closed, or nobody would wait that long."""
        self.stopped.wait(60)


ByTurn = Callable[[str, int], Answer]  # of the method and how often the address was asked, this time included
Site = Mapping[str, Answer | ByTurn]


@dataclass
class Served:
    """A site that is up. `asked`: the method and path of every request, in order."""

    url: str
    asked: list[tuple[str, str]] = field(default_factory=list)

    def times_asked(self, path: str) -> int:
        return sum(asked == path for _, asked in self.asked)

    def wait_until_asked(self, path: str, times: int) -> None:
        """Wait until a path was asked so many times. Raises TimeoutError after half a minute."""
        ends = time.monotonic() + 30
        while self.times_asked(path) < times:
            if time.monotonic() > ends:
                raise TimeoutError(f"{path} was asked {self.times_asked(path)} times, not {times}")
            time.sleep(0.02)


# --- answers ---------------------------------------------------------------------------------------------------------


ORDINARY = "<main><h1>Gewoon</h1><p>Tekst.</p></main>"


def page(body: str = ORDINARY, *, title: str = "Gewoon", head: str = "", **headers: str) -> Answer:
    """A page of HTML; headers are written with _ for -."""
    start = f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
    html = f"{start}<body>{body}</body></html>"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(html.encode(), headers={"Content-Type": "text/html; charset=utf-8", **named})


def links_to(*paths: str) -> str:
    return "<main><h1>Start</h1>" + "".join(f'<p><a href="{path}">Naar {path}</a></p>' for path in paths) + "</main>"


def script(code: str, title: str = "Gewoon") -> Answer:
    return page(f"<main><h1>Gewoon</h1></main><script>{code}</script>", title=title)


def text(body: str | bytes, kind: str = "text/plain") -> Answer:
    return Answer(body.encode() if isinstance(body, str) else body, headers={"Content-Type": kind})


def status(code: int, **headers: str) -> Answer:
    html = b"<!doctype html><html lang=nl><title>Fout</title><h1>Fout</h1>"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(b"" if code == 204 else html, code, {"Content-Type": "text/html", **named})


def redirect(to: str, code: int = 302) -> Answer:
    return Answer(b"", code, {"Location": to})


def pdf() -> Answer:
    return Answer(b"%PDF-1.7\n", headers={"Content-Type": "application/pdf"})


def download() -> Answer:
    headers = {"Content-Type": "text/html", "Content-Disposition": 'attachment; filename="lijst.csv"'}
    return Answer(b"naam;bedrag\n", headers=headers)


def never_ends() -> Answer:
    """A body of which the end never comes."""
    body = (
        b"<!doctype html><html lang=nl><title>Eindeloos</title><main><h1>Eindeloos</h1><img src=/x.png><a href=/gewoon>Naar x</a>"
    )
    return Answer(body, headers={"Content-Type": "text/html"}, then=Caller.keep_waiting, says_length=False)


def says_nothing() -> Answer:
    """A connection that is taken, and no answer at all."""
    return Answer(status=0, then=Caller.keep_waiting)


def megabytes(count: int) -> Answer:
    """A page of so many megabytes, without saying so beforehand."""

    def pour(caller: Caller) -> None:
        for _ in range(count * MEGABYTE // len(PIECE)):
            caller.send(PIECE)

    return Answer(b"<!doctype html><title>Groot</title>", headers={"Content-Type": "text/html"}, then=pour, says_length=False)


def compressed_megabytes(count: int) -> Answer:
    """A page that is small on the way and grows to so many megabytes."""
    body = gzip.compress(b"<!doctype html><title>Bom</title>" + b" " * (count * MEGABYTE))
    return Answer(body, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})


def breaks_off() -> Answer:
    """A body that is shorter than was said."""
    headers = {"Content-Type": "text/html", "Content-Length": "5000"}
    return Answer(b"<!doctype html><title>Half</title>", headers=headers, says_length=False)


# --- serving ---------------------------------------------------------------------------------------------------------


@contextmanager
def serve(site: Site, certificate: Path | None = None) -> Iterator[Served]:
    """Serve a site on a free port of 127.0.0.1 until the block ends; what it does not name is a 404."""
    stopped = threading.Event()
    served = Served("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("#")[0]
            served.asked.append((self.command, path))
            found = site.get(path) or site.get(path.partition("?")[0]) or site.get("*") or status(404)
            answer = found(self.command, served.times_asked(path)) if callable(found) else found
            try:
                _answer(self, answer, Caller(self, stopped))
            except (OSError, ssl.SSLError):
                self.close_connection = True

        do_HEAD = do_POST = do_DELETE = do_GET

        def log_message(self, *args: Any) -> None:
            """Silence is enough."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Callers that hang up are what these sites are for."""

    server = Server(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https"
    served.url = f"{scheme}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _answer(handler: BaseHTTPRequestHandler, answer: Answer, caller: Caller) -> None:
    if answer.status:
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.says_length:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
    if handler.command == "HEAD" and answer.status:
        return
    caller.send(answer.body)
    if answer.then:
        answer.then(caller)


def closed_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def make_certificate(folder: Path, fault: Literal["expired", "self-signed"]) -> Path:
    """A certificate and key for 127.0.0.1 that nobody trusts, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    ends = now - timedelta(days=1) if fault == "expired" else now + timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{fault}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file
