"""What residents search for: a month against the same month last year, the queries of it, and one query in detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from dashboard import charts, formatting
from dashboard.languages import translations
from dashboard.measured import shown_series
from dashboard.screen import AnyScreen, Id, PageNumber, Screen
from dashboard.table_file import TableKind, table_file
from dashboard.words import word
from rules.address import page_of_log
from rules.content_gap import FoundPage
from rules.search_log import Fact
from rules.stemming import plain
from storage.kpis import annotations_of_site
from storage.measurements import series_of_site
from storage.models import Site
from storage.page_texts import pages_by_identity
from storage.questions.findability import barriers_of_pages, finished_tests, results_of_test, tasks_with_query
from storage.questions.searches import afterwards, days_of_google, days_of_logs, often, sources_of_site, texts_of_queries
from storage.search_clusters import Member, QueryGroup, asked_like, clusters_of_site, grouped
from storage.search_report import QueryLine, SearchReport, Share, by_month, median_seconds_to_click, report

router = APIRouter()

KPIS = ("zero-result-rate", "reformulation-rate")  # what is measured elsewhere of these stands on this screen too

OF_ALL = ("different", "top10", "top50")  # measures that say nothing of one query
MOST = 10_000  # queries of one month
LONGEST_FILTER = 100
ROWS = 50
QueryNumber = Annotated[int, Path(ge=0, le=2**63 - 1)]


@dataclass(frozen=True)
class Wanted:
    """Which month, and which of its queries; stands in the address."""

    month: str = ""
    text: str = ""


def wanted_of(
    month: Annotated[str, Query(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = "",
    q: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
) -> Wanted:
    return Wanted(month, q.strip())


AnyWanted = Annotated[Wanted, Depends(wanted_of)]


@dataclass(frozen=True)
class Period:
    """Days of one month that are known, and the same days of the year before."""

    first: date
    last: date
    is_whole: bool

    @property
    def year_before(self) -> tuple[date, date]:
        """The same days; of a whole month the whole month, also where it is a day longer: some sources know only months."""
        first = _year_before(self.first)
        return first, _end(first) if self.is_whole else _year_before(self.last)


@dataclass(frozen=True)
class Measure:
    """A measure of a period beside the same of the year before. None: cannot be determined."""

    key: str
    now: Share | float | None
    before: Share | float | None


@dataclass(frozen=True)
class Month:
    """A month of the trend."""

    first: date
    line: QueryLine
    is_whole: bool
    before: int | None  # searches in the same month a year earlier, where both are known whole


@router.get("/{language}/sites/{site_id}/searches", name="searches", response_class=HTMLResponse)
def searches(screen: AnyScreen, site_id: Id, wanted: AnyWanted, page: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        known = days_of_logs(session, site_id)
        if known is None:
            has_google = days_of_google(session, site_id) is not None
            return screen.show("searches.html.j2", site=site, known=None, has_google=has_google)
        period = period_of(wanted.month, known)
        now, before = _reports(session, site, period)
        clusters = clusters_of_site(session, site_id)
        rows = _groups(now.queries, clusters, wanted.text)
        pagination = screen.pagination(page, len(rows), ROWS)
        months = _months(session, site, known)
        return screen.show(
            "searches.html.j2",
            site=site,
            known=known,
            wanted=wanted,
            period=period,
            month_names=[(one, _month_name(screen, one)) for one in _all_months(known)[::-1]],
            now=now,
            measures=[*_measures(now, before), _wait(session, site, period)],
            earlier={group.key: group.total.searches for group in grouped(before.queries, clusters)} if before else {},
            has_year_before=before is not None,
            rows=rows[pagination.offset : pagination.last_row],
            pagination=pagination,
            months=months[::-1],
            chart=charts.trend(_trend(screen, months), annotations_of_site(session, site.id)),
            sources=sources_of_site(session, site_id),
            measured=shown_series(series_of_site(session, site_id, kpis=KPIS), annotations_of_site(session, site_id)),
            facts=list(Fact),
        )


@router.get("/{language}/sites/{site_id}/searches.{kind}", name="searches_file")
def searches_file(screen: AnyScreen, site_id: Id, wanted: AnyWanted, kind: TableKind) -> Response:
    """The table of queries as the screen shows it, with its filter: what is rare stands in one line here too."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        known = days_of_logs(session, site_id)
        if known is None:
            raise HTTPException(404)
        period = period_of(wanted.month, known)
        now, _ = _reports(session, site, period)
        groups = _groups(now.queries, clusters_of_site(session, site_id), wanted.text)
    gettext = translations(screen.language).gettext
    names = ("query", "searches", "zero_results", "of", "clicked", "of", "abandoned", "of", "group")
    rows = [[*_cells(line.text, line), group.head.text] for group in groups for line in group.lines]
    if not wanted.text:
        rows += [[*_cells(f"({gettext(word('measure', 'rare'))})", now.rare), ""]] if now.rare else []
        rows.append([*_cells(f"({gettext(word('measure', 'total'))})", now.total), ""])
    heads = [gettext(word("measure", name)) for name in names]
    return table_file(f"searches-{period.first:%Y-%m}", kind, heads, rows, screen.language)


