"""What was last changed of a site, as a short mark: where it is the same, an answer made before is still true.

A few numbers are read by an index, never what the answer itself is made of. A mark may change where the answer does not; it
never stays the same where the answer changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from rules.run import RunState
from storage.account_models import AuditEntry
from storage.availability_models import AvailabilityDay, WatchedAddress
from storage.desk_models import OwnerRule
from storage.evaluation_models import AssessmentRevision, StoredAssessment, StoredEvaluation, StoredEvidence, StoredSamplePage
from storage.journey_models import JourneyRow, JourneyRun
from storage.kpi_models import KpiPoint
from storage.models import (
    Decision,
    FindabilityRun,
    Measurement,
    Request,
    Run,
    SearchImport,
    SearchPeriod,
    SearchSource,
    Site,
)

LOOKED_BACK = timedelta(days=31)  # of availability: the KPI looks at thirty days


class Of(StrEnum):
    """What an answer is made of."""

    RUNS = "runs"  # pages, findings, links, documents
    DECISIONS = "decisions"
    OWNERS = "owners"
    SEARCHES = "searches"
    JOURNEYS = "journeys"
    KPIS = "kpis"
    EVALUATIONS = "evaluations"
    REQUESTS = "requests"


def mark_of(session: Session, site: Site, of: Collection[Of], now: datetime) -> str:
    """The mark of some parts of a site at a moment; 32 hexadecimal digits."""
    parts: list[Any] = [site.id, site.name, site.start_url, sorted(site.settings.items()), site.time_zone]
    for one in sorted(of):
        parts += [one.value, *PARTS[one](session, site.id, now)]
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _numbers(session: Session, columns: Collection[Any], *conditions: ColumnElement[bool]) -> list[Any]:
    return list(session.execute(select(*columns).where(*conditions)).one())


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _runs(session: Session, site_id: int, _now: datetime) -> list[Any]:
    """A run that goes on writes its sign of life after what it stores. Walks of journeys find something too."""
    columns = [func.max(Run.id), func.max(Run.finished_at), func.max(Run.heartbeat_at), func.count(), func.sum(Run.continued)]
    runs = _numbers(session, [*columns, *(_count(Run.state == state) for state in RunState)], Run.site_id == site_id)
    of_site = select(JourneyRow.id).where(JourneyRow.site_id == site_id)
    walks = [func.count(), func.max(JourneyRun.id), func.max(JourneyRun.finished_at)]
    return [*runs, *_numbers(session, walks, JourneyRun.journey_id.in_(of_site))]


def _decisions(session: Session, site_id: int, now: datetime) -> list[Any]:
    """The trail holds every change; how many are over changes with the clock alone."""
    columns = [func.max(Decision.id), func.count(), _count(Decision.expires_at <= now), func.max(Decision.withdrawn_at)]
    columns += [func.max(Decision.seconded_at), _count(Decision.answer != "")]
    return [*_numbers(session, columns, Decision.site_id == site_id), *_trail(session, site_id)]


def _trail(session: Session, site_id: int) -> list[Any]:
    return _numbers(session, [func.max(AuditEntry.id)], AuditEntry.site_id == site_id)


def _owners(session: Session, site_id: int, _now: datetime) -> list[Any]:
    columns = [func.max(OwnerRule.id), func.count(), func.max(OwnerRule.said_at)]
    return [*_numbers(session, columns, OwnerRule.site_id == site_id), *_trail(session, site_id)]


def _searches(session: Session, site_id: int, _now: datetime) -> list[Any]:
    of_site = select(SearchSource.id).where(SearchSource.site_id == site_id)
    sources = [func.count(), func.max(SearchSource.id)]
    imports = [func.count(), func.max(SearchImport.id)]
    periods = [func.count(), func.min(SearchPeriod.first_day), func.max(SearchPeriod.last_day), func.sum(SearchPeriod.searches)]
    return [
        *_numbers(session, sources, SearchSource.site_id == site_id),
        *_numbers(session, imports, SearchImport.source_id.in_(of_site)),
        *_numbers(session, periods, SearchPeriod.source_id.in_(of_site)),
    ]


def _journeys(session: Session, site_id: int, _now: datetime) -> list[Any]:
    """There are few of them, and somebody may write one anew under its own title."""
    query = select(JourneyRow.id, JourneyRow.title, JourneyRow.state, JourneyRow.text).where(JourneyRow.site_id == site_id)
    of_site = select(JourneyRow.id).where(JourneyRow.site_id == site_id)
    walks = _numbers(session, [func.max(JourneyRun.id), func.count()], JourneyRun.journey_id.in_(of_site))
    return [*(tuple(row) for row in session.execute(query.order_by(JourneyRow.id))), *walks]


def _kpis(session: Session, site_id: int, now: datetime) -> list[Any]:
    """Their values, the targets (in the trail), and all that they are counted of."""
    points = [func.count(), func.max(KpiPoint.day), func.sum(KpiPoint.value)]
    tests = [func.max(FindabilityRun.id), func.max(FindabilityRun.finished_at)]
    asked = [func.sum(AvailabilityDay.asked), func.sum(AvailabilityDay.up)]
    addresses = select(WatchedAddress.id).where(WatchedAddress.site_id == site_id)
    watched = (AvailabilityDay.address_id.in_(addresses), AvailabilityDay.day >= (now - LOOKED_BACK).date())
    measured = [func.count(), func.max(Measurement.imported_at)]
    return [
        now.date(),
        *_runs(session, site_id, now),
        *_searches(session, site_id, now),
        *_journeys(session, site_id, now),
        *_trail(session, site_id),
        *_numbers(session, points, KpiPoint.site_id == site_id),
        *_numbers(session, tests, FindabilityRun.site_id == site_id),
        *_numbers(session, asked, *watched),
        *_numbers(session, measured, Measurement.site_id == site_id),
    ]


def _evaluations(session: Session, site_id: int, _now: datetime) -> list[Any]:
    """What is saved of a cell is a revision too; pages and evidence come and go with rows of their own."""
    of_site = select(StoredEvaluation.id).where(StoredEvaluation.site_id == site_id)
    columns = [
        func.count(),
        func.max(StoredEvaluation.id),
        func.sum(StoredEvaluation.version),
        func.max(StoredEvaluation.changed_at),
    ]
    rows = _numbers(session, columns, StoredEvaluation.site_id == site_id)
    pages = [func.count(), func.max(StoredSamplePage.id), _count(StoredSamplePage.removed_on.is_not(None))]
    rows += _numbers(session, pages, StoredSamplePage.evaluation_id.in_(of_site))
    for table in (AssessmentRevision, StoredAssessment, StoredEvidence):
        rows += _numbers(session, [func.count(), func.max(table.id)], table.evaluation_id.in_(of_site))
    return rows


def _requests(session: Session, site_id: int, _now: datetime) -> list[Any]:
    columns = [func.max(Request.id), func.count(), func.max(Request.taken_at), func.max(Request.finished_at)]
    return _numbers(session, [*columns, _count(Request.state == "waiting")], Request.site_id == site_id)


PARTS: dict[Of, Callable[[Session, int, datetime], list[Any]]] = {
    Of.RUNS: _runs,
    Of.DECISIONS: _decisions,
    Of.OWNERS: _owners,
    Of.SEARCHES: _searches,
    Of.JOURNEYS: _journeys,
    Of.KPIS: _kpis,
    Of.EVALUATIONS: _evaluations,
    Of.REQUESTS: _requests,
}
