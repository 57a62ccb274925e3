"""What falls due by the schedules becomes a request, in one transaction with the next moment: never lost, never twice.

The row of a schedule is the persistent job: APScheduler only ticks. Its own job store keeps pickled objects, which whoever
can write to the database could make run; it has the row twice; and two schedulers over it start everything twice.
"""

from __future__ import annotations

from datetime import datetime
from random import SystemRandom

import structlog
from sqlalchemy.orm import Session

from rules.findability import TaskState
from rules.schedule import DUE_BY_SCHEDULE, OF_INSTALLATION, OF_STORED, ScheduleError, WorkKind
from storage.journeys import count_journeys
from storage.models import Request
from storage.questions.findability import count_tasks
from storage.requests import OPEN, RUN, AlreadyAsked, is_open
from storage.runs import last_whole_run
from storage.schedule_models import Schedule
from storage.schedules import ask_for, note_due, plan_next, plan_of, to_look_at

log = structlog.get_logger("vierluik.schedule")


def fall_due(session: Session, now: datetime) -> list[WorkKind]:
    """Ask for what is due, once however often it was missed; gives what is due for the whole installation."""
    of_installation = []
    for schedule in to_look_at(session, now):
        try:
            plan = plan_of(schedule)
            is_due = schedule.next_at is not None and schedule.next_at <= now
            waits_until = plan.outside_quiet_hours(now)
            next_at = waits_until if is_due and waits_until > now else plan.next_after(now, SystemRandom().random())
        except ScheduleError as error:  # somebody wrote it past our own screens
            schedule.enabled = False
            log.error("schedule.stopped", schedule=schedule.id, site=schedule.site_id, kind=schedule.kind, error=str(error))
            continue
        if not plan_next(session, schedule, next_at, now) or not is_due or next_at == waits_until:
            continue
        request = _ask(session, schedule, now)
        note_due(session, schedule, now, request)
        if schedule.kind in OF_INSTALLATION:
            of_installation.append(WorkKind(schedule.kind))
        else:
            log.info("schedule.due", site=schedule.site_id, kind=schedule.kind, request=request, next_at=next_at.isoformat())
    return of_installation


def _ask(session: Session, schedule: Schedule, now: datetime) -> int | None:
    """The request that a schedule became; the earlier one where that still goes on, None where there is nothing to do."""
    if schedule.site_id is None:
        return None
    kind = WorkKind(schedule.kind)
    before = session.get(Request, schedule.request_id) if schedule.request_id else None
    if before is not None and before.state in OPEN:
        return before.id
    if kind in (WorkKind.INCREMENTAL, *OF_STORED) and is_open(session, schedule.site_id, RUN):
        return None  # a full run does all that it would do
    if kind in OF_STORED and last_whole_run(session, schedule.site_id) is None:
        return None
    if kind is WorkKind.FINDABILITY and not count_tasks(session, schedule.site_id, TaskState.CONFIRMED):
        return None
    if kind is WorkKind.JOURNEYS and not count_journeys(session, schedule.site_id):
        return None
    try:
        return ask_for(session, schedule.site_id, kind, DUE_BY_SCHEDULE, now)
    except AlreadyAsked:
        return None
