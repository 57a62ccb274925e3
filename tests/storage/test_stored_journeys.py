"""What came of walking journeys is kept with its pictures, alarms once, and goes with its retention period."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "dashboard"))
from journey_seed import a_journey, a_way

from rules.journey import Problem, Verdict, Way, verdict_of
from rules.message import AlarmKind
from storage.alarms import keep_alarms, troubles_of
from storage.blobs import remove_unused
from storage.database import Database
from storage.journey_models import JourneyRow, JourneyStepRow
from storage.journeys import RUNS_WITH_PICTURES, is_proven, keep_journey, keep_walk, newest_walks, seen_of, steps_of_walk
from storage.models import Blob, Site
from storage.retention import purge_detail

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BROKEN = a_way(Way.KEYBOARD, Problem("unreachable", "Verder"))


@pytest.fixture
def site(empty_database: Database) -> tuple[Database, int, int]:
    empty_database.migrate()
    with empty_database.session() as session:
        site = Site(name="Proef", start_url="https://x.nl/", origins=["https://x.nl"], settings={}, created_at=NOW)
        session.add(site)
        session.flush()
        row = keep_journey(session, site.id, a_journey("Melding doen"), "file", NOW)
        numbers = site.id, row.id
    return empty_database, *numbers


def walk(database: Database, site_id: int, ways: list[object], at: datetime) -> int:
    with database.session() as session:
        row = keep_journey(session, site_id, a_journey("Melding doen"), "file", at)
        return keep_walk(session, row, ways, {}, verdict_of(ways), {}, "", at, at).id  # type: ignore[arg-type]


def test_steps_come_back_as_they_were_seen(site: tuple[Database, int, int]) -> None:
    database, number, journey = site
    run = walk(database, number, [BROKEN], NOW)
    with database.session() as session:
        ((way, rows),) = steps_of_walk(session, run).items()
        assert way is Way.KEYBOARD and tuple(map(seen_of, rows)) == BROKEN.steps
        assert newest_walks(session, number)[journey].verdict == Verdict.BROKEN
        text = session.get_one(JourneyRow, journey).text
        assert not is_proven(session, journey, text)
    walk(database, number, [a_way(Way.MOUSE)], NOW)
    with database.session() as session:
        assert is_proven(session, journey, text)
        assert not is_proven(session, journey, f"{text}\n"), "other steps: nobody got to their end"


def test_break_alarms_once_and_its_end_once(site: tuple[Database, int, int]) -> None:
    database, number, _ = site
    told = []
    unknown = a_way(Way.MOUSE, Problem("ambiguous", "x"), BROKEN.steps[1].outcome.__class__("untested"))
    for day, way in enumerate((a_way(Way.MOUSE), BROKEN, BROKEN, unknown, a_way(Way.MOUSE), a_way(Way.MOUSE))):
        at = NOW + timedelta(days=day)
        walk(database, number, [way], at)
        with database.session() as session:
            events, _ = keep_alarms(session, number, troubles_of(session, session.get_one(Site, number), at), at)
            told += [(day, event.is_over) for event in events if event.kind is AlarmKind.JOURNEY_BROKEN]
    assert told == [(1, False), (4, True)]


def test_only_the_newest_walks_keep_their_pictures(site: tuple[Database, int, int]) -> None:
    database, number, _ = site
    runs = [walk(database, number, [a_way(Way.MOUSE)], NOW) for _ in range(RUNS_WITH_PICTURES + 2)]
    with database.session() as session:
        kept = {row.run_id for row in session.query(JourneyStepRow) if row.picture_blob}
        assert kept == set(runs[-RUNS_WITH_PICTURES:])
        remove_unused(session)
        assert session.query(Blob).count() == 1


def test_steps_go_with_the_retention_period_and_figures_stay(site: tuple[Database, int, int]) -> None:
    database, number, journey = site
    walk(database, number, [a_way(Way.MOUSE)], NOW - timedelta(days=900))
    with database.session() as session:
        purge_detail(session, NOW)
        assert session.query(JourneyStepRow).count() == 0
        assert newest_walks(session, number)[journey].verdict == Verdict.COMPLETED
