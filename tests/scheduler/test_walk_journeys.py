"""All journeys of a site are walked and kept; what breaks counts where two looks agree, and findings carry their step."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sites.journeys import Journeyed, journeyed

from rules.address import page_identity
from rules.journey import Problem, StepOutcome, StepSeen, Verdict, Way, WaySeen, read_journey
from rules.run import RunState
from rules.schedule import Plan, WorkKind
from rules.task import PageStatus
from scheduler.due import fall_due
from scheduler.run_settings import RunSettings
from scheduler.walk_journeys import JourneyTest, NothingToWalk, agreed
from storage.blobs import short_hash
from storage.database import Database
from storage.journey_findings import steps_of_findings
from storage.journeys import journeys_of_site, keep_journey, keep_walk, newest_walks, steps_of_walk
from storage.models import Finding, Page, PageState, Request, Run, Site
from storage.schedules import set_schedule

NOW = datetime(2026, 11, 22, tzinfo=UTC)
GO_ON = '[[step]]\nclick = "Verder"\n[[step]]\nexpect = "Bedankt."\n'
DONE, LEFT = StepSeen(StepOutcome.PASSED), StepSeen(StepOutcome.NOT_REACHED)
BROKEN = StepSeen(StepOutcome.BROKEN, (Problem("covered", "x"),))


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    yield database
    database.close()


def add_site(database: Database, url: str, *pages: str) -> Site:
    with database.session() as session:
        site = Site(name=url, start_url=f"{url}/", origins=[url], settings={}, created_at=NOW)
        session.add(site)
        session.flush()
        run = Run(site_id=site.id, state=RunState.FINISHED, started_at=NOW, heartbeat_at=NOW, norm="en301549-3.2.1", rule_set="")
        session.add(run)
        session.flush()
        identity = page_identity(f"{url}/klaar")
        digest = short_hash(identity.encode())
        found = Page(site_id=site.id, identity=identity, identity_hash=digest, first_run_id=run.id)
        session.add(found)
        session.flush()
        session.add(PageState(page_id=found.id, first_run_id=run.id, status=PageStatus.TESTED))
        for page in pages:
            journey = read_journey(f'title = "{page}"\n[[step]]\nopen = "{page}"\n{GO_ON}')
            row = keep_journey(session, site.id, journey, "file", NOW)
            keep_walk(session, row, [], {}, Verdict.COMPLETED, {}, "", NOW, NOW)  # somebody got to its end before
        return site


@pytest.mark.slow
@pytest.mark.xdist_group("journeys")
def test_journeys_are_walked_twice_where_they_break_and_kept(stored: Database, browser: object) -> None:
    with journeyed() as served:
        site = add_site(stored, served.url, "/", "/chat", "/wisselt")
        asyncio.run(walk(stored, site))
        judge(stored, site, served)


async def walk(database: Database, site: Site) -> None:
    await JourneyTest(database, site, RunSettings(engines=("axe",), offline=True), "test", step_s=1.5).run()


def judge(database: Database, site: Site, served: Journeyed) -> None:
    with database.session() as session:
        walks = {row.title: newest_walks(session, site.id)[row.id] for row in journeys_of_site(session, site.id)}
        assert {title: run.verdict for title, run in walks.items()} == {
            "/": Verdict.COMPLETED,
            "/chat": Verdict.BROKEN,
            "/wisselt": Verdict.UNTESTED,  # another page at each of two looks
        }
        steps = steps_of_walk(session, walks["/"].id)
        assert list(steps) == list(Way)
        with_findings = {way for way, rows in steps.items() if any(row.findings for row in rows)}
        assert Way.MOUSE in with_findings and Way.KEYBOARD not in with_findings  # one state is looked at once
        assert all(row.picture_blob for row in steps[Way.ZOOM])
        (mouse, *_) = steps_of_walk(session, walks["/wisselt"].id).values()
        assert mouse[1].seen["reason"] == "looks-differ"
        found = {one.rule: one for one in session.query(Finding)}  # of the page at which the journeys end
        assert found["image-alternative"].selector == "img"
        met = steps_of_findings(session, [found["image-alternative"].id])[found["image-alternative"].id]
        assert (met[0].title, met[0].step) == ("/", 2)
        assert walks["/"].figures["ways_done"] == 5 and walks["/"].figures["barriers"]
    assert {method for method, _ in served.asked} == {"GET"}


def test_site_without_journeys_says_what_to_do(stored: Database) -> None:
    site = add_site(stored, "http://127.0.0.1:9")
    with pytest.raises(NothingToWalk, match="vierluik journey add FILE"):
        asyncio.run(JourneyTest(stored, site, RunSettings()).run())


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        ((DONE, BROKEN, LEFT), Verdict.BROKEN),
        ((DONE, DONE, DONE), Verdict.UNTESTED),
        ((BROKEN, LEFT, LEFT), Verdict.UNTESTED),
        ((DONE, replace(BROKEN, problems=(Problem("switched-off", "x"),)), LEFT), Verdict.UNTESTED),
    ],
)
def test_only_what_two_looks_agree_on_is_broken(second: tuple[StepSeen, ...], verdict: Verdict) -> None:
    assert agreed(WaySeen(Way.MOUSE, (DONE, BROKEN, LEFT)), WaySeen(Way.MOUSE, second)).verdict is verdict


def test_schedule_asks_only_where_there_are_journeys(stored: Database) -> None:
    sites = [add_site(stored, "http://a.example", "/"), add_site(stored, "http://b.example")]
    with stored.session() as session:
        for site in sites:
            schedule = set_schedule(session, site.id, WorkKind.JOURNEYS, Plan("0 4 * * *"))
            schedule.next_at = NOW
    with stored.session() as session:
        fall_due(session, NOW)
        assert [(request.site_id, request.kind) for request in session.query(Request)] == [(sites[0].id, "test_journeys")]
