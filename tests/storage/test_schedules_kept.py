"""Schedules, the lease and runs that are to stop, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from rules.run import RunState, StopAsked
from rules.schedule import Plan, ScheduleError, WorkKind
from rules.site import Scope
from storage import lease, runs
from storage.database import MIGRATIONS, Database, DatabaseError
from storage.health import database_clock, database_version, figures, write_and_read
from storage.models import Run
from storage.requests import ask, take_for_free_sites, take_requests
from storage.run_control import ask_to_stop, mark_gone, running, to_continue
from storage.runs import RunMadeWith, start_run
from storage.schedules import (
    enable_schedules,
    find_schedule,
    plan_next,
    plan_of,
    remove_schedule,
    schedules_of,
    set_schedule,
    to_look_at,
)
from storage.sites import add_site, get_site, remove_site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MADE_WITH = RunMadeWith("en301549-3.2.1", "0" * 64)


def site_of(database: Database, name: str = "Voorbeeld", cron: str = "") -> int:
    with database.session() as session:
        return add_site(session, name, "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW, cron=cron).id


def test_a_database_of_before_keeps_its_cron_lines(empty_database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with empty_database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        insert = "INSERT INTO site (name, start_url, origins, path_prefix, settings, cron, time_zone, created_at) VALUES "
        rows = [f"('{name}', 'https://{name}/', '[]', '/', '{{}}', '{cron}', 'Europe/Brussels', '2026-01-01')" for name, cron in
                (("een", "0 3 * * *"), ("twee", ""))]  # fmt: skip
        connection.execute(text(insert + ", ".join(rows)))
        connection.execute(
            text(
                "INSERT INTO run (site_id, kind, state, reason, requested_by, process, started_at, heartbeat_at, norm, rule_set, "
                "engines, browser, settings, coverage) VALUES (1, 'full', 'finished', '', '', '', '2026-01-01', '2026-01-01', "
                "'n', 'r', '{}', '', '{}', '{}')"
            )
        )
    empty_database.migrate()
    with empty_database.session() as session:
        kept = {one.kind: plan_of(one) for one in schedules_of(session, 1)}
        assert kept == {"full": Plan("0 3 * * *", "Europe/Brussels")}
        assert schedules_of(session, 2) == []
        assert [one.kind for one in schedules_of(session, None)] == ["imports", "retention"]
        assert session.get_one(Run, 1).progress == {}  # nothing that referred to the site went with its column


def test_one_schedule_of_a_kind_is_kept_and_goes_with_its_site(database: Database) -> None:
    site = site_of(database, cron="0 3 * * *")
    with database.session() as session:
        first = find_schedule(session, site, WorkKind.FULL)
        assert first is not None
        assert set_schedule(session, site, WorkKind.FULL, Plan("0  4 * * *")).id == first.id
        with pytest.raises(ScheduleError):
            set_schedule(session, site, WorkKind.FULL, Plan("never"))
        assert set_schedule(session, None, WorkKind.RETENTION, Plan("0 5 * * *")).site_id is None
        assert [one.cron for one in schedules_of(session, None)] == ["* * * * *", "0 5 * * *"]
        assert remove_schedule(session, site, WorkKind.INCREMENTAL) is False
        remove_site(session, get_site(session, "Voorbeeld"))
        assert schedules_of(session, site) == []


def test_two_schedulers_never_plan_the_same_moment(database: Database) -> None:
    site = site_of(database, cron="0 3 * * *")
    with database.session() as session:
        seen_by_one = find_schedule(session, site, WorkKind.FULL)
    with database.session() as session:
        seen_by_other = find_schedule(session, site, WorkKind.FULL)
    assert seen_by_one is not None
    assert seen_by_other is not None
    later = NOW + timedelta(hours=1, microseconds=7)
    with database.session() as session:
        assert plan_next(session, seen_by_one, later, NOW)
    with database.session() as session:
        assert not plan_next(session, seen_by_other, later, NOW)
    with database.session() as session:
        again = find_schedule(session, site, WorkKind.FULL)
        assert again is not None
        assert again.next_at == later
        assert plan_next(session, again, later + timedelta(days=1), NOW)


def test_only_what_is_due_or_unplanned_is_looked_at(database: Database) -> None:
    site = site_of(database, cron="0 3 * * *")
    with database.session() as session:
        enable_schedules(session, None, None, enabled=False)
        [schedule] = to_look_at(session, NOW)
        assert plan_next(session, schedule, NOW + timedelta(hours=1), NOW)
    with database.session() as session:
        assert to_look_at(session, NOW) == []
        assert len(to_look_at(session, NOW + timedelta(hours=1))) == 1
        assert len(to_look_at(session, NOW - timedelta(hours=2))) == 1  # the clock was set back
        enable_schedules(session, site, None, enabled=False)
        assert to_look_at(session, NOW + timedelta(days=9)) == []


def test_the_lease_is_held_by_one(database: Database) -> None:
    with database.session() as session:
        assert lease.hold(session, "here:1:a", NOW)
        assert not lease.hold(session, "there:1:b", NOW)
        silent = lease.lease(session)
        assert lease.hold(session, "here:1:a", NOW)  # it was not silent after all
        assert not lease.hold(session, "there:1:b", NOW, silent)
        silent = lease.lease(session)
        assert lease.hold(session, "there:1:b", NOW, silent)
        assert not lease.hold(session, "elsewhere:1:c", NOW, silent)  # another was first
        lease.release(session, "here:1:a")  # that is not theirs to give away
        assert lease.lease(session).holder == "there:1:b"
        lease.release(session, "there:1:b")
        assert lease.hold(session, "here:1:a", NOW)


def test_a_request_is_taken_once(database: Database) -> None:
    site, other = site_of(database), site_of(database, "Ander")
    with database.session() as session:
        for number in (site, other):
            ask(session, number, "run", {}, "", NOW)
            ask(session, number, "check_page", {}, "", NOW)
    with database.session() as session:
        taken = [(one.site_id, one.kind) for one in take_for_free_sites(session, ["run", "check_page"], {other}, NOW)]
        assert taken == [(site, "run")]
    with database.session() as session:
        assert [one.site_id for one in take_requests(session, "run", NOW)] == [other]
        assert take_requests(session, "run", NOW) == []


def test_a_run_hears_at_its_heartbeat_why_it_must_stop(database: Database) -> None:
    site = site_of(database)
    with database.session() as session:
        number = start_run(session, site, MADE_WITH, "here:1", "schedule", NOW).id

    def beat(process: str = "here:1") -> str:
        with database.session() as session:
            return runs.beat(session, number, process, {"done": 3}, NOW)

    assert beat() == ""
    with database.session() as session:
        assert session.get_one(Run, number).progress == {"done": 3}
        ask_to_stop(session, site, StopAsked.PAUSED, NOW)
    assert (beat(), beat("there:1")) == ("paused", "taken-over")
    with database.session() as session:
        [gone] = mark_gone(session, {number}, NOW)
        assert (gone.reason, running(session)) == ("paused", [])
        assert to_continue(session, NOW) == []
    assert beat() == "taken-over"
    with database.session() as session:
        ask_to_stop(session, site, StopAsked.CANCELLED, NOW)
        assert session.get_one(Run, number).state == RunState.CANCELLED
        assert ask_to_stop(session, site, StopAsked.CANCELLED, NOW) is None
        remove_site(session, get_site(session, "Voorbeeld"))
    assert beat() == "site-removed"


def test_figures_and_versions_are_told(database: Database) -> None:
    site = site_of(database, cron="0 3 * * *")
    with database.session() as session:
        run = start_run(session, site, MADE_WITH, "here:1", "schedule", NOW - timedelta(days=2))
        runs.finish_run(session, run, complete=True, documents=0, now=NOW - timedelta(days=1))
        found = figures(session, NOW)
        name, version = database_version(session)
        clock = database_clock(session)
    assert found.since_good_run == {(site, "Voorbeeld"): timedelta(days=1)}
    assert found.runs == {("finished", "full"): 1}
    assert found.database_bytes > 10_000
    assert name == ("SQLite" if database.is_sqlite else "PostgreSQL")
    assert int(version.split(".")[0]) >= 3
    assert (clock is None) == database.is_sqlite
    assert write_and_read(database, b"\x00tried")


def test_a_connection_that_the_server_ended_is_made_anew(database: Database) -> None:
    """A server that was away for a minute: what goes on then fails with a sentence, and what comes after works."""
    if database.is_sqlite:
        pytest.skip("SQLite has no server that ends connections.")
    site = site_of(database, cron="0 3 * * *")
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.session() as session:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
        session.execute(text(ended + "current_database()"))
    other.close()
    with pytest.raises(DatabaseError, match="cannot be used any more"), database.session() as session:
        schedules_of(session, site)
    with database.session() as session:
        assert len(schedules_of(session, site)) == 1
