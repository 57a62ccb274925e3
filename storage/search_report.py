"""What may be shown of search logs: queries that enough visits asked, everything else only as a total, and the metrics over both.

Source: the definitions stand with each field. A metric is None where no source of the period can tell: it cannot be determined,
which is something else than nought. Searches at Google (Search Console) are told apart: they are not searches on the site.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    RowMapping,
    Select,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from rules.search_log import RARE, Source
from storage.models import SearchEventRow, SearchPeriod, SearchQuery, SearchSource, SearchTotal, Site
from storage.remembered import remembered, searches_came
from storage.search_log import bounds_ms
from storage.search_periods import SUMMED, sums

DAYS_ASKED = 3  # of a source that knows no visits: asked on so many days, or over a longer period
HIGHEST = 50  # queries, of which the share of all searches is told
CERTAINTY = 1.96  # standard deviations: 95 of 100 intervals hold the true share


@dataclass(frozen=True)
class Share:
    """A share with the interval that it lies in: with few searches nothing is known exactly."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Source: E. B. Wilson, Probable inference, 1927: the score interval, right for few searches too, and for none."""
        square, share = CERTAINTY**2, self.value
        middle = share + square / (2 * self.of)
        half = CERTAINTY * sqrt(share * (1 - share) / self.of + square / (4 * self.of**2))
        whole = 1 + square / self.of
        return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


@dataclass(frozen=True)
class QueryLine:
    """One query in a report; an empty text: all queries that too few visits asked, together."""

    text: str
    queries: int
    searches: int
    zero_results: Share | None
    clicked: Share | None
    abandoned: Share | None
    exits: Share | None
    reformulated: dict[str, int] | None  # by kind: spelling, added, removed, replaced
    click_rank: float | None  # mean of 1/position of the first click, over clicked searches of which the position is known
    sessions: int | None  # visits that asked it; None: no source knows visits
    query: int | None = None  # its number, of a single query


@dataclass(frozen=True)
class SearchReport:
    """What was searched in a period."""

    total: QueryLine  # of all queries; its `queries` are the unique ones
    queries: list[QueryLine]  # the most asked first
    rare: QueryLine | None
    top10: float | None  # share of the searches that the ten most asked queries have
    top50: float | None


def report(
    session: Session,
    site: Site,
    first: date,
    last: date,
    *,
    most: int = 1_000,
    google: bool = False,
    only: Collection[int] | None = None,
) -> SearchReport:
    """What was searched on a site between two days. A source's own periods count where they lie within them whole.

    `only`: of these queries, by their numbers.
    """
    return _report(session, site.id, first, last, most, google, None if only is None else tuple(sorted(only)))


@remembered(searches_came)
def _report(
    session: Session, site_id: int, first: date, last: date, most: int, google: bool, only: tuple[int, ...] | None
) -> SearchReport:
    site = session.get_one(Site, site_id)
    totals = _of_period(site, first, last, google=google)
    if only is not None:
        totals = totals.where(SearchTotal.query_id.in_(only))
    found: dict[str, list[RowMapping]] = defaultdict(list)
    for row in session.execute(_answers(totals.group_by(SearchTotal.query_id), site, most)).mappings():
        found[row["kind"]].append(row)
    asked = sum(row["queries"] for row in (*found["shown"], *found["rare"]))
    total = _line("", asked, _added_up([*found["shown"], *found["rare"]]))
    rare = next((_line("", row["queries"], row) for row in found["rare"]), None)
    queries = [_line(row["text"], 1, row) for row in sorted(found["line"], key=lambda row: (-row["searches"], row["text"]))]
    highest = sorted((int(row["searches"]) for row in found["highest"]), reverse=True)
    return SearchReport(total, queries, rare, *(_of_all(highest[:number], total.searches) for number in (10, HIGHEST)))


def _answers(totals: Select[Any], site: Site, most: int) -> CompoundSelect[Any]:
    """All that a report asks of the totals of each query, in one question: grouping them is most of its cost.

    Each row says its kind: "line" of a query, the sums of all that are "shown" or "rare", and one of the "highest" of both.
    """
    each = totals.cte("each_query").prefix_with("MATERIALIZED")
    shown, columns = _may_be_shown(each.c), [each.c[name] for name in SUMMED]
    kind = case((shown, "shown"), else_="rare").label("kind")
    lines = (
        select(literal("line").label("kind"), SearchQuery.text, each.c.query_id, literal(1).label("queries"), *columns)
        .join(SearchQuery, and_(SearchQuery.id == each.c.query_id, SearchQuery.site_id == site.id))
        .where(shown)
        .order_by(each.c.searches.desc(), SearchQuery.text)
        .limit(most)
    )
    sums = select(kind, literal(""), null(), func.count(), *map(func.sum, columns)).group_by(kind)
    highest = select(literal("highest"), literal(""), each.c.query_id, literal(1), *columns)
    highest = highest.order_by(each.c.searches.desc()).limit(HIGHEST)
    return union_all(lines.subquery().select(), sums, highest.subquery().select())


def total_searches(session: Session, site: Site, first: date, last: date) -> QueryLine:
    """What all queries add up to, without how many different ones they are: that alone would take looking at each."""
    periods = select(*(getattr(SearchPeriod, name) for name in SUMMED)).where(
        *_where(SearchPeriod, site, first, last, google=False)
    )
    return _line("", 0, _added_up(session.execute(periods).mappings().all()))


