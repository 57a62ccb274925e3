"""The statement on the live site is read in a browser; what it says comes back, and nothing else is stored."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sites.loopback import answered_by

from crawler.mail_domain import domain_exists
from rules.site import Scope
from rules.statement_check import mentioned
from scheduler.check_again import OutsideSite
from scheduler.read_statement import dead_mails, read_statement
from storage.database import Database
from storage.models import Page as StoredPage
from storage.requests import ask
from storage.sites import add_site

STATEMENT = """<!doctype html><html lang="nl"><head><title>Toegankelijkheidsverklaring</title></head><body><main>
<h1>Toegankelijkheidsverklaring</h1><p>Deze verklaring is opgesteld op 3 maart 2025. 1.4.3 Contrast is opgelost.</p>
<p>1.1.1 Niet-tekstuele content: foto's.</p><a href="/contact">Meld een probleem</a>
<a href="mailto:web@gemeente.invalid">mail</a></main></body></html>"""


class Page(BaseHTTPRequestHandler):
    """The statement at every address."""

    def do_GET(self) -> None:
        body = STATEMENT.encode()
        self.send_response(200 if "robots" not in self.path else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, True),
        (socket.gaierror(socket.EAI_NONAME, "no such name"), False),
        (socket.gaierror(-5, "no address of its own"), True),
        (socket.gaierror(socket.EAI_AGAIN, "not now"), None),
        (OSError("no network"), None),
        (UnicodeError("too long"), False),
    ],
)
def test_a_domain_exists_or_does_not_or_nobody_knows(answer: Exception | None, expected: bool | None) -> None:
    def ask(_domain: str, _port: None) -> None:
        if answer:
            raise answer

    assert domain_exists("gemeente.example", ask) is expected


def test_addresses_that_cannot_take_mail_are_named_and_no_mail_is_sent() -> None:
    mails = ["web@gemeente.nl", "web@weg.nl", "web@", "a b@gemeente.nl", "wie@onbekend.nl"]
    known = {"gemeente.nl": True, "weg.nl": False, "onbekend.nl": None}
    assert dead_mails(mails, known.get) == ["web@weg.nl", "web@", "a b@gemeente.nl"]


@pytest.mark.slow
def test_a_statement_is_read_with_its_dates_and_links(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    now = datetime.now(UTC)
    with answered_by(Page) as url:
        with database.session() as session:
            site = add_site(session, "Proef", f"{url}/", Scope((url,)), now).id

        def read(address: str) -> dict[str, object]:
            with database.session() as session:
                number = ask(session, site, "read_statement", {"url": address}, "dashboard", now).id
            return read_statement(database, number)

        told = read(f"{url}/toegankelijkheid")
        assert told["dates"] == {"statement": "2025-03-03"}
        assert mentioned(str(told["text"])) == {"1.4.3": True, "1.1.1": False}
        assert f"{url}/contact" in told["links"] and "mailto:web@gemeente.invalid" in told["links"]  # type: ignore[operator]
        with pytest.raises(OutsideSite):
            read("https://elders.example/")
    with database.session() as session:
        assert session.query(StoredPage).count() == 0
    database.close()
