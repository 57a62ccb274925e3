"""A small site behind a log-in, of either kind, and a neighbour that remembers everything it was sent."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from sites.loopback import answered_by

USER, PASSWORD = "acceptatie", "Winter#koning-93!ü"
PAGES = ("/", "/aanvragen", "/hond-afmelden", "/contact")
LOG_OUTS = ("/uitloggen", "/account/einde", "/?action=logout", "/saml/logout")
FORM = """<h1>Inloggen</h1><form method="post" action="/inloggen"><label>Gebruikersnaam <input name="gebruiker"></label>
<label>Wachtwoord <input name="ww" type="password"></label><button>Inloggen</button></form>"""


@dataclass
class Locked:
    """What the site was asked, and how it answers."""

    kind: str  # "basic" or "form"
    url: str = ""
    neighbour: str = ""
    sessions: set[str] = field(default_factory=set)  # that are open
    given: list[str] = field(default_factory=list)  # every session that was ever given
    asked: list[tuple[str, str, bool]] = field(default_factory=list)  # method, path, let in
    elsewhere: list[str] = field(default_factory=list)  # every header line that the neighbour was sent
    ends_after: int = 0  # pages, after which every session is over; 0: none ends
    log_ins_left: int = 1_000  # after which the password is refused
    pages_given: int = 0
    log_in_elsewhere: bool = False  # the log-in stands on the neighbour
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def secrets(self) -> list[bytes]:
        """Everything that must be found nowhere, in the forms in which it travels."""
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        plain = [PASSWORD.encode(), basic, base64.b64encode(PASSWORD.encode()), PASSWORD.encode("unicode_escape")]
        return [*plain, *(one.encode() for one in self.given)]

    def paths(self, *, let_in: bool = True) -> set[str]:
        return {path for _, path, was_let_in in self.asked if was_let_in == let_in}


def page_at(site: Locked, path: str) -> str:
    links = "".join(f'<li><a href="{one}">Pagina {one}</a>' for one in PAGES[1:])
    leave = """<a href="/uitloggen">Uitloggen</a> <a href="/account/einde">Log uit</a> <a href="/?action=logout">Weg</a>
<a href="/saml/logout">Sluiten</a> <button onclick="fetch('/api/logout')">Ga weg</button>"""
    other = f"""<a href="{site.neighbour}/link">Buren</a> <a href="/doorverwijzing">Verder</a> <img src="{site.neighbour}/x.png">
<iframe src="{site.neighbour}/frame" title="Buren"></iframe> <a href="/inloggen">Inloggen</a> <a href="/plan.pdf">Plan</a>
<img src="/doorverwijzing" alt="">"""
    return (
        f'<!doctype html><html lang="nl"><title>{path} – Gemeente</title><link rel="stylesheet" href="/stijl.css">'
        f"<h1>Achter slot {path}</h1><ul>{links}</ul>{leave}{other}<p>Hallo, u bent binnen.</p></html>"
    )


def handler(site: Locked) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path
            if self.headers.get("Host", "").startswith("localhost"):
                self._answer_as_neighbour()
                return
            with site.lock:
                is_in = self._is_in()
                if path != "/favicon.ico":
                    site.asked.append((self.command, path, is_in))
                if is_in and site.ends_after and path in PAGES:
                    site.pages_given += 1
                    if site.pages_given > site.ends_after:
                        site.sessions.clear()
                        site.ends_after, is_in = 0, False
            if path == "/robots.txt":
                self._send(404, "Niet gevonden")
            elif path == "/inloggen" and site.log_in_elsewhere:
                self._send(302, "", {"Location": f"{site.neighbour}/inloggen"})
            elif path.partition("?")[0] == "/inloggen" and site.kind == "form":
                self._send(200, f'<!doctype html><html lang="nl"><title>Inloggen</title>{FORM}</html>')
            elif not is_in and site.kind == "basic":
                self._send(401, "Wie bent u?", {"WWW-Authenticate": 'Basic realm="acceptatie", charset="UTF-8"'})
            elif not is_in:
                self._send(302, "", {"Location": f"/inloggen?terug={path}"})
            elif path == "/doorverwijzing":
                self._send(302, "", {"Location": f"{site.neighbour}/doorverwezen"})
            elif path in LOG_OUTS or path == "/api/logout":
                site.sessions.clear()
                self._send(200, "U bent uitgelogd")
            elif path == "/stijl.css":
                self._send(200, "body { color: black }", {"Content-Type": "text/css"})
            elif path == "/plan.pdf":
                self._send(200, "%PDF-1.4 kapot", {"Content-Type": "application/pdf"})
            elif path in PAGES:
                self._send(200, page_at(site, path))
            else:
                self._send(404, "<title>Niet gevonden</title><h1>Niet gevonden</h1>")

        do_HEAD = do_GET

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            is_right = sent.get("gebruiker") == [USER] and sent.get("ww") == [PASSWORD] and site.log_ins_left > 0
            site.log_ins_left -= 1
            if urlsplit(self.path).path != "/inloggen" or not is_right:
                self._send(200, f"<!doctype html><title>Inloggen</title><p>Onjuist: {sent.get('ww', [''])[0]}</p>{FORM}")
                return
            session = secrets.token_hex(16)
            site.sessions.add(session)
            site.given.append(session)
            self._send(302, "", {"Location": "/", "Set-Cookie": f"zitting={session}; Path=/; HttpOnly"})

        def _answer_as_neighbour(self) -> None:
            """Another host, which asks for a password too, to see whether it gets ours."""
            if self.path == "/inloggen" and site.log_in_elsewhere:
                self._send(200, f"<!doctype html><title>Inloggen</title>{FORM}")
                return
            site.elsewhere += [f"{self.path} {name}: {value}" for name, value in self.headers.items()]
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="acceptatie", charset="UTF-8"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _is_in(self) -> bool:
            if site.kind == "basic":
                expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
                return self.headers.get("Authorization") == expected
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get("zitting")
            return cookie is not None and cookie.value in site.sessions

        def _send(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
            data = body.encode()
            self.send_response(status)
            session = SimpleCookie(self.headers.get("Cookie", "")).get("zitting")
            kept = (
                {"Set-Cookie": f"zitting={session.value}; Path=/; HttpOnly"} if session and session.value in site.sessions else {}
            )
            sent = {"Content-Type": "text/html; charset=utf-8", **kept, **(headers or {}), "Content-Length": str(len(data))}
            for name, value in sent.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing: tests read what was asked."""

    return Handler


@contextmanager
def serve_locked(kind: str) -> Iterator[Locked]:
    site = Locked(kind)
    with answered_by(handler(site)) as site.url:
        site.neighbour = site.url.replace("127.0.0.1", "localhost")  # another host, at an address that the guard lets through
        yield site
