"""An alarm is told after two looks and once, its end once; the monitor also tells of itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mail_servers import Post, Server
from sqlalchemy import select

from rules.findability import RightPage, SearchTask, TaskState, TaskVerdict
from rules.message import AlarmKind, Alarms, Channel, MessageKind, content_of
from rules.run import RunState
from rules.schedule import Plan, WorkKind
from rules.site import Scope
from scheduler.alarms import write_alarms
from scheduler.message_settings import MessageSettings
from scheduler.messages import send_due_messages
from storage.database import Database
from storage.findability import end_test, keep_tasks, start_test, tasks_of_site
from storage.message_models import OutboxMessage
from storage.messages import Wish, add_subscriber
from storage.models import FindabilityResult, Request, Run
from storage.runs import RunMadeWith, start_run
from storage.schedules import enable_schedules, set_schedule
from storage.sites import add_site
from vierluik.messages import mail_writer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOSTILE = "Paspoort\r\nBcc: x@example.com <script>\u202e"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "Voorbeeld", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW)
        wish = [Wish(site.id, (MessageKind.ALARMS,))]
        add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", wish, NOW)
        add_subscriber(session, "Bo", Channel.MAIL, "bo@example.nl", "en", [Wish(site.id, (MessageKind.DIGEST,))], NOW)
    yield database
    database.close()


def told(database: Database, now: datetime) -> list[tuple[AlarmKind, bool]]:
    """What a look now writes."""
    known = {message.id for message in messages(database)}
    write_alarms(database, now)
    return [
        (event.kind, event.is_over)
        for message in messages(database)
        if message.id not in known
        for event in events_of(message).events
    ]


def messages(database: Database) -> list[OutboxMessage]:
    with database.session() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def events_of(message: OutboxMessage) -> Alarms:
    content = content_of(MessageKind.ALARMS, message.content)
    assert isinstance(content, Alarms)
    return content


def tell_tests(database: Database, *ranks: int | None, title: str = HOSTILE) -> None:
    with database.session() as session:
        keep_tasks(
            session, 1, [SearchTask(title, ("pas",), (RightPage("https://www.example.nl/p"),))], TaskState.CONFIRMED, "file", NOW
        )
        (task,) = tasks_of_site(session, 1)
        for rank in ranks:
            run = start_test(session, 1, "", NOW)
            verdict = TaskVerdict.UNTESTED if rank == 0 else TaskVerdict.FOUND if rank else TaskVerdict.WRONG_WORDS
            session.add(
                FindabilityResult(run_id=run, task_id=task.id, verdict=verdict, rank=rank or None, figures={}, details={})
            )
            end_test(session, run, RunState.FINISHED, "", {}, NOW)


def run_of(database: Database, state: RunState, at: datetime, reason: str = "") -> None:
    with database.session() as session:
        run = start_run(session, 1, RunMadeWith("en301549-3.2.1", "0" * 64), "here:1", "", at)
        run.state, run.reason, run.heartbeat_at = state, reason, at
        run.finished_at = at if state in (RunState.FINISHED, RunState.FAILED) else None


def plan_run(database: Database, next_at: datetime | None, last_at: datetime | None = None) -> None:
    """A run every night at three, as the scheduler has noted it."""
    with database.session() as session:
        schedule = set_schedule(session, 1, WorkKind.INCREMENTAL, Plan("0 3 * * *", "Europe/Amsterdam"))
        schedule.next_at, schedule.last_at = next_at, last_at


def test_a_lost_task_is_told_after_two_tests_and_once(database: Database) -> None:
    tell_tests(database, 1, None)
    assert told(database, NOW) == [] and told(database, NOW + 9 * HOUR) == []
    with database.session() as session:
        assert [(one.kind, one.requested_by) for one in session.scalars(select(Request))] == [("test_findability", "alarm")]
    tell_tests(database, 0, None)
    assert told(database, NOW + MINUTE) == [(AlarmKind.TASK_LOST, False)]
    tell_tests(database, None)
    assert told(database, NOW + 2 * MINUTE) == []
    tell_tests(database, 0)
    assert told(database, NOW + 3 * MINUTE) == [], "what could not be asked is not found again"
    tell_tests(database, 2)
    assert told(database, NOW + 4 * MINUTE) == [(AlarmKind.TASK_LOST, True)]
    assert told(database, NOW + 5 * MINUTE) == []
    assert {message.subscriber_id for message in messages(database)} == {1}, "Bo wants no alarms"


def test_a_task_that_is_found_at_the_second_look_is_never_told(database: Database) -> None:
    tell_tests(database, 1, None)
    assert told(database, NOW) == []
    tell_tests(database, 1)
    assert told(database, NOW + MINUTE) == []
    tell_tests(database, None)
    assert told(database, NOW + 2 * MINUTE) == []


def test_a_task_that_was_never_found_is_no_alarm(database: Database) -> None:
    tell_tests(database, None, None, None)
    assert told(database, NOW) == []


def test_a_task_that_is_taken_off_the_list_is_not_said_to_be_found(database: Database) -> None:
    tell_tests(database, 1, None, None)
    assert told(database, NOW) == [(AlarmKind.TASK_LOST, False)]
    with database.session() as session:
        session.delete(tasks_of_site(session, 1)[0])
    assert told(database, NOW + MINUTE) == []


def test_a_run_that_failed_is_told_once_and_so_is_the_next_good_one(database: Database) -> None:
    run_of(database, RunState.FAILED, NOW, "start-5xx")
    assert told(database, NOW) == []
    assert told(database, NOW + MINUTE) == [(AlarmKind.RUN_FAILED, False)]
    run_of(database, RunState.FAILED, NOW + HOUR, "start-5xx")
    assert told(database, NOW + HOUR) == []
    run_of(database, RunState.RUNNING, NOW + 2 * HOUR)
    assert told(database, NOW + 2 * HOUR) == []
    with database.session() as session:
        session.scalars(select(Run).order_by(Run.id.desc())).first().state = RunState.FINISHED  # type: ignore[union-attr]
    assert told(database, NOW + 3 * HOUR) == [(AlarmKind.RUN_FAILED, True)]


@pytest.mark.parametrize("state", [RunState.INTERRUPTED, RunState.RUNNING])
def test_a_run_that_stopped_and_was_not_continued_is_told(database: Database, state: RunState) -> None:
    run_of(database, state, NOW)
    assert told(database, NOW + 59 * MINUTE) == [] and told(database, NOW + 60 * MINUTE) == []
    assert told(database, NOW + 61 * MINUTE) == [(AlarmKind.RUN_INTERRUPTED, False)]
    run_of(database, RunState.FINISHED, NOW + 2 * HOUR)
    assert told(database, NOW + 2 * HOUR) == [(AlarmKind.RUN_INTERRUPTED, True)]


@pytest.mark.parametrize("fell_due", [False, True])
def test_a_run_that_did_not_come_is_told(database: Database, fell_due: bool) -> None:
    run_of(database, RunState.FINISHED, NOW - timedelta(days=40))
    due = datetime(2026, 11, 23, 2, tzinfo=UTC)  # three o'clock in Amsterdam
    tomorrow = due + 24 * HOUR
    plan_run(database, *((tomorrow, due) if fell_due else (due, None)))
    assert told(database, due + 118 * MINUTE) == [] and told(database, due + 119 * MINUTE) == []
    assert told(database, due + 120 * MINUTE) == [] and told(database, due + 121 * MINUTE) == [(AlarmKind.RUN_MISSED, False)]
    run_of(database, RunState.FINISHED, due + 3 * HOUR)
    plan_run(database, tomorrow, due)
    assert told(database, due + 3 * HOUR) == [(AlarmKind.RUN_MISSED, True)]
    assert told(database, due + 20 * HOUR) == []


def test_a_run_that_comes_in_time_is_no_alarm(database: Database) -> None:
    due = datetime(2026, 11, 23, 2, tzinfo=UTC)
    plan_run(database, due + 24 * HOUR, due)
    run_of(database, RunState.FINISHED, due + MINUTE)
    assert told(database, NOW + 22 * HOUR) == [] and told(database, NOW + 23 * HOUR) == []


def test_what_is_paused_is_not_missed(database: Database) -> None:
    plan_run(database, NOW)
    with database.session() as session:
        enable_schedules(session, 1, None, enabled=False)
    assert told(database, NOW + 9 * HOUR) == [] and told(database, NOW + 10 * HOUR) == []


def test_two_schedulers_at_once_tell_once(database: Database) -> None:
    tell_tests(database, 1, None, None)
    other = Database(database.url)
    write_alarms(database, NOW)
    write_alarms(other, NOW)
    other.close()
    assert len(messages(database)) == 1


def test_an_alarm_arrives_in_words_and_its_end_too(database: Database) -> None:
    tell_tests(database, 1, None, None)
    run_of(database, RunState.FAILED, NOW, "start-5xx")
    write_alarms(database, NOW)
    write_alarms(database, NOW + MINUTE)
    tell_tests(database, 1)
    write_alarms(database, NOW + HOUR)
    with Server(post := Post()) as server:
        how = MessageSettings(server.settings(), "vierluik@example.nl")
        assert send_due_messages(database, how, lambda: NOW + HOUR, mail_writer(how)).sent == 3
    lost, failed, found = [mail for _, mail in post.arrived]
    assert "is niet meer te vinden" in lost["Subject"] and lost["Bcc"] is None and "\u202e" not in lost["Subject"]
    assert failed["Subject"].strip() == "Voorbeeld: de controle is mislukt"
    text = " ".join(failed.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]
    assert "De startpagina gaf een storing (5xx)" in text
    assert "is weer te vinden" in found["Subject"]
    html = found.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script" not in html and "duurde" in html
