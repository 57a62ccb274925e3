"""Screens with a year of data: how their cost grows with the pages, what they transfer, and that what is remembered is right.

The whole of it, with 10,000 pages and against a static template, is measured by `python -m benchmarks.screens`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from benchmarks.screens import MOST_BYTES, addresses, ask, assets_bytes
from benchmarks.stored_year import NOW, StoredYear, store_year
from dashboard.app import create_app
from rules.decision import DecisionKind, Wanted
from rules.owners import OwnedBy, OwnerRule
from storage.database import Database
from storage.decisions import Thing, decide
from storage.desk import desk_of
from storage.models import Finding, Run, Site
from storage.owners import keep_owners
from storage.remembered import MEMORY, Memory
from tests.growth import TIMES, growth

PAGES = 250
# The screens that read most of what grows with the pages.
MAIN = (
    *("/nl/sites/{site}", "/nl/sites/{site}/desk?for=*", "/nl/sites/{site}/pages", "/nl/sites/{site}/pages?failures=1"),
    *("/nl/sites/{site}/rules", "/nl/sites/{site}/rules/{rule}", "/nl/sites/{site}/simulator", "/nl/sites/{site}/manager"),
    *("/nl/sites/{site}/panels", "/nl/sites/{site}/links", "/nl/sites/{site}/runs", "/nl/public/{site}"),
)


OF_SEARCHES = (
    *("/nl/sites/{site}/searches", "/nl/sites/{site}/searches/3", "/nl/sites/{site}/not-found", "/nl/sites/{site}/ahead"),
    *("/nl/sites/{site}/pages?q=paspoort", "/nl/sites/{site}/documents", "/nl/sites/{site}/feedback", "/nl/sites/{site}/tasks"),
)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, tuple[Database, StoredYear]]]:
    """A year over some pages, and one over four times as many."""
    stored = {}
    for pages in (PAGES, TIMES * PAGES):
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('year') / 'year.db'}")
        database.migrate()
        stored[pages] = database, store_year(database, pages, 90, query_weeks=6_000, sites=3)
    yield stored
    for database, _ in stored.values():
        database.close()


@pytest.fixture(scope="module")
def apps(years: dict[int, tuple[Database, StoredYear]]) -> dict[int, FastAPI]:
    return {pages: create_app(database, now=lambda: NOW) for pages, (database, _) in years.items()}


@pytest.mark.parametrize("screen", MAIN)
def test_a_screen_costs_hardly_more_with_four_times_the_pages(
    years: dict[int, tuple[Database, StoredYear]], apps: dict[int, FastAPI], screen: str
) -> None:
    def look(pages: int) -> None:
        year = years[pages][1]
        address = screen.format(site=year.site, rule=year.rule)
        assert asyncio.run(ask(apps[pages], address, year.token)).status == 200

    for pages in apps:
        look(pages)  # the first to ask after a run has ended works it out
    assert growth(look, PAGES) < 3


def test_every_screen_answers_within_its_bytes(years: dict[int, tuple[Database, StoredYear]], apps: dict[int, FastAPI]) -> None:
    """What is listed comes in parts, so that 10,000 pages weigh no more than these."""
    (_, year), app = years[TIMES * PAGES], apps[TIMES * PAGES]
    beside = assets_bytes(app)
    assert 50_000 < beside < MOST_BYTES
    asked = 0
    for _, address in addresses(app, year):
        answer = asyncio.run(ask(app, address, year.token))
        assert answer.status == 200, address
        if answer.headers[b"content-type"].startswith(b"text/html"):
            assert beside + len(answer.body) < MOST_BYTES, address
            asked += 1
    assert asked > 60


def test_what_is_remembered_is_what_would_be_found(
    years: dict[int, tuple[Database, StoredYear]], apps: dict[int, FastAPI]
) -> None:
    """Of each of these screens: asked for the second time, and asked of a dashboard that remembers nothing."""
    database, year = years[PAGES]
    forgetful = create_app(database, now=lambda: NOW)
    forgetful.state.database = database
    of_screens = [screen.format(site=year.site, rule=year.rule) for screen in (*MAIN, *OF_SEARCHES)]
    for address in of_screens:
        found = [asyncio.run(ask(app, address, year.token)).content for app in (forgetful, apps[PAGES], apps[PAGES])]
        assert found[0] == found[1] == found[2], address


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Database, StoredYear]]:
    database = Database(f"sqlite:///{tmp_path / 'own.db'}")
    database.migrate()
    yield database, store_year(database, 60, 30, query_weeks=600, sites=1)
    database.close()


def test_a_desk_that_remembers_follows_decisions_owners_and_runs(own: tuple[Database, StoredYear]) -> None:
    database, year = own
    notes = {MEMORY: Memory()}

    def desks() -> list[object]:
        """Of everybody and of one owner: as it is remembered, and as it is."""
        found: list[object] = []
        for owners in (None, ["team 3"], ["Anne"]):
            with database.session() as session:
                site = session.get_one(Site, year.site)
                now = [desk_of(session, site, owners, NOW, most=10_000)]
                session.info.update(notes)
                now += [desk_of(session, site, owners, NOW, most=10_000) for _ in range(2)]
            assert _told(now[0]) == _told(now[1]) == _told(now[2])
            found.append(_told(now[0]))
        return found

    seen = [desks()]
    with database.session() as session:
        site = session.get_one(Site, year.site)
        page, rule = session.execute(
            select(Finding.page_id, Finding.rule).where(Finding.closed_run_id.is_(None), Finding.rule == year.content_rule)
        ).first()  # type: ignore[misc]
        decide(session, site, [Thing(page, rule)], Wanted(DecisionKind.GIVEN, "", "", None, "Anne"), "Bart", 1, NOW)
    seen.append(desks())
    with database.session() as session:
        decide(session, session.get_one(Site, year.site), [Thing(None, "", 41), Thing(None, "", 1)],
               Wanted(DecisionKind.GIVEN, "", "", None, "Anne"), "Bart", 1, NOW)  # fmt: skip
    seen.append(desks())
    with database.session() as session:
        keep_owners(session, year.site, [OwnerRule(OwnedBy.SECTION, "/paspoort/", "Anne")], "screen", "Bart", NOW)
    seen.append(desks())
    with database.session() as session:  # a page that was looked at again: what failed there is gone
        looked = Run(site_id=year.site, kind="page", state="finished", started_at=NOW, finished_at=NOW + timedelta(seconds=9),
                     heartbeat_at=NOW, norm="en301549-3.2.1", rule_set="r", requested_by="Anne", process="")  # fmt: skip
        session.add(looked)
        session.flush()
        gone = update(Finding).where(Finding.page_id == 3, Finding.closed_run_id.is_(None))
        session.execute(gone.values(closed_run_id=looked.id))
    seen.append(desks())
    assert all(before != after for before, after in pairwise(seen))


def _told(desk: object) -> object:
    """All of a desk but which of several equal things stands first."""
    things = sorted(
        (-one.worth, one.key, one.outcome, one.count, one.minutes, one.owner, one.address, one.title, one.people,
         one.first_run_id, one.given.assignee if one.given else "")
        for one in desk.things  # type: ignore[attr-defined]
    )  # fmt: skip
    return things, [getattr(desk, name) for name in ("total", "pages", "minutes", "source", "template_findings", "decided")]
