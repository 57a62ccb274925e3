"""The clock tells and watches by itself: it writes what is due, and starts the programs that send and ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest
from sqlalchemy import select

from rules.message import FOR_PEOPLE, Channel, MessageState
from rules.run import RunState
from rules.schedule import Plan, WorkKind
from rules.site import Scope
from scheduler.clock import RunClock
from scheduler.due import fall_due
from scheduler.messages import write_digests
from storage.availability import add_address, addresses_of_site
from storage.database import Database
from storage.message_models import OutboxMessage, Subscription
from storage.messages import Wish, add_subscriber
from storage.models import Request, Site
from storage.runs import RunMadeWith, start_run
from storage.schedules import plan_next, remove_schedule, set_schedule
from storage.sites import add_site

NOW = datetime.now(UTC)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.chdir(tmp_path)  # no settings of this machine
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "Voorbeeld", "http://127.0.0.1:9/", Scope(("http://127.0.0.1:9",)), NOW)
        add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", [Wish(site.id, FOR_PEOPLE)], NOW)
    yield database
    database.close()


def test_an_alarm_is_written_and_its_sending_is_started(database: Database) -> None:
    with database.session() as session:
        run = start_run(session, 1, RunMadeWith("en301549-3.2.1", "0" * 64), "here:1", "", NOW)
        run.state, run.finished_at = RunState.FAILED, NOW
    moments = chain([NOW - timedelta(minutes=2)], repeat(NOW - timedelta(minutes=1)))
    clock = RunClock(database, lambda order: [], now=lambda: next(moments))
    clock.tell()
    assert not clock.looks, "another scheduler is at work"
    clock.is_active = True
    clock.tell()
    assert not clock.looks, "one look is no alarm"
    clock.tell()
    (process,) = clock.looks
    assert process.wait(60) == 3, "there is no mail server: it waits"
    with database.session() as session:
        (message,) = session.scalars(select(OutboxMessage))
        assert (message.state, message.reason, message.tries) == (MessageState.WAITING, "mail-not-set", 1)


def test_what_is_watched_is_asked_by_one_program_at_a_time(database: Database) -> None:
    clock = RunClock(database, lambda order: [])
    clock.is_active = True
    clock.watch()
    assert clock.watcher is None, "nothing is watched"
    with database.session() as session:
        add_address(session, session.get_one(Site, 1), "http://127.0.0.1:9/", NOW)
    clock.watch()
    first = clock.watcher
    clock.watch()
    assert first is not None and clock.watcher is first
    assert first.wait(90) == 0
    with database.session() as session:
        assert addresses_of_site(session, 1)[0].asked_at is not None


def test_a_digest_goes_by_the_schedule_of_its_site_in_place_of_monday(database: Database) -> None:
    due = NOW + timedelta(days=40)
    with database.session() as session:
        plan = set_schedule(session, 1, WorkKind.DIGEST, Plan("0 8 1 * *", "UTC"))
        assert plan_next(session, plan, due, NOW)
    looked_at = wish_of(database).looked_at
    write_digests(database, NOW + timedelta(days=15))
    assert wish_of(database).looked_at == looked_at, "two Mondays went by"
    with database.session() as session:
        fall_due(session, due)
    clock = RunClock(database, lambda order: [], now=lambda: due)
    clock.is_active = True
    clock.tell()
    assert wish_of(database).looked_at == due
    with database.session() as session:
        (request,) = session.scalars(select(Request).where(Request.kind == WorkKind.DIGEST))
        assert (request.state, request.result) == ("done", {"written": 0}), "nothing has changed: nobody is told so"
        remove_schedule(session, 1, WorkKind.DIGEST)
    write_digests(database, due + timedelta(days=7))
    assert wish_of(database).looked_at > due


def wish_of(database: Database) -> Subscription:
    with database.session() as session:
        return session.scalars(select(Subscription)).one()
