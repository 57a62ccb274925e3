"""What residents will search for in the weeks ahead, by the same weeks of last year, and how its page is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from dashboard.screen import AnyScreen, Id
from rules.address import page_of_log
from rules.content_gap import FoundPage
from rules.stemming import meaning
from storage.kpis import OUT_OF_DATE
from storage.models import FindabilityResult, FindabilityTask, Site
from storage.page_texts import find_pages, pages_by_identity
from storage.questions.findability import as_asked, barriers_of_pages, finished_tests, results_of_test, tasks_by_query
from storage.questions.rules import pages_with_any
from storage.questions.searches import WEEKS_AHEAD, YEAR, Season, clicked_pages, days_of_logs, often, season_ahead

router = APIRouter()


@dataclass(frozen=True)
class Ahead:
    """What is coming, with its page and how that is."""

    season: Season
    page: FoundPage | None
    is_clicked: bool  # residents clicked that page; else it is the one that says these words
    barriers: int  # open serious failures
    is_out_of_date: bool
    tasks: list[tuple[FindabilityTask, FindabilityResult | None]]


@router.get("/{language}/sites/{site_id}/ahead", name="season", response_class=HTMLResponse)
def season(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        today = screen.now.astimezone(ZoneInfo(site.time_zone)).date()
        found = season_ahead(session, site, today)
        return screen.show(
            "season.html.j2",
            site=site,
            known=days_of_logs(session, site_id),
            first=today - YEAR,
            weeks=WEEKS_AHEAD,
            rows=None if found is None else _with_pages(session, site, found),
        )


def _with_pages(session: Session, site: Site, found: list[Season]) -> list[Ahead]:
    clicks = clicked_pages(session, site.id, {line.query for one in found for line in one.queries if line.query is not None})
    tests = finished_tests(session, site.id, 1)
    results = results_of_test(session, tests[-1].id) if tests else {}
    of_query = tasks_by_query(session, site.id)
    rows = []
    for one in found:
        page, is_clicked = _page(session, site, one, clicks)
        barriers = barriers_of_pages(session, site.id, [page.identity]) if page else []
        tasks = {task.id: task for line in one.queries for task in of_query.get(as_asked(line.text), ())}
        rows.append(
            Ahead(
                one,
                page,
                is_clicked,
                sum(places for *_, places in barriers),
                page is not None and bool(pages_with_any(session, [page.page_id], OUT_OF_DATE)),
                [(task, results.get(number)) for number, task in tasks.items()],
            )
        )
    return rows


def _page(session: Session, site: Site, one: Season, clicks: dict[int, Counter[str]]) -> tuple[FoundPage | None, bool]:
    """The page that visits clicked most; without clicks, the one that says the most asked of these queries best."""
    clicked = sum((clicks.get(line.query or 0, Counter()) for line in one.queries), Counter[str]())
    for address, _ in often(clicked, 1):
        identity = page_of_log(site.start_url, address)
        if page := pages_by_identity(session, site.id, [identity]).get(identity):
            return page, True
    said = find_pages(session, site.id, [{stem} for stem in meaning(one.queries[0].text)], 1)
    return (said[0] if said else None), False
