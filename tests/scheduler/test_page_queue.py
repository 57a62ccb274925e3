"""Pages go to workers and come back, each once, whatever becomes of the workers. On a real PostgreSQL, with real processes."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from postgres_server import new_postgres_database
from sqlalchemy import text

from crawler.deadline import within
from rules.site import Pace, Scope
from rules.task import CheckRequest, PageResult, PageStatus
from scheduler.queue_runner import QueueRunner
from scheduler.run_settings import RunSettings, rule_set_hash
from storage import runs
from storage.database import Database
from storage.models import Run
from storage.queue_schema import bring_up_queue
from storage.sites import add_site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("page-queue")]

ROOT = Path(__file__).parents[2]
TIME_S = 120.0


@dataclass
class Workers:
    """Worker processes with a stand-in for their browsers."""

    url: str
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *, at_once: int = 1, seconds: float = 0.05, browser: str = "") -> subprocess.Popen[str]:
        more = [browser] if browser else []
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stand_in_worker", self.url, str(at_once), str(seconds), *more],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def stop(self, process: subprocess.Popen[str]) -> str:
        """Stop it politely; gives what it said."""
        process.terminate()
        said, _ = process.communicate(timeout=30)
        return said


@dataclass
class QueueRun:
    """A run of which only the runner is there: pages go in, results come out."""

    database: Database
    pace: Pace = field(default_factory=Pace)
    name: str = "een"
    results: dict[str, list[PageResult]] = field(default_factory=dict)
    order: list[float] = field(default_factory=list)  # when each result came
    notices: list[str] = field(default_factory=list)
    run_id: int = 0

    def __post_init__(self) -> None:
        self.host = f"{self.name}.example.nl"
        with self.database.session() as session:
            origin = f"https://{self.host}"
            site = add_site(session, self.name, f"{origin}/", Scope((origin,)), datetime.now(UTC))
            made_with = runs.RunMadeWith("en301549-3.2.1", rule_set_hash())
            self.run_id = runs.start_run(session, site.id, made_with, "here:1", "", datetime.now(UTC)).id
        self.runner = self._runner()

    def _runner(self) -> QueueRunner:
        settings = RunSettings(pace=self.pace)
        origins = (f"https://{self.host}",)
        return QueueRunner(
            self.database, self.run_id, "here:1", settings, origins, self._take, lambda name: None, self.notices.append
        )

    async def _take(self, identity: str, result: PageResult) -> None:
        self.results.setdefault(identity, []).append(result)
        self.order.append(time.monotonic())
        with self.database.session() as session:
            self.runner.stored(session, identity)

    def submit(self, *paths: str) -> None:
        for path in paths:
            url = f"https://{self.host}{path}"
            self.runner.submit(CheckRequest((url,)), url)

    async def work(self, until: Callable[[], bool], seconds: float = TIME_S) -> None:
        """Work until something is so."""
        working = asyncio.create_task(self.runner.work())

        async def wait() -> None:
            while not until():  # what it waits for is told by nobody
                if working.done():
                    await working
                await asyncio.sleep(0.05)

        try:
            await within(seconds, wait())
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    def left_behind(self) -> tuple[int, int]:
        """Jobs and pages that are still in the queue."""
        with self.database.session() as session:
            jobs = session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0
            return jobs, session.scalar(text("SELECT count(*) FROM queued_page")) or 0

    def waiting_results(self) -> int:
        """Results that the run has not taken."""
        with self.database.session() as session:
            return session.scalar(text("SELECT count(*) FROM queued_page WHERE result IS NOT NULL")) or 0


@pytest.fixture
def database(postgres: Callable[[], str]) -> Iterator[Database]:
    database = Database(new_postgres_database(postgres()))
    database.migrate()
    bring_up_queue(database)
    yield database
    database.close()


@pytest.fixture
def workers(database: Database) -> Iterator[Workers]:
    workers = Workers(database.url)
    yield workers
    for process in workers.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def pages(count: int) -> list[str]:
    return [f"/{number}" for number in range(count)]


def once(run: QueueRun) -> dict[str, PageStatus]:
    """What became of each page, which was told once."""
    assert [identity for identity, results in run.results.items() if len(results) != 1] == []
    return {identity: result.status for identity, [result] in run.results.items()}


def test_every_page_comes_back_once_from_several_workers(database: Database, workers: Workers) -> None:
    run = QueueRun(database)
    run.submit(*pages(60))
    for _ in range(2):
        workers.start(at_once=2)
    asyncio.run(run.work(lambda: len(run.results) == 60))
    assert set(once(run).values()) == {PageStatus.TESTED}
    assert len({result.title for [result] in run.results.values()}) == 2
    time.sleep(1)  # in which the last job ends
    assert run.left_behind() == (0, 0)


def test_pages_of_a_worker_that_is_killed_are_tested_by_others_once(database: Database, workers: Workers) -> None:
    run = QueueRun(database)
    run.submit(*pages(40))
    victim = workers.start(at_once=2, seconds=0.3)

    def kill_and_go_on() -> bool:
        if len(run.results) >= 5 and victim.poll() is None:
            victim.kill()
            workers.start(at_once=2)
        return len(run.results) == 40

    asyncio.run(run.work(kill_and_go_on))
    assert set(once(run).values()) == {PageStatus.TESTED}
    assert run.left_behind()[1] == 0


def test_a_page_that_kills_its_workers_is_untested_and_takes_no_other_page_with_it(database: Database, workers: Workers) -> None:
    run = QueueRun(database)
    run.submit(*pages(10), "/poison", *[f"/more/{number}" for number in range(10)])
    workers.start()

    def keep_one_alive() -> bool:
        if workers.started[-1].poll() is not None:
            workers.start()
        return len(run.results) == 21

    asyncio.run(run.work(keep_one_alive, 2 * TIME_S))
    seen = once(run)
    [poisoned] = run.results[f"https://{run.host}/poison"]
    assert (poisoned.status, poisoned.reason) == (PageStatus.UNTESTED, "breaks-workers")
    assert [identity for identity, status in seen.items() if status is not PageStatus.TESTED] == [f"https://{run.host}/poison"]
    assert sum(process.poll() == -signal.SIGKILL for process in workers.started) == 3


def test_a_worker_that_is_stopped_finishes_its_page_and_gives_back_the_rest(database: Database, workers: Workers) -> None:
    run = QueueRun(database, Pace(requests_at_once=1))
    run.submit(*pages(20))
    first = workers.start(seconds=1.0)

    def stop_and_go_on() -> bool:
        if len(run.results) >= 2 and len(workers.started) == 1:
            first.terminate()
            workers.start()
        return len(run.results) == 20

    asyncio.run(run.work(stop_and_go_on))
    assert first.wait(10) == 0
    assert set(once(run).values()) == {PageStatus.TESTED}
    by_first = [1 for [result] in run.results.values() if result.title == f"tested by {first.pid}"]
    assert 2 <= len(by_first) <= 4


def test_two_runs_share_the_workers_fairly(database: Database, workers: Workers) -> None:
    large, small = QueueRun(database, name="groot"), QueueRun(database, name="klein")
    large.submit(*pages(400))
    small.submit(*pages(30))

    async def both() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(large.work(lambda: len(small.results) == 30))
            await asyncio.sleep(3)
            tasks.create_task(small.work(lambda: len(small.results) == 30))

    workers.start(at_once=2, seconds=0.1)
    asyncio.run(both())
    meanwhile = sum(at >= small.order[0] for at in large.order)
    assert meanwhile <= 150, f"the small site had to wait for {meanwhile} pages of the large one"


def test_pages_of_one_host_are_asked_politely_by_all_workers(database: Database, workers: Workers) -> None:
    run = QueueRun(database, Pace(delay_s=0.2))
    run.submit(*pages(12))
    for _ in range(3):
        workers.start(at_once=2, seconds=0.0)
    began = time.monotonic()
    asyncio.run(run.work(lambda: len(run.results) == 12))
    assert run.order[-1] - began >= 11 * 0.2


def test_a_worker_of_another_version_leaves_pages_and_both_sides_say_so(database: Database, workers: Workers) -> None:
    run = QueueRun(database)
    run.submit(*pages(3))
    fit = workers.start()
    asyncio.run(run.work(lambda: len(run.results) == 3))
    workers.stop(fit)
    other = workers.start(browser="Chromium 157.0.1.1 (stand-in)")
    run.submit(*(f"/later/{number}" for number in range(3)))
    asyncio.run(run.work(lambda: any("Chromium 157" in notice for notice in run.notices)))
    assert len(run.results) == 3
    [notice] = {notice for notice in run.notices if "Chromium 157" in notice}
    assert "vierluik worker" in notice
    assert "Chromium 156" in notice
    assert "Chromium 157" in workers.stop(other)


def test_a_run_that_nobody_takes_pages_of_says_so(database: Database) -> None:
    run = QueueRun(database)
    run.submit("/")
    asyncio.run(run.work(lambda: bool(run.notices)))
    assert "vierluik worker" in run.notices[0]


def test_results_of_a_run_whose_process_died_are_found_when_it_is_continued(database: Database, workers: Workers) -> None:
    run = QueueRun(database)
    run.submit(*pages(8))
    worker = workers.start(at_once=2)

    async def hang(identity: str, result: PageResult) -> None:
        """As a process that dies before it has stored anything."""
        await asyncio.sleep(TIME_S)

    run.runner.take = hang
    asyncio.run(run.work(lambda: run.waiting_results() == 8))
    workers.stop(worker)
    assert run.left_behind() == (0, 8)
    run.runner = run._runner()
    run.submit(*pages(8))
    asyncio.run(run.work(lambda: len(run.results) == 8))  # and no worker is there
    assert set(once(run).values()) == {PageStatus.TESTED}


def test_a_worker_waits_for_a_database_that_is_gone_for_a_moment(database: Database, workers: Workers) -> None:
    run = QueueRun(database)
    run.submit(*pages(30))
    worker = workers.start(seconds=0.2)

    async def break_connections() -> None:
        await asyncio.sleep(4)
        with database.session() as session:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            session.execute(text(f"{others} AND pid <> pg_backend_pid()"))

    async def work() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(break_connections())
            tasks.create_task(run.work(lambda: len(run.results) == 30))

    asyncio.run(work())
    assert set(once(run).values()) == {PageStatus.TESTED}
    assert worker.poll() is None


def test_bringing_up_the_queue_twice_changes_nothing(database: Database) -> None:
    bring_up_queue(database)
    with database.session() as session:
        assert session.scalar(text("SELECT to_regclass('procrastinate_jobs')"))


def test_a_run_that_was_removed_takes_no_pages(database: Database, workers: Workers) -> None:
    run = QueueRun(database)
    run.submit(*pages(10))
    workers.start(seconds=0.2)

    def remove() -> bool:
        if len(run.results) >= 2:
            with database.session() as session:
                session.delete(session.get_one(Run, run.run_id))
            return True
        return False

    asyncio.run(run.work(remove))
    time.sleep(2)
    assert run.left_behind()[1] == 0
