"""Links in whole runs over loopback, with a browser: in documents, to places on pages, to pages that moved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sites.hostile import Answer, Served, links_to, page, redirect, serve, status

from dashboard.exports.tables import as_text
from rules.site import Pace, Scope
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.database import Database
from storage.models import Run
from storage.report import report_of_run
from storage.sites import add_site, find_site
from vierluik.sample_site.pdf_writer import pdf_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("links-of-a-run")]

SETTINGS = RunSettings(engines=("vierluik",), pace=Pace(timeout_s=3.0), seconds_before_second_look=0.5, confirms=False)
MADE_BY_SCRIPT = '<main><h1>Kosten</h1></main><script>document.querySelector("h1").id = "kosten"</script>'
GUIDE = "<main><h1>Hondenbelasting betalen</h1><p>Betaal per jaar.</p></main>"


@dataclass
class Told:
    """What two runs over a site that changes in between say of its links, by path."""

    first: dict[str, dict[str, Any]]
    second: dict[str, dict[str, Any]]
    pages: dict[str, dict[str, Any]]
    text: str
    served: Served


def with_links(*targets: str) -> Answer:
    content = [{"H1": "Brochure"}, *({"Link": f"Lees meer over {number}", "to": to} for number, to in enumerate(targets))]
    return Answer(pdf_of({"content": content}), headers={"Content-Type": "application/pdf"})


def run_over(database: Database, origin: str) -> dict[str, Any]:
    with database.session() as session:
        site = find_site(session, origin) or add_site(session, origin, f"{origin}/", Scope((origin,)), datetime.now(UTC))
    outcome = asyncio.run(SiteRun(database, site, SETTINGS).run())
    with database.session() as session:
        return report_of_run(session, session.get_one(Run, outcome.run_id), {"name": "Vierluik", "version": "1"})


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('links') / 'vierluik.db'}")
    database.migrate()
    site: dict[str, Any] = {
        "/": page(
            links_to("/script#kosten", "/script#weg", "/ook#kosten", "/oud", "/hond/1", "/boek.pdf") + '<a href="#nergens">x</a>'
        ),
        "/script": page(MADE_BY_SCRIPT),
        "/ook": page(MADE_BY_SCRIPT),
        "/oud": redirect("/script", 301),
        "/hond/1": page(GUIDE, title="Hondenbelasting betalen"),
        "/alleen-in-document": page(),
    }
    with serve(site) as served:
        targets = ("/weg-uit-document", "/alleen-in-document", "/script#kosten", "/a%2Fb?x=%26", "/oud")
        site["/boek.pdf"] = with_links(
            *(served.url + path for path in targets), "http://127.0.0.1:1/prive", "mailto:x@voorbeeld.nl"
        )
        first = run_over(database, served.url)
        site["/hond/1"] = status(404)
        site["/belasting/hond"] = page(GUIDE, title="Hondenbelasting betalen")
        site["/"] = page(links_to("/script", "/hond/1", "/belasting/hond"))
        second = run_over(database, served.url)
        by_path = [{link["url"].removeprefix(served.url): link for link in report["links"]} for report in (first, second)]
        pages = {one["url"].removeprefix(served.url): one for one in second["pages"]}
        yield Told(by_path[0], by_path[1], pages, as_text(second, "nl"), served)
    database.close()


def test_links_in_a_document_are_asked_twice_and_their_source_is_the_document(told: Told) -> None:
    link = told.first["/weg-uit-document"]
    assert link["class"] == "dead"
    assert link["sources"] == [{"page": f"{told.served.url}/boek.pdf", "text": "Lees meer over 0"}]
    assert told.served.times_asked("/weg-uit-document") == 4, "HEAD and GET, twice"
    assert told.first["/alleen-in-document"]["class"] == "ok"
    assert "/alleen-in-document" not in told.pages


def test_an_address_in_a_document_is_asked_as_it_is_written(told: Told) -> None:
    assert told.served.times_asked("/a%2Fb?x=%26") > 0


def test_a_private_address_in_a_document_is_not_asked(told: Told) -> None:
    assert (told.first["http://127.0.0.1:1/prive"]["class"], told.first["http://127.0.0.1:1/prive"]["reason"]) == (
        "not asked",
        "private-address",
    )


def test_places_that_a_script_makes_are_found_on_the_rendered_page(told: Told) -> None:
    fragments = {path: told.first[path]["fragment"] for path in ("/", "/script", "/ook", "/oud")}
    assert fragments == {"/": "missing", "/script": "missing", "/ook": "found", "/oud": "not checked"}
    assert told.second["/script"]["fragment"] == "not checked", "nothing names a place there any more"


def test_a_link_that_moved_for_good_says_so(told: Told) -> None:
    moved = told.first["/oud"]
    assert (moved["class"], moved["permanent"], moved["final_url"]) == ("moved", True, f"{told.served.url}/script")


def test_a_page_that_was_moved_is_suggested_by_its_title(told: Told) -> None:
    assert told.first["/hond/1"]["suggestion"] is None
    assert told.second["/hond/1"]["suggestion"] == {"url": f"{told.served.url}/belasting/hond", "reason": "replaced-title"}
    assert f"Link liever naar: {told.served.url}/belasting/hond" in told.text


def test_a_dead_link_is_a_failure_of_its_page_that_no_criterion_knows(told: Told) -> None:
    found = [one for one in told.pages["/"]["findings"] if one["rule"] == "link-dead"]
    assert [(one["outcome"], one["criteria"], one["confirmation"]) for one in found] == [("failed", [], None)]
    assert "/hond/1" in found[0]["message"]["nl"]
