"""Queries that find nothing: which they are, what was said of them, and what changed after somebody mended it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rules.content_gap import GapVerdict
from rules.search_log import RARE
from storage.models import SearchGap, SearchQuery, Site
from storage.remembered import remembered, searches_came
from storage.search_report import QueryLine, Share, report

DAYS = 90
MOST = 100  # queries on the list
MOST_LOOKED_AT = 20_000
MISSED_SHARE = {"results": 0.2, "clicks": 0.8}  # from here on; many searches end without a click though they found something
ENOUGH = 20  # searches since, before anything is said of them
MASKED = re.compile(r"\[[a-z-]+\]")  # what stands in the place of personal data: no page answers that


@dataclass(frozen=True)
class Unfound:
    """A query that finds nothing, or whose results nobody clicks."""

    query: int
    text: str
    measured: str  # "results", or "clicks" where no source knows results
    visits: int
    missed: Share
    days: int = DAYS  # that were looked at, of those that are known


@dataclass(frozen=True)
class GapLine:
    """A line of the list. Of a mended one also the days before and since."""

    gap: SearchGap
    text: str
    before: QueryLine | None = None
    since: QueryLine | None = None

    @property
    def visits_per_month(self) -> int:
        return per_month(self.gap.visits, self.gap.days)

    @property
    def is_measured(self) -> bool:
        """Whether enough was searched since to say what it brought."""
        return self.since is not None and self.since.searches >= ENOUGH


def per_month(visits: int, days: int) -> int:
    """Visits in thirty days, by those of so many days; at least one where there was any."""
    return max(min(visits, 1), round(visits * 30 / days))


def unfound_queries(session: Session, site: Site, known_since: date, last: date) -> list[Unfound]:
    """The queries of the 90 days up to a day with the most searches that led to nothing; none of too few visits.

    `known_since`: the first day of which anything is known.
    """
    first = max(known_since, last - timedelta(days=DAYS - 1))
    lines = report(session, site, first, last, most=MOST_LOOKED_AT).queries
    days = (last - first).days + 1
    found = [one for line in lines if not MASKED.search(line.text) and (one := _unfound(line, days))]
    return sorted(found, key=lambda one: (-one.missed.count, one.text))[:MOST]


def _unfound(line: QueryLine, days: int) -> Unfound | None:
    if line.zero_results:
        measured, missed = "results", line.zero_results
    elif line.clicked:
        measured, missed = "clicks", Share(line.clicked.of - line.clicked.count, line.clicked.of)
    else:
        return None
    if missed.count < RARE or missed.value < MISSED_SHARE[measured] or line.query is None:
        return None
    return Unfound(line.query, line.text, measured, line.sessions or line.searches, missed, days)


def keep_gaps(session: Session, site_id: int, judged: Collection[tuple[Unfound, GapVerdict | None]], now: datetime) -> None:
    """Put what was judged in the place of what was there; what somebody mended stays, also when it is found by now."""
    session.execute(delete(SearchGap).where(SearchGap.site_id == site_id, SearchGap.done_at.is_(None)))
    kept = {one.query_id: one for one in session.scalars(select(SearchGap).where(SearchGap.site_id == site_id))}
    for unfound, verdict in judged:
        row = kept.get(unfound.query)
        if row is None:
            row = SearchGap(site_id=site_id, query_id=unfound.query)
            session.add(row)
        row.measured, row.visits, row.judged_at = unfound.measured, unfound.visits, now
        row.days, row.searches, row.missed = unfound.days, unfound.missed.of, unfound.missed.count
        row.gap = verdict.gap.value if verdict else ""
        row.page = verdict.page.identity if verdict and verdict.page else ""
        row.meant = verdict.meant if verdict else ""
    session.flush()


def gaps_of_site(session: Session, site: Site) -> list[GapLine]:
    """The list: what most people miss each month first, then what was mended, the newest first."""
    rows = session.execute(
        select(SearchGap, SearchQuery.text)
        .join(SearchQuery, (SearchQuery.site_id == SearchGap.site_id) & (SearchQuery.id == SearchGap.query_id))
        .where(SearchGap.site_id == site.id)
        .order_by(SearchGap.done_at.desc(), SearchGap.missed.desc(), SearchQuery.text)
    )
    found = rows.all()
    mended = {gap.query_id: gap.done_at.astimezone(ZoneInfo(site.time_zone)).date() for gap, _ in found if gap.done_at}
    brought = _brought(session, site.id, tuple(sorted(mended.items())))
    lines = [GapLine(gap, text, *brought.get(gap.query_id, ())) for gap, text in found]
    waiting = [line for line in lines if not line.gap.done_at]
    return sorted(waiting, key=lambda line: -line.visits_per_month) + [line for line in lines if line.gap.done_at]


@remembered(searches_came)
def _brought(session: Session, site_id: int, mended: Collection[tuple[int, date]]) -> dict[int, tuple[QueryLine, QueryLine]]:
    """How queries were asked in the days before somebody mended them and in those since; that day itself is neither."""
    site = session.get_one(Site, site_id)

    def between(query: int, first: date, last: date) -> QueryLine:
        return report(session, site, first, last, only=[query]).total

    return {
        query: (
            between(query, day - timedelta(days=DAYS), day - timedelta(days=1)),
            between(query, day + timedelta(days=1), day + timedelta(days=DAYS)),
        )
        for query, day in mended
    }


def mark_done(session: Session, site_id: int, query: int, when: datetime | None) -> bool:
    """Somebody mended it, or takes that back (None). False: it is not on the list."""
    gap = session.get(SearchGap, (site_id, query))
    if gap is None:
        return False
    gap.done_at = when
    return True
