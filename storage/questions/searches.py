"""What the screens ask of search logs besides the report: where they came from, what visits did after a query, and the season."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from rules.search_log import RARE, Source
from storage.models import (
    SearchCluster,
    SearchEventRow,
    SearchGap,
    SearchImport,
    SearchPeriod,
    SearchQuery,
    SearchSource,
    SearchTotal,
    Site,
)
from storage.remembered import remembered, searches_came
from storage.search_clusters import clusters_of_site, grouped
from storage.search_report import QueryLine, Share, report, total_searches

WEEKS_AHEAD = 6
YEAR = timedelta(days=364)  # the same weekdays
FEWEST_IN_SEASON = 10  # searches in those weeks last year, before they say anything
CLEARLY_MORE = 1.5  # times its usual share, at the low end of what the share may be
Key = TypeVar("Key", str, int)
LONGEST_VISIT = 200  # events; what is longer is no resident


@dataclass(frozen=True)
class SourceLine:
    """A source with what it brought in."""

    name: str
    kind: str
    facts: frozenset[str]  # rules.search_log.Fact
    imports: int
    last_import: datetime
    first_day: date
    last_day: date
    bad_lines: int
    masked: int


class Step(NamedTuple):
    """A search or a click of a visit."""

    source_id: int
    session: int
    at_ms: int
    query_id: int
    page: str | None  # where a click led; None: a search


@dataclass(frozen=True)
class Season:
    """Queries that ask for one thing and are asked more in the weeks ahead than in the rest of the year."""

    queries: tuple[QueryLine, ...]  # in those weeks of last year, the most asked first
    searches: int
    times: float  # as large a share of all searches as in the whole year


def has_search_log(session: Session, site_id: int) -> bool:
    return session.scalar(select(SearchSource.id).where(SearchSource.site_id == site_id).limit(1)) is not None


def days_of_logs(session: Session, site_id: int) -> tuple[date, date] | None:
    """The first and the last day of which anything is kept of the site's own search. None: nothing is."""
    return _days_of(session, site_id, SearchSource.kind != Source.SEARCH_CONSOLE.value)


def days_of_google(session: Session, site_id: int) -> tuple[date, date] | None:
    """The first and the last day of which searches at Google are kept. None: nothing is."""
    return _days_of(session, site_id, SearchSource.kind == Source.SEARCH_CONSOLE.value)


def _days_of(session: Session, site_id: int, kind: ColumnElement[bool]) -> tuple[date, date] | None:
    query = (
        select(func.min(SearchPeriod.first_day), func.max(SearchPeriod.last_day))
        .join(SearchSource, SearchSource.id == SearchPeriod.source_id)
        .where(SearchSource.site_id == site_id, kind)
    )
    first, last = session.execute(query).one()
    return (first, last) if first else None


def sources_of_site(session: Session, site_id: int) -> list[SourceLine]:
    """Every source of a site, by name."""
    brought: dict[int, list[SearchImport]] = defaultdict(list)
    mine = select(SearchImport).join(SearchSource).where(SearchSource.site_id == site_id).order_by(SearchImport.imported_at)
    for one in session.scalars(mine):
        brought[one.source_id].append(one)
    sources = session.scalars(select(SearchSource).where(SearchSource.site_id == site_id).order_by(SearchSource.name))
    return [
        SourceLine(
            source.name,
            source.kind,
            frozenset(source.facts),
            len(files),
            files[-1].imported_at,
            min(one.first_day for one in files),
            max(one.last_day for one in files),
            sum(one.bad_lines for one in files),
            sum(sum(one.masked.values()) for one in files),
        )
        for source in sources
        if (files := brought[source.id])
    ]


def texts_of_queries(session: Session, site_id: int, numbers: Collection[int]) -> dict[int, str]:
    """The words of queries. What may be shown of them is for the caller to know."""
    query = select(SearchQuery.id, SearchQuery.text).where(SearchQuery.site_id == site_id, SearchQuery.id.in_(numbers))
    return dict(session.execute(query).all())


# --- what visits did after a query ------------------------------------------------------------------------------------


def visits_with(session: Session, site_id: int, queries: Collection[int]) -> Iterator[list[Step]]:
    """The visits in which one of these queries was asked, each in the order of time. Of single events: of the last 90 days."""
    sources = select(SearchSource.id).where(SearchSource.site_id == site_id, SearchSource.kind != Source.SEARCH_CONSOLE.value)
    asked, every = SearchEventRow, aliased(SearchEventRow)
    visits = select(asked.session).where(
        asked.source_id.in_(sources), asked.query_id.in_(queries), asked.is_click.is_(False), asked.session.is_not(None)
    )
    steps = (
        select(every.source_id, every.session, every.at_ms, every.query_id, every.page)
        .where(every.source_id.in_(sources), every.session.in_(visits))
        .order_by(every.source_id, every.session, every.at_ms, every.is_click, every.ordinal)
    )
    rows: Iterable[Step] = map(Step._make, session.execute(steps.execution_options(yield_per=5_000)))
    for _, visit in groupby(rows, attrgetter("source_id", "session")):
        found = list(visit)
        if len(found) <= LONGEST_VISIT:
            yield found


