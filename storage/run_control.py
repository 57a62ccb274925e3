"""Runs that are to stop, and runs that stopped by themselves: what people and the scheduler do about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rules.run import RunState, StopAsked
from storage.models import Run, RunPage
from storage.runs import WHOLE_SITE, last_whole_run

CONTINUED = ("process-gone", "crawler-failed", "run-failed", "stopped")  # reasons after which the scheduler goes on by itself
WAITS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=10))  # before the first, second and third time
BY_HAND = ("", "demo")  # who started it looks after it


def running(session: Session) -> Sequence[Run]:
    """Every run that says it goes on."""
    return session.scalars(select(Run).where(Run.state == RunState.RUNNING).order_by(Run.id)).all()


def ask_to_stop(session: Session, site_id: int, how: StopAsked, now: datetime) -> Run | None:
    """Have the run over a site stop: one that goes on does so at its next heartbeat. None where there is nothing to stop."""
    run = session.scalar(select(Run).where(Run.site_id == site_id, Run.state == RunState.RUNNING).order_by(Run.id.desc()))
    run = run or last_whole_run(session, site_id)
    if run is None or run.state not in (RunState.RUNNING, RunState.INTERRUPTED):
        return None
    if run.state == RunState.RUNNING:
        run.stop_asked = how
    else:
        stop_run(session, run, how, now)
    return run


def stop_run(session: Session, run: Run, how: StopAsked, now: datetime) -> None:
    """A run without a process is as stopped as a person wanted it."""
    if how == StopAsked.PAUSED:
        run.state, run.reason, run.stop_asked = RunState.INTERRUPTED, "paused", ""
    else:
        _end(session, run, RunState.CANCELLED, "", now)


def mark_gone(session: Session, gone: Collection[int], now: datetime) -> list[Run]:
    """These runs have no process any more; gives them."""
    marked = [run for run in running(session) if run.id in gone]
    for run in marked:
        run.state, run.reason = RunState.INTERRUPTED, "process-gone"
        if run.stop_asked:
            stop_run(session, run, StopAsked(run.stop_asked), now)
    return marked


def to_continue(session: Session, now: datetime) -> list[Run]:
    """Runs that stopped by themselves and may be tried again now, newest of their site. Those tried too often are given up."""
    stopped = select(Run).where(
        Run.state == RunState.INTERRUPTED, Run.kind.in_(WHOLE_SITE), Run.reason.in_(CONTINUED), Run.requested_by.not_in(BY_HAND)
    )
    found = []
    for run in session.scalars(stopped.order_by(Run.id)).all():
        if last_whole_run(session, run.site_id) is not run:
            continue
        if run.continued >= len(WAITS):
            _end(session, run, RunState.FAILED, run.reason, now)
        elif abs(now - run.heartbeat_at) >= WAITS[run.continued]:  # also where the clock was set back
            found.append(run)
    return found


def _end(session: Session, run: Run, state: RunState, reason: str, now: datetime) -> None:
    run.state, run.reason, run.finished_at, run.stop_asked = state, reason, now, ""
    session.execute(delete(RunPage).where(RunPage.run_id == run.id))
