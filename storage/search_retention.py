"""How long search logs are kept: single events 90 days, totals 25 months (a year back, and the season before it)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, tuple_, union
from sqlalchemy.orm import Session

from storage.models import (
    SearchClosedDay,
    SearchEventRow,
    SearchPeriod,
    SearchPurge,
    SearchQuery,
    SearchSource,
    SearchTotal,
    Site,
)
from storage.search_log import QUARTER_MS, bounds_ms

EVENT_DAYS = 90
TOTAL_MONTHS = 25


def purge(session: Session, now: datetime) -> SearchPurge | None:
    """Remove what is older than it may be, with the queries that nothing refers to any more; gives the proof, kept beside it.

    A day loses its events whole, in its site's own time. None: there was nothing to remove.
    """
    today = now.date()
    events_before, totals_before = today - timedelta(days=EVENT_DAYS), months_back(today, TOTAL_MONTHS)
    events = sum(_purge_events(session, source, zone, events_before) for source, zone in _sources(session))
    totals = session.execute(delete(SearchTotal).where(SearchTotal.last_day < totals_before)).rowcount  # type: ignore[attr-defined]
    session.execute(delete(SearchPeriod).where(SearchPeriod.last_day < totals_before))
    session.execute(delete(SearchClosedDay).where(SearchClosedDay.day < totals_before))
    if not events and not totals:
        return None
    queries = _purge_queries(session)
    proof = SearchPurge(
        purged_at=now, events_before=events_before, events=events, totals_before=totals_before, totals=totals, queries=queries
    )
    session.add(proof)
    session.flush()
    return proof


def months_back(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def _sources(session: Session) -> list[tuple[int, ZoneInfo]]:
    found = session.execute(select(SearchSource.id, Site.time_zone).join(Site, Site.id == SearchSource.site_id))
    return [(number, ZoneInfo(zone)) for number, zone in found]


def _purge_events(session: Session, source: int, zone: ZoneInfo, before: date) -> int:
    """Remove the events before a day; which moments they were of is kept, so that they are known when they come again."""
    end = bounds_ms(before, zone)[0]
    old = (SearchEventRow.source_id == source, SearchEventRow.at_ms < end)
    quarter = SearchEventRow.at_ms - SearchEventRow.at_ms % QUARTER_MS
    spans = session.execute(
        select(func.min(SearchEventRow.at_ms), func.max(SearchEventRow.at_ms)).where(*old).group_by(quarter).order_by(quarter)
    )
    days: dict[date, tuple[int, int]] = {}
    for first, last in spans:
        day = datetime.fromtimestamp(first / 1000, zone).date()
        begin, end_of_day = days.get(day, (first, last))
        days[day] = (min(begin, first), max(end_of_day, last))
    for day, (first, last) in days.items():
        closed = session.get(SearchClosedDay, (source, day))
        if closed is None:
            session.add(SearchClosedDay(source_id=source, day=day, first_ms=first, last_ms=last))
        else:
            closed.first_ms, closed.last_ms = min(closed.first_ms, first), max(closed.last_ms, last)
    session.flush()
    return int(session.execute(delete(SearchEventRow).where(*old)).rowcount)  # type: ignore[attr-defined]


def _purge_queries(session: Session) -> int:
    """Remove the words of queries that no total and no event refers to; they are gathered once, not looked for one by one."""
    used = union(
        *(
            select(SearchSource.site_id, table.query_id)
            .join(SearchSource, SearchSource.id == table.source_id)
            .where(table.query_id.is_not(None))
            for table in (SearchTotal, SearchEventRow)
        )
    )
    unused = delete(SearchQuery).where(tuple_(SearchQuery.site_id, SearchQuery.id).not_in(used))
    return int(session.execute(unused.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
