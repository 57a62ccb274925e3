"""Runs of a site: when, how far, and made with what."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from dashboard.going import going_of
from dashboard.screen import AnyScreen, Id, PageNumber
from dashboard.screens.site import carried_since_of, coverage_of
from rules.run import RunState
from storage.questions.rules import failures_new_and_gone
from storage.questions.runs import number_of_runs, progress, runs_of_site, unfinished_run, with_figures

router = APIRouter()

PART = 25  # runs on one screen


@router.get("/{language}/sites/{site_id}/runs", name="runs", response_class=HTMLResponse)
def runs(screen: AnyScreen, site_id: Id, number: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        pagination = screen.pagination(number, number_of_runs(session, site_id), PART)
        points = with_figures(session, runs_of_site(session, site_id, PART, pagination.offset))
        running = unfinished_run(session, site_id)
        running = running if running is not None and running.state == RunState.RUNNING else None
        far = progress(session, running.id) if running else None
        changes = failures_new_and_gone(session, site_id, [point.run.id for point in points])
    return screen.show(
        "runs.html.j2",
        site=site,
        changes=changes,
        running=running,
        progress=far,
        going=going_of(running) if running else None,
        rows=[(point, coverage_of(point.run), carried_since_of(point.run)) for point in points],
        pagination=pagination,
    )
