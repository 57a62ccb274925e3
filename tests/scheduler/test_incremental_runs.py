"""A second run tests what has changed and carries the rest over; what counts as a change is shown one thing at a time."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sites.loopback import answered_by

from crawler.browser import BrowserFile
from rules.site import Scope
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.database import Database
from storage.models import Run, Site
from storage.report import report_of_run
from storage.sites import add_site

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SETTINGS = RunSettings(engines=("axe",), confirms=False, workers=1, seconds_before_second_look=0.0, offline=True)
FOOTER = '<footer><p>Gemeente Voorbeeld</p><p><a href="/">Begin</a></p></footer>'


@dataclass
class ChangingSite:
    """Three pages, a style sheet, a script and data, of which a test may change anything; it counts what is asked."""

    files: dict[str, str] = field(default_factory=dict)  # path: content
    headers: dict[str, dict[str, str]] = field(default_factory=dict)  # path: more headers
    has_versions: bool = True  # whether it knows ETags
    asked: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)  # whole answers
    url: str = ""
    times: Iterator[int] = field(default_factory=itertools.count)

    def page(self, path: str, main: str) -> None:
        links = "".join(f'<li><a href="{other}">Pagina {other}</a></li>' for other in ("/", "/a", "/b", "/c"))
        self.files[path] = (
            f'<!doctype html><html lang="nl"><head><title>Pagina {path}</title><link rel="stylesheet" href="/huis.css">'
            f'<script src="/huis.js" defer></script></head><body><nav><ul>{links}</ul></nav>'
            f"<main><h1>Pagina {path}</h1>{main}</main>{FOOTER}</body></html>"
        )


@contextmanager
def served(site: ChangingSite) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked[self.path] += 1
            content = site.files.get(self.path)
            if content is None:
                self._answer(404, b"<h1>Niet gevonden</h1>", {})
                return
            content = content.replace("{now}", f"{datetime.now(UTC):%H:%M:%S}")
            body = content.replace("{time}", str(next(site.times))).encode()
            tag = f'"{sha256(body).hexdigest()}"'
            headers = {**site.headers.get(self.path, {}), **({"ETag": tag} if site.has_versions else {})}
            if site.has_versions and self.headers.get("If-None-Match") == tag:
                self._answer(304, b"", headers)
            else:
                site.sent[self.path] += 1
                self._answer(200, body, headers)

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            kinds = {"css": "text/css", "js": "text/javascript", "json": "application/json"}
            self.send_response(status)
            self.send_header("Content-Type", kinds.get(self.path.rpartition(".")[2], "text/html; charset=utf-8"))
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with answered_by(Handler) as site.url:
        yield site.url


@dataclass
class Watched:
    """The site with its runs."""

    database: Database
    served: ChangingSite
    site: Site
    nights: int = 0

    def run(self, settings: RunSettings = SETTINGS, *, days: int = 0) -> dict[str, Any]:
        """Make a run and give its report. `days`: how long after the first one."""
        at = START + timedelta(days=days)
        outcome = asyncio.run(SiteRun(self.database, self.site, settings, now=lambda: at).run())
        with self.database.session() as session:
            return report_of_run(session, session.get_one(Run, outcome.run_id), {})

    def tested(self, report: dict[str, Any]) -> set[str]:
        """The paths that a run tested; all others must have been carried over."""
        assert {page["status"] for page in report["pages"]} <= {"tested", "carried over"}
        return {page["url"].removeprefix(self.served.url) for page in report["pages"] if page["status"] == "tested"}


@pytest.fixture
def watched(tmp_path: Path, browser: BrowserFile) -> Iterator[Watched]:
    site = ChangingSite()
    site.files["/huis.css"] = "main { max-width: 60em }"
    site.files["/huis.js"] = "document.documentElement.dataset.ready = 'ja';"
    for path in ("/", "/a", "/b", "/c"):
        site.page(path, "<p>Zo vraagt u iets aan.</p><img src='data:,'>")
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with served(site) as url:
        with database.session() as session:
            stored = add_site(session, "proef", f"{url}/", Scope((url,)), START)
        yield Watched(database, site, stored)
    database.close()


ALL = {"/", "/a", "/b", "/c"}


def test_what_has_not_changed_is_not_fetched_and_keeps_its_findings(watched: Watched) -> None:
    first = watched.run()
    assert watched.tested(first) == ALL
    assert first["run"]["kind"] == "full"
    watched.served.sent.clear()
    second = watched.run()
    assert watched.tested(second) == set(), second["coverage"]
    assert second["run"]["kind"] == "incremental"
    assert second["tool"]["browser"] == ""  # none was started
    assert {page["since"] for page in second["pages"]} == {first["run"]["id"]}
    assert second["coverage"]["carried_over"] == second["coverage"]["found"] == 4
    assert watched.served.sent["/a"] == watched.served.sent["/huis.css"] == 0
    for before, after in zip(first["pages"], second["pages"], strict=True):
        assert [one["fingerprint"] for one in before["findings"]] == [one["fingerprint"] for one in after["findings"]] != []
        assert before["outcomes"] == after["outcomes"]
    assert [link["url"] for link in first["links"]] == [link["url"] for link in second["links"]]


def test_a_report_of_an_earlier_run_stays_as_it_was(watched: Watched) -> None:
    first = watched.run()
    watched.run()
    watched.served.page("/a", "<p>Iets anders.</p>")
    third = watched.run()
    assert watched.tested(third) == {"/a"}
    assert third["coverage"]["tested_because"] == {"page-changed": 1}
    with watched.database.session() as session:
        again = report_of_run(session, session.get_one(Run, first["run"]["id"]), {})
        second = report_of_run(session, session.get_one(Run, first["run"]["id"] + 1), {})
    assert watched.tested(again) == ALL
    assert watched.tested(second) == set()
    changed = next(page for page in third["pages"] if page["url"].endswith("/a"))
    assert changed["findings"] == []
    assert changed["since"] is None


def many_pages(site: ChangingSite) -> None:
    """A page for each thing that can change; links lead to all of them."""
    site.has_versions = False
    site.files["/knop.js"] = "document.querySelector('button').setAttribute('aria-label', 'Zoek');"
    site.files["/eigen.css"] = "p { color: #111 }"
    site.files["/wachttijd.json"] = '"3 dagen"'
    banner = '<aside><div class="proef-banner"><p>Variant {time}</p></div></aside>'
    token = '<form action="/z"><input type="hidden" name="csrf" value="{time}"><label>Zoek <input name="q"></label></form>'
    script = '<script>window.huis = {"build":"v7","verzoek":"r{time}"};</script>'
    loaded = "<p id='w'></p><script>fetch('/wachttijd.json').then(a => a.json()).then(t => { w.textContent = t; });</script>"
    pages = {
        "/tekst": "<p>Het kost 12 euro.</p>",
        "/knop": '<button type="button">Z</button><script src="/knop.js"></script>',
        "/stijl": '<link rel="stylesheet" href="/eigen.css"><p>Met een eigen stijl.</p>',
        "/antwoord": "<p>Alleen de antwoordkop verandert.</p>",
        "/beleid": "<p>Het beveiligingsbeleid verandert.</p>",
        "/ruis": f"<p>Met een proef.</p>{banner}",
        "/sleutel": f'<p>Met sleutels.</p>{token}<script nonce="{{time}}">window.a = 1;</script>',
        "/script": f"<p>Met een nummer in een script.</p>{script}",
        "/klok": '<p>Het is <span class="klok">{now}</span>.</p>',
        "/gegevens": loaded,
        "/stil": "<p>Verandert nooit.</p>",
    }
    for path, main in pages.items():
        site.page(path, main)
    site.page("/", "<ul>" + "".join(f'<li><a href="{path}">Naar {path}</a></li>' for path in pages) + "</ul>")
    for path in ("/a", "/b", "/c"):
        site.files[path] = site.files["/"].replace("Pagina /", "Lijst " + path)


def test_each_change_is_tested_again_and_noise_is_not(watched: Watched) -> None:
    site = watched.served
    many_pages(site)
    site.headers = {"/antwoord": {"X-Served-By": "web1", "X-Runtime": "0.1"}, "/beleid": {"Content-Security-Policy": "img-src *"}}
    first = watched.run()
    assert first["coverage"]["tested"] == first["coverage"]["found"] == 15
    assert watched.tested(watched.run()) == set()  # noise, tokens, numbers and the clock have moved on
    site.files["/tekst"] = site.files["/tekst"].replace("12 euro", "13 euro")
    site.files["/knop.js"] = "document.querySelector('button').setAttribute('aria-label', 'Vind');"
    site.files["/eigen.css"] = "p { color: #ccc }"
    site.headers["/antwoord"] = {"X-Served-By": "web2", "X-Runtime": "0.7"}
    site.headers["/beleid"] = {"Content-Security-Policy": "img-src *; upgrade-insecure-requests"}
    site.files["/wachttijd.json"] = '"4 dagen"'
    site.files["/stil"] = site.files["/stil"].replace("><", ">\n  <").replace("</main>", "<!-- gemaakt in 3 ms --></main>")
    third = watched.run()
    assert watched.tested(third) == {"/tekst", "/knop", "/stijl", "/beleid"}
    assert third["coverage"]["tested_because"] == {"page-changed": 2, "assets-changed": 2}
    site.files["/script"] = site.files["/script"].replace('"v7"', '"v8"')  # data in a script is no noise
    assert watched.tested(watched.run()) == {"/script"}


def test_what_all_pages_share_has_all_pages_tested_again(watched: Watched) -> None:
    watched.run()
    for path in ALL:  # a component
        watched.served.files[path] = watched.served.files[path].replace("Gemeente Voorbeeld", "Gemeente Voorbeeldstad")
    third = watched.run()
    assert watched.tested(third) == ALL
    assert third["coverage"]["tested_because"] == {"page-changed": 4}
    watched.served.files["/huis.css"] = "main { max-width: 70em }"
    assert watched.run()["coverage"]["tested_because"] == {"assets-changed": 4}
    assert watched.run()["coverage"]["carried_over"] == 4
    del watched.served.files["/huis.js"]  # an answer too, and another one
    assert watched.run()["coverage"]["tested_because"] == {"assets-changed": 4}
    other = replace(SETTINGS, norm_id="en301549-4.1.1")
    assert watched.run(other)["coverage"]["tested_because"] == {"judged-with-other": 4}
    assert watched.run(replace(other, tests_all=True))["coverage"]["tested_because"] == {"asked-for-all": 4}


def test_every_page_is_tested_once_in_28_days(watched: Watched) -> None:
    """Client-rendered data is seen then at the latest."""
    watched.run()
    due = Counter(path for days in (7, 14, 21, 28) for path in watched.tested(watched.run(days=days)))
    assert due == dict.fromkeys(ALL, 1)
