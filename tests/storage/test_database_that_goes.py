"""A database that is full, or a server that falls over and comes back: what was kept is there, and nothing is half written."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from stored_story import MADE_WITH, ORIGIN, failure, page_tested

from rules.schedule import Plan, WorkKind
from rules.site import Scope
from scheduler.clock import RunClock
from storage.database import Database, DatabaseError
from storage.models import Finding, Run
from storage.results import store_page
from storage.runs import FetchFacts, add_found, start_run
from storage.schedules import set_schedule
from storage.sites import add_site
from tests.postgres_server import new_postgres_database, postgres_server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_disk_that_is_full_keeps_whole_pages_only_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "Proef", f"{ORIGIN}/", Scope((ORIGIN,)), NOW).id
        run = start_run(session, site, MADE_WITH, "here:1", "", NOW).id
    findings = [failure(name=f"foto-{'x' * 500}-{number}") for number in range(20)]

    def keep(number: int) -> None:
        page = page_tested(f"/{number}", *findings)
        with database.session() as session:
            add_found(session, run, [(page.url, page.url, 1)])
            store_page(session, site, run, page.url, page, FetchFacts(page.url, 1))

    def kept() -> int:
        with database.session() as session:
            return session.scalar(select(func.count()).select_from(Finding)) or 0

    def keep_until_it_is_full() -> None:
        for number in range(200):
            keep(number)

    grow(database, 40)
    with pytest.raises(DatabaseError, match="Look whether its disk is full"):
        keep_until_it_is_full()
    done, of_half_a_page = divmod(kept(), len(findings))
    assert done and not of_half_a_page, "there was room for some, and of none for half"
    grow(database, 100_000)
    keep(done)
    assert kept() == (done + 1) * len(findings)
    database.close()


def grow(database: Database, room: int) -> None:
    """From now on the file may grow by so many pages only, as on a disk that is nearly full."""

    def limit(connection: object, _: object = None) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + room}")
        cursor.close()

    database.engine.dispose()
    event.listen(database.engine, "connect", limit)


@pytest.mark.slow
def test_a_postgresql_server_that_falls_over_and_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with postgres_server(folder) as address:
        database = Database(new_postgres_database(address()))
        database.migrate()
        with database.session() as session:
            site = add_site(session, "Proef", f"{ORIGIN}/", Scope((ORIGIN,)), NOW).id
            set_schedule(session, site, WorkKind.FULL, Plan("* * * * *", "UTC"))
        clock = RunClock(database, lambda order: ["true"])
        clock.look()
        with pytest.raises(DatabaseError):
            begin_a_run_and_fall_over(database, site, folder)
        clock.look()
        assert clock.trouble == "database-gone"
        assert address(), "it is started again"
        clock.look()
        assert clock.trouble == ""
        with database.session() as session:
            assert session.scalar(select(func.count()).select_from(Run)) == 0, "what was not ended is not there"
        database.close()


def begin_a_run_and_fall_over(database: Database, site: int, folder: Path) -> None:
    with database.session() as session:
        start_run(session, site, MADE_WITH, "here:1", "", NOW)
        fall_over(folder)
        session.scalar(select(func.count()).select_from(Run))


def fall_over(folder: Path) -> None:
    """End the server of this folder as a power cut does, and wait until it is gone."""
    number = int((folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    os.kill(number, signal.SIGQUIT)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{number}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
