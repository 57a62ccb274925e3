"""The clock starts what is due or asked for, one at a time per site, and says what became of it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from rules.findability import TEST, RightPage, SearchTask, TaskState
from rules.run import RunState, StopAsked
from rules.schedule import Plan, WorkKind
from rules.site import Scope
from scheduler.clock import LEASE_SILENT_S, RunClock, RunOrder
from scheduler.pulses import Pulses
from scheduler.run_site import process_name
from storage import runs
from storage.database import Database
from storage.findability import keep_tasks
from storage.models import Request, Run, Site
from storage.requests import ask, give_back
from storage.run_control import WAITS, ask_to_stop
from storage.runs import RunMadeWith, start_run
from storage.schedule_models import Schedule
from storage.schedules import enable_schedules, find_schedule, set_schedule
from storage.sites import add_site, get_site, remove_site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday
WITHIN_S = 20.0
MADE_WITH = RunMadeWith("en301549-3.2.1", "0" * 64)
ELSEWHERE = "elders:1"  # a process of another machine


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    yield database
    database.close()


@dataclass
class Command:
    """Stands in for a run: writes down what was ordered, then ends as it is told."""

    folder: Path
    code: int = 0
    seconds: float = 0.0

    def __call__(self, order: RunOrder) -> Sequence[str]:
        said = f"{order.site_id} {order.by}{' full' if order.full else ''}{' resume' if order.resume else ''}"
        script = f"import time, sys; open({str(self.folder / 'started')!r}, 'a').write({said!r} + '\\n')"
        return [sys.executable, "-c", f"{script}; time.sleep({self.seconds}); sys.exit({self.code})"]

    def started(self) -> list[str]:
        file = self.folder / "started"
        return file.read_text().splitlines() if file.exists() else []


@dataclass
class Times:
    """The clock on the wall, which anybody may set, and the steady one."""

    wall: datetime = NOW
    steady: float = 1_000.0

    def now(self) -> datetime:
        return self.wall

    def passes(self, span: timedelta) -> None:
        self.wall += span
        self.steady += span.total_seconds()


@dataclass
class Scene:
    """A clock over a database, with commands that stand in for runs."""

    database: Database
    command: Command
    times: Times = field(default_factory=Times)
    clocks: list[RunClock] = field(default_factory=list)

    def clock(self, **options: Any) -> RunClock:
        pulses = Pulses(lambda: self.times.steady)
        clock = RunClock(self.database, self.command, self.times.now, pulses=pulses, **options)
        clock.scheduler.start(paused=True)
        self.clocks.append(clock)
        return clock

    def look(self, span: timedelta = timedelta(0)) -> None:
        self.times.passes(span)
        for clock in self.clocks:
            clock.look()

    def ends(self) -> None:
        """Every process that was started comes to its end, and is noticed."""
        for clock in self.clocks:
            for work in clock.work.values():
                work.process.wait(WITHIN_S)
            clock._reap()

    def started(self, count: int) -> list[str]:
        wait_for(lambda: len(self.command.started()) >= count)
        return self.command.started()


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(database, Command(tmp_path))
    yield scene
    for clock in scene.clocks:
        for work in clock.work.values():
            work.process.kill()
        clock.stop()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def site_of(database: Database, name: str = "Voorbeeld", cron: str = "") -> int:
    with database.session() as session:
        return add_site(session, name, "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW, cron=cron).id


def plan(database: Database, site: int | None, kind: WorkKind, cron: str, **values: Any) -> None:
    with database.session() as session:
        set_schedule(session, site, kind, Plan(cron, **values))


def schedule_of(database: Database, site: int | None, kind: WorkKind = WorkKind.FULL) -> Schedule:
    with database.session() as session:
        found = find_schedule(session, site, kind)
        assert found is not None
        return found


def request_of(database: Database, number: int) -> Request:
    with database.session() as session:
        return session.get_one(Request, number)


def requests(database: Database) -> list[tuple[str, str]]:
    with database.session() as session:
        return [(one.kind, one.state) for one in session.scalars(select(Request).order_by(Request.id))]


def asked(database: Database, site: int, kind: str = "run", **arguments: Any) -> int:
    with database.session() as session:
        return ask(session, site, kind, arguments, "beheerder", NOW).id


def run_over(database: Database, site: int, process: str = ELSEWHERE, by: str = "schedule", now: datetime = NOW) -> int:
    with database.session() as session:
        return start_run(session, site, MADE_WITH, process, by, now).id


def run_of(database: Database, number: int) -> Run:
    with database.session() as session:
        return session.get_one(Run, number)


# --- what falls due --------------------------------------------------------------------------------------------------


def test_a_run_starts_when_its_cron_line_is_due(scene: Scene) -> None:
    site = site_of(scene.database, cron="0 3 * * *")
    site_of(scene.database, "Alleen op verzoek")
    scene.clock().look()
    assert schedule_of(scene.database, site).next_at == datetime(2026, 3, 2, 2, tzinfo=UTC)  # 3 o'clock in Amsterdam
    scene.look(timedelta(hours=13, minutes=59))
    assert scene.command.started() == []
    scene.look(timedelta(minutes=1))
    assert scene.started(1) == [f"{site} schedule full"]
    assert schedule_of(scene.database, site).next_at == datetime(2026, 3, 3, 2, tzinfo=UTC)


def test_what_was_missed_is_caught_up_once(scene: Scene) -> None:
    site = site_of(scene.database, cron="0 3 * * *")
    scene.clock().look()
    scene.clocks[0].stop()
    scene.clocks.clear()
    scene.times.passes(timedelta(days=10))  # the machine was off
    scene.clock()
    for _ in range(3):
        scene.look(timedelta(seconds=2))
        scene.ends()
    assert scene.started(1) == [f"{site} schedule full"]
    assert schedule_of(scene.database, site).next_at == datetime(2026, 3, 12, 2, tzinfo=UTC)


def test_nothing_starts_in_quiet_hours(scene: Scene) -> None:
    site = site_of(scene.database)
    plan(scene.database, site, WorkKind.FULL, "0 3 * * *", quiet_hours="07:00-19:00")
    scene.clock().look()
    scene.times.wall = datetime(2026, 3, 2, 9, tzinfo=UTC)  # the machine was off at 3, and is on again at 10
    scene.look()
    assert (requests(scene.database), schedule_of(scene.database, site).next_at) == ([], datetime(2026, 3, 2, 18, tzinfo=UTC))
    scene.look(timedelta(hours=9))
    assert scene.started(1) == [f"{site} schedule full"]


def test_a_clock_that_is_set_ahead_starts_each_work_once(scene: Scene) -> None:
    site = site_of(scene.database)
    plan(scene.database, site, WorkKind.INCREMENTAL, "*/15 * * * *")
    scene.clock().look()
    scene.times.wall += timedelta(days=400)
    for _ in range(3):
        scene.look()
        scene.ends()
    assert scene.started(1) == [f"{site} schedule"]


def test_a_clock_that_is_set_back_does_not_stop_the_schedule(scene: Scene) -> None:
    site = site_of(scene.database, cron="0 3 * * *")
    scene.times.wall = datetime(2031, 1, 1, tzinfo=UTC)  # the battery of the machine was empty
    scene.clock().look()
    assert schedule_of(scene.database, site).next_at == datetime(2031, 1, 1, 2, tzinfo=UTC)
    scene.times.wall = NOW
    scene.look()
    assert schedule_of(scene.database, site).next_at == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert requests(scene.database) == []


def test_a_clock_that_is_set_back_a_little_starts_nothing_twice(scene: Scene) -> None:
    site = site_of(scene.database, cron="0 3 * * *")
    scene.clock().look()
    scene.look(timedelta(hours=14))
    scene.ends()
    scene.times.wall -= timedelta(minutes=10)
    scene.look()
    scene.look(timedelta(minutes=10))
    assert scene.started(1) == [f"{site} schedule full"]


def test_a_schedule_that_is_changed_paused_or_removed_is_followed(scene: Scene) -> None:
    site = site_of(scene.database, cron="0 3 * * *")
    scene.clock().look()
    plan(scene.database, site, WorkKind.FULL, "30 5 * * *")
    scene.look()
    assert schedule_of(scene.database, site).next_at == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
    with scene.database.session() as session:
        enable_schedules(session, site, None, enabled=False)
    scene.look(timedelta(days=2))
    with scene.database.session() as session:
        enable_schedules(session, site, None, enabled=True)
    scene.look()  # what was missed meanwhile is not made up
    assert requests(scene.database) == []
    with scene.database.session() as session:
        remove_site(session, get_site(session, "Voorbeeld"))
    scene.look(timedelta(days=2))
    assert scene.command.started() == []


def test_a_schedule_that_somebody_broke_stops_alone(scene: Scene) -> None:
    broken, sound = site_of(scene.database, cron="0 3 * * *"), site_of(scene.database, "Ander", cron="0 3 * * *")
    with scene.database.session() as session:
        session.execute(Schedule.__table__.update().where(Schedule.site_id == broken).values(cron="0 99 * * *"))
    scene.clock().look()
    scene.look(timedelta(hours=14))
    assert scene.started(1) == [f"{sound} schedule full"]
    assert not schedule_of(scene.database, broken).enabled


def test_a_full_run_takes_the_place_of_an_incremental_one(scene: Scene) -> None:
    site = site_of(scene.database)
    plan(scene.database, site, WorkKind.INCREMENTAL, "0 3 * * *")
    plan(scene.database, site, WorkKind.FULL, "0 3 * * 1")
    scene.clock().look()
    for _ in range(2):
        scene.look(timedelta(hours=14))
        scene.ends()
    assert scene.started(1) == [f"{site} schedule full"]
    scene.look(timedelta(hours=14))
    assert scene.started(2)[1:] == [f"{site} schedule"]


def test_work_that_still_goes_on_is_not_asked_for_again(scene: Scene) -> None:
    site = site_of(scene.database, cron="0 * * * *")
    scene.command.seconds = 60
    scene.clock().look()
    for _ in range(4):
        scene.look(timedelta(hours=1))
    assert requests(scene.database) == [("run", "taken")]
    assert scene.started(1) == [f"{site} schedule full"]


def test_retention_and_imports_are_schedules_of_the_installation(scene: Scene, tmp_path: Path) -> None:
    done: list[str] = []
    clock = scene.clock()
    clock.purge = lambda: done.append("retention")  # type: ignore[method-assign]
    clock.scheduler.resume()
    clock.look()
    assert schedule_of(scene.database, None, WorkKind.IMPORTS).next_at == NOW + timedelta(minutes=1)
    scene.look(timedelta(hours=13))
    wait_for(lambda: done == ["retention"])


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "state"), [(0, "done"), (3, "failed")])
def test_a_request_is_taken_and_answered(scene: Scene, code: int, state: str) -> None:
    site = site_of(scene.database)
    number = asked(scene.database, site)
    scene.command.code = code
    scene.clock().look()
    assert request_of(scene.database, number).state == "taken"
    scene.ends()
    request = request_of(scene.database, number)
    assert (request.state, request.result) == (state, {"exit_code": code})
    assert scene.command.started() == [f"{site} beheerder"]


def test_two_runs_over_one_site_never_overlap(scene: Scene) -> None:
    site, other = site_of(scene.database), site_of(scene.database, "Ander")
    scene.command.seconds = 60
    first = asked(scene.database, site)
    scene.clock().look()
    second, elsewhere = asked(scene.database, site), asked(scene.database, other)
    scene.look()
    assert len(scene.started(2)) == 2
    assert [request_of(scene.database, one).state for one in (first, second, elsewhere)] == ["taken", "waiting", "taken"]
    scene.clocks[0].work[site].process.kill()
    wait_for(lambda: scene.look() is None and request_of(scene.database, second).state == "taken")
    assert request_of(scene.database, first).state == "failed"


def test_a_site_is_left_alone_while_a_run_of_somebody_else_goes_on(scene: Scene) -> None:
    site = site_of(scene.database)
    number = run_over(scene.database, site, by="")
    page, search = asked(scene.database, site, "check_page", url="https://www.example.nl/"), asked(scene.database, site, TEST)
    scene.clock().look()
    assert {request_of(scene.database, one).state for one in (page, search)} == {"waiting"}
    with scene.database.session() as session:
        runs.finish_run(session, session.get_one(Run, number), complete=True, documents=0, now=NOW)
    scene.look()
    assert [request_of(scene.database, one).state for one in (page, search)] == ["taken", "waiting"]


def test_no_more_runs_go_on_at_once_than_is_set(scene: Scene) -> None:
    scene.command.seconds = 60
    for number in range(4):
        asked(scene.database, site_of(scene.database, f"Site {number}"))
    scene.clock(runs_at_once=2).look()
    scene.look()
    assert [state for _, state in requests(scene.database)] == ["taken", "taken", "waiting", "waiting"]


def test_no_run_starts_while_the_disk_is_full(scene: Scene) -> None:
    number = asked(scene.database, site_of(scene.database))
    full = [True]
    scene.clock(is_disk_full=lambda: full[0]).look()
    assert request_of(scene.database, number).state == "waiting"
    full[0] = False
    scene.look()
    assert request_of(scene.database, number).state == "taken"


def test_findability_is_tested_after_a_run_where_there_are_tasks(scene: Scene) -> None:
    with_tasks, without = site_of(scene.database, "Met taken"), site_of(scene.database, "Zonder taken")
    page = RightPage("https://www.example.nl/paspoort")
    with scene.database.session() as session:
        keep_tasks(session, with_tasks, [SearchTask("Paspoort", ("paspoort",), (page,))], TaskState.CONFIRMED, "file", NOW)
        keep_tasks(session, without, [SearchTask("Voorstel", ("paspoort",), (page,))], TaskState.PROPOSED, "crawl", NOW)
    for site in (with_tasks, without):
        asked(scene.database, site)
    scene.clock().look()
    scene.ends()
    with scene.database.session() as session:
        tests = session.scalars(select(Request.site_id).where(Request.kind == TEST)).all()
    assert tests == [with_tasks]


def test_a_site_that_is_removed_while_its_run_goes_on_leaves_the_clock_well(scene: Scene) -> None:
    site, other = site_of(scene.database), site_of(scene.database, "Ander")
    asked(scene.database, site)
    scene.clock().look()
    with scene.database.session() as session:
        remove_site(session, session.get_one(Site, site))
    scene.ends()
    number = asked(scene.database, other)
    scene.look()
    assert request_of(scene.database, number).state == "taken"


# --- runs that died --------------------------------------------------------------------------------------------------


def test_a_run_whose_process_is_gone_is_continued(scene: Scene) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    site = site_of(scene.database)
    number = run_over(scene.database, site, f"{process_name().rpartition(':')[0]}:{ended.pid}")
    scene.clock().look()
    assert scene.started(1) == [f"{site} schedule resume"]
    assert (run_of(scene.database, number).state, run_of(scene.database, number).continued) == (RunState.INTERRUPTED, 1)


def test_a_run_of_another_machine_is_continued_when_it_is_silent(scene: Scene) -> None:
    site = site_of(scene.database)
    number = run_over(scene.database, site)
    scene.clock()
    for minute in range(4):  # it lives, whatever its clock says
        with scene.database.session() as session:
            assert runs.beat(session, number, ELSEWHERE, {}, NOW - timedelta(days=9, minutes=-minute)) == ""
        scene.look(timedelta(minutes=1))
    assert run_of(scene.database, number).state == RunState.RUNNING
    scene.look(timedelta(minutes=1))
    assert scene.command.started() == []
    scene.look(timedelta(minutes=1))
    assert scene.started(1) == [f"{site} schedule resume"]


def test_a_clock_that_is_set_takes_no_living_run_for_dead(scene: Scene) -> None:
    number = run_over(scene.database, site_of(scene.database))
    scene.clock().look()
    for jump in (timedelta(days=400), timedelta(days=-800)):
        scene.times.wall += jump
        scene.look(timedelta(seconds=30))
    assert run_of(scene.database, number).state == RunState.RUNNING


def test_a_run_that_keeps_dying_is_given_up_with_its_reason(scene: Scene) -> None:
    site = site_of(scene.database)
    number = run_over(scene.database, site)
    with scene.database.session() as session:
        runs.interrupt_run(session, number, "crawler-failed", NOW, process=ELSEWHERE)
    scene.command.code = 4
    scene.clock()
    for _ in range(5):
        scene.look(WAITS[-1])
        scene.ends()
    run = run_of(scene.database, number)
    assert (run.state, run.reason, run.continued) == (RunState.FAILED, "crawler-failed", len(WAITS))
    assert scene.command.started() == [f"{site} schedule resume"] * len(WAITS)


@pytest.mark.parametrize(("by", "reason"), [("", "process-gone"), ("schedule", "paused"), ("schedule", "browser-missing")])
def test_what_a_person_looks_after_is_not_continued(scene: Scene, by: str, reason: str) -> None:
    number = run_over(scene.database, site_of(scene.database), by=by)
    with scene.database.session() as session:
        runs.interrupt_run(session, number, reason, NOW, process=ELSEWHERE)
    scene.clock().look()
    scene.look(timedelta(hours=1))
    assert scene.command.started() == []
    assert run_of(scene.database, number).state == RunState.INTERRUPTED


@pytest.mark.parametrize(
    ("how", "state", "reason"),
    [(StopAsked.PAUSED, RunState.INTERRUPTED, "paused"), (StopAsked.CANCELLED, RunState.CANCELLED, "")],
)
def test_a_run_that_dies_when_it_was_to_stop_stays_stopped(scene: Scene, how: StopAsked, state: RunState, reason: str) -> None:
    site = site_of(scene.database)
    number = run_over(scene.database, site)
    with scene.database.session() as session:
        ask_to_stop(session, site, how, NOW)
    scene.clock().look()
    scene.look(timedelta(minutes=3))
    assert (run_of(scene.database, number).state, run_of(scene.database, number).reason) == (state, reason)
    assert scene.command.started() == []


def test_a_run_that_was_paused_goes_on_when_it_is_asked(scene: Scene) -> None:
    site = site_of(scene.database)
    number = run_over(scene.database, site)
    with scene.database.session() as session:
        ask_to_stop(session, site, StopAsked.PAUSED, NOW)
        assert runs.beat(session, number, ELSEWHERE, {}, NOW) == "paused"
        runs.interrupt_run(session, number, "paused", NOW, process=ELSEWHERE)
    asked(scene.database, site, resume=True)
    scene.clock().look()
    assert scene.started(1) == [f"{site} beheerder resume"]


# --- two clocks, and a database that is gone -------------------------------------------------------------------------


def test_of_two_clocks_one_is_at_work(scene: Scene) -> None:
    site = site_of(scene.database, cron="0 3 * * *")
    first, second = scene.clock(), scene.clock()
    for _ in range(9):
        scene.look(timedelta(hours=5))
        scene.ends()
    assert (first.is_active, second.is_active) == (True, False)
    assert scene.command.started() == [f"{site} schedule full"] * 2


def test_another_clock_takes_over_when_one_is_silent(scene: Scene) -> None:
    first, second = scene.clock(), scene.clock()
    scene.look()
    scene.clocks.remove(first)  # it hangs: its process lives and does nothing
    waited = 0
    while not second.is_active:
        scene.look(timedelta(seconds=5))
        waited += 5
        assert waited <= LEASE_SILENT_S + 5
    assert waited >= LEASE_SILENT_S
    scene.times.passes(timedelta(seconds=30))
    first.look()  # it wakes up again
    assert (first.is_active, second.is_active) == (False, True)
    first.stop()


def test_a_clock_that_stops_hands_over_at_once(scene: Scene) -> None:
    first, second = scene.clock(), scene.clock()
    scene.look()
    first.stop()
    scene.clocks.remove(first)
    scene.look()
    assert second.is_active


def test_what_a_clock_that_died_had_taken_is_answered_or_waits_again(scene: Scene) -> None:
    site = site_of(scene.database)
    run, import_ = asked(scene.database, site), asked(scene.database, site, "import_search_log", file="/nowhere")
    with scene.database.session() as session:
        for number in (run, import_):
            session.get_one(Request, number).state = "taken"
    with scene.database.session() as session:
        give_back(session, lambda process: True, NOW)
    assert (request_of(scene.database, run).state, request_of(scene.database, run).result) == (
        "failed",
        {"reason": "scheduler-gone"},
    )
    assert request_of(scene.database, import_).state == "waiting"


@pytest.mark.parametrize("fault", ["gone", "read-only"])
def test_a_database_that_is_gone_for_a_while_stops_nothing(scene: Scene, tmp_path: Path, fault: str) -> None:
    site = site_of(scene.database, cron="0 3 * * *")
    scene.clock().look()
    scene.database.close()
    file, away = tmp_path / "vierluik.db", tmp_path / "away.db"
    if fault == "gone":
        file.rename(away)
        file.mkdir()  # nothing can be opened here
    else:
        read_only = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
        scene.clocks[0].database = read_only
    for _ in range(3):
        scene.look(timedelta(hours=5))
    assert scene.clocks[0].trouble == "database-gone"
    assert scene.command.started() == []
    if fault == "gone":
        file.rmdir()
        away.rename(file)
    else:
        scene.clocks[0].database.close()
        scene.clocks[0].database = scene.database
    scene.look()
    assert scene.clocks[0].trouble == ""
    assert scene.started(1) == [f"{site} schedule full"]
