"""Which scheduler is at work. There may be many; one holds the lease, and the others wait until it is silent.

No two clocks are compared: whoever waits looks whether the number of beats still grows, by its own clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from storage.schedule_models import SchedulerLease

ONLY = 1  # the number of the one row


@dataclass(frozen=True)
class Lease:
    """Who holds it, how often it said so, and when it last did by its own clock."""

    holder: str
    beats: int
    beat_at: datetime


def lease(session: Session) -> Lease:
    row = session.scalar(select(SchedulerLease).where(SchedulerLease.id == ONLY).execution_options(populate_existing=True))
    assert row is not None  # the migration wrote it
    return Lease(row.holder, row.beats, row.beat_at)


def hold(session: Session, me: str, now: datetime, silent: Lease | None = None) -> bool:
    """Take the lease, or keep it. Of another it is only taken where that one is silent: still as it was last seen."""
    mine = SchedulerLease.holder.in_((me, ""))
    free = or_(mine, (SchedulerLease.holder == silent.holder) & (SchedulerLease.beats == silent.beats)) if silent else mine
    taken = update(SchedulerLease).where(SchedulerLease.id == ONLY, free)
    taken = taken.values(holder=me, beats=SchedulerLease.beats + 1, beat_at=now)
    return session.scalar(taken.returning(SchedulerLease.id).execution_options(synchronize_session=False)) is not None


def release(session: Session, me: str) -> None:
    """Let another scheduler take it at once."""
    mine = update(SchedulerLease).where(SchedulerLease.id == ONLY, SchedulerLease.holder == me)
    session.execute(mine.values(holder="").execution_options(synchronize_session=False))