def by_month(session: Session, site: Site, first: date, last: date, *, query: int | None = None) -> dict[date, QueryLine]:
    """What each calendar month adds up to, by its first day: of all queries, or of one.

    A source's own period counts where it lies within one month.
    """
    return _by_month(session, site.id, first, last, query)


@remembered(searches_came)
def _by_month(session: Session, site_id: int, first: date, last: date, query: int | None) -> dict[date, QueryLine]:
    site = session.get_one(Site, site_id)
    if query is None:
        periods = select(SearchPeriod.first_day, SearchPeriod.last_day, *(getattr(SearchPeriod, name) for name in SUMMED))
        periods = periods.where(*_where(SearchPeriod, site, first, last, google=False))
    else:
        period = (SearchTotal.first_day, SearchTotal.last_day)
        periods = select(*period, *sums()).where(*_where(SearchTotal, site, first, last, google=False)).group_by(*period)
        periods = periods.where(SearchTotal.query_id == query)
    months: dict[date, list[RowMapping]] = defaultdict(list)
    for row in session.execute(periods).mappings():
        month = row["first_day"].replace(day=1)
        if row["last_day"].replace(day=1) == month:
            months[month].append(row)
    return {month: _line("", 0, _added_up(rows)) for month, rows in sorted(months.items())}


def median_seconds_to_click(session: Session, site: Site, first: date, last: date) -> float | None:
    """Half of the searches that were clicked were so within this time. None: no single searches of these days are kept.

    Those are kept for 90 days, so it cannot be determined of what lies further back.
    """
    return _median_seconds_to_click(session, site.id, first, last)


@remembered(searches_came)
def _median_seconds_to_click(session: Session, site_id: int, first: date, last: date) -> float | None:
    site = session.get_one(Site, site_id)
    zone = ZoneInfo(site.time_zone)
    event = SearchEventRow
    rows = session.execute(
        select(event.source_id, event.session, event.at_ms, event.query_id, event.is_click)
        .join(SearchSource, SearchSource.id == event.source_id)
        .where(SearchSource.site_id == site.id, event.session.is_not(None))
        .where(event.at_ms >= bounds_ms(first, zone)[0], event.at_ms < bounds_ms(last, zone)[1])
        .order_by(event.source_id, event.session, event.at_ms, event.is_click)
        .execution_options(yield_per=10_000)
    )
    asked: dict[int, int] = {}
    waits = array("d")
    visit = None
    for source, number, at_ms, query, is_click in rows:
        if visit != (source, number):
            visit, asked = (source, number), {}
        if not is_click:
            asked[query] = at_ms
        elif query in asked:
            waits.append((at_ms - asked.pop(query)) / 1000)
    return median(waits) if waits else None


def _where(
    table: type[SearchTotal] | type[SearchPeriod], site: Site, first: date, last: date, *, google: bool
) -> list[ColumnElement[bool]]:
    is_google = SearchSource.kind == Source.SEARCH_CONSOLE.value
    sources = select(SearchSource.id).where(SearchSource.site_id == site.id, is_google if google else ~is_google)
    return [table.source_id.in_(sources), table.first_day >= first, table.last_day <= last]


def _of_period(site: Site, first: date, last: date, *, google: bool) -> Select[Any]:
    """The sums of every query, with what its threshold asks."""
    without_visits = case((SearchTotal.sessions.is_(None), SearchTotal.searches), else_=0)
    long = case((and_(SearchTotal.sessions.is_(None), SearchTotal.first_day < SearchTotal.last_day), 1), else_=0)
    return select(
        SearchTotal.query_id,
        *sums(),
        func.sum(without_visits).label("without_visits"),
        func.count(distinct(SearchTotal.first_day)).label("days"),
        func.max(cast(long, Integer)).label("long"),
    ).where(*_where(SearchTotal, site, first, last, google=google))


def _may_be_shown(c: Any) -> ColumnElement[bool]:
    """The threshold: enough visits, or of a source without visits enough searches on enough days."""
    enough = and_(c.without_visits >= RARE, or_(c.days >= DAYS_ASKED, c.long == 1))
    return or_(func.coalesce(c.sessions, 0) >= RARE, enough)


def _added_up(parts: Sequence[RowMapping]) -> dict[str, Any]:
    values = {name: [part[name] for part in parts if part[name] is not None] for name in SUMMED}
    return {name: sum(known) if known else None for name, known in values.items()}


def _line(text: str, queries: int, row: RowMapping | dict[str, Any]) -> QueryLine:
    get: Callable[[str], Any] = row.get

    def share(name: str, of: str) -> Share | None:
        return Share(int(get(name) or 0), int(get(of))) if get(name) is not None and get(of) else None

    kinds = ("spelling", "added", "removed", "replaced")
    return QueryLine(
        text,
        queries,
        int(get("searches") or 0),
        share("zero_results", "known_results"),
        share("clicked", "clicked_of"),
        share("abandoned", "abandoned_of"),
        share("exits", "exits_of"),
        {kind: int(get(kind) or 0) for kind in kinds} if get("abandoned") is not None else None,
        float(get("reciprocal_ranks")) / int(get("positioned")) if get("positioned") else None,
        None if get("sessions") is None else int(get("sessions")),
        get("query_id"),
    )


def _of_all(highest: Sequence[int], searches: int) -> float | None:
    return sum(highest) / searches if searches else None
