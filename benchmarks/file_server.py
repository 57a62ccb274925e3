"""A quiet file server on loopback: `python file_server.py FOLDER PORT`."""

from __future__ import annotations

import http.server
import sys
from functools import partial
from typing import Any


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files, quietly, over connections that are kept; /copy/N/… is one more copy of the site."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        if path.startswith("/copy/"):
            path = "/" + path.split("/", 3)[3]
        return super().translate_path(path)

    def do_GET(self) -> None:
        if self.path.startswith("/copies/"):
            self._copies(int(self.path.rpartition("/")[2]))
        else:
            super().do_GET()

    def _copies(self, many: int) -> None:
        links = "".join(f'<li><a href="/copy/{number}/nl/index.html">Kopie {number}</a></li>' for number in range(many))
        body = f'<!doctype html><html lang="nl"><title>Kopieën</title><main><h1>Kopieën</h1><ul>{links}</ul></main></html>'
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """An error keeps the connection too, as with the servers of real sites."""
        data = f"<!doctype html><title>{code}</title><h1>{code}</h1>".encode()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def end_headers(self) -> None:
        """Allow the link checker of that name to ask more than ten times a second."""
        self.send_header("LinkChecker", "yes")
        super().end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Serves many at once; a browser that hangs up in the middle of an answer is no news."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[2])), partial(Quiet, directory=sys.argv[1])).serve_forever()
