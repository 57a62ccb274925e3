"""What a workshop about a journey needs besides its walk: the residents' words, and what is known of the pages on its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.address import page_of_log
from rules.findability import TaskState
from rules.journey import Journey, StepKind, StepSeen
from rules.search_log import text_number
from storage.blobs import short_hash
from storage.feedback import PageFeedback, feedback_of_page
from storage.findability import tasks_of_site
from storage.measurements import Series, series_of_site
from storage.models import ListedProduct, Page, PageState, ProductCoverageRow, Run, Site
from storage.questions.findability import barriers_of_pages
from storage.questions.searches import YEAR, days_of_logs
from storage.search_clusters import asked_like
from storage.search_report import QueryLine, SearchReport, by_month, report

MOST_QUERIES, MOST_COMMENTS, MOST_PAGES = 15, 6, 20
MOST_LOOKED_UP = 60  # queries of a task or product of which the likes are looked up


@dataclass(frozen=True)
class ResidentsWords:
    """What residents typed for the task of a journey, of a year at most, with the thresholds of every screen."""

    first: date
    last: date
    report: SearchReport  # of those queries only

    @property
    def queries(self) -> list[QueryLine]:
        return self.report.queries


@dataclass(frozen=True)
class PathPage:
    """A page that a journey comes past."""

    address: str
    title: str
    steps: tuple[int, ...]  # from 1
    page_id: int | None  # None: no run has met it
    modified: date | None  # as its server says; None: it does not say
    differs_since: datetime | None  # the run from which on its title, links or outcomes were as they are
    feedback: PageFeedback | None
    measured: tuple[Series, ...]  # by others: visits, exits
    barriers: tuple[tuple[str, str, int], ...]  # rule, impact, places: open failures that keep people out


@dataclass(frozen=True)
class WorkshopFacts:
    """All of it."""

    words: ResidentsWords | None  # None: no search log of the site is stored
    pages: tuple[PathPage, ...]


FULLER = 1.5  # times a usual month, from which a month belongs to the season
FEWEST_A_YEAR = 60  # searches, before anything is said of a season


def months_of_task(session: Session, site: Site, journey: Journey) -> dict[int, int] | None:
    """Searches of the last year for what a journey is about, by month 1 to 12; None: less than a year of logs, or too few.

    They are added up of queries that enough residents typed.
    """
    words = _words(session, site, journey, [])
    if words is None or (words.last - words.first).days < YEAR.days - 1 or words.report.total.searches < FEWEST_A_YEAR:
        return None
    found = dict.fromkeys(range(1, 13), 0)
    for line in words.queries:
        for month, totals in by_month(session, site, words.first, words.last, query=line.query).items():
            found[month.month] += totals.searches
    return found


def season_of(months: Mapping[int, int]) -> tuple[int, ...]:
    """The months in which clearly more is asked than in a usual one; none: it is asked all year."""
    usual = sum(months.values()) / 12
    return tuple(month for month, searches in sorted(months.items()) if searches > FULLER * usual)


def workshop_facts(session: Session, site: Site, journey: Journey, seen: Sequence[StepSeen]) -> WorkshopFacts:
    """What is stored about a journey. `seen`: the steps of one way of its newest walk; none where nobody walked it."""
    path: dict[str, list[int]] = {}
    for number, step in enumerate(seen, 1):
        if step.url.startswith(("http://", "https://")):
            path.setdefault(page_of_log(site.start_url, step.url), []).append(number)
    places = dict(list(path.items())[:MOST_PAGES])
    titles = {page_of_log(site.start_url, step.url): step.title for step in seen if step.url}
    pages = tuple(_page(session, site, address, titles.get(address, ""), tuple(at)) for address, at in places.items())
    return WorkshopFacts(_words(session, site, journey, list(places)), pages)


def _words(session: Session, site: Site, journey: Journey, path: Sequence[str]) -> ResidentsWords | None:
    known = days_of_logs(session, site.id)
    if known is None:
        return None
    numbers: set[int] = set()
    for text in list(dict.fromkeys(_texts(session, site.id, journey, path)))[:MOST_LOOKED_UP]:
        numbers.update(asked_like(session, site.id, text_number(" ".join(text.lower().split()))))
    first, last = max(known[0], known[1] - YEAR), known[1]
    return ResidentsWords(first, last, report(session, site, first, last, most=MOST_QUERIES, only=numbers))


def _texts(session: Session, site_id: int, journey: Journey, path: Sequence[str]) -> list[str]:
    """The queries that are about this task: its own, those of the same top task, and those of its product."""
    found = [step.what for step in journey.steps if step.kind is StepKind.SEARCH]
    product = journey.product.casefold()
    for task in tasks_of_site(session, site_id):
        if task.state == TaskState.REFUSED:
            continue
        name = task.product.rpartition("/")[2].replace("_", " ").casefold()
        if task.title == journey.title or (product and name == product) or set(task.grades) & set(path[1:]):
            found += task.queries
    if product:
        rows = (
            select(ProductCoverageRow.queries)
            .join(ListedProduct, ListedProduct.uri == ProductCoverageRow.uri)
            .where(ProductCoverageRow.site_id == site_id, func.lower(ListedProduct.name) == product)
        )
        for queries in session.scalars(rows):
            found += queries
    return found


def _page(session: Session, site: Site, address: str, title: str, steps: tuple[int, ...]) -> PathPage:
    row = session.execute(
        select(Page, PageState, Run.started_at)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .join(Run, Run.id == PageState.first_run_id)
        .where(Page.site_id == site.id, Page.identity_hash == short_hash(address.encode()))
    ).one_or_none()
    measured = tuple(one for one in series_of_site(session, site.id, address=address) if one.address)
    if row is None:
        return PathPage(address, title, steps, None, None, None, None, measured, ())
    page, state, since = row
    barriers = tuple((rule, impact, places) for _, rule, impact, places in barriers_of_pages(session, site.id, [address]))
    feedback = feedback_of_page(session, page, MOST_COMMENTS)
    modified = _day(state.last_modified or "")
    return PathPage(address, title or state.title, steps, page.id, modified, since, feedback, measured, barriers)


def _day(header: str) -> date | None:
    """The day of an HTTP date; None: there is none, or what stands there is no date."""
    try:
        return parsedate_to_datetime(header).date()
    except (TypeError, ValueError):
        return None