@dataclass(frozen=True)
class Afterwards:
    """What visits did that asked a query; each visit counts once for each page and each query."""

    pages: Counter[str]  # where they clicked in its results, as the log says it
    queries: Counter[int]  # what they asked next, without a click between
    visits: int


def afterwards(session: Session, site_id: int, query: int) -> Afterwards:
    """What visits did after a query, of the last 90 days. Nothing is left out: the caller keeps the threshold."""
    pages: Counter[str] = Counter()
    queries: Counter[int] = Counter()
    visits = 0
    for visit in visits_with(session, site_id, [query]):
        visits += 1
        pages.update({step.page for step in visit if step.page and step.query_id == query})
        pairs = pairwise(visit)
        queries.update(
            {
                after.query_id
                for before, after in pairs
                if before.query_id == query and not before.page and not after.page and after.query_id != query
            }
        )
    return Afterwards(pages, queries, visits)


def clicked_pages(session: Session, site_id: int, queries: Collection[int]) -> dict[int, Counter[str]]:
    """The pages that were clicked in the results of queries, with in how many visits, of the last 90 days."""
    click = SearchEventRow
    sources = select(SearchSource.id).where(SearchSource.site_id == site_id, SearchSource.kind != Source.SEARCH_CONSOLE.value)
    query = (
        select(click.query_id, click.page, func.count(func.distinct(click.session)))
        .where(click.source_id.in_(sources), click.query_id.in_(queries), click.is_click.is_(True))
        .group_by(click.query_id, click.page)
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for number, page, visits in session.execute(query):
        found[number][page or ""] += visits
    return found


def often(counted: Counter[Key], most: int = 10) -> list[tuple[Key, int]]:
    """What enough visits did, the most first: fewer are never shown."""
    return [(one, count) for one, count in counted.most_common(most) if count >= RARE]


# --- the season -------------------------------------------------------------------------------------------------------


def season_ahead(session: Session, site: Site, today: date) -> list[Season] | None:
    """What will be asked more in the weeks ahead, by the same weeks of last year. None: less than a year of searches is known.

    A cluster counts whose share of all searches in those weeks was clearly above its share in the year that they are part of.
    """
    return _seasons(session, site.id, today)


def _learned(session: Session, site_id: int) -> Hashable:
    """Another whenever more searches came, or it was found out anew which of them ask for one thing."""
    clusters = select(func.count(), func.sum(SearchCluster.head_id % 1_000_003)).where(SearchCluster.site_id == site_id)
    judged = select(func.max(SearchGap.judged_at)).where(SearchGap.site_id == site_id)
    return (*session.execute(clusters).one(), session.scalar(judged), searches_came(session, site_id))


@remembered(_learned)
def _seasons(session: Session, site_id: int, today: date) -> list[Season] | None:
    site = session.get_one(Site, site_id)
    first, last = today - YEAR, today - YEAR + timedelta(weeks=WEEKS_AHEAD)
    known = days_of_logs(session, site.id)
    if known is None or known[0] > first:
        return None
    weeks = report(session, site, first, last, most=5_000)
    likely = [
        group for group in grouped(weeks.queries, clusters_of_site(session, site.id)) if group.total.searches >= FEWEST_IN_SEASON
    ]
    numbers = {line.query for group in likely for line in group.lines if line.query is not None}
    year_ends = min(known[1], today)
    year = total_searches(session, site, year_ends - YEAR, year_ends).searches
    in_year = searches_of(session, site, year_ends - YEAR, year_ends, numbers)
    found = []
    for group in likely:
        usual = max(sum(in_year.get(line.query or 0, 0) for line in group.lines), 1) / max(year, 1)
        share = Share(group.total.searches, weeks.total.searches)
        if share.interval[0] > CLEARLY_MORE * usual:
            found.append(Season(group.lines, group.total.searches, share.value / usual))
    return sorted(found, key=lambda one: (-one.searches, one.queries[0].text))


def searches_of(session: Session, site: Site, first: date, last: date, queries: Collection[int]) -> dict[int, int]:
    """Searches of each of these queries between two days."""
    sources = select(SearchSource.id).where(SearchSource.site_id == site.id, SearchSource.kind != Source.SEARCH_CONSOLE.value)
    query = (
        select(SearchTotal.query_id, func.sum(SearchTotal.searches))
        .where(SearchTotal.source_id.in_(sources), SearchTotal.query_id.in_(queries))
        .where(SearchTotal.first_day >= first, SearchTotal.last_day <= last)
        .group_by(SearchTotal.query_id)
    )
    return {number: int(count) for number, count in session.execute(query)}
