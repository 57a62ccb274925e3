"""Journeys and what came of walking them: kept, asked for and taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from rules.findability import TaskState
from rules.journey import FINISHED, Journey, StepSeen, Verdict, Way, WaySeen
from storage.blobs import put_picture
from storage.journey_findings import leave_journey
from storage.journey_models import JourneyRow, JourneyRun, JourneyStepRow, JourneyVersion

MOST_VERSIONS = 30  # of one journey
RUNS_WITH_PICTURES = 3  # of each journey: pictures are large, and short-lived


def keep_journey(
    session: Session, site_id: int, journey: Journey, source: str, now: datetime, *, confirmed: bool = True, person: str = ""
) -> JourneyRow:
    """Keep a journey; one of the same title takes the place of the one before, which stays as a version.

    A proposal changes nothing that is there.
    """
    row = session.scalar(select(JourneyRow).where(JourneyRow.site_id == site_id, JourneyRow.title == journey.title))
    if row is not None and not confirmed:
        return row
    if row is None:
        row = JourneyRow(site_id=site_id, title=journey.title, source=source, created_at=now)
        session.add(row)
    is_new_text = row.text != journey.as_text()
    row.text = journey.as_text()
    row.state = TaskState.CONFIRMED if confirmed else TaskState.PROPOSED
    session.flush()
    if is_new_text:
        session.add(JourneyVersion(journey_id=row.id, text=row.text, person=person[:200], kept_at=now))
        session.flush()
        _forget_versions(session, row.id)
    return row


def _forget_versions(session: Session, journey_id: int) -> None:
    newest = select(JourneyVersion.id).where(JourneyVersion.journey_id == journey_id).order_by(JourneyVersion.id.desc())
    old = list(session.scalars(newest.offset(MOST_VERSIONS).limit(MOST_VERSIONS)))
    session.execute(delete(JourneyVersion).where(JourneyVersion.id.in_(old)))


def versions_of(session: Session, journey_id: int) -> list[JourneyVersion]:
    """The journey as it was kept, the newest first."""
    query = select(JourneyVersion).where(JourneyVersion.journey_id == journey_id).order_by(JourneyVersion.id.desc())
    return list(session.scalars(query))


def journeys_of_site(session: Session, site_id: int, state: TaskState | None = None) -> list[JourneyRow]:
    query = select(JourneyRow).where(JourneyRow.site_id == site_id).order_by(JourneyRow.title)
    return list(session.scalars(query.where(JourneyRow.state == state) if state else query))


def journey_of_site(session: Session, site_id: int, journey_id: int) -> JourneyRow | None:
    row = session.get(JourneyRow, journey_id)
    return row if row and row.site_id == site_id else None


def count_journeys(session: Session, site_id: int) -> int:
    """How many confirmed ones there are."""
    query = select(func.count()).select_from(JourneyRow)
    return session.scalar(query.where(JourneyRow.site_id == site_id, JourneyRow.state == TaskState.CONFIRMED)) or 0


def is_proven(session: Session, journey_id: int, text: str) -> bool:
    """Whether somebody got to its end before, by these very steps."""
    query = select(JourneyRun.id).where(
        JourneyRun.journey_id == journey_id, JourneyRun.verdict.in_(FINISHED), JourneyRun.text == text
    )
    return session.scalar(query.limit(1)) is not None


def is_proven_title(session: Session, site_id: int, title: str, text: str) -> bool:
    """Whether somebody got to the end of the journey of this title before, by these very steps."""
    row = session.scalar(select(JourneyRow).where(JourneyRow.site_id == site_id, JourneyRow.title == title))
    return row is not None and is_proven(session, row.id, text)


def keep_walk(
    session: Session,
    journey: JourneyRow,
    ways: Iterable[WaySeen],
    findings: Mapping[tuple[Way, int], Mapping[str, int]],
    verdict: Verdict,
    figures: Mapping[str, Any],
    by: str,
    started: datetime,
    now: datetime,
) -> JourneyRun:
    """Keep what came of walking a journey. `findings`: of each way and step, how many elements fail which rule."""
    run = JourneyRun(
        journey_id=journey.id,
        verdict=verdict,
        requested_by=by,
        started_at=started,
        finished_at=now,
        text=journey.text,
        figures=dict(figures),
    )
    session.add(run)
    session.flush()
    for way in ways:
        for number, seen in enumerate(way.steps):
            session.add(
                JourneyStepRow(
                    run_id=run.id,
                    way=way.way,
                    number=number,
                    outcome=seen.outcome,
                    seen=seen.as_stored(),
                    findings=dict(findings.get((way.way, number), {})),
                    picture_blob=put_picture(session, seen.picture) if seen.picture else None,
                )
            )
    session.flush()
    _forget_pictures(session, journey.id)
    return run


def _forget_pictures(session: Session, journey_id: int) -> None:
    """Only the newest walks keep their pictures; what nothing refers to any more goes with the retention."""
    newest = select(JourneyRun.id).where(JourneyRun.journey_id == journey_id).order_by(JourneyRun.id.desc())
    old = list(session.scalars(newest.offset(RUNS_WITH_PICTURES).limit(RUNS_WITH_PICTURES)))
    steps = update(JourneyStepRow).where(JourneyStepRow.run_id.in_(old)).values(picture_blob=None)
    session.execute(steps.execution_options(synchronize_session=False))


def walks_of(session: Session, journey_id: int, limit: int = 60) -> list[JourneyRun]:
    """The newest walks of a journey, the newest last."""
    query = select(JourneyRun).where(JourneyRun.journey_id == journey_id).order_by(JourneyRun.id.desc()).limit(limit)
    return list(session.scalars(query))[::-1]


def newest_walks(session: Session, site_id: int) -> dict[int, JourneyRun]:
    """The newest walk of each journey of a site, by the number of the journey."""
    newest = (
        select(func.max(JourneyRun.id))
        .join(JourneyRow, JourneyRow.id == JourneyRun.journey_id)
        .where(JourneyRow.site_id == site_id)
        .group_by(JourneyRun.journey_id)
    )
    return {run.journey_id: run for run in session.scalars(select(JourneyRun).where(JourneyRun.id.in_(newest)))}


def completed(session: Session, site_id: int) -> tuple[int, int]:
    """How many confirmed journeys residents can finish in every way, and of how many that is known: the newest walk says it."""
    confirmed = {row.id for row in journeys_of_site(session, site_id, TaskState.CONFIRMED)}
    walks = [walk for number, walk in newest_walks(session, site_id).items() if number in confirmed]
    judged = [walk for walk in walks if walk.verdict != Verdict.UNTESTED]
    return sum(walk.verdict in FINISHED for walk in judged), len(judged)


def steps_of_walk(session: Session, run_id: int) -> dict[Way, list[JourneyStepRow]]:
    """The steps of a walk by way, in the order of the ways."""
    query = select(JourneyStepRow).where(JourneyStepRow.run_id == run_id).order_by(JourneyStepRow.number)
    rows = list(session.scalars(query))
    by_way = {way: [row for row in rows if row.way == way] for way in Way}
    return {way: steps for way, steps in by_way.items() if steps}


def seen_of(row: JourneyStepRow) -> StepSeen:
    return StepSeen.of_stored(row.seen)


def remove_journey(session: Session, journey: JourneyRow) -> None:
    """Take a journey away, with all its walks and what only it has met."""
    leave_journey(session, journey)
    session.execute(delete(JourneyRow).where(JourneyRow.id == journey.id))


def purge_walks(session: Session, before: datetime) -> int:
    """Remove the steps of walks that began before a moment; their figures stay, as trends read them."""
    old = select(JourneyRun.id).where(JourneyRun.started_at < before)
    gone = delete(JourneyStepRow).where(JourneyStepRow.run_id.in_(old)).execution_options(synchronize_session=False)
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]
