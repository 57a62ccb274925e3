"""One search over everything that a site's screens know: pages, rules, tasks, and what residents search for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from dashboard.causes import rules_without_criteria
from dashboard.screen import AnyScreen, Id
from dashboard.screens.searches import period_of
from rules.norm import Language, success_criteria
from rules.policy import known_policies
from rules.rule import Rule, catalogue
from storage.findability import tasks_of_site
from storage.models import FindabilityTask, Site
from storage.questions.pages import PageFilter, PageList, pages_of_site
from storage.questions.rules import tallies
from storage.questions.runs import latest_run
from storage.questions.searches import days_of_logs
from storage.search_report import QueryLine, report

router = APIRouter()

MOST = 20  # of each kind; the rest is one link further
FEWEST_SIGNS = 2

Text = Annotated[str, Query(alias="q", max_length=200)]


@dataclass(frozen=True)
class FoundRule:
    """A rule that fits, and on how many pages of the site it has a failure now."""

    rule: Rule
    pages: int | None  # None: it did not run on this site


@router.get("/{language}/sites/{site_id}/search", name="search", response_class=HTMLResponse)
def search(screen: AnyScreen, site_id: Id, text: Text = "") -> HTMLResponse:
    wanted = " ".join(text.split())
    is_asked = len(wanted) >= FEWEST_SIGNS
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        pages = PageList([], 0)
        if run and is_asked:
            fits = PageFilter(text=wanted)
            pages = pages_of_site(session, site_id, run.id, fits, rules_without_criteria(), MOST, 0)
        return screen.show(
            "search.html.j2",
            site=site,
            wanted=wanted,
            is_asked=is_asked,
            pages=pages,
            rules=_rules(session, run.id if run else 0, wanted, screen.language) if is_asked else [],
            tasks=_tasks(session, site_id, wanted) if is_asked else [],
            queries=_queries(session, site, wanted) if is_asked else [],
            most=MOST,
        )


def _rules(session: Session, run_id: int, wanted: str, language: Language) -> list[FoundRule]:
    """By id, title or criterion; those with most pages first."""
    known = tallies(session, run_id)
    low = wanted.casefold()
    fits = [rule for rule in (*catalogue().values(), *known_policies().values()) if _fits(rule, low, language)]
    found = [FoundRule(rule, known[rule.id].failed_pages if rule.id in known else None) for rule in fits]
    return sorted(found, key=lambda one: (-(one.pages or 0), one.pages is None, one.rule.id))


def _fits(rule: Rule, wanted: str, language: Language) -> bool:
    names = (success_criteria()[number].name[language] for number in rule.criteria)
    texts = (rule.id, rule.words[language].title, *names)
    return wanted in rule.criteria or any(wanted in text.casefold() for text in texts)


def _tasks(session: Session, site_id: int, wanted: str) -> list[FindabilityTask]:
    low = wanted.casefold()
    return [
        task
        for task in tasks_of_site(session, site_id)
        if low in task.title.casefold() or any(low in query.casefold() for query in task.queries)
    ]


def _queries(session: Session, site: Site, wanted: str) -> list[QueryLine]:
    """Of the newest month, only what enough visits asked: the report leaves out the rest."""
    known = days_of_logs(session, site.id)
    if known is None:
        return []
    period = period_of("", known)
    low = wanted.casefold()
    return [line for line in report(session, site, period.first, period.last).queries if low in line.text.casefold()]
