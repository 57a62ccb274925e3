"""The busiest tasks become proposed journeys, once; what a person wrote or what nothing is known of stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.findability import RightPage, SearchTask, TaskState
from rules.journey import StepKind, read_journey
from scheduler import propose_journeys as proposing
from scheduler.propose_journeys import propose_journeys
from storage.database import Database
from storage.findability import keep_tasks, tasks_of_site
from storage.journeys import journeys_of_site, keep_journey
from storage.models import Site

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGES = {"https://x.nl/paspoort": "Paspoort aanvragen | Gemeente X", "https://x.nl/afval": "Afval – Gemeente X"}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Database, int]]:
    monkeypatch.setattr(
        proposing, "titles_of_pages", lambda session, site, urls: {url: PAGES[url] for url in urls if url in PAGES}
    )
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = Site(name="Proef", start_url="https://x.nl/", origins=["https://x.nl"], settings={}, created_at=NOW)
        session.add(site)
        session.flush()
        tasks = [
            SearchTask(url.rpartition("/")[2], ("woorden", "meer"), (RightPage(url),)) for url in (*PAGES, "https://x.nl/weg")
        ]
        keep_tasks(session, site.id, tasks, TaskState.CONFIRMED, "log", NOW)
        for task in tasks_of_site(session, site.id):
            task.people = 900 if task.title == "afval" else 3
        number = site.id
    yield database, number
    database.close()


def test_busiest_tasks_are_proposed_by_their_words(site: tuple[Database, int]) -> None:
    database, number = site
    assert propose_journeys(database, number, NOW) == 2
    assert propose_journeys(database, number, NOW) == 0
    with database.session() as session:
        rows = {row.title: row for row in journeys_of_site(session, number, TaskState.PROPOSED)}
        journey = read_journey(rows["paspoort"].text)
    assert [(step.kind, step.what) for step in journey.steps] == [
        (StepKind.OPEN, "/"),
        (StepKind.SEARCH, "woorden"),
        (StepKind.CLICK, "Paspoort aanvragen"),
        (StepKind.EXPECT, "Paspoort aanvragen"),
    ]


def test_only_the_busiest_are(site: tuple[Database, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "MOST_PROPOSED", 1)
    assert propose_journeys(*site, NOW) == 1
    with site[0].session() as session:
        assert [row.title for row in journeys_of_site(session, site[1])] == ["afval"]


def test_what_a_person_wrote_stays(site: tuple[Database, int]) -> None:
    database, number = site
    with database.session() as session:
        mine = read_journey('title = "afval"\n[[step]]\nopen = "/"\n[[step]]\nexpect = "Van mij"\n')
        keep_journey(session, number, mine, "person", NOW)
    propose_journeys(database, number, NOW)
    with database.session() as session:
        row = next(row for row in journeys_of_site(session, number) if row.title == "afval")
        assert row.state == TaskState.CONFIRMED and "Van mij" in row.text
