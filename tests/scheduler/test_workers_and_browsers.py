"""A run by real workers with real browsers ends like a run in one process, whoever is killed in between."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from postgres_server import new_postgres_database
from sqlalchemy import func, make_url, select, text

from scheduler.run_site import mark_dead_runs
from storage import runs
from storage.database import Database
from storage.models import Page, PageState, Run
from storage.report import report_of_run
from vierluik.sample_site import SampleServer, serve
from vierluik.tool import tool_description

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("workers-and-browsers")]

# A part of the site keeps a run short.
SETTINGS = """
seconds_before_second_look = 1.0
confirm = false
queue = {queue}
exclude = ["/producten/[b-z]", "/nieuws/[a-v]", "/bestuur/", "/over-de-stad/", "/onderwerpen/[c-z]", ":[0-9]+/[d-n]"]
"""
TIME_S = 400.0


@dataclass
class Place:
    """A folder with its own settings, a PostgreSQL database, and the processes that work on it."""

    folder: Path
    database: Database
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "vierluik", *words, "--db", self.database.url],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(
        self, url: str, *, queue: bool, meanwhile: Callable[[subprocess.Popen[str]], None] = lambda run: None
    ) -> dict[str, Any]:
        """One run to its end, continued as often as it is interrupted; gives what it found."""
        (self.folder / "vierluik.toml").write_text(SETTINGS.format(queue=str(queue).lower()), encoding="utf-8")
        run = self.start("run", url)
        deadline = time.monotonic() + TIME_S
        while run.poll() != 0:
            if run.returncode is not None:
                said = run.communicate()[1]
                assert run.returncode in (4, -signal.SIGKILL, 2), said
                assert "Traceback" not in said
                mark_dead_runs(self.database, datetime.now(UTC))
                run = self.start("run", url, "--continue")
            assert time.monotonic() < deadline
            meanwhile(run)
            time.sleep(0.2)
        with self.database.session() as session:
            stored = session.scalars(select(Run).order_by(Run.id.desc())).first()
            assert stored is not None
            assert stored.browser.startswith("Chromium ")
            open_states = select(Page.identity).join(PageState).where(PageState.closed_run_id.is_(None)).group_by(Page.identity)
            assert session.scalars(open_states.having(func.count() > 1)).all() == []
            return found_in(report_of_run(session, stored, tool_description()))

    def tested(self) -> int:
        with self.database.session() as session:
            run = session.scalars(select(Run).order_by(Run.id.desc())).first()
            return runs.tested_so_far(session, run.id) if run else 0


def found_in(report: dict[str, Any]) -> dict[str, Any]:
    """What a run found, without what may differ between two runs over the same site."""
    found: dict[str, Any] = {
        page["url"]: (
            page["status"],
            page["reason"],
            page["title"],
            page["criteria"],
            sorted((one["fingerprint"], one["outcome"], one["impact"]) for one in page["findings"]),
        )
        for page in report["pages"]
    }
    found |= {f"link {link['url']}": (link["class"], link["status"], len(link["sources"])) for link in report["links"]}
    return found | {name: value for name, value in report["coverage"].items() if isinstance(value, int)}


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with serve("1") as server:
        yield server


@pytest.fixture
def new_place(postgres: Callable[[], str], tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    places: list[Place] = []

    def make(name: str) -> Place:
        folder = tmp_path / name
        folder.mkdir()
        database = Database(new_postgres_database(postgres()))
        database.migrate()
        places.append(Place(folder, database))
        return places[-1]

    yield make
    for place in places:
        for process in place.started:
            if process.poll() is None:
                process.kill()
                process.communicate()
            elif process.stderr is not None:
                process.stderr.close()
        place.database.close()


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {name: (one.get(name), other.get(name)) for name in {*one, *other} if one.get(name) != other.get(name)}


def test_workers_find_what_one_process_finds_also_where_one_is_killed(
    site: SampleServer, new_place: Callable[[str], Place]
) -> None:
    inline = new_place("inline").run(f"{site.url}/", queue=False)
    place = new_place("queue")
    workers = [place.start("worker", "--concurrency", "1") for _ in range(2)]

    def kill_one(_run: subprocess.Popen[str]) -> None:
        if len(workers) == 2 and place.tested() >= 4:
            workers[0].kill()
            workers.append(place.start("worker", "--concurrency", "1"))

    by_workers = place.run(f"{site.url}/", queue=True, meanwhile=kill_one)
    assert len(workers) == 3
    assert differences(by_workers, inline) == {}
    workers[1].terminate()
    said = workers[1].communicate(timeout=60)[1]
    assert workers[1].returncode == 0, said
    assert "has stopped" in said
    assert "Traceback" not in said
    with place.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM queued_page")) == 0


@dataclass
class Chaos:
    """Kills something at random moments: a worker, a browser, the run, the whole database."""

    place: Place
    server: Callable[[], str]
    chance: random.Random
    workers: list[subprocess.Popen[str]] = field(default_factory=list)
    next_at: float = 0.0
    done: list[str] = field(default_factory=list)

    def __call__(self, run: subprocess.Popen[str]) -> None:
        while len([worker for worker in self.workers if worker.poll() is None]) < 2:
            self.workers.append(self.place.start("worker", "--concurrency", "1"))
        if not self.next_at or len(self.done) >= len(BLOWS):
            self.next_at = self.next_at or time.monotonic() + 12
            return
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + self.chance.uniform(3, 8)
        blow = BLOWS[len(self.done)]
        self.done.append(blow)
        match blow:
            case "worker":
                self.chance.choice([worker for worker in self.workers if worker.poll() is None]).kill()
            case "browser":
                self._kill_a_browser()
            case "run":
                run.kill()
            case "database":
                self._kill_the_database()

    def _kill_a_browser(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                for child in psutil.Process(worker.pid).children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        if "headless" in child.name() and "--type=" not in " ".join(child.cmdline()):
                            child.kill()
                            return

    def _kill_the_database(self) -> None:
        folder = make_url(self.place.database.url).query["host"]
        assert isinstance(folder, str)
        postmaster = psutil.Process(int(Path(folder, "postmaster.pid").read_text(encoding="utf-8").split()[0]))
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(30)
        time.sleep(2)
        self.server()
        self.place.database.engine.dispose()


BLOWS = ["worker", "browser", "database", "run", "worker"]
ROUNDS = int(os.environ.get("VIERLUIK_CHAOS_ROUNDS", "1"))


def test_chaos_changes_nothing_of_what_is_found(
    site: SampleServer, new_place: Callable[[str], Place], postgres: Callable[[], str]
) -> None:
    undisturbed = new_place("undisturbed").run(f"{site.url}/", queue=False)
    for number in range(ROUNDS):
        chance = random.Random(number)
        chance.shuffle(BLOWS)
        chaos = Chaos(place := new_place(f"chaos{number}"), postgres, chance)
        found = place.run(f"{site.url}/", queue=True, meanwhile=chaos)
        assert chaos.done, "the run ended before anything was killed"
        assert differences(found, undisturbed) == {}, chaos.done
        for worker in chaos.workers:
            worker.terminate()


@pytest.mark.parametrize("command", ["worker", "run"])
def test_a_queue_without_postgresql_is_a_sentence(tmp_path: Path, command: str) -> None:
    (tmp_path / "vierluik.toml").write_text("queue = true\n", encoding="utf-8")
    words = [command, *(["http://127.0.0.1:9/"] if command == "run" else [])]
    tried = subprocess.run(
        [sys.executable, "-m", "vierluik", *words, "--db", f"sqlite:///{tmp_path}/vierluik.db"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert tried.returncode == 2, tried.stderr
    assert "PostgreSQL" in tried.stderr
    assert "Traceback" not in tried.stderr