@router.get("/{language}/sites/{site_id}/searches/{number}", name="query", response_class=HTMLResponse)
def query(screen: AnyScreen, site_id: Id, number: QueryNumber) -> HTMLResponse:
    """One query; of one that too few visits asked nothing is shown: 404, as if it were not there."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        known = days_of_logs(session, site_id)
        found = report(session, site, *known, only=[number]).queries if known else []
        if known is None or not found:
            raise HTTPException(404)
        after = afterwards(session, site_id, number)
        clicks = often(after.pages)
        pages = pages_by_identity(session, site_id, [page_of_log(site.start_url, page) for page, _ in clicks])
        next_queries = often(after.queries)
        texts = texts_of_queries(session, site_id, [one for one, _ in next_queries])
        tests = finished_tests(session, site_id, 1)
        results = results_of_test(session, tests[-1].id) if tests else {}
        period = period_of("", known)
        now, before = _reports(session, site, period, only=number)
        months = _months(session, site, known, number)
        alike = report(session, site, *known, only=asked_like(session, site_id, number)).queries
        tasks = {task.id: task for line in alike for task in tasks_with_query(session, site_id, line.text)}
        return screen.show(
            "query.html.j2",
            site=site,
            line=found[0],
            period=period,
            measures=[one for one in _measures(now, before) if one.key not in OF_ALL],
            has_year_before=before is not None,
            months=months[::-1],
            chart=charts.trend(_trend(screen, months), annotations_of_site(session, site.id)),
            visits=after.visits,
            clicks=[(page, pages.get(page_of_log(site.start_url, page)), count) for page, count in clicks],
            rare_clicks=sum(after.pages.values()) - sum(count for _, count in clicks),
            next_queries=[(one, texts.get(one, ""), count) for one, count in next_queries],
            alike=[line for line in alike if line.query != number],
            tasks=[(task, results.get(task.id)) for task in tasks.values()],
            barriers=_barriers(session, site_id, pages),
        )


def _barriers(session: Session, site_id: int, pages: dict[str, FoundPage]) -> list[tuple[FoundPage, str, str, int]]:
    """What keeps people out on these pages: page, rule, impact and number of places."""
    return [(pages[url], rule, impact, places) for url, rule, impact, places in barriers_of_pages(session, site_id, list(pages))]


def period_of(month: str, known: tuple[date, date]) -> Period:
    """The month that is asked for; else the newest that is known whole, else the newest. One that is not known is not there."""
    months = _all_months(known)
    if month:
        first = date.fromisoformat(f"{month}-01")
        if first not in months:
            raise HTTPException(404)
    else:
        first = next((one for one in reversed(months) if _is_whole(one, known)), months[-1])
    return Period(max(first, known[0]), min(_end(first), known[1]), _is_whole(first, known))


def _all_months(known: tuple[date, date]) -> list[date]:
    months = [known[0].replace(day=1)]
    while (after := _end(months[-1]) + timedelta(days=1)) <= known[1]:
        months.append(after)
    return months


def _end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _is_whole(first: date, known: tuple[date, date]) -> bool:
    return known[0] <= first and _end(first) <= known[1]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _reports(
    session: Session, site: Site, period: Period, *, only: int | None = None
) -> tuple[SearchReport, SearchReport | None]:
    """What was searched in a period, and in the same days of the year before, where anything of those is known."""
    numbers = None if only is None else [only]
    now = report(session, site, period.first, period.last, most=MOST, only=numbers)
    before = report(session, site, *period.year_before, most=MOST, only=numbers)
    return now, before if before.total.searches else None


def _measures(now: SearchReport, before: SearchReport | None) -> list[Measure]:
    then = _values(before) if before else {}
    return [Measure(key, value, then.get(key)) for key, value in _values(now).items()]


def _wait(session: Session, site: Site, period: Period) -> Measure:
    """Time to the first click: of single searches, so never of a year ago."""
    return Measure("seconds_to_click", median_seconds_to_click(session, site, period.first, period.last), None)


def _values(found: SearchReport) -> dict[str, Share | float | None]:
    line = found.total
    kinds = {f"reformulated_{kind}": count for kind, count in (line.reformulated or {}).items()}
    again = {kind: Share(count, line.abandoned.of) for kind, count in kinds.items()} if line.abandoned else {}
    reformulated = Share(sum(kinds.values()), line.abandoned.of) if kinds and line.abandoned else None
    return {
        "searches": line.searches,
        "different": line.queries,
        "zero_results": line.zero_results,
        "clicked": line.clicked,
        "abandoned": line.abandoned,
        "reformulated": reformulated,
        **again,
        "exits": line.exits,
        "click_rank": line.click_rank,
        "top10": _highest(found.top10, line),
        "top50": _highest(found.top50, line),
    }


def _highest(share: float | None, total: QueryLine) -> Share | None:
    return Share(round(share * total.searches), total.searches) if share is not None else None


def _groups(lines: Sequence[QueryLine], clusters: Mapping[int, Member], text: str) -> list[QueryGroup]:
    """What is asked, put together; with a word to look for, what says it in any of its forms."""
    wanted = plain(text)
    return [group for group in grouped(lines, clusters) if any(wanted in plain(line.text) for line in group.lines)]


def _months(session: Session, site: Site, known: tuple[date, date], number: int | None = None) -> list[Month]:
    """Every month that is known, the newest last; for one query also those in which nobody asked it."""
    lines = by_month(session, site, *known, query=number)
    whole = {first: line.searches for first, line in lines.items() if _is_whole(first, known)}
    return [Month(first, line, first in whole, whole.get(_year_before(first))) for first, line in lines.items()]


def _trend(screen: Screen, months: Sequence[Month]) -> list[charts.Measurement]:
    """Whole months only: a part of one would look like a fall. The line breaks where months are not known."""
    whole = [month for month in months if month.is_whole]
    return [
        charts.Measurement(
            formatting.short_month(month.first, screen.language),
            month.line.searches,
            position > 0 and _end(whole[position - 1].first) + timedelta(days=1) != month.first,
            month.first,
        )
        for position, month in enumerate(whole)
    ]


def _month_name(screen: Screen, first: date) -> str:
    return formatting.month(first, screen.language)


def _cells(text: str, line: QueryLine) -> list[Any]:
    shares = (line.zero_results, line.clicked, line.abandoned)
    return [text, line.searches, *(cell for share in shares for cell in ((share.count, share.of) if share else ("", "")))]
