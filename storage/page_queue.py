"""The page queue: batches of pages as jobs of Procrastinate, results in our own table, both on PostgreSQL.

A page is begun, its result is written, and the run takes it; each at most once for each (run, page). A job is only a turn: it
may be lost at any moment, and whoever runs the site gives its pages out anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, delete, func, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from rules.run import RunState
from rules.task import PageResult
from storage.blobs import short_hash
from storage.database import DatabaseError
from storage.models import table_of
from storage.page_queue_models import PageWorker, QueuedPage

if TYPE_CHECKING:
    from procrastinate import App

TASK = "check_pages"
BEATS_EVERY_S = 5
LOST_AFTER_S = 20  # without a heartbeat


@dataclass(frozen=True)
class Outcome:
    """What a worker made of a page."""

    identity: str
    result: PageResult
    browser: str


def queue_name(version: str, rule_set: str, browser: str) -> str:
    """The queue of all workers that judge alike: only they take each other's pages. `browser`: "Chromium 156.0.7204.2 (…)".

    Short, as PostgreSQL announces jobs in a channel of this name, which has at most 63 bytes.
    """
    return f"{_judges(version, rule_set)} {' '.join(browser.split('.')[0].split()[:2])}"


def browser_of(queue: str) -> str:
    """The browser in the name of a queue, without the smaller numbers of its version."""
    return " ".join(queue.split()[-2:])


def _judges(version: str, rule_set: str) -> str:
    return f"{version[:12]} rules {rule_set[:8]}"


@cache
def _results() -> TypeAdapter[PageResult]:
    """Made when it is needed: it takes longer than a short command does."""
    return TypeAdapter(PageResult)


# --- jobs ----------------------------------------------------------------------------------------------------------


def put_job(session: Session, queue: str, lock: str, arguments: dict[str, Any]) -> int:
    """Put a job in the queue, in this transaction; gives its number. Raises DatabaseError."""
    from procrastinate.exceptions import ConnectorException  # loaded where it is used: most commands know no queue

    connection = session.connection().connection.driver_connection
    job = _app().configure_task(TASK, queue=queue, lock=lock, connection=connection)
    try:
        return int(job.defer(**arguments))
    except ConnectorException as error:
        raise DatabaseError(f"No page can be put in the queue: {error.__cause__ or error}") from error


@cache
def _app() -> App:
    """What puts jobs in: it has no connection of its own, jobs go in by that of the session."""
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())


def remove_lost_jobs(session: Session) -> None:
    """Take away jobs whose worker is gone, of every run: they hold a place at a host. Their runs give the pages out anew."""
    lost = text(
        "DELETE FROM procrastinate_jobs job WHERE job.status = 'doing' AND NOT EXISTS (SELECT 1 FROM procrastinate_workers worker"
        " WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - make_interval(secs => :seconds))"
    )
    session.execute(lost, {"seconds": LOST_AFTER_S})


def remove_jobs_of_run(session: Session, run_id: int) -> None:
    """Take away the jobs of a run that nobody has in hand."""
    waiting = text(
        "DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND task_name = :task AND (args->>'run_id')::int = :run"
    )
    session.execute(waiting, {"task": TASK, "run": run_id})


def jobs_that_go_on(session: Session, numbers: Sequence[int]) -> set[int]:
    """Of some jobs, those that wait or are in hand."""
    query = text("SELECT id FROM procrastinate_jobs WHERE id = ANY(:numbers) AND status IN ('todo', 'doing')")
    return set(session.scalars(query, {"numbers": list(numbers)}))


# --- pages ---------------------------------------------------------------------------------------------------------


BEGIN = (
    "INSERT INTO queued_page (run_id, identity_hash, identity, tries, browser)"
    " SELECT id, :hash, :identity, 1, '' FROM run WHERE id = :run AND state = :running AND process = :process"
    " ON CONFLICT (run_id, identity_hash) DO UPDATE SET tries = queued_page.tries + 1 WHERE queued_page.result IS NULL"
    " RETURNING tries"
)
FINISH = (
    "UPDATE queued_page SET result = :result, browser = :browser WHERE run_id = :run AND identity_hash = :done AND result IS NULL"
)
BEGINS, FINISHES, GOES_ON = text(BEGIN), text(FINISH), text(f"WITH finished AS ({FINISH}) {BEGIN}")  # our own words


def begin_page(connection: Connection, run_id: int, process: str, identity: str) -> bool:
    """A worker begins a page. False: it is not wanted, as it is done, or its run has ended or is continued by another process."""
    return connection.scalar(BEGINS, _begun(run_id, process, identity)) is not None


def _begun(run_id: int, process: str, identity: str) -> dict[str, Any]:
    return {"run": run_id, "process": process, "running": RunState.RUNNING, "hash": _hash(identity), "identity": identity}


def give_back_page(session: Session, run_id: int, identity: str) -> None:
    """A worker stops before a page is done; that is not the page's fault."""
    mine = _page(run_id, identity)
    session.execute(update(QueuedPage).where(*mine, QueuedPage.result.is_(None)).values(tries=QueuedPage.tries - 1))


