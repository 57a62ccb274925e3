"""One site: what got better, how it goes, what to mend first, and what was not looked at."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from dashboard import charts, formatting
from dashboard.causes import Cause, causes, count_outcomes, criteria_states, norm_of
from dashboard.going import going_of
from dashboard.panel import marks
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.screens.searches import period_of
from rules.run import RunState
from rules.task import PageStatus
from storage.journeys import completed
from storage.kpis import JUDGED, OUT_OF_DATE, annotations_of_site, duties_met
from storage.models import Run, Site
from storage.products import products_since
from storage.questions.clusters import causes_of_run
from storage.questions.coverage import reasons
from storage.questions.links import broken, class_counts, dead_per_thousand
from storage.questions.outcomes import outcomes_per_rule
from storage.questions.requests import waiting_requests
from storage.questions.rules import appeared, count_pages_with_any, fixed, tallies
from storage.questions.runs import RunPoint, progress, run_history, unfinished_run
from storage.questions.searches import days_of_logs
from storage.register import statements_of_site
from storage.runs import SILENT_FOR
from storage.search_report import QueryLine, total_searches

router = APIRouter()

YEAR = timedelta(days=366)  # within which a statement is reviewed
TOP_CAUSES = 10
MOST_NOTES = 10  # addresses that the walk could not use
COVERED = {
    PageStatus.TESTED: "tested",
    PageStatus.CARRIED_OVER: "carried_over",
    PageStatus.UNTESTED: "untested",
    PageStatus.SKIPPED: "skipped",
}


@router.get("/{language}/sites/{site_id}", name="site", response_class=HTMLResponse)
def site(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        shown = screen.site(session, site_id)
        history = run_history(session, site_id)
        values = _of_latest(session, screen, shown, history) if history else {}
        unfinished = unfinished_run(session, site_id)
        running = unfinished is not None and unfinished.state == RunState.RUNNING
        return screen.show(
            "site.html.j2",
            site=shown,
            journeys_done=completed(session, shown.id),
            history=history,
            unfinished=unfinished,
            silent=running and unfinished is not None and screen.now - unfinished.heartbeat_at > SILENT_FOR,
            progress=progress(session, unfinished.id) if running and unfinished is not None else None,
            going=going_of(unfinished) if unfinished is not None else None,
            statements=statements_of_site(session, shown),
            products_since=products_since(session),
            year_ago=(screen.now - YEAR).date(),
            waiting=next((request for request in waiting_requests(session, site_id) if request.kind == "run"), None),
            searched=_searched(session, shown),
            **values,
        )


def _searched(session: Session, shown: Site) -> tuple[date, QueryLine] | None:
    """The newest month of searches that is known, by its first day, and what it adds up to."""
    known = days_of_logs(session, shown.id)
    if known is None:
        return None
    period = period_of("", known)
    return period.first, total_searches(session, shown, period.first, period.last)


def _of_latest(session: Session, screen: Screen, shown: Site, history: list[RunPoint]) -> dict[str, Any]:
    latest = history[-1]
    run = latest.run
    rules = tallies(session, run.id)
    found = causes(rules, causes_of_run(session, shown.id, run.id))
    failures = [cause for cause in found if cause.failed]
    outcomes = outcomes_per_rule(session, shown.id, run.id)
    states = criteria_states(norm_of(run.norm), rules, outcomes)
    is_dated = any(outcomes[rule].keys() & JUDGED for rule in OUT_OF_DATE if rule in outcomes)
    links = class_counts(session, shown.id, run.id)
    marked = marks(history)
    return {
        "latest": latest,
        "before": history[-2] if len(history) > 1 else None,
        "latest_mark": marked.get(run.id),
        "marks": marked,
        "fixed": fixed(session, shown.id, run.id),
        "appeared": appeared(session, shown.id, run.id) if len(history) > 1 else [],
        "chart": charts.trend(measurements(screen, shown, history), annotations_of_site(session, shown.id)),
        "causes": failures[:TOP_CAUSES],
        "number_of_causes": len(failures),
        "questions": [cause for cause in found if cause.cannot_tell and not (cause.rule and cause.rule.is_advice)],
        "menders": _per_mender(failures),
        "coverage": coverage_of(run),
        "carried_since": carried_since_of(run),
        "notes": run.coverage.get("notes", [])[:MOST_NOTES],
        "reasons": reasons(session, shown.id, run.id),
        "links": links,
        "broken": broken(links),
        "dead_per_thousand": dead_per_thousand(links),
        "duties": duties_met(outcomes),
        "out_of_date": count_pages_with_any(session, shown.id, OUT_OF_DATE, run.id) if is_dated else None,
        "norm": norm_of(run.norm),
        "criteria": count_outcomes(states),
        "criteria_states": states,
    }


def measurements(screen: Screen, shown: Site, history: list[RunPoint]) -> list[charts.Measurement]:
    """Pages with failures after each run; a run of another panel, or made with something else, starts a new line."""
    marked = marks(history)
    measured = [(point.run, value) for point in history if (value := point.figure("pages_with_failure")) is not None]
    labels = formatting.run_labels([run.started_at for run, _ in measured], screen.language, shown.time_zone)
    return [
        charts.Measurement(label, value, run.id in marked, run.started_at.date())
        for label, (run, value) in zip(labels, measured, strict=True)
    ]


def coverage_of(run: Run) -> dict[str, int]:
    """The counts of a run; zero where it wrote none."""
    names = ("found", *COVERED.values(), "documents")
    return {name: int(run.coverage.get(name, 0)) for name in names}


def carried_since_of(run: Run) -> datetime | None:
    """The oldest test of which a run carried a result over; None where it carried none over."""
    since = run.coverage.get("carried_since")
    return datetime.fromisoformat(since) if since else None


def _per_mender(failures: list[Cause]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for cause in failures:
        if cause.mender:
            counts[cause.mender] = counts.get(cause.mender, 0) + 1
    return counts
