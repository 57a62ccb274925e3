"""Serves the sample site on this machine as any web server would: keep-alive, HEAD and conditional requests."""

import hashlib
import ipaddress
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from vierluik.sample_site.site import Edition, Response, SampleSite

LARGEST_FORM_BYTES = 64 * 1024


class SampleServer:
    """A running sample site; `edition` can be changed while it runs. Use it as a context manager or call `close`."""

    def __init__(self, edition: Edition, port: int = 0, host: str = "127.0.0.1") -> None:
        """Start serving on this machine; port 0 takes any free port.

        Raises ValueError for a host that others can reach: the site is full of faults and meant for nobody else.
        """
        if not _is_loopback(host):
            raise ValueError(f"host is '{host}'. The sample site is served on this machine only: use 127.0.0.1.")
        self._server = _Server((host, port), _Handler)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._server.site = SampleSite(edition, origin=self.url)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="sample-site", daemon=True
        )
        self._thread.start()

    @property
    def edition(self) -> Edition:
        """The edition that is served now."""
        return self._server.site.edition

    @edition.setter
    def edition(self, edition: Edition) -> None:
        self._server.site = SampleSite(edition, origin=self.url)

    def break_journeys(self, *faults: str) -> None:
        """From now on serve the edition with these faults in it, of `journey_faults.toml`; none: with none."""
        self._server.site = SampleSite(self.edition, self.url, faults)

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()


def serve(edition: Edition, port: int = 0, host: str = "127.0.0.1") -> SampleServer:
    """Start the sample site in this edition and return the running server."""
    return SampleServer(edition, port, host)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        # Only version 4 is served, so ::1 would fail later with a message that helps nobody.
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


class _Server(ThreadingHTTPServer):
    """A threading server that knows its site."""

    daemon_threads = True
    request_queue_size = 64
    site: SampleSite

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet when a browser or crawler leaves before the answer is sent: that is ordinary."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Translates HTTP into questions to the site, and its answers back."""

    server: _Server
    server_version = "Voorbeeldstad"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 60
    # Without this the small packets of a kept-alive connection wait for each other, 40 ms a page.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a question for a page or file."""
        self._answer({})

    def do_HEAD(self) -> None:
        """Answer as GET does, without the body."""
        self._answer({})

    def do_POST(self) -> None:
        """Answer a form that was sent."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > LARGEST_FORM_BYTES:
            headers = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
            self._send(Response(413, headers, b"Dit formulier is te groot.\n"))
            return
        sent = self.rfile.read(int(length)).decode("utf-8", errors="replace")
        self._answer(dict(parse_qsl(sent, keep_blank_values=True)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing: the terminal belongs to whoever started the site."""

    def _answer(self, form: dict[str, str]) -> None:
        asked = urlsplit("/" + self.path.lstrip("/"))
        query = dict(parse_qsl(asked.query, keep_blank_values=True))
        method = self.command or "GET"
        self._send(self.server.site.respond(method, unquote(asked.path, errors="replace"), query, form))

    def _send(self, response: Response) -> None:
        etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
        conditional = response.status == 200 and self.command in ("GET", "HEAD")
        if conditional and _matches(self.headers.get("If-None-Match", ""), etag):
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if conditional:
            self.send_header("ETag", etag)
            self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)


def _matches(wanted: str, etag: str) -> bool:
    """Whether the If-None-Match header names this ETag; a weak tag counts as well (RFC 9110, 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    return etag in tags or tags == ["*"]