def finish_page(
    connection: Connection, run_id: int, process: str, identity: str, result: PageResult, browser: str, following: str | None
) -> bool:
    """Keep the result of a page that was begun, until its run takes it; the first result counts. Begin the page that follows.

    Both are one statement, for it is done for every page. Gives what `begin_page` gives of that page; None: none follows.
    """
    packed = zlib.compress(_results().dump_json(result), 1)
    finish = {"run": run_id, "done": _hash(identity), "result": packed, "browser": browser}
    if following is None:
        connection.execute(FINISHES, finish)
        return False
    return connection.scalar(GOES_ON, {**finish, **_begun(run_id, process, following)}) is not None


WAITING = text("SELECT identity, result, browser FROM queued_page WHERE run_id = :run AND result IS NOT NULL LIMIT :most")


def finished_pages(connection: Connection, run_id: int, most: int = 50) -> list[Outcome]:
    """Results of a run that wait to be stored; some, so that many do not fill the memory."""
    rows = connection.execute(WAITING, {"run": run_id, "most": most})
    return [Outcome(identity, _results().validate_json(zlib.decompress(packed)), browser) for identity, packed, browser in rows]


def tries_of(session: Session, run_id: int, identities: Iterable[str]) -> dict[str, int]:
    """How often pages were begun that have no result."""
    hashes = [_hash(identity) for identity in identities]
    query = select(QueuedPage.identity, QueuedPage.tries).where(
        QueuedPage.run_id == run_id, QueuedPage.identity_hash.in_(hashes), QueuedPage.result.is_(None)
    )
    return {identity: tries for identity, tries in session.execute(query)}  # noqa: C416  # dict() would lose the types


FORGET = text("DELETE FROM queued_page WHERE run_id = :run AND identity_hash = :hash")


def forget_page(session: Session, run_id: int, identity: str) -> None:
    """The result of a page is stored where it belongs."""
    session.execute(FORGET, {"run": run_id, "hash": _hash(identity)})


def forget_pages(session: Session, run_id: int) -> None:
    """A run has ended: nobody takes results any more."""
    session.execute(delete(QueuedPage).where(QueuedPage.run_id == run_id))


def _hash(identity: str) -> str:
    return short_hash(identity.encode())


def _page(run_id: int, identity: str) -> tuple[Any, ...]:
    return QueuedPage.run_id == run_id, QueuedPage.identity_hash == _hash(identity)


# --- workers -------------------------------------------------------------------------------------------------------


def worker_lives(session: Session, name: str, queue: str, pages_at_once: int) -> None:
    """A worker's heartbeat: it lives, and takes pages of this queue."""
    values = {"name": name, "queue": queue, "pages_at_once": pages_at_once, "heartbeat_at": func.now()}
    beat = postgresql.insert(table_of(PageWorker)).values(values)
    session.execute(beat.on_conflict_do_update(index_elements=["name"], set_=values))


def worker_ends(session: Session, name: str) -> None:
    """A worker takes no more pages; those that ended without a word are forgotten with it."""
    session.execute(delete(PageWorker).where((PageWorker.name == name) | ~_lives()))


def living_workers(session: Session) -> list[PageWorker]:
    """The workers with a young heartbeat."""
    return list(session.scalars(select(PageWorker).where(_lives()).order_by(PageWorker.name)))


def _lives() -> ColumnElement[bool]:
    return PageWorker.heartbeat_at > func.now() - timedelta(seconds=LOST_AFTER_S)


def queue_of(workers: Sequence[PageWorker], version: str, rule_set: str, browser: str) -> str | None:
    """The queue for a run: that of most workers which judge as it does; None where none does.

    `browser`: what the run was begun with; empty: any. Numbers of one run come from one version of the browser.
    """
    fit: dict[str, int] = {}
    for worker in workers:
        is_like = worker.queue == queue_name(version, rule_set, browser) if browser else True
        if is_like and worker.queue.startswith(f"{_judges(version, rule_set)} "):
            fit[worker.queue] = fit.get(worker.queue, 0) + worker.pages_at_once
    return max(fit, key=lambda queue: (fit[queue], queue), default=None)


def waiting_elsewhere(session: Session, queue: str) -> dict[str, int]:
    """How many jobs wait in the queues of other versions."""
    query = text(
        "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = :task AND queue_name <> :queue"
        " GROUP BY queue_name ORDER BY queue_name"
    )
    return {name: count for name, count in session.execute(query, {"task": TASK, "queue": queue})}  # noqa: C416
