"""Many hosts that are one server on loopback: for a program that is started with `environment`, their names lead to it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DOMAIN = "hosts.example"
# Python reads a file of this name at every start (the module `site`).
RESOLVES_HERE = f"""
import socket

_real = socket.getaddrinfo


def getaddrinfo(host, *rest, **more):
    name = host.decode() if isinstance(host, bytes) else host
    return _real("127.0.0.1" if isinstance(name, str) and name.endswith(".{DOMAIN}") else host, *rest, **more)


socket.getaddrinfo = getaddrinfo
"""


def environment(folder: Path) -> dict[str, str]:
    """What a program is started with so that every name under hosts.example is this machine."""
    folder.joinpath("sitecustomize.py").write_text(RESOLVES_HERE, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", str(Path.cwd()))])}


@dataclass
class Hosts:
    """The server: how it was asked, by host."""

    port: int = 0
    answers_in_s: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    _now: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, host: int, path: str) -> str:
        return f"http://h{host}.{DOMAIN}:{self.port}{path}"

    @contextmanager
    def request(self, host: str) -> Iterator[None]:
        with self._lock:
            self.asked[host] += 1
            self._now[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._now[host])
        try:
            yield
        finally:
            with self._lock:
                self._now[host] -= 1


@contextmanager
def many_hosts(hosts: int, links: int, *, dead_every: int = 50, answers_in_s: float = 0.0) -> Iterator[Hosts]:
    """A site on 127.0.0.1 whose pages lead to so many links over so many hosts; every so-manieth is dead."""
    found = Hosts(answers_in_s=answers_in_s)
    per_page = 500
    pages = -(-links // per_page)

    def address_of(link: int) -> str:
        return found.url(link % hosts, f"/{'weg' if link % dead_every == 0 else 'er'}/{link}")

    def page(number: int) -> str:
        start = number * per_page
        these = range(start, min(start + per_page, links))
        there = "".join(f'<a href="{address_of(one)}">Link {one}</a>\n' for one in these)
        more = "".join(f'<a href="/{other}">Lijst {other}</a>\n' for other in range(1, pages) if number == 0)
        return f'<!doctype html><html lang="nl"><title>Lijst {number}</title><main><h1>Lijst {number}</h1>{there}{more}</main>'

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").partition(":")[0]
            with found.request(host):
                if host.endswith(DOMAIN):
                    time.sleep(found.answers_in_s)
                    status, body = (
                        (404 if self.path.startswith("/weg") or "vierluik" in self.path else 200),
                        b"<title>Hier</title>",
                    )
                else:
                    is_page = self.path == "/" or self.path[1:].isdecimal()
                    status, body = (200, page(int(self.path[1:] or 0)).encode()) if is_page else (404, b"")
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 1_024

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up is no news; the run ends with connections open."""
            if not isinstance(sys.exc_info()[1], ConnectionError):
                super().handle_error(request, client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
