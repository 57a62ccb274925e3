"""A program is told once of what happened on a site: of nothing before it asked, and of nothing twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from test_webhook import SECRET, Receiver, receiver  # noqa: F401

from rules.decision import DecisionKind, Wanted
from rules.kpi import Target, kpis
from rules.message import Channel, MessageKind, SubscriberError
from rules.run import RunState
from rules.site import Scope
from scheduler.events import write_events
from scheduler.message_settings import MessageSettings
from scheduler.messages import send_due_messages
from storage.database import Database
from storage.decisions import Thing, decide
from storage.kpi_models import KpiPoint
from storage.kpis import set_target
from storage.message_models import OutboxMessage, Subscription
from storage.messages import Wish, add_subscriber
from storage.models import Finding, Page, Run, Site
from storage.sites import add_site
from vierluik.messages import mail_writer

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KPI = "pages-without-failure"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        add_site(session, "Voorbeeldstad", "https://a.nl/", Scope(("https://a.nl",)), NOW)
        run(session, 1, NOW - timedelta(days=1))
        session.add(Page(id=1, site_id=1, identity="https://a.nl/", identity_hash="1", first_run_id=1))
        session.flush()
        values = {"rule_version": 1, "outcome": "failed", "impact": "serious", "engines": [], "frames": [], "selector": "img"}
        session.add(
            Finding(site_id=1, page_id=1, fingerprint="f", rule="image-alternative", message="missing", first_run_id=1, **values)
        )
        point(session, date(2026, 11, 20), 50)
        set_target(session, 1, KPI, Target(date(2026, 1, 1), 40, date(2026, 12, 31), 50), "", None, "Anne", NOW)
    yield database
    database.close()


def run(session: object, number: int, ended: datetime, state: RunState = RunState.FINISHED, kind: str = "full") -> None:
    moment = {"started_at": ended - timedelta(hours=1), "finished_at": ended, "heartbeat_at": ended}
    session.add(  # type: ignore[attr-defined]
        Run(
            id=number,
            site_id=1,
            kind=kind,
            state=state,
            norm="en301549-3.2.1",
            rule_set="r",
            coverage={"found": number},
            **moment,
        )
    )
    session.flush()  # type: ignore[attr-defined]


def point(session: object, day: date, value: float) -> None:
    session.merge(  # type: ignore[attr-defined]
        KpiPoint(site_id=1, kpi=KPI, day=day, version=kpis()[KPI].version, value=value, made_with="r")
    )


def subscribed(database: Database, url: str = "https://data.example.nl/hook") -> None:
    with database.session() as session:
        add_subscriber(session, "Teams", Channel.WEBHOOK, url, "nl", [Wish(1, (MessageKind.EVENTS,))], NOW)


def told(database: Database) -> list[list[tuple[str, dict[str, object]]]]:
    with database.session() as session:
        found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [[(one["kind"], one["facts"]) for one in message.content["events"]] for message in found]


def test_a_program_is_told_of_what_comes_and_of_nothing_before(database: Database) -> None:
    subscribed(database)
    assert write_events(database, NOW + timedelta(minutes=1)) == 0  # the run of yesterday is of before it asked
    with database.session() as session:
        run(session, 2, NOW + timedelta(minutes=2))
        run(session, 3, NOW + timedelta(minutes=2), RunState.FAILED)  # that is an alarm
        run(session, 4, NOW + timedelta(minutes=2), kind="check_page")
        made = decide(
            session, session.get_one(Site, 1), [Thing(1, "image-alternative")],
            Wanted(DecisionKind.ACCEPTED, "exempt", "Archief"), "Anne", 1, NOW + timedelta(minutes=3),
        )  # fmt: skip
        point(session, date(2026, 11, 22), 30)
        batch = made[0].batch
    assert write_events(database, NOW + timedelta(minutes=4)) == 1
    assert write_events(database, NOW + timedelta(minutes=5)) == 0
    ((finished, decision, kpi),) = told(database)
    assert (finished[0], finished[1]["run"], finished[1]["coverage"]) == ("run-finished", 2, {"found": 2})
    assert (decision[0], decision[1]["decision"], decision[1]["person"]) == ("decision-made", batch, "Anne")
    assert (decision[1]["findings"], decision[1]["url"]) == (1, "https://a.nl/")
    assert (kpi[0], kpi[1]["kpi"], kpi[1]["value"], kpi[1]["gap"]) == ("kpi-off-path", KPI, 30, 20)
    with database.session() as session:
        point(session, date(2026, 11, 23), 60)
    assert write_events(database, NOW + timedelta(days=1)) == 1
    assert [one[0] for one in told(database)[1]] == ["kpi-on-path"]


def test_what_was_just_written_waits_until_all_before_it_is_there(database: Database) -> None:
    subscribed(database)
    with database.session() as session:
        run(session, 2, NOW + timedelta(seconds=55))
    assert write_events(database, NOW + timedelta(minutes=1)) == 0
    assert write_events(database, NOW + timedelta(minutes=2)) == 1


def test_more_than_a_message_holds_goes_on_in_the_next(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.events.MOST", 2)
    subscribed(database)
    with database.session() as session:
        for number in range(2, 7):
            run(session, number, NOW + timedelta(minutes=number))
    assert [write_events(database, NOW + timedelta(hours=hour)) for hour in range(1, 5)] == [1, 1, 1, 0]
    assert [one[1]["run"] for message in told(database) for one in message] == [2, 3, 4, 5, 6]


def test_two_schedulers_tell_it_once(database: Database) -> None:
    subscribed(database)
    with database.session() as session:
        run(session, 2, NOW + timedelta(minutes=2))
    assert write_events(database, NOW + timedelta(minutes=4)) == 1
    with database.session() as session:  # another read the same before, and writes it too
        session.get_one(Subscription, (1, 1)).told_events = {"until": NOW.isoformat(), "off_path": []}
    assert write_events(database, NOW + timedelta(minutes=4)) == 0 and len(told(database)) == 1


def test_it_is_sent_signed_as_every_message(database: Database, receiver: Receiver) -> None:  # noqa: F811
    subscribed(database, receiver.url)
    with database.session() as session:
        run(session, 2, NOW + timedelta(minutes=2))
    write_events(database, NOW + timedelta(minutes=4))
    how = MessageSettings(webhook_secrets={"Teams": SECRET}, webhook_private=True)
    assert send_due_messages(database, how, lambda: NOW + timedelta(minutes=5), mail_writer(how)).sent == 1
    ((headers, body),) = receiver.got
    sent = json.loads(body)
    assert headers["Vierluik-Signature"].startswith("sha256=") and headers["Vierluik-Key"] == sent["key"]
    assert (sent["kind"], sent["content"]["site"], sent["content"]["events"][0]["kind"]) == (
        "events",
        "Voorbeeldstad",
        "run-finished",
    )


def test_events_are_for_programs(database: Database) -> None:
    with database.session() as session, pytest.raises(SubscriberError, match="--webhook"):
        add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", [Wish(1, (MessageKind.EVENTS,))], NOW)
