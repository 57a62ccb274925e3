"""Whether the database can be used, how much room there is, and what an operator watches."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from rules.message import MessageState
from rules.run import RunState
from storage.blobs import short_hash
from storage.database import Database
from storage.message_models import Alarm, OutboxMessage
from storage.models import Blob, Request, Run, Site
from storage.requests import OPEN
from storage.runs import WHOLE_SITE
from storage.schedule_models import Schedule

COVERED = ("found", "tested", "carried_over", "untested", "skipped")
TRIED_WITH = "doctor"  # kind of what is written to see whether it can be


@dataclass(frozen=True)
class Figures:
    """What the metrics are made of. Times are spans up to now."""

    runs: dict[tuple[str, str], int]  # by state and kind
    since_good_run: dict[tuple[int, str], timedelta]  # by number and name of the site; since it is watched where none was
    pages: dict[tuple[int, str], dict[str, int]]  # of the newest finished run, by what became of them
    requests: dict[tuple[str, str], int]  # by kind and state, without an answer
    longest_wait: timedelta  # of a request
    failed: dict[str, int]  # requests that failed, by kind
    overdue: timedelta  # the schedule that is late most
    messages: dict[str, int]  # by state, as far as they are kept
    oldest_message: timedelta  # since one was written that was not sent yet
    alarms: dict[str, int]  # that last and were told, by kind
    database_bytes: int


def free_bytes(database: Database) -> int:
    """Room on the disk of the database file; of the working folder where the database is a server's."""
    file = database.engine.url.database if database.is_sqlite else None
    folder = Path(file).resolve().parent if file and file != ":memory:" and not file.startswith("file:") else Path.cwd()
    return shutil.disk_usage(folder).free


def database_bytes(session: Session) -> int:
    if session.get_bind().dialect.name == "sqlite":
        pages = session.scalar(text("PRAGMA page_count")) or 0
        return int(pages * (session.scalar(text("PRAGMA page_size")) or 0))
    return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def database_version(session: Session) -> tuple[str, str]:
    """The name of the database and its version."""
    if session.get_bind().dialect.name == "sqlite":
        return "SQLite", str(session.scalar(text("SELECT sqlite_version()")))
    return "PostgreSQL", str(session.scalar(text("SHOW server_version")))


def database_clock(session: Session) -> datetime | None:
    """What time a server has; None for a file, which has no clock of its own."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    moment = session.scalar(select(func.now()))
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def write_and_read(database: Database, content: bytes) -> bool:
    """Whether what is written is read again, in another session. Raises DatabaseError where it cannot be written."""
    digest = short_hash(TRIED_WITH.encode() + content)
    with database.session() as session:
        session.merge(Blob(hash=digest, kind=TRIED_WITH, compressed=False, content=content))
    with database.session() as session:
        found = session.get(Blob, digest)
        if found is not None:
            session.delete(found)
    return found is not None and found.content == content


def figures(session: Session, now: datetime) -> Figures:
    counted = session.execute(select(Run.state, Run.kind, func.count()).group_by(Run.state, Run.kind))
    asked = session.execute(select(Request.kind, Request.state, func.count()).group_by(Request.kind, Request.state)).all()
    oldest = session.scalar(select(func.min(Request.requested_at)).where(Request.state == "waiting"))
    late = session.scalar(select(func.min(Schedule.next_at)).where(Schedule.enabled))
    written = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)).all()
    unsent = session.scalar(select(func.min(OutboxMessage.written_at)).where(OutboxMessage.state == MessageState.WAITING))
    lasting = select(Alarm.kind, func.count()).where(Alarm.ended_at.is_(None), Alarm.told_at.is_not(None)).group_by(Alarm.kind)
    sites = {site.id: site for site in session.scalars(select(Site))}
    good = (Run.state == RunState.FINISHED, Run.kind.in_(WHOLE_SITE))
    newest = select(func.max(Run.id)).where(*good).group_by(Run.site_id)
    last = {run.site_id: run for run in session.scalars(select(Run).where(Run.id.in_(newest)))}
    ended = {number: (run.finished_at or run.heartbeat_at) for number, run in last.items()}
    return Figures(
        runs={(state, kind): count for state, kind, count in counted},
        since_good_run={(site.id, site.name): now - ended.get(site.id, site.created_at) for site in sites.values()},
        pages={
            (number, sites[number].name): {name: int(run.coverage.get(name, 0)) for name in COVERED}
            for number, run in last.items()
        },
        requests={(kind, state): count for kind, state, count in asked if state in OPEN},
        longest_wait=now - oldest if oldest else timedelta(0),
        failed={kind: count for kind, state, count in asked if state == "failed"},
        overdue=max(timedelta(0), now - late) if late else timedelta(0),
        messages={state: count for state, count in written},  # noqa: C416  # dict() would lose the types
        oldest_message=now - unsent if unsent else timedelta(0),
        alarms=dict(session.execute(lasting).all()),
        database_bytes=database_bytes(session),
    )
