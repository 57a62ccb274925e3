"""What happened on a site that programs are told of: runs that ended well, decisions, KPIs that leave their path or come back.

Up to where a program was told is a few values: `until`, the moment up to which runs and decisions were told, and `off_path`, the
KPIs that were told to be behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.kpi import Reckoning, kpis, reckon
from rules.message import Event, EventKind
from rules.run import RunState
from storage.kpi_models import KpiPoint
from storage.kpis import path_of, targets_of_site
from storage.models import Decision, Page, Run, Site
from storage.questions.runs import WHOLE, with_figures

SETTLED_AFTER = timedelta(seconds=10)  # what was written before is committed by then: nothing comes in between later
MOST = 200  # runs, and decisions, in one message


def told_now(session: Session, site: Site, now: datetime) -> dict[str, Any]:
    """Up to where somebody is told who asks for it now: of what happens from here on."""
    behind = sorted(name for name, (_, one) in _stands(session, site, now).items() if not one.is_on_path)
    return {"until": now.isoformat(), "off_path": behind}


def events_since(session: Session, site: Site, told: Mapping[str, Any], now: datetime) -> tuple[list[Event], dict[str, Any]]:
    """What happened since somebody was told, the oldest first, and up to where they are told with it.

    Where more happened than one message holds, the next one goes on from there.
    """
    if not told:
        return [], told_now(session, site, now)
    after, until = datetime.fromisoformat(told["until"]), now - SETTLED_AFTER
    if until <= after:
        return [], dict(told)
    runs, decisions = _runs(session, site, after, until), _decisions(session, site, after, until)
    for full in (runs, decisions):
        if len(full) > MOST:
            until = min(until, full[MOST - 1].at)
    stands = _stands(session, site, now)
    behind = {name for name, (_, one) in stands.items() if not one.is_on_path}
    was = set(told["off_path"])
    moved = [
        Event(EventKind.KPI_OFF_PATH if name in behind else EventKind.KPI_ON_PATH, now, {"kpi": name, **_facts(*stands[name])})
        for name in sorted(stands)
        if (name in behind) != (name in was)
    ]
    events = sorted((one for one in (*runs, *decisions) if one.at <= until), key=lambda one: one.at)
    if not events and behind == was:
        return [], dict(told)
    return [*events, *moved], {"until": until.isoformat(), "off_path": sorted(behind)}


def _runs(session: Session, site: Site, after: datetime, until: datetime) -> list[Event]:
    of_site = (Run.site_id == site.id, WHOLE, Run.state == RunState.FINISHED)
    query = select(Run).where(*of_site, Run.finished_at > after, Run.finished_at <= until).order_by(Run.finished_at, Run.id)
    found = with_figures(session, session.scalars(query.limit(MOST + 1)).all())
    return [
        Event(
            EventKind.RUN_FINISHED,
            one.run.finished_at or until,
            {"run": one.run.id, "began_at": one.run.started_at.isoformat(), "coverage": one.run.coverage, "figures": one.figures},
        )
        for one in found
    ]


def _decisions(session: Session, site: Site, after: datetime, until: datetime) -> list[Event]:
    """One event for what was decided in one go."""
    batches = (
        select(func.min(Decision.id), func.count(), func.count(Decision.page_id.distinct()), func.min(Decision.decided_at))
        .where(Decision.site_id == site.id, Decision.batch != "", Decision.decided_at > after, Decision.decided_at <= until)
        .group_by(Decision.batch)
        .order_by(func.min(Decision.decided_at), func.min(Decision.id))
        .limit(MOST + 1)
    )
    counted = {number: (findings, pages) for number, findings, pages, _ in session.execute(batches)}
    rows = select(Decision, Page.identity).outerjoin(Page, Page.id == Decision.page_id).where(Decision.id.in_(counted))
    return [
        Event(
            EventKind.DECISION_MADE,
            one.decided_at,
            {
                "decision": one.batch,
                "kind": one.kind,
                "reason": one.reason,
                "rule": one.rule,
                "person": one.person,
                "needs_second": one.needs_second,
                "findings": counted[one.id][0],
                "pages": counted[one.id][1],
                "url": address or "",
            },
        )
        for one, address in session.execute(rows.order_by(Decision.decided_at, Decision.id))
    ]


def _stands(session: Session, site: Site, now: datetime) -> dict[str, tuple[KpiPoint, Reckoning]]:
    """How the newest value of each KPI with a target stands to it."""
    found = {}
    for name, target in targets_of_site(session, site.id).items():
        newest = select(KpiPoint).where(KpiPoint.site_id == site.id, KpiPoint.kpi == name).order_by(KpiPoint.day.desc()).limit(1)
        point = session.scalars(newest).first()
        if point is not None and name in kpis() and point.version == kpis()[name].version:
            found[name] = (point, reckon(kpis()[name], point.value, path_of(target), now.date()))
    return found


def _facts(point: KpiPoint, stands: Reckoning) -> dict[str, Any]:
    return {"value": point.value, "day": point.day.isoformat(), "gap": stands.gap, "pace": stands.pace}
