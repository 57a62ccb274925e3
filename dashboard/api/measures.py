"""Of the API: KPIs with their history, and what residents search for, by the thresholds of the screens."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from dashboard.api.call import AnyCall, AnyPart, Call
from dashboard.api.shapes import KpiPointShape, KpiShape, Part, QueryShape, SearchesShape, ShareShape, TargetShape, YearAgo
from dashboard.screen import Id
from dashboard.screens.searches import MOST, period_of
from rules.kpi import kpis
from storage.changes import Of
from storage.kpis import KpiLine, kpi_lines
from storage.questions.searches import days_of_logs
from storage.search_report import QueryLine, Share, report

router = APIRouter()

KpiName = Annotated[str, Path(max_length=50)]


@router.get("/sites/{site_id}/kpis", name="api_kpis", tags=["kpis"])
def kpis_of_site(call: AnyCall, site_id: Id) -> Part[KpiShape]:
    """The four panels: every KPI of the register with its value, target and last year's value. There is no second part."""
    with call.database.session() as session:
        site = call.site(session, site_id, Of.KPIS)
        return Part(items=[_kpi(call, line) for line in kpi_lines(session, site, call.now)], next=None)


@router.get("/sites/{site_id}/kpis/{kpi}", name="api_kpi", tags=["kpis"])
def kpi_of_site(call: AnyCall, site_id: Id, kpi: KpiName) -> KpiShape:
    """One KPI."""
    with call.database.session() as session:
        site = call.site(session, site_id, Of.KPIS)
        return _kpi(call, _line(kpi, kpi_lines(session, site, call.now)))


@router.get("/sites/{site_id}/kpis/{kpi}/points", name="api_kpi_points", tags=["kpis"])
def kpi_points(call: AnyCall, site_id: Id, kpi: KpiName, asked: AnyPart) -> Part[KpiPointShape]:
    """The values of a KPI day by day, the oldest first."""
    with call.database.session() as session:
        site = call.site(session, site_id, Of.KPIS)
        points = _line(kpi, kpi_lines(session, site, call.now)).points
        return call.of_all(
            points,
            asked,
            lambda one: one.day.isoformat(),
            lambda one: KpiPointShape(
                day=one.day, value=one.value, count=one.count, of=one.of, version=one.version, rule_set=one.made_with
            ),
        )


def _line(kpi: str, lines: list[KpiLine]) -> KpiLine:
    if kpi not in kpis():
        raise HTTPException(404)
    return next(one for one in lines if one.kpi.id == kpi)


def _kpi(call: Call, line: KpiLine) -> KpiShape:
    words, actual, target, reckoned, year = (
        line.kpi.words[call.language],
        line.actual,
        line.target,
        line.reckoning,
        line.last_year,
    )
    return KpiShape(
        id=line.kpi.id,
        panel=line.kpi.panel,
        title=words.title,
        definition=words.definition,
        version=line.kpi.version,
        unit=line.kpi.unit,
        more_is_better=line.kpi.more_is_better,
        value=actual.value if actual else None,
        count=actual.count if actual else None,
        of=actual.of if actual else None,
        target=TargetShape(
            value=target.last_value,
            day=target.last_day,
            owner=target.owner,
            gap=reckoned.gap if reckoned else None,
            pace=reckoned.pace if reckoned else None,
            on_path=reckoned.is_on_path if reckoned else None,
        )
        if target
        else None,
        year_ago=YearAgo(then=year.then, now=year.now, day=year.day, same_pages=year.same, source=year.source) if year else None,
    )


@router.get("/sites/{site_id}/searches", name="api_searches", tags=["searches"])
def searches(
    call: AnyCall,
    site_id: Id,
    asked: AnyPart,
    month: Annotated[
        str, Query(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$", description="Such as 2026-10; empty: the newest that is known whole.")
    ] = "",
) -> SearchesShape:
    """What was searched in a month, the most asked first. What too few people asked is never given by its words."""
    with call.database.session() as session:
        site = call.site(session, site_id, Of.SEARCHES)
        known = days_of_logs(session, site_id)
        if known is None:
            raise HTTPException(404)
        period = period_of(month, known)
        found = report(session, site, period.first, period.last, most=MOST)
        part = call.of_all(found.queries, asked, lambda one: [-one.searches, one.text], _query)
        return SearchesShape(
            month=_month(period.first),
            first_day=period.first,
            last_day=period.last,
            is_whole=period.is_whole,
            total=_query(found.total),
            rare=_query(found.rare) if found.rare else None,
            items=part.items,
            next=part.next,
        )


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _query(line: QueryLine) -> QueryShape:
    return QueryShape(
        text=line.text,
        searches=line.searches,
        queries=line.queries,
        zero_results=_share(line.zero_results),
        clicked=_share(line.clicked),
        abandoned=_share(line.abandoned),
    )


def _share(share: Share | None) -> ShareShape | None:
    if share is None:
        return None
    low, high = share.interval
    return ShareShape(count=share.count, of=share.of, low=low, high=high)
