"""A run that is stopped, or killed, can be taken up again and ends as if nothing had happened."""

from __future__ import annotations

import os
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
from sqlalchemy import select

from rules.run import RunState
from scheduler.run_site import mark_dead_runs
from storage import runs
from storage.database import Database
from storage.models import Run
from storage.report import report_of_run
from vierluik.sample_site import SampleServer, serve
from vierluik.tool import tool_description

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("interruption")]

# A part of the site keeps a run short; what is left out is part of what must be equal.
SETTINGS = """
seconds_before_second_look = 1.0
confirm = false
exclude = ["/producten/[b-z]", "/nieuws/[a-v]", "/bestuur/", "/over-de-stad/", "/onderwerpen/[c-z]", ":[0-9]+/[d-n]"]
"""
TIME_S = 180.0
GONE_WITHIN_S = 20.0


@dataclass
class Place:
    """A folder with its own settings and database, in which the product is started."""

    folder: Path
    url: str
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return Database(f"sqlite:///{self.folder / 'vierluik.db'}")

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "vierluik", "run", self.url, *options]
        database = f"sqlite:///{self.folder / 'vierluik.db'}"
        process = subprocess.Popen(
            [*command, "--db", database],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *options: str) -> tuple[int, str]:
        """Start, wait for the end; gives the exit code and what was said."""
        process = self.start(*options)
        _, said = process.communicate(timeout=TIME_S)
        return process.returncode, said

    def runs(self) -> list[Run]:
        database = self.database
        with database.session() as session:
            runs = list(session.scalars(select(Run).order_by(Run.id)))
        database.close()
        return runs

    def result(self) -> dict[str, Any]:
        """What the newest run found, without what may differ between two runs over the same site."""
        database = self.database
        with database.session() as session:
            run = session.scalars(select(Run).order_by(Run.id.desc())).first()
            assert run is not None
            report = report_of_run(session, run, tool_description())
        database.close()
        pages = {
            page["url"]: (
                page["status"],
                page["reason"],
                page["title"],
                page["criteria"],
                sorted((one["fingerprint"], one["outcome"], one["impact"]) for one in page["findings"]),
            )
            for page in report["pages"]
        }
        links = {
            link["url"]: (link["class"], link["status"], sorted((one["page"], one["text"]) for one in link["sources"]))
            for link in report["links"]
        }
        figures = {one["id"]: one["value"] for one in report["kpis"]}
        counts = {name: value for name, value in report["coverage"].items() if isinstance(value, int)}
        return {"pages": pages, "links": links, "figures": figures, "coverage": counts}

    def wait_for_pages(self, process: subprocess.Popen[str], count: int) -> None:
        """Wait until this many pages were tested."""
        deadline = time.monotonic() + TIME_S
        database = self.database
        while time.monotonic() < deadline:
            assert process.poll() is None, "the run ended before it could be interrupted"
            if (self.folder / "vierluik.db").exists() and _tested(database) >= count:
                database.close()
                return
            time.sleep(0.1)
        raise AssertionError(f"{count} pages were not tested within {TIME_S} s")


def _tested(database: Database) -> int:
    with database.session() as session:
        if not session.connection().dialect.has_table(session.connection(), "run_page"):
            return 0
        run = session.scalars(select(Run).order_by(Run.id.desc())).first()
        return runs.tested_so_far(session, run.id) if run else 0


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with serve("1") as server:
        yield server


@pytest.fixture
def place(site: SampleServer, tmp_path: Path) -> Iterator[Place]:
    place = new_place(tmp_path, site)
    yield place
    for process in place.started:
        if process.poll() is None:  # the test failed before it came to its end
            kill_all(process)


def new_place(folder: Path, site: SampleServer) -> Place:
    (folder / "vierluik.toml").write_text(SETTINGS, encoding="utf-8")
    return Place(folder, f"{site.url}/")


@pytest.fixture(scope="module")
def undisturbed(site: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = new_place(tmp_path_factory.mktemp("undisturbed"), site)
    code, said = place.run()
    assert code == 0, said
    return place.result()


def assert_same(result: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    """Equal, told part by part: what was interrupted, and what it would have been."""
    for part, expected in undisturbed.items():
        found = result[part]
        names = {*found, *expected}
        assert {name: (found.get(name), expected.get(name)) for name in names if found.get(name) != expected.get(name)} == {}


def children_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Crawler, driver and browsers."""
    return psutil.Process(process.pid).children(recursive=True)


def assert_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=GONE_WITHIN_S)
    left = [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert [process.name() for process in left] == []


def kill_all(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=GONE_WITHIN_S)


def kill_crawler(process: subprocess.Popen[str]) -> None:
    [crawler] = [child for child in children_of(process) if "crawler.walk" in child.cmdline()]
    crawler.kill()
    _, said = process.communicate(timeout=240)
    assert process.returncode == 4, said
    assert "--continue" in said
    assert "Traceback" not in said


def stop_politely(process: subprocess.Popen[str]) -> None:
    process.terminate()
    end_of_stop(process)


def press_control_c(process: subprocess.Popen[str]) -> None:
    """A terminal sends the signal to every process of the group."""
    os.killpg(process.pid, signal.SIGINT)
    end_of_stop(process)


def end_of_stop(process: subprocess.Popen[str]) -> None:
    _, said = process.communicate(timeout=240)
    assert process.returncode == 4, said
    assert "was stopped" in said
    assert "--continue" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("interrupt", [kill_all, kill_crawler, stop_politely, press_control_c])
def test_interrupted_run_goes_on_and_ends_like_an_undisturbed_one(
    place: Place, undisturbed: dict[str, Any], interrupt: Callable[[subprocess.Popen[str]], None]
) -> None:
    process = place.start()
    place.wait_for_pages(process, 5)
    children = children_of(process)
    assert any("crawler.walk" in child.cmdline() for child in children)
    interrupt(process)
    assert_gone(children)
    mark_dead_runs(place.database, datetime.now(UTC))
    [interrupted] = place.runs()
    assert interrupted.state == RunState.INTERRUPTED
    assert interrupted.reason

    code, said = place.run("--continue")
    assert code == 0, said
    [finished] = place.runs()
    assert finished.state == RunState.FINISHED
    assert_same(place.result(), undisturbed)


def test_a_run_that_is_killed_while_it_is_continued_goes_on_again(place: Place, undisturbed: dict[str, Any]) -> None:
    process = place.start()
    place.wait_for_pages(process, 3)
    kill_all(process)
    again = place.start("--continue")
    place.wait_for_pages(again, 8)
    kill_all(again)
    code, said = place.run("--continue")
    assert code == 0, said
    assert_same(place.result(), undisturbed)


def test_the_next_start_says_that_a_run_was_interrupted_and_how_it_goes_on(place: Place) -> None:
    process = place.start()
    place.wait_for_pages(process, 1)
    kill_all(process)
    code, said = place.run("--max-pages", "2")
    assert code == 0
    assert "Run 1 was interrupted" in said
    assert "--continue" in said
    assert [run.state for run in place.runs()] == [RunState.INTERRUPTED, RunState.FINISHED]


def test_a_second_run_over_the_same_site_is_refused_while_one_goes_on(place: Place) -> None:
    process = place.start()
    place.wait_for_pages(process, 1)
    code, said = place.run()
    assert code == 2
    assert "still going on" in said
    stop_politely(process)


def test_continue_without_an_interrupted_run_says_what_to_do(place: Place) -> None:
    code, said = place.run("--continue")
    assert code == 2
    assert "No run over" in said
    assert "Start one with: vierluik run" in said
