"""Planning: what is done by itself and when, what goes on now, and the buttons for it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.going import going_of
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.run import RunState, StopAsked
from rules.schedule import OF_SITE, Plan, ScheduleError, WorkKind
from storage.lease import lease
from storage.models import Request, Run, Site
from storage.questions.requests import requests_by_id, waiting_requests
from storage.questions.runs import progress, runs_by_id, unfinished_run
from storage.requests import RUN, AlreadyAsked, ask, cancel_waiting
from storage.run_control import ask_to_stop
from storage.runs import SILENT_FOR
from storage.schedule_models import Schedule
from storage.schedules import (
    ask_for,
    enable_schedules,
    find_schedule,
    plan_of,
    remove_schedule,
    schedules_of,
    set_schedule,
)

router = APIRouter()

SCHEDULER_SILENT = timedelta(minutes=2)
MINUTE_S = 60
EXAMPLES = ("0 3 * * *", "0 3 * * 0", "0 3 * * 1-5", "0 */6 * * *", "0 3 1 * *")


@dataclass(frozen=True)
class Written:
    """What stands in the form, and which field of it is wrong."""

    kind: str = WorkKind.FULL.value
    cron: str = ""
    time_zone: str = ""
    spread: int = 0  # minutes
    quiet_hours: str = ""
    wrong: str = ""


def written(
    kind: Annotated[WorkKind, Form()],
    cron: Annotated[str, Form(max_length=100)] = "",
    time_zone: Annotated[str, Form(max_length=50)] = "",
    spread: Annotated[str, Form(max_length=10)] = "",
    quiet_hours: Annotated[str, Form(max_length=20)] = "",
) -> Written:
    minutes = spread.strip() or "0"
    return Written(kind.value, cron, time_zone.strip(), int(minutes) if minutes.isdecimal() else -1, quiet_hours)


@dataclass(frozen=True)
class Row:
    """One schedule, when it is due next, and what became of it the last time."""

    schedule: Schedule
    next_at: datetime | None  # None: it is paused, or broken
    request: Request | None
    run: Run | None


@router.get("/{language}/sites/{site_id}/planning", name="planning", response_class=HTMLResponse)
def planning(screen: AnyScreen, site_id: Id, change: Annotated[WorkKind | None, Query()] = None) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        form = Written(time_zone=site.time_zone)
        if change and (schedule := find_schedule(session, site_id, change)):
            spread = schedule.jitter_s // MINUTE_S
            form = Written(schedule.kind, schedule.cron, schedule.time_zone, spread, schedule.quiet_hours)
        return _show(screen, session, site, form)


@router.post("/{language}/sites/{site_id}/planning", name="write_schedule")
def write_schedule(screen: AnyScreen, site_id: Id, form: Annotated[Written, Depends(written)]) -> Response:
    """Keep the schedule of the form. What is wrong is said beside the field."""
    _check_post(screen)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        if form.kind not in OF_SITE:
            raise HTTPException(404)
        try:
            plan = Plan(form.cron, form.time_zone or site.time_zone, form.spread * MINUTE_S, form.quiet_hours)
            set_schedule(session, site_id, WorkKind(form.kind), plan)
        except ScheduleError as error:
            return _show(screen, session, site, replace(form, wrong=error.field), 422)
    return screen.back_to("planning", site_id=site_id)


@router.post("/{language}/sites/{site_id}/planning/schedules/{kind}", name="steer_schedule")
def steer_schedule(screen: AnyScreen, site_id: Id, kind: WorkKind, what: Annotated[str, Form(max_length=10)]) -> RedirectResponse:
    """Now, pause, resume or remove one schedule."""
    _check_post(screen)
    with screen.database.session() as session:
        screen.site(session, site_id)
        match what:
            case "now" if kind in OF_SITE:
                with suppress(AlreadyAsked):  # the screen says that it waits, whoever asked first
                    ask_for(session, site_id, kind, screen.who.name, screen.now)
            case "pause" | "resume":
                enable_schedules(session, site_id, kind, enabled=what == "resume")
            case "remove":
                remove_schedule(session, site_id, kind)
            case _:
                raise HTTPException(404)
    return screen.back_to("planning", site_id=site_id)


@router.post("/{language}/sites/{site_id}/planning/run", name="steer_run")
def steer_run(screen: AnyScreen, site_id: Id, what: Annotated[str, Form(max_length=10)]) -> RedirectResponse:
    """Pause, resume or cancel the run that goes on; or take back what waits."""
    _check_post(screen)
    with screen.database.session() as session:
        screen.site(session, site_id)
        match what:
            case "pause":
                ask_to_stop(session, site_id, StopAsked.PAUSED, screen.now)
            case "cancel":
                ask_to_stop(session, site_id, StopAsked.CANCELLED, screen.now)
            case "resume":
                with suppress(AlreadyAsked):
                    ask(session, site_id, RUN, {"resume": True}, screen.who.name, screen.now)
            case "take-back":
                cancel_waiting(session, site_id, screen.now)
            case _:
                raise HTTPException(404)
    return screen.back_to("planning", site_id=site_id)


def _check_post(screen: Screen) -> None:
    if not is_own_post(screen.request):
        raise HTTPException(403)


def _show(screen: Screen, session: Session, site: Site, form: Written, status: int = 200) -> HTMLResponse:
    run = unfinished_run(session, site.id)
    goes = run is not None and run.state in (RunState.RUNNING, RunState.INTERRUPTED)
    schedules = schedules_of(session, site.id)
    held = lease(session)
    return screen.show(
        "planning.html.j2",
        status,
        site=site,
        rows=_rows(session, screen.now, schedules),
        unplanned=[kind for kind in OF_SITE if kind not in {schedule.kind for schedule in schedules}],
        everywhere=_rows(session, screen.now, schedules_of(session, None)),
        run=run if goes else None,
        going=going_of(run) if run is not None and goes else None,
        progress=progress(session, run.id) if run is not None and goes else None,
        silent=run is not None and run.state == RunState.RUNNING and screen.now - run.heartbeat_at > SILENT_FOR,
        waiting=waiting_requests(session, site.id),
        scheduler_on=bool(held.holder) and screen.now - held.beat_at < SCHEDULER_SILENT,
        kinds=OF_SITE,
        examples=EXAMPLES,
        form=form,
    )


def _rows(session: Session, now: datetime, schedules: Sequence[Schedule]) -> list[Row]:
    requests = requests_by_id(session, {one.request_id for one in schedules if one.request_id})
    runs = runs_by_id(session, {int(number) for one in requests.values() if (number := one.result.get("run"))})
    rows = []
    for schedule in schedules:
        request = requests.get(schedule.request_id or 0)
        run = runs.get(int(request.result.get("run", 0))) if request else None
        rows.append(Row(schedule, _next(schedule, now), request, run))
    return rows


def _next(schedule: Schedule, now: datetime) -> datetime | None:
    if not schedule.enabled:
        return None
    try:
        return schedule.next_at or plan_of(schedule).next_after(now)
    except ScheduleError:  # the scheduler will say so and pause it
        return None
