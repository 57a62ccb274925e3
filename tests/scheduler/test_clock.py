"""The clock starts a run when it is due or asked for, one at a time per site, and says what became of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from rules.findability import RightPage, SearchTask, TaskState
from rules.run import RunState
from rules.site import Scope
from scheduler.clock import CronError, RunClock, check_cron, trigger_of
from storage.database import Database
from storage.findability import keep_tasks
from storage.models import Request, Run, Site
from storage.requests import ask
from storage.runs import RunMadeWith, start_run
from storage.sites import add_site, get_site, remove_site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday
WITHIN_S = 20.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    yield database
    database.close()


class Command:
    """Stands in for a run: writes down for which site, and who asked; then ends as it is told."""

    def __init__(self, folder: Path, *, code: int = 0, seconds: float = 0.0) -> None:
        self.file = folder / "started"
        self.code = code
        self.seconds = seconds

    def __call__(self, site: int, by: str) -> Sequence[str]:
        script = f"import time, sys; open({str(self.file)!r}, 'a').write('{site} {by}\\n')"
        return [sys.executable, "-c", f"{script}; time.sleep({self.seconds}); sys.exit({self.code})"]

    def started(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []


def site_of(database: Database, name: str = "Voorbeeld", cron: str = "") -> int:
    with database.session() as session:
        return add_site(session, name, "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW, cron=cron).id


def request_of(database: Database, number: int) -> Request:
    with database.session() as session:
        return session.get_one(Request, number)


def asked(database: Database, site: int, by: str = "beheerder") -> int:
    with database.session() as session:
        return ask(session, site, "run", {}, by, NOW).id


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_a_site_is_started_when_its_cron_line_is_due(database: Database, tmp_path: Path) -> None:
    site = site_of(database, cron="0 3 * * *")
    site_of(database, "Alleen op verzoek")
    command = Command(tmp_path)
    clock = RunClock(database, command)
    clock.start()
    try:
        clock.look()
        [job] = [job for job in clock.scheduler.get_jobs() if job.id.startswith("site-")]
        assert (job.next_run_time.hour, job.next_run_time.minute) == (3, 0)
        assert str(job.next_run_time.tzinfo) == "Europe/Amsterdam"
        job.modify(next_run_time=datetime.now(UTC))
        wait_for(lambda: command.started() == [f"{site} schedule"])
    finally:
        clock.stop()


def test_a_schedule_follows_what_is_set(database: Database, tmp_path: Path) -> None:
    site = site_of(database, cron="0 3 * * *")
    clock = RunClock(database, Command(tmp_path))
    clock.scheduler.start(paused=True)
    try:
        hours = []
        for cron in ("0 3 * * *", "30 5 * * *", ""):
            with database.session() as session:
                session.get_one(Site, site).cron = cron
            clock.look()
            hours.append([job.next_run_time.hour for job in clock.scheduler.get_jobs()])
        assert hours == [[3], [5], []]
    finally:
        clock.stop()


def test_a_site_that_is_removed_has_no_schedule(database: Database, tmp_path: Path) -> None:
    site_of(database, cron="0 3 * * *")
    clock = RunClock(database, Command(tmp_path))
    clock.scheduler.start(paused=True)
    try:
        clock.look()
        with database.session() as session:
            remove_site(session, get_site(session, "Voorbeeld"))
        clock.look()
        assert clock.scheduler.get_jobs() == []
    finally:
        clock.stop()


@pytest.mark.parametrize(("code", "state"), [(0, "done"), (3, "failed")])
def test_a_request_is_taken_and_answered(database: Database, tmp_path: Path, code: int, state: str) -> None:
    site = site_of(database)
    number = asked(database, site)
    command = Command(tmp_path, code=code)
    clock = RunClock(database, command, now=lambda: NOW)
    clock.look()
    assert request_of(database, number).state == "taken"

    def is_answered() -> bool:
        clock.look()
        return request_of(database, number).state != "taken"

    wait_for(is_answered)
    request = request_of(database, number)
    assert (request.state, request.result) == (state, {"exit_code": code})
    assert command.started() == [f"{site} beheerder"]


def test_two_runs_over_one_site_never_overlap(database: Database, tmp_path: Path) -> None:
    site, other = site_of(database), site_of(database, "Ander")
    command = Command(tmp_path, seconds=60)
    clock = RunClock(database, command, now=lambda: NOW)
    first = asked(database, site)
    clock.look()
    second, elsewhere = asked(database, site), asked(database, other)
    clock.look()
    wait_for(lambda: len(command.started()) == 2)
    assert request_of(database, first).state == request_of(database, elsewhere).state == "taken"
    refused = request_of(database, second)
    assert (refused.state, refused.result) == ("failed", {"reason": "a run over this site goes on already"})
    clock.scheduler.start(paused=True)
    clock.stop()
    assert clock.processes == {}
    assert request_of(database, first).state == "failed"


def test_the_clock_marks_runs_whose_process_is_gone(database: Database, tmp_path: Path) -> None:
    site = site_of(database)
    with database.session() as session:
        start_run(session, site, RunMadeWith("en301549-3.2.1", "0" * 64), "elders:1", "", NOW - timedelta(hours=1))
    clock = RunClock(database, Command(tmp_path), now=lambda: NOW)
    clock.start()
    clock.stop()
    with database.session() as session:
        [run] = session.scalars(select(Run))
        assert (run.state, run.reason) == (RunState.INTERRUPTED, "process-gone")


@pytest.mark.parametrize(
    "line", ["every night", "0 3 * *", "61 * * * *", "0 25 * * *", "0 3 * * 8", "0 3 * * x", "0 3 * * 5-1", "@"]
)
def test_what_is_no_cron_line_is_a_sentence(line: str) -> None:
    with pytest.raises(CronError, match=r"is no cron line .*every night at 3"):
        check_cron(line)


@pytest.mark.parametrize("line", ["", "0 3 * * *", "*/15 8-18 * * mon-fri", "0 3 1,15 * *", "0 3 * * 0-6/2", "0 3 * * */2"])
def test_a_cron_line_is_accepted(line: str) -> None:
    check_cron(line)


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("0", [7]),
        ("7", [7]),
        ("1", [1]),
        ("1-5", [1, 2, 3, 4, 5]),
        ("5-7", [5, 6, 7]),
        ("0,6", [6, 7]),
        ("sun", [7]),
        ("*/3", [3, 6, 7]),
    ],
)
def test_weekdays_are_counted_as_cron_counts_them(weekday: str, days: list[int]) -> None:
    trigger, moment, found = trigger_of(f"0 3 * * {weekday}"), NOW, set()
    for _ in range(len(days)):
        moment = trigger.get_next_fire_time(None, moment + timedelta(minutes=1))
        found.add(moment.isoweekday())
    assert sorted(found) == days


def test_findability_is_tested_after_a_run_where_there_are_tasks(database: Database, tmp_path: Path) -> None:
    with_tasks, without = site_of(database, "Met taken"), site_of(database, "Zonder taken")
    page = RightPage("https://www.example.nl/paspoort")
    with database.session() as session:
        keep_tasks(session, with_tasks, [SearchTask("Paspoort", ("paspoort",), (page,))], TaskState.CONFIRMED, "file", NOW)
        keep_tasks(session, without, [SearchTask("Voorstel", ("paspoort",), (page,))], TaskState.PROPOSED, "crawl", NOW)
    clock = RunClock(database, Command(tmp_path))
    for site in (with_tasks, without):
        clock.start_run(site, "schedule")
    for process, _ in clock.processes.values():
        process.wait(WITHIN_S)
    clock._reap()
    with database.session() as session:
        assert [(request.site_id, request.kind) for request in session.scalars(select(Request))] == [
            (with_tasks, "test_findability")
        ]
