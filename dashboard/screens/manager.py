"""The manager's page: the four panels in short, what was achieved, what needs a decision, and what waits for a supplier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from dashboard.causes import Cause, causes
from dashboard.panel import Mark, marks
from dashboard.screen import AnyScreen, Id, PageNumber, Screen
from dashboard.screens.panels import DIGITS
from dashboard.simulation import simulate
from rules.findability import TaskState
from rules.kpi import Panel
from rules.outcome import Mender
from rules.policy import rule_named
from storage.findability import tasks_of_site
from storage.kpis import KpiLine, kpi_lines
from storage.models import Run, Site, Statement
from storage.questions.achieved import first_run_since, proofs, run_of_site
from storage.questions.clusters import causes_of_run
from storage.questions.rules import RuleChange, fixed_since, tallies
from storage.questions.runs import RunPoint, run_history, unfinished_run
from storage.register import register_since, statements_of_site

router = APIRouter()

QUARTER = timedelta(days=92)
YEAR = timedelta(days=366)  # within which a statement is reviewed
MOST_ACHIEVED = 5
MOST_SUPPLIED = 6
PROOFS = 25  # on one screen
# By the rule's area; else Welkom.
PANELS = {"journeys": "Doen", "links": "Doen", "website": "Op orde", "municipal": "Op orde", "own": "Op orde"}


@dataclass(frozen=True)
class Achieved:
    """Failures of one rule that are gone, with the element of the vision that this serves."""

    change: RuleChange
    panel: str


@router.get("/{language}/sites/{site_id}/manager", name="manager", response_class=HTMLResponse)
def manager(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        history = run_history(session, site_id)
        if not history:
            return screen.show("manager.html.j2", site=site, run=None)
        run = history[-1].run
        since = first_run_since(session, site_id, screen.now - QUARTER)
        found = causes(tallies(session, run.id), causes_of_run(session, site_id, run.id))
        gone = fixed_since(session, site_id, since.id, run.id) if since and since.id < run.id else []
        supplied = [cause for cause in found if cause.failed and cause.mender == Mender.SUPPLIER]
        return screen.show(
            "manager.html.j2",
            site=site,
            run=run,
            since=since if since and since.id < run.id else None,
            panels=_panels(kpi_lines(session, site, screen.now)),
            digits=DIGITS,
            marked=_breaks(history, since),
            achieved=[Achieved(change, panel_of(change.rule)) for change in gone[:MOST_ACHIEVED]],
            achieved_in_all=gone,
            supplied=supplied[:MOST_SUPPLIED],
            supplied_in_all=len(supplied),
            simulation=simulate(session, site_id, run.id, found, ()),
            **_decisions(session, screen, site, found),
        )


@router.get("/{language}/sites/{site_id}/achieved/{rule_id}", name="achieved", response_class=HTMLResponse)
def achieved(
    screen: AnyScreen, site_id: Id, rule_id: str, since: Annotated[int, Query(ge=1, le=2**31 - 1)], page: PageNumber = 1
) -> HTMLResponse:
    """Before and after, one line for each failure that is gone since a run."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        before = run_of_site(session, site_id, since)
        history = run_history(session, site_id, limit=1)
        if before is None or not history or rule_named(rule_id) is None:
            raise HTTPException(404)
        found = proofs(session, site_id, rule_id, before.id, history[-1].run.id, PROOFS, (page - 1) * PROOFS)
        return screen.show(
            "achieved.html.j2",
            site=site,
            rule_id=rule_id,
            panel=panel_of(rule_id),
            before=before,
            run=history[-1].run,
            proofs=found.rows,
            pagination=screen.pagination(page, found.total, PROOFS),
        )


def panel_of(rule_id: str) -> str:
    """The element of the vision that mending what breaks a rule serves."""
    rule = rule_named(rule_id)
    return PANELS.get(rule.area, "Welkom") if rule else "Welkom"


def _panels(lines: list[KpiLine]) -> dict[Panel, list[KpiLine]]:
    """The register by panel: on each what is known first."""
    return {
        panel: sorted((one for one in lines if one.kpi.panel == panel), key=lambda one: one.actual is None) for panel in Panel
    }


def _breaks(history: list[RunPoint], since: Run | None) -> list[Mark]:
    """Runs after `since` that measured in another way than the one before: figures are then not of the same pages and rules."""
    return [mark for number, mark in marks(history).items() if since and number > since.id]


def _decisions(session: Session, screen: Screen, site: Site, found: list[Cause]) -> dict[str, Any]:
    """What waits for somebody's word."""
    statements = statements_of_site(session, site)
    unfinished = unfinished_run(session, site.id)
    return {
        "asked": sum(cause.cannot_tell for cause in found if not (cause.rule and cause.rule.is_advice)),
        "proposed_tasks": len(tasks_of_site(session, site.id, TaskState.PROPOSED)),
        "unfinished": unfinished if unfinished and unfinished.state != "running" else None,
        "statement": statements[0] if statements else None,
        "is_old": _is_old(statements[0], screen.now.date()) if statements else False,
        "register_since": register_since(session),
    }


def _is_old(statement: Statement, today: date) -> bool:
    return statement.agreed_on is None or statement.agreed_on < today - YEAR
