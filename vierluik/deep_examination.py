"""`vierluik doctor --deep`: does everything really do its work, tried on this machine."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rules.outcome import Outcome
from rules.schedule import ScheduleError, zone_of
from rules.task import PageStatus
from scheduler.check_targets import check_targets
from scheduler.run_settings import ENGINES, RunSettings
from storage.database import Database, DatabaseError
from storage.health import database_clock, database_version, free_bytes, write_and_read
from storage.lease import lease
from storage.sites import find_site
from vierluik.examined import Examined
from vierluik.settings import Settings

MOST_APART = timedelta(seconds=30)  # two clocks
OLDEST_SQLITE = (3, 35)  # RETURNING, and taking a column away
BUILT_IN = 2026  # a clock that is earlier is wrong
PAGE = """<!doctype html><html><head><title>Vierluik</title></head>
<body><main><h1>Vierluik</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><input>
<p style="color:#ccc">Licht</p></main></body></html>"""


def examine_deeply(settings: Settings) -> Iterator[Examined]:
    """One thing after the other; none keeps the next from being looked at."""
    yield from _engines(settings)
    try:
        database = Database(settings.database)
        database.migrate()
    except DatabaseError as error:
        yield Examined("database", False, str(error))
    else:
        yield from _database(database)
        yield _disk(database, settings.min_free_disk_bytes)
        yield _clock(database)
        yield from _folders(database, settings)
        database.close()
    yield _time_zones()


def _engines(settings: Settings) -> Iterator[Examined]:
    """Every engine there is judges a page in the browser."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(PAGE, encoding="utf-8")
        for engine in ENGINES:
            try:
                judged = asyncio.run(check_targets([file.as_uri()], RunSettings(engines=(engine,), confirms=False)))
            except Exception as error:  # whatever it is, it is what the operator wants to know
                yield Examined(f"engine {engine} at work", False, str(error).strip().splitlines()[0] or type(error).__name__)
                continue
            [page] = judged.pages
            judged_by = sum(outcome is not Outcome.UNTESTED for outcome in page.outcomes.values())
            fine = page.status is PageStatus.TESTED and judged_by > 0
            sentence = f"judged a page by {judged_by} rules" if fine else f"judged nothing {page.reason}".rstrip()
            yield Examined(f"engine {engine} at work", fine, sentence)


def _database(database: Database) -> Iterator[Examined]:
    try:
        with database.session() as session:
            name, version = database_version(session)
        too_old = name == "SQLite" and tuple(int(part) for part in version.split(".")[:2]) < OLDEST_SQLITE
        wanted = ".".join(map(str, OLDEST_SQLITE))
        yield Examined("database version", not too_old, f"{name} {version}" + (f"; {wanted} is needed" if too_old else ""))
        yield Examined("migrations", database.is_current(), "every table has today's form")
        same = write_and_read(database, os.urandom(32))
        yield Examined(
            "database writes", same, "written, read again and removed" if same else "what was written is not read again"
        )
    except DatabaseError as error:
        yield Examined("database writes", False, str(error))


def _disk(database: Database, least: int) -> Examined:
    free = free_bytes(database)
    said = f"{free / 1e9:.1f} GB free"
    fine = free >= least
    return Examined("disk", fine, said if fine else f"{said}: make room, or lower min_free_disk_bytes ({least / 1e9:.1f} GB)")


def _clock(database: Database) -> Examined:
    now = datetime.now(UTC)
    try:
        with database.session() as session:
            of_server, beat = database_clock(session), lease(session).beat_at
    except DatabaseError as error:
        return Examined("clock", False, str(error))
    if now.year < BUILT_IN:
        return Examined("clock", False, f"it says {now:%Y-%m-%d %H:%M} UTC. Set it, for example with: timedatectl set-ntp true")
    if of_server and abs(of_server - now) > MOST_APART:
        return Examined("clock", False, f"it is {abs(of_server - now).seconds} s apart from the database's. Set both by NTP.")
    if beat > now + MOST_APART:
        return Examined("clock", False, f"a scheduler gave a sign of life at {beat:%Y-%m-%d %H:%M} UTC, which is yet to come")
    return Examined("clock", True, f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _folders(database: Database, settings: Settings) -> Iterator[Examined]:
    for name, folder in settings.watch_folders.items():
        with database.session() as session:
            known = find_site(session, name) is not None
        readable = folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
        wrong = "there is no such site" if not known else "" if readable else "it is no folder that can be read"
        yield Examined(f"watched folder {folder}", not wrong, f"of site '{name}'" + (f": {wrong}" if wrong else ""))


def _time_zones() -> Examined:
    try:
        zone_of("Europe/Amsterdam")
    except ScheduleError:
        return Examined("time zones", False, "this machine knows none. Install its package tzdata.")
    return Examined("time zones", True, "known")
