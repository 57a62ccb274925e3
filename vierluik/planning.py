"""`vierluik site schedule|pause|resume|run-now|cancel`: what is done by itself, and what goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.orm import Session

from rules.cron_words import cron_in_words
from rules.norm import Language
from rules.run import StopAsked
from rules.schedule import OF_INSTALLATION, OF_SITE, Plan, ScheduleError, WorkKind
from storage.database import Database
from storage.models import Site
from storage.requests import RUN, AlreadyAsked, ask, cancel_waiting
from storage.run_control import ask_to_stop
from storage.runs import latest_interrupted
from storage.schedule_models import Schedule
from storage.schedules import ask_for, enable_schedules, find_schedule, plan_of, remove_schedule, schedules_of, set_schedule
from storage.sites import SiteError, get_site
from vierluik.screen import Exit, say, stop

BY = "command line"
ALL = "all"  # in place of a site: the whole installation


def schedule_site(
    database: Database, name: str, kind: WorkKind, cron: str | None, language: Language, changes: dict[str, str | int | None]
) -> None:
    """Show the schedules of a site, or of the installation; set one, or remove it with an empty line."""
    with database.session() as session:
        site = _site(session, name)
        number = site.id if site else None
        if cron is None and all(value is None for value in changes.values()):
            for schedule in schedules_of(session, number):
                typer.echo(_line(schedule, language))
            return
        allowed = OF_SITE if site else OF_INSTALLATION
        if kind not in allowed:
            raise stop(Exit.WRONG_USE, f"'{name}' has no work of the kind {kind}. Choose from {', '.join(allowed)} with --kind.")
        if cron is not None and not cron.strip():
            there = remove_schedule(session, number, kind)
            say(f"'{name}': {kind} is only done on request{'' if there else ', as it was'}.")
            return
        before = find_schedule(session, number, kind)
        if before is None and cron is None:
            raise stop(Exit.WRONG_USE, f"'{name}' has no schedule of the kind {kind} yet. Give its cron line too.")
        given = {key: value for key, value in changes.items() if value is not None} | ({"cron": cron} if cron else {})
        old = plan_of(before) if before else Plan(cron or "", site.time_zone if site else Plan.time_zone)
        try:
            schedule = set_schedule(session, number, kind, Plan(**(vars(old) | given)))
        except ScheduleError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        say(f"'{name}': {_line(schedule, language)}. Needs `vierluik serve` to be on.")


def pause_site(database: Database, name: str, kind: WorkKind | None) -> None:
    """Start nothing by itself any more; a run that goes on stops where it is, unless only one kind is meant."""
    with database.session() as session:
        site = _site(session, name)
        count = enable_schedules(session, site.id if site else None, kind, enabled=False)
        run = ask_to_stop(session, site.id, StopAsked.PAUSED, datetime.now(UTC)) if site and kind is None else None
    say(f"'{name}': {_schedules(count)} paused." + (f" Run {run.id} stops within seconds." if run else ""))


def resume_site(database: Database, name: str, kind: WorkKind | None) -> None:
    """Schedules go on, and so does the run that was interrupted."""
    with database.session() as session:
        site = _site(session, name)
        count = enable_schedules(session, site.id if site else None, kind, enabled=True)
        run = latest_interrupted(session, site.id) if site and kind is None else None
        if run:
            _ask_once(session, run.site_id, {"resume": True})
    say(f"'{name}': {_schedules(count)} resumed." + (f" Run {run.id} is taken up by `vierluik serve`." if run else ""))


def run_now(database: Database, name: str, kind: WorkKind) -> None:
    """Ask the scheduler for it; quiet hours do not hold for what a person asks."""
    with database.session() as session:
        site = _site(session, name)
        if site is None or kind not in OF_SITE:
            raise stop(Exit.WRONG_USE, f"Ask for {', '.join(OF_SITE)} of one site.")
        try:
            number = ask_for(session, site.id, kind, BY, datetime.now(UTC))
        except AlreadyAsked:
            raise stop(Exit.FINE, f"'{name}': {kind} was asked for already, and waits for `vierluik serve`.") from None
    say(f"'{name}': {kind} is asked for (request {number}); `vierluik serve` takes it up.")


def cancel_site(database: Database, name: str) -> None:
    """End the run that goes on or was interrupted, for good, and take back what waits."""
    now = datetime.now(UTC)
    with database.session() as session:
        site = _site(session, name)
        if site is None:
            raise stop(Exit.WRONG_USE, "Name one site: only its runs can be cancelled.")
        waiting = cancel_waiting(session, site.id, now)
        run = ask_to_stop(session, site.id, StopAsked.CANCELLED, now)
    if run is None and not waiting:
        say(f"'{name}': nothing goes on and nothing waits.")
        return
    said = [f"run {run.id} ends within seconds and is not continued"] if run else []
    said += [f"requests taken back: {waiting}"] if waiting else []
    say(f"'{name}': {'; '.join(said)}.")


def _site(session: Session, name: str) -> Site | None:
    if name == ALL:
        return None
    try:
        return get_site(session, name)
    except SiteError as error:
        raise stop(Exit.WRONG_USE, f"{error}. The whole installation is '{ALL}'.") from error


def _ask_once(session: Session, site_id: int, arguments: dict[str, bool]) -> None:
    try:
        ask(session, site_id, RUN, arguments, BY, datetime.now(UTC))
    except AlreadyAsked:
        return


def _schedules(count: int) -> str:
    return f"{count} schedule" if count == 1 else f"{count} schedules"


def _line(schedule: Schedule, language: Language) -> str:
    """One schedule, its fields with tabs between."""
    zone = ZoneInfo(schedule.time_zone)
    words = cron_in_words(schedule.cron, language)
    next_at = plan_of(schedule).next_after(datetime.now(UTC)) if schedule.next_at is None else schedule.next_at
    parts = [schedule.kind, schedule.cron, f"{words} ({schedule.time_zone})"]
    parts += [f"quiet {schedule.quiet_hours}"] if schedule.quiet_hours else []
    parts += [f"spread {schedule.jitter_s} s"] if schedule.jitter_s else []
    return "\t".join([*parts, f"next {next_at.astimezone(zone):%Y-%m-%d %H:%M}" if schedule.enabled else "paused"])
