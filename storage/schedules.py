"""What is done when: the rows that the scheduler goes by, and that people change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from rules.findability import TEST
from rules.journey import TEST as JOURNEYS
from rules.schedule import RUNS, Plan, WorkKind
from storage.requests import RUN, ask
from storage.schedule_models import Schedule

WENT_BACK = timedelta(hours=1)  # a clock that is set back by more makes what was planned with it worthless


def plan_of(schedule: Schedule) -> Plan:
    return Plan(schedule.cron, schedule.time_zone, schedule.jitter_s, schedule.quiet_hours)


def schedules_of(session: Session, site_id: int | None) -> Sequence[Schedule]:
    """Those of a site, or of the whole installation."""
    return session.scalars(select(Schedule).where(Schedule.site_id == site_id).order_by(Schedule.id)).all()


def find_schedule(session: Session, site_id: int | None, kind: WorkKind) -> Schedule | None:
    return session.scalar(select(Schedule).where(Schedule.site_id == site_id, Schedule.kind == kind))


def set_schedule(session: Session, site_id: int | None, kind: WorkKind, plan: Plan) -> Schedule:
    """Do a kind of work by a plan from now on, whatever was planned before. Raises ScheduleError where the plan cannot be."""
    plan = plan.checked()
    schedule = find_schedule(session, site_id, kind)
    if schedule is None:
        schedule = Schedule(site_id=site_id, kind=kind, enabled=True)
        session.add(schedule)
    schedule.cron, schedule.time_zone = plan.cron, plan.time_zone
    schedule.jitter_s, schedule.quiet_hours = plan.jitter_s, plan.quiet_hours
    schedule.next_at = None
    session.flush()
    return schedule


def remove_schedule(session: Session, site_id: int | None, kind: WorkKind) -> bool:
    """Whether there was one."""
    schedule = find_schedule(session, site_id, kind)
    if schedule is not None:
        session.delete(schedule)
        session.flush()
    return schedule is not None


def enable_schedules(session: Session, site_id: int | None, kind: WorkKind | None, *, enabled: bool) -> int:
    """Pause or resume one kind of work, or all of a site; gives how many there are. What was missed meanwhile is not made up."""
    schedules = [one for one in schedules_of(session, site_id) if kind is None or one.kind == kind]
    for schedule in schedules:
        if schedule.enabled != enabled:
            schedule.enabled, schedule.next_at = enabled, None
    return len(schedules)


def to_look_at(session: Session, now: datetime) -> Sequence[Schedule]:
    """Schedules that are due, or whose next moment is to be worked out; full runs first."""
    due = or_(Schedule.next_at.is_(None), Schedule.next_at <= now, Schedule.planned_at > now + WENT_BACK)
    first = Schedule.kind != WorkKind.FULL
    return session.scalars(select(Schedule).where(Schedule.enabled, due).order_by(first, Schedule.id)).all()


def plan_next(session: Session, schedule: Schedule, next_at: datetime, now: datetime) -> bool:
    """Write down when it is due next. False where another scheduler was first, or somebody changed it meanwhile."""
    same = Schedule.next_at.is_(None) if schedule.next_at is None else Schedule.next_at == schedule.next_at
    planned = update(Schedule).where(Schedule.id == schedule.id, same, Schedule.cron == schedule.cron)
    written = planned.values(next_at=next_at, planned_at=now).returning(Schedule.id)
    return session.scalar(written.execution_options(synchronize_session=False)) is not None


def note_due(session: Session, schedule: Schedule, now: datetime, request_id: int | None) -> None:
    """It fell due, and became this request; of work without one only the moment is kept."""
    fell = update(Schedule).where(Schedule.id == schedule.id)
    session.execute(fell.values(last_at=now, request_id=request_id).execution_options(synchronize_session=False))


def ask_for(session: Session, site_id: int, kind: WorkKind, by: str, now: datetime) -> int:
    """Ask for one kind of work on a site now; gives the request's number. Raises AlreadyAsked where it waits already."""
    arguments = {"full": True} if kind is WorkKind.FULL else {}
    return ask(session, site_id, request_kind(kind), arguments, by, now).id


def request_kind(kind: WorkKind) -> str:
    """The kind of the request that a kind of work becomes."""
    if kind in RUNS:
        return RUN
    return {WorkKind.FINDABILITY: TEST, WorkKind.JOURNEYS: JOURNEYS}.get(kind, kind.value)


def sites_with(session: Session, kind: WorkKind) -> set[int]:
    """The sites that have a schedule for a kind of work, be it paused."""
    return {number for number in session.scalars(select(Schedule.site_id).where(Schedule.kind == kind)) if number is not None}
