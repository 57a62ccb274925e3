"""The accessibility statement: its status by dated facts, what changes by itself, and whether what it says is so."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.outcome import Outcome
from rules.statement_check import StatementRead, compare_statement
from rules.statement_status import changes_after, due_warnings, meets_the_law, status_on
from storage.questions.requests import last_requests
from storage.register import statements_of_site
from storage.requests import AlreadyAsked, ask
from storage.sites import scope_of
from storage.statements import (
    DAYS,
    dead_addresses,
    failing_now,
    keep_statement,
    newest_results,
    reported_now,
    statement_facts,
    statement_page,
    statement_said,
)

router = APIRouter()

READ = "read_statement"  # the kind of request that the scheduler answers
ASKED_BY = "dashboard"
Day = Annotated[str, Form(max_length=10)]


@router.get("/{language}/sites/{site_id}/statement", name="statement", response_class=HTMLResponse)
def statement(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    return _show(screen, site_id)


def _show(screen: Screen, site_id: int, typed: dict[str, str] | None = None, wrong: str = "") -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        facts, results = statement_facts(session, site), newest_results(session, site_id)
        today = screen.now.date()
        asked = next(iter(last_requests(session, site_id, READ, 1)), None)
        differences = []
        if asked and asked.state == "done":
            told = asked.result
            dates = {kind: date.fromisoformat(day) for kind, day in told["dates"].items()}
            read = StatementRead(told["url"], told["text"], tuple(told["links"]), dates)
            conclusions = results.conclusions if results else {}
            failed = {number for number, one in conclusions.items() if one.outcome is Outcome.FAILED}
            met = {number for number, one in conclusions.items() if one.outcome in (Outcome.PASSED, Outcome.INAPPLICABLE)}
            known = failing_now(session, site_id) | reported_now(session, site_id)
            dead = dead_addresses(session, site_id)
            differences = compare_statement(read, known | failed, met, dead, today)
        return screen.show(
            "statement.html.j2",
            422 if wrong else 200,
            site=site,
            facts=facts,
            by_facts=status_on(facts, today),
            lawful=meets_the_law(facts, today),
            changes=changes_after(facts, today),
            warnings=due_warnings(facts, today),
            results=results,
            registered=statements_of_site(session, site),
            typed=(statement_said(site) | {"url": statement_page(session, site)}) | (typed or {}),
            days=DAYS,
            asked=asked,
            differences=differences,
            wrong=wrong,
        )


@router.post("/{language}/sites/{site_id}/statement", name="write_statement")
def write_statement(
    screen: AnyScreen,
    site_id: Id,
    published_on: Day = "",
    reviewed_on: Day = "",
    research_on: Day = "",
    planned_research_on: Day = "",
    improves: Annotated[str, Form(max_length=5)] = "",
    url: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Keep what is known of the statement."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    days = {"published_on": published_on, "reviewed_on": reviewed_on, "research_on": research_on}
    days |= {"planned_research_on": planned_research_on}
    typed = {**days, "url": url.strip()}
    try:
        for day in days.values():
            if day:
                date.fromisoformat(day)
    except ValueError:
        return _show(screen, site_id, typed, "no-day")
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        if typed["url"] and not scope_of(site).covers(typed["url"]):
            wrong = "other-site"
        else:
            wrong = ""
            keep_statement(site, {**typed, "improves": improves == "1"})
    return _show(screen, site_id, typed, wrong) if wrong else screen.back_to("statement", site_id=site_id)


@router.post("/{language}/sites/{site_id}/statement/read", name="read_statement")
def read_statement(screen: AnyScreen, site_id: Id) -> RedirectResponse:
    """Ask the scheduler to read the statement on the live site."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        if url := statement_page(session, site):
            with suppress(AlreadyAsked):  # the screen says that it waits, whoever asked first
                ask(session, site_id, READ, {"url": url}, ASKED_BY, screen.now)
    return screen.back_to("statement", site_id=site_id)
