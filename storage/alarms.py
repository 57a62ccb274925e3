"""What is wrong on a site now, as it is stored; and the alarms that were made of it, each told once and its end once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.availability import Availability
from rules.findability import TaskState, TaskVerdict, is_found
from rules.journey import Verdict
from rules.message import AlarmEvent, AlarmKind
from rules.run import RunState
from rules.schedule import WorkKind
from storage.availability_models import AvailabilityInterval, WatchedAddress
from storage.findability import tasks_of_site
from storage.journey_models import JourneyRow, JourneyRun
from storage.message_models import Alarm
from storage.models import FindabilityResult, Run, Site
from storage.questions.findability import finished_tests
from storage.runs import last_whole_run
from storage.schedule_models import Schedule

SECOND_LOOK_AFTER = timedelta(seconds=30)
NOT_CONTINUED = timedelta(hours=1)  # a run that stopped halfway is somebody's to continue within this time
TOO_LATE = timedelta(hours=2)  # a run that was due begins within this time, also after the machine was off
TESTS_REMEMBERED = 30


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong. `sure`: seen at two looks; None: it stands in the database, and a later look settles it."""

    kind: AlarmKind
    key: str
    subject: str
    since: datetime
    sure: bool | None = True
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> tuple[str, str]:
        return self.kind.value, self.key


@dataclass(frozen=True)
class Troubles:
    """What is wrong now, what is well, and of what nobody can say so at this moment.

    What is none of these is not looked at any more: a task or an address that was taken off the list.
    """

    found: list[Trouble] = field(default_factory=list)
    unknown: set[tuple[str, str]] = field(default_factory=set)
    well: set[tuple[str, str]] = field(default_factory=set)

    def __add__(self, other: Troubles) -> Troubles:
        return Troubles([*self.found, *other.found], self.unknown | other.unknown, self.well | other.well)


def troubles_of(session: Session, site: Site, now: datetime) -> Troubles:
    """All that is wrong with a site: top tasks, journeys, watched addresses, and the monitor's own runs."""
    return (
        _of_tasks(session, site.id)
        + _of_journeys(session, site.id)
        + _of_addresses(session, site.id)
        + _of_runs(session, site, now)
    )


def _of_tasks(session: Session, site_id: int) -> Troubles:
    """Confirmed tasks that were found once and are not any more; what could not be asked says nothing."""
    tests = finished_tests(session, site_id, TESTS_REMEMBERED)
    at = {test.id: test.finished_at or test.started_at for test in tests}
    ranks: dict[int, list[tuple[int, int | None]]] = {}
    # Columns only: this is asked every minute.
    query = select(FindabilityResult.task_id, FindabilityResult.run_id, FindabilityResult.rank).where(
        FindabilityResult.run_id.in_(at), FindabilityResult.verdict != TaskVerdict.UNTESTED
    )
    for task_id, run_id, rank in session.execute(query.order_by(FindabilityResult.run_id.desc())):
        ranks.setdefault(task_id, []).append((run_id, rank))
    troubles = Troubles()
    for task in tasks_of_site(session, site_id, TaskState.CONFIRMED):
        newest_first = ranks.get(task.id, [])
        missed = next((number for number, (_, rank) in enumerate(newest_first) if is_found(rank)), None)
        if missed == 0:
            troubles.well.add((AlarmKind.TASK_LOST.value, str(task.id)))
        if not missed:  # it is found, or never was
            continue
        first_missed, _ = newest_first[missed - 1]
        troubles.found.append(Trouble(AlarmKind.TASK_LOST, str(task.id), task.title, at[first_missed], missed > 1))
    return troubles


def _of_journeys(session: Session, site_id: int) -> Troubles:
    """Confirmed journeys that cannot be finished any more, at both looks; a walk that says nothing changes nothing."""
    judged = [verdict for verdict in Verdict if verdict is not Verdict.UNTESTED]
    of_site = select(JourneyRow.id).where(JourneyRow.site_id == site_id)
    newest = select(func.max(JourneyRun.id)).where(JourneyRun.journey_id.in_(of_site), JourneyRun.verdict.in_(judged))
    newest = newest.group_by(JourneyRun.journey_id)
    query = (
        select(JourneyRow.id, JourneyRow.title, JourneyRun.verdict, JourneyRun.started_at)
        .join(JourneyRun, JourneyRun.journey_id == JourneyRow.id)
        .where(JourneyRow.site_id == site_id, JourneyRow.state == TaskState.CONFIRMED, JourneyRun.id.in_(newest))
        .order_by(JourneyRow.id)
    )
    troubles = Troubles()
    for number, title, verdict, since in session.execute(query):
        if verdict == Verdict.BROKEN:
            troubles.found.append(Trouble(AlarmKind.JOURNEY_BROKEN, str(number), title, since))
        else:
            troubles.well.add((AlarmKind.JOURNEY_BROKEN.value, str(number)))
    return troubles


def _of_addresses(session: Session, site_id: int) -> Troubles:
    """Watched addresses that are down; a look makes that of two."""
    query = (
        select(WatchedAddress, AvailabilityInterval)
        .outerjoin(
            AvailabilityInterval,
            (AvailabilityInterval.address_id == WatchedAddress.id) & AvailabilityInterval.ended_at.is_(None),
        )
        .where(WatchedAddress.site_id == site_id, WatchedAddress.is_on.is_(True))
        .order_by(WatchedAddress.id)
    )
    troubles = Troubles()
    for address, interval in session.execute(query):
        kind, key = AlarmKind.PAGE_DOWN, str(address.id)
        if interval is None or interval.state == Availability.UNKNOWN:
            troubles.unknown.add((kind.value, key))
        elif interval.state == Availability.DOWN:
            facts = {"reason": interval.reason, "label": address.label, "kind": address.kind}
            troubles.found.append(Trouble(kind, key, address.url, interval.began_at, facts=facts))
        else:
            troubles.well.add((kind.value, key))
    return troubles


