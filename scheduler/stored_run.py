"""A run over what is stored of a site: its links or its documents are asked again, no page is opened.

What it does not look at stays as it is. It is no new state of the site: figures and trends leave it out. One that is stopped is
not continued: the next one asks everything anew.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from checks.accessibility.engines.opinions import engine_versions
from rules.run import RunState
from rules.site import Limits, Pace
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_again import settings_as_before
from scheduler.run_settings import RunSettings, rule_set_hash
from scheduler.run_site import HEARTBEAT_S, mark_dead_runs, process_name
from storage import runs
from storage.database import Database
from storage.models import Request, Run, Site
from storage.requests import finish_request
from storage.sites import scope_of
from storage.stored_addresses import end_run, forget_stopped_runs, take_stored_pages

T = TypeVar("T", Pace, Limits)


class Stopped(Exception):
    """Somebody asked the run to stop, or it is not this process's any more."""


@dataclass(frozen=True)
class StoredRun:
    """The run while it goes on."""

    database: Database
    site: Site
    settings: RunSettings
    run_id: int
    pages: int  # that stand tested, and keep their result


Work = Callable[[StoredRun], Awaitable[int]]  # gives how many documents it has judged


async def make_run(
    database: Database,
    site: Site,
    settings: RunSettings,
    kind: str,
    work: Work,
    by: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Make a run of a kind to its end; gives its number. Raises RunError while another goes on, NotAdmitted, or Stopped."""
    made_with = runs.RunMadeWith(
        norm=settings.norm_id,
        rule_set=rule_set_hash(),
        engines=engine_versions(settings.engines),
        settings=settings.as_stored(),
    )
    mark_dead_runs(database, now())
    with database.session() as session:
        forget_stopped_runs(session, site.id, now())
        number = runs.start_run(session, site.id, made_with, process_name(), by, now(), kind=kind).id
        pages = take_stored_pages(session, site.id, number)
    reason, documents = "run-failed", 0
    try:
        async with _alive(database, number, now):
            settings = await admitted(settings, scope_of(site).origins)
            documents = await work(StoredRun(database, site, settings, number, pages))
        reason = ""
    except NotAdmitted as refused:
        reason = refused.reason
        raise
    except Stopped:
        reason = "stopped"
        raise
    finally:
        with database.session() as session:
            run = session.get(Run, number)
            if run is not None and run.state == RunState.RUNNING:
                end_run(session, run, pages=pages, documents=documents, now=now(), failed_because=reason)
    return number


@asynccontextmanager
async def _alive(database: Database, run_id: int, now: Callable[[], datetime]) -> AsyncIterator[None]:
    """The run gives signs of life, and stops when it is asked to."""

    async def beat() -> None:
        while True:
            with database.session() as session:
                if runs.beat(session, run_id, process_name(), {}, now()):
                    raise Stopped
            await asyncio.sleep(HEARTBEAT_S)

    try:
        async with asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(beat())
            yield
            beating.cancel()
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from group


def settings_of_site(database: Database, site_id: int) -> tuple[Site, RunSettings]:
    """As the last run over the site was made, with its pace and limits."""
    with database.session() as session:
        site = session.get_one(Site, site_id)
        settings = settings_as_before(session, site)
        last = runs.last_whole_run(session, site_id)
    stored: dict[str, Any] = last.settings if last else {}
    return site, replace(settings, pace=_stored(Pace, stored.get("pace", {})), limits=_stored(Limits, stored.get("limits", {})))


def _stored(kind: type[T], values: dict[str, Any]) -> T:
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in known})


def answer_request(kind: str, work: Work) -> None:
    """Answer one request of the scheduler: the arguments of the command are the database and its number."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        with database.session() as session:
            request = session.get_one(Request, request_id)
            site_id, by = request.site_id, request.requested_by
        site, settings = settings_of_site(database, site_id)
        answer: dict[str, Any] = {"run": asyncio.run(make_run(database, site, settings, kind, work, by))}
        state = "done"
    except Exception as error:  # whoever asked must get an answer
        state, answer = "failed", {"reason": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))
