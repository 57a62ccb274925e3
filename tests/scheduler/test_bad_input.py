"""A run over a site that answers badly ends in coverage that says why, in a state, and never in an exception."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from sites.hostile import (
    Answer,
    Served,
    Site,
    breaks_off,
    closed_port,
    compressed_megabytes,
    download,
    links_to,
    make_certificate,
    megabytes,
    never_ends,
    page,
    pdf,
    redirect,
    says_nothing,
    script,
    serve,
    status,
    text,
)

from crawler.browser import BrowserFile, BrowserMissing
from rules.norm import Language
from rules.reason import REASONS, reason_text
from rules.run import RunState
from rules.site import Limits, Pace, Scope
from scheduler.check_targets import check_targets
from scheduler.run_settings import RunSettings
from scheduler.run_site import RunOutcome, SiteRun
from storage.database import Database
from storage.models import Run
from storage.models import Site as StoredSite
from storage.report import report_of_run
from storage.sites import add_site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bad-input")]  # what is made once is made once

SETTINGS = RunSettings(
    limits=Limits(max_page_bytes=2_000_000, max_pages=60, max_pages_per_shape=5, max_depth=6, max_minutes=2),
    pace=Pace(timeout_s=1.5),
    workers=1,
    seconds_before_second_look=0.2,
    confirms=False,
    load_timeout_s=2.0,
)
LANGUAGES: tuple[Language, ...] = ("nl", "en")
Report = dict[str, Any]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = new_database(tmp_path)
    yield database
    database.close()


def run(database: Database, start: str, settings: RunSettings = SETTINGS, **more: Any) -> tuple[RunOutcome, Report]:
    """One run, and its report."""
    outcome = asyncio.run(SiteRun(database, site_at(database, start), settings, **more).run())
    return outcome, report_of(database, outcome)


def run_all(database: Database, starts: dict[str, str], settings: RunSettings = SETTINGS) -> dict[str, tuple[RunOutcome, Report]]:
    """A run from each start page, three at once."""
    turns = asyncio.Semaphore(3)

    async def one(start: str) -> RunOutcome:
        async with turns:
            return await SiteRun(database, site_at(database, start), settings).run()

    async def every() -> list[RunOutcome]:
        return await asyncio.gather(*(one(start) for start in starts.values()))

    outcomes = dict(zip(starts, asyncio.run(every()), strict=True))
    return {name: (outcome, report_of(database, outcome)) for name, outcome in outcomes.items()}


def site_at(database: Database, start: str) -> StoredSite:
    origin = "/".join(start.split("/")[:3])
    with database.session() as session:
        return add_site(session, start, start, Scope((origin,)), datetime.now(UTC))


def new_database(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'vierluik.db'}")
    database.migrate()
    return database


def report_of(database: Database, outcome: RunOutcome) -> Report:
    with database.session() as session:
        return report_of_run(session, session.get_one(Run, outcome.run_id), {})


def rows(report: Report) -> dict[str, tuple[str, str]]:
    """Of every page its status and reason, by its path."""
    return {"/" + page["url"].split("/", 3)[3]: (page["status"], page["reason"]) for page in report["pages"]}


def test_every_reason_says_what_happened_in_both_languages() -> None:
    for key in REASONS:
        for language in LANGUAGES:
            assert reason_text(key, language).endswith("."), key


# --- a start page that cannot begin a run --------------------------------------------------------------------------------


ROBOTS_AGAINST_ALL = {"/": page(), "/robots.txt": text("User-agent: *\nDisallow: /")}
BAD_STARTS: dict[str, tuple[Site, str, str]] = {
    "redirect-loop": ({"/": redirect("/")}, "untested", "redirect-loop"),
    "404": ({"/": status(404)}, "untested", "start-4xx"),
    "403": ({"/": status(403)}, "untested", "start-4xx"),
    "401": ({"/": status(401)}, "skipped", "start-needs-login"),
    "500": ({"/": status(500)}, "untested", "start-5xx"),
    "999": ({"/": status(999)}, "untested", "start-5xx"),
    "204": ({"/": status(204)}, "untested", "start-not-html"),
    "pdf": ({"/": pdf()}, "untested", "start-not-html"),
    "silent": ({"/": says_nothing()}, "untested", "timeout"),
    "robots": (ROBOTS_AGAINST_ALL, "skipped", "robots-forbids-all"),
    "robots-fails": ({"/": page(), "/robots.txt": status(503)}, "skipped", "robots-fails"),
    "to-metadata": ({"/": redirect("http://169.254.169.254/latest/meta-data/")}, "untested", "private-address"),
    "to-nothing": ({"/": redirect("javascript:alert(1)")}, "untested", "bad-redirect"),
}


NO_ANSWER = {
    "unknown-host": ("untested", "unknown-host"),
    "closed-port": ("untested", "connection-refused"),
    "expired": ("untested", "tls-error"),
    "to-private": ("untested", "private-address"),
}
Outcomes = dict[str, tuple[RunOutcome, Report]]


@pytest.fixture(scope="module")
def bad_starts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """A run from every bad start page."""
    folder = tmp_path_factory.mktemp("starts")
    database = new_database(folder)
    with ExitStack() as stack:
        starts = {name: stack.enter_context(serve(pages)).url + "/" for name, (pages, _, _) in BAD_STARTS.items()}
        private = stack.enter_context(serve({"*": page()}))
        starts |= {
            "unknown-host": "http://nergens.invalid/",
            "closed-port": f"http://127.0.0.1:{closed_port()}/",
            "expired": stack.enter_context(serve({"/": page()}, make_certificate(folder, "expired"))).url + "/",
            "to-private": stack.enter_context(serve({"/": redirect(f"{private.url}/")})).url + "/",
        }
        yield run_all(database, starts)
        assert private.asked == []
    database.close()


@pytest.mark.parametrize("name", [*BAD_STARTS, *NO_ANSWER])
def test_bad_start_page_ends_in_one_row_with_its_reason(bad_starts: Outcomes, name: str) -> None:
    row = NO_ANSWER[name] if name in NO_ANSWER else BAD_STARTS[name][1:]
    outcome, report = bad_starts[name]
    assert (outcome.state, outcome.reason) == (RunState.FAILED, row[1])
    assert list(rows(report).values()) == [row]
    assert report["coverage"]["found"] == 1
    assert all(len(reason_text(outcome.reason, language)) > 20 for language in LANGUAGES)


@pytest.mark.parametrize(("answer", "reason"), [(megabytes(50), "too-large"), (compressed_megabytes(50), "too-large")])
def test_start_page_that_is_too_large(database: Database, browser: BrowserFile, answer: Answer, reason: str) -> None:
    with serve({"/": answer}) as site:
        outcome, report = run(database, f"{site.url}/")
    assert (outcome.state, outcome.reason) == (RunState.FAILED, "nothing-tested")
    assert rows(report) == {"/": ("untested", reason)}


# --- bad pages among good ones -------------------------------------------------------------------------------------------


BAD_PAGES: dict[str, Answer] = {
    "/gewoon": page(),
    "/fifty-megabytes": megabytes(50),
    "/bomb": compressed_megabytes(50),
    "/never-ends": never_ends(),
    "/silent": says_nothing(),
    "/breaks-off": breaks_off(),
    "/loop": redirect("/loop"),
    "/metadata": redirect("http://169.254.169.254/latest/"),
    "/pdf": pdf(),
    "/download": download(),
    "/204": status(204),
    "/401": status(401),
    "/403": status(403),
    "/404": status(404),
    "/500": status(500),
    "/dialogs": script("alert(1); confirm(2); prompt(3); print(); open('/gewoon'); onbeforeunload = () => 'Blijf!'"),
    "/refreshes": page(head='<meta http-equiv="refresh" content="0;url=/after-refresh">'),
    "/after-refresh": page(title="Na"),
    "/reloads": page(head='<meta http-equiv="refresh" content="0">'),
    "/bad-utf8": Answer(
        b"<html lang=nl><title>\xff\xfe\x80</title><h1>\xc3\x28</h1>\0<a href='/\xff'>x</a>",
        headers={"Content-Type": "text/html; charset=utf-8"},
    ),
    "/bad-charset": Answer(b"<html lang=nl><title>x</title><h1>\xe9</h1>", headers={"Content-Type": "text/html; charset=utf-99"}),
    "/utf16": Answer(
        "<html lang=nl><title>é</title><h1>é</h1>".encode("utf-16-be"), headers={"Content-Type": "text/html; charset=utf-8"}
    ),
    "/bad-gzip": Answer(b"geen gzip", headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}),
    "/half-characters": script(
        "document.title = 'x\\ud800'; document.body.append('\\udc00'); document.querySelector('h1').id = '\\ud801'"
    ),
    "/tangled": page("<div>" * 20_000 + '<a href="/in-the-deep">x</a>'),
    "/long-links": page("".join(f'<img alt="" src="/{number}/{"a" * 7_000}">' for number in range(60))),
    "/forbidden": page(),
    "/robots.txt": text("User-agent: *\nDisallow: /forbidden"),
}
EXPECTED = {
    "/": ("tested", ""),
    "/gewoon": ("tested", ""),
    "/fifty-megabytes": ("untested", "too-large"),
    "/bomb": ("untested", "too-large"),
    "/never-ends": ("tested", ""),
    "/silent": ("untested", "timeout"),
    "/breaks-off": ("untested", "connection-broken"),
    "/loop": ("untested", "redirect-loop"),
    "/metadata": ("untested", "private-address"),
    "/download": ("untested", "not-html"),
    "/401": ("skipped", "needs-login"),
    "/403": ("untested", "refused"),
    "/500": ("untested", "server-error"),
    "/dialogs": ("tested", ""),
    "/refreshes": ("skipped", "redirects-by-script"),
    "/after-refresh": ("tested", ""),
    "/reloads": ("untested", "navigated-away"),
    "/bad-utf8": ("tested", ""),
    "/bad-charset": ("tested", ""),
    "/half-characters": ("tested", ""),
    "/tangled": ("tested", ""),
    "/long-links": ("tested", ""),
    "/forbidden": ("skipped", "robots"),
}
NO_PAGES = ("/pdf", "/204", "/404")  # no part of what was found: a document, nothing, and a dead link


@pytest.fixture(scope="module")
def bad_pages(browser: BrowserFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunOutcome, Report, Served]]:
    """One run over a site with every bad page, made once."""
    database = new_database(tmp_path_factory.mktemp("pages"))
    with serve({"/": page(links_to(*(path for path in BAD_PAGES if path != "/robots.txt"))), **BAD_PAGES}) as site:
        outcome, report = run(database, f"{site.url}/")
        yield outcome, report, site
    database.close()


def test_bad_pages_do_not_stop_a_run(bad_pages: tuple[RunOutcome, Report, Served]) -> None:
    outcome, report, _ = bad_pages
    assert (outcome.state, outcome.reason) == (RunState.FINISHED, "")
    coverage = report["coverage"]
    assert coverage["found"] == len(report["pages"])
    assert len(coverage["untested_pages"]) == coverage["untested"]


@pytest.mark.parametrize("path", EXPECTED)
def test_bad_page_has_its_row_and_reason(bad_pages: tuple[RunOutcome, Report, Served], path: str) -> None:
    assert rows(bad_pages[1])[path] == EXPECTED[path]


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_is_no_page_is_not_counted_as_one(bad_pages: tuple[RunOutcome, Report, Served], path: str) -> None:
    assert path not in rows(bad_pages[1])


def test_page_that_never_ends_is_judged_with_a_note(bad_pages: tuple[RunOutcome, Report, Served]) -> None:
    never = next(one for one in bad_pages[1]["pages"] if one["url"].endswith("/never-ends"))
    assert never["notes"] == ["load-timeout"]
    assert never["findings"]


def test_links_in_a_tangled_page_come_from_the_browser(bad_pages: tuple[RunOutcome, Report, Served]) -> None:
    assert bad_pages[2].times_asked("/in-the-deep") > 0


def test_every_row_of_a_bad_page_has_words(bad_pages: tuple[RunOutcome, Report, Served]) -> None:
    for status_, reason in rows(bad_pages[1]).values():
        assert (status_ == "tested") == (reason == "")
        assert not reason or all(reason_text(reason, language) for language in LANGUAGES)


def endless(number: int) -> Site:
    """A calendar of which every month links to the next."""
    months = {f"/agenda/{month}": page(f'<h1>x</h1><a href="/agenda/{month + 1}">Volgende</a>') for month in range(number)}
    deeper = "".join(f'<a href="{way}">x</a>' for way in ("a/", "b/"))
    return {"/": page(links_to("/agenda/0", "/map/")), "*": page(f"<h1>Map</h1>{deeper}"), "/robots.txt": text(""), **months}


def test_endless_links_end_at_a_limit_that_is_said(database: Database, browser: BrowserFile) -> None:
    settings = replace(SETTINGS, limits=replace(SETTINGS.limits, max_pages=20))
    with serve(endless(100)) as site:
        outcome, report = run(database, f"{site.url}/", settings)
    assert outcome.state is RunState.FINISHED
    assert outcome.coverage.tested <= 20
    reasons = {reason for _, reason in rows(report).values()}
    assert "shape-limit" in reasons
    assert reasons <= {"", "shape-limit", "page-limit", "depth-limit"}


# --- sitemaps ------------------------------------------------------------------------------------------------------------

EMPTY = b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
ENTITIES = (
    b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b"<urlset><url><loc>http://x/&b;</loc></url><url><loc>http://x/&f;</loc></url></urlset>"
)


BAD_SITEMAPS: dict[str, tuple[Answer, set[str]]] = {
    "empty": (text(EMPTY, "application/xml"), set()),
    "nothing": (text(b"", "application/xml"), set()),
    "entities": (text(ENTITIES, "application/xml"), set()),
    "broken": (text(b"<urlset><url>", "application/xml"), {"sitemap-broken"}),
    "bomb": (text(gzip.compress(gzip.compress(b" " * 60_000_000)), "application/gzip"), {"sitemap-too-large"}),
    "missing": (status(404), {"sitemap-missing"}),
}


@pytest.fixture(scope="module")
def sitemaps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """A run over a site with each of the sitemaps."""
    database = new_database(tmp_path_factory.mktemp("sitemaps"))
    starts = {}
    with ExitStack() as stack:
        for name, (sitemap, _) in BAD_SITEMAPS.items():
            pages = {"/": page(), "/kaart.xml": sitemap}
            starts[name] = stack.enter_context(serve(pages)).url + "/"
            pages["/robots.txt"] = text(f"Sitemap: {starts[name]}kaart.xml")
        yield run_all(database, starts, replace(SETTINGS, engines=("none",)))
    database.close()


@pytest.mark.parametrize("name", BAD_SITEMAPS)
def test_bad_sitemap_is_said_and_the_run_goes_on(sitemaps: Outcomes, name: str) -> None:
    outcome, report = sitemaps[name]
    assert outcome.state is RunState.FINISHED
    assert set(rows(report)) == {"/"}
    assert {note["reason"] for note in outcome.notes} == BAD_SITEMAPS[name][1]
    assert report["coverage"]["notes"] == list(outcome.notes)


def test_sitemap_that_nobody_named_is_not_missed(database: Database) -> None:
    with serve({"/": page(), "/sitemap.xml": page()}) as site:
        outcome, _ = run(database, f"{site.url}/", replace(SETTINGS, engines=("none",)))
    assert (outcome.state, outcome.notes) == (RunState.FINISHED, ())


# --- what goes wrong on our own side -------------------------------------------------------------------------------------


def children_of_this_process(part: str) -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if part in " ".join(child.cmdline())]


def killing(part: str) -> Callable[[Any], None]:
    """Kills, once, every child of this process whose command line has this in it, as soon as a page is done."""
    done: list[bool] = []

    def kill(progress: Any) -> None:
        if progress.done and not done:
            done.append(True)
            for process in children_of_this_process(part):
                process.kill()

    return kill


def test_browser_that_is_killed_costs_no_page(database: Database, browser: BrowserFile) -> None:
    pages = {f"/{letter}": page() for letter in "abcdef"}
    with serve({"/": page(links_to(*pages)), **pages}) as site:
        outcome, report = run(database, f"{site.url}/", on_progress=killing("--vierluik-worker="))
    assert outcome.state is RunState.FINISHED
    assert rows(report) == dict.fromkeys(("/", *pages), ("tested", ""))


def test_crawler_that_is_killed_leaves_a_run_that_can_be_continued(database: Database, browser: BrowserFile) -> None:
    pages = {f"/{letter}": page() for letter in "abcdef"}
    with serve({"/": page(links_to(*pages)), **pages}) as site:
        outcome, _ = run(database, f"{site.url}/", on_progress=killing("crawler.walk"))
        assert (outcome.state, outcome.reason) == (RunState.INTERRUPTED, "crawler-failed")
        with database.session() as session:
            interrupted = session.get_one(Run, outcome.run_id)
            site_row = session.get_one(StoredSite, interrupted.site_id)
        again = asyncio.run(SiteRun(database, site_row, SETTINGS).run(interrupted))
        assert again.state is RunState.FINISHED
        assert rows(report_of(database, again)) == dict.fromkeys(("/", *pages), ("tested", ""))


def test_browser_that_does_not_start_is_one_sentence(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIERLUIK_BROWSER", "/bin/false")
    with serve({"/": page()}) as site, pytest.raises(BrowserMissing, match=r"does not start.*vierluik doctor"):
        run(database, f"{site.url}/")
    with database.session() as session:
        stored = session.query(Run).one()
        assert (stored.state, stored.reason) == (RunState.INTERRUPTED, "browser-missing")


# --- single addresses and files --------------------------------------------------------------------------------------------


def test_single_addresses_each_get_their_reason(browser: BrowserFile) -> None:
    with serve({"/": page(), **BAD_PAGES}) as site:
        wanted = {
            "/": ("tested", ""),
            "/fifty-megabytes": ("untested", "too-large"),
            "/bomb": ("untested", "too-large"),
            "/never-ends": ("tested", ""),
            "/silent": ("untested", "timeout"),
            "/loop": ("untested", "redirect-loop"),
            "/metadata": ("untested", "private-address"),
            "/download": ("untested", "not-html"),
            "/204": ("untested", "not-html"),
            "/401": ("untested", "needs-login"),
            "/403": ("untested", "refused"),
            "/404": ("untested", "missing"),
            "/500": ("untested", "server-error"),
            "/refreshes": ("tested", ""),
            "/bad-utf8": ("tested", ""),
        }
        targets = [site.url + path for path in (*wanted, "/pdf")]
        judged = asyncio.run(check_targets([*targets, "http://nergens.invalid/"], SETTINGS))
        got = {result.url.removeprefix(site.url): (result.status.value, result.reason) for result in judged.pages}
        assert got == {**wanted, "http://nergens.invalid/": ("untested", "unknown-host")}
        assert [(one.url.removeprefix(site.url), one.kind) for one in judged.documents] == [("/pdf", "application/pdf")]


def test_local_files(browser: BrowserFile, tmp_path: Path) -> None:
    (tmp_path / "mijn pagina.html").write_text("<html lang=nl><title>x</title><img src=x.png>", encoding="utf-8")
    (tmp_path / "leeg.html").write_bytes(b"")
    (tmp_path / "groot.html").write_bytes(b"x" * 2_000_001)
    (tmp_path / "tekst.txt").write_bytes(b"x")
    (tmp_path / "brief.pdf").write_bytes(b"%PDF-1.7")
    names = ("mijn pagina.html", "leeg.html", "groot.html", "tekst.txt", "brief.pdf")
    judged = asyncio.run(check_targets([(tmp_path / name).as_uri() for name in names], SETTINGS))
    assert [(result.status.value, result.reason) for result in judged.pages] == [
        ("tested", ""),
        ("tested", ""),
        ("untested", "too-large"),
        ("untested", "not-html"),
    ]
    assert [one.kind for one in judged.documents] == ["application/pdf"]