def _of_runs(session: Session, site: Site, now: datetime) -> Troubles:
    """The monitor itself: a run that failed, that stopped halfway, or that did not come."""
    run = last_whole_run(session, site.id)
    troubles = Troubles()
    running = run is not None and run.state == RunState.RUNNING
    if run is not None and run.state == RunState.FAILED:
        since = run.finished_at or run.heartbeat_at
        troubles.found.append(Trouble(AlarmKind.RUN_FAILED, "", run.reason, since, None, {"reason": run.reason}))
    stopped = run is not None and run.state in (RunState.RUNNING, RunState.INTERRUPTED) and run.reason != "paused"
    if run is not None and stopped and run.heartbeat_at <= now - NOT_CONTINUED:
        reason = run.reason or "process-gone"
        troubles.found.append(Trouble(AlarmKind.RUN_INTERRUPTED, "", reason, run.heartbeat_at, None, {"reason": reason}))
    elif running:
        troubles.unknown.update({(AlarmKind.RUN_FAILED.value, ""), (AlarmKind.RUN_INTERRUPTED.value, "")})
    if not running and (due := _missed(session, site, run, now)):
        troubles.found.append(Trouble(AlarmKind.RUN_MISSED, "", "", due, None, {"due": due.isoformat()}))
    all_of_runs = {(kind.value, "") for kind in (AlarmKind.RUN_FAILED, AlarmKind.RUN_INTERRUPTED, AlarmKind.RUN_MISSED)}
    troubles.well.update(all_of_runs - troubles.unknown - {one.mark for one in troubles.found})
    return troubles


def _missed(session: Session, site: Site, run: Run | None, now: datetime) -> datetime | None:
    """When the first run was due that did not begin; None: all is well. What is paused is not due."""
    query = select(Schedule.next_at, Schedule.last_at).where(
        Schedule.site_id == site.id, Schedule.enabled, Schedule.kind.in_((WorkKind.FULL, WorkKind.INCREMENTAL))
    )
    since = run.started_at if run else None
    moments = [moment for row in session.execute(query) for moment in row if moment is not None and moment <= now - TOO_LATE]
    return min((moment for moment in moments if since is None or since < moment), default=None)


# --- alarms ------------------------------------------------------------------------------------------------------------


def keep_alarms(session: Session, site_id: int, troubles: Troubles, now: datetime) -> tuple[list[AlarmEvent], list[Alarm]]:
    """Begin and end alarms by what is wrong now; gives what is to be told, and the alarms that were seen for the first time.

    What went away before anybody was told is forgotten.
    """
    lasting = {(alarm.kind, alarm.key): alarm for alarm in _lasting(session, site_id)}
    events: list[AlarmEvent] = []
    begun: list[Alarm] = []
    for trouble in troubles.found:
        alarm = lasting.pop(trouble.mark, None)
        if alarm is None:
            alarm = Alarm(site_id=site_id, kind=trouble.kind, key=trouble.key, began_at=trouble.since, seen_at=now)
            session.add(alarm)
            begun.append(alarm)
        if alarm.told_at is None:
            alarm.subject, alarm.facts = trouble.subject, trouble.facts
            session.flush()
            waited = now - alarm.seen_at >= SECOND_LOOK_AFTER
            if trouble.sure or (trouble.sure is None and waited):
                alarm.told_at = now
                events.append(event_of(alarm))
    for mark, alarm in lasting.items():
        if mark in troubles.unknown:
            continue
        if alarm.told_at is None:
            session.delete(alarm)
            continue
        alarm.ended_at = now
        if mark in troubles.well:
            events.append(event_of(alarm))
    return events, begun


def event_of(alarm: Alarm) -> AlarmEvent:
    return AlarmEvent(
        number=alarm.id,
        kind=AlarmKind(alarm.kind),
        subject=alarm.subject,
        is_over=alarm.ended_at is not None,
        since=alarm.began_at,
        until=alarm.ended_at,
        facts=alarm.facts,
    )


def _lasting(session: Session, site_id: int) -> Iterable[Alarm]:
    return session.scalars(select(Alarm).where(Alarm.site_id == site_id, Alarm.ended_at.is_(None)).order_by(Alarm.id)).all()


def alarms_of_site(session: Session, site_id: int, limit: int) -> list[Alarm]:
    """The newest alarms that somebody was told of, newest first."""
    query = select(Alarm).where(Alarm.site_id == site_id, Alarm.told_at.is_not(None)).order_by(Alarm.id.desc())
    return list(session.scalars(query.limit(limit)))


def lasting_alarm(session: Session, site_id: int, kind: AlarmKind, key: str) -> Alarm | None:
    """What has been told of one thing and has not ended; None: nothing."""
    query = select(Alarm).where(Alarm.site_id == site_id, Alarm.kind == kind, Alarm.key == key)
    return session.scalar(query.where(Alarm.told_at.is_not(None), Alarm.ended_at.is_(None)).limit(1))
