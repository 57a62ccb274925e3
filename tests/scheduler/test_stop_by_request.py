"""A run that goes on hears at its heartbeat that it is to stop, wherever it was started."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rules.run import RunState, StopAsked
from scheduler.run_site import HEARTBEAT_S
from storage.database import Database
from storage.models import Run, RunPage, Site
from storage.run_control import ask_to_stop
from storage.sites import remove_site
from vierluik.sample_site import SampleServer, serve

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("interruption")]

WITHIN_S = 60.0


@pytest.fixture(scope="module")
def sample() -> Iterator[SampleServer]:
    with serve("1") as server:
        yield server


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def going(database: Database, sample: SampleServer, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that has tested some pages and gave a sign of life."""
    command = [sys.executable, "-m", "vierluik", "run", f"{sample.url}/", "--by", "schedule", "--db", database.url]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + WITHIN_S
    while not progress_of(database).get("done"):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.2)
    yield process
    process.kill()
    process.communicate()


def progress_of(database: Database) -> dict[str, int]:
    with database.session() as session:
        return session.scalar(select(Run.progress)) or {}


@pytest.mark.parametrize(
    ("how", "state", "keeps_frontier"),
    [(StopAsked.PAUSED, RunState.INTERRUPTED, True), (StopAsked.CANCELLED, RunState.CANCELLED, False)],
)
def test_a_run_that_goes_on_is_stopped(
    database: Database, going: subprocess.Popen[str], how: StopAsked, state: RunState, keeps_frontier: bool
) -> None:
    progress = progress_of(database)
    assert progress["found"] >= progress["done"] > 0 < progress["seconds"]
    with database.session() as session:
        assert ask_to_stop(session, session.scalars(select(Site.id)).one(), how, datetime.now(UTC)) is not None
    _, said = going.communicate(timeout=HEARTBEAT_S + 20)
    assert going.returncode == 4, said
    with database.session() as session:
        run = session.scalars(select(Run)).one()
        left = session.scalar(select(func.count()).select_from(RunPage))
    assert (run.state, run.stop_asked, bool(left)) == (state, "", keeps_frontier)


def test_a_run_whose_site_is_removed_ends_with_a_sentence(database: Database, going: subprocess.Popen[str]) -> None:
    with database.session() as session:
        remove_site(session, session.scalars(select(Site)).one())
    _, said = going.communicate(timeout=HEARTBEAT_S + 20)
    assert going.returncode == 4, said
    assert "site was removed during the run" in said or "tijdens de controle verwijderd" in said, said
    assert "Traceback" not in said
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(RunPage)) == 0
