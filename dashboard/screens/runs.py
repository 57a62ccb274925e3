"""Runs of a site: when, how far, and made with what."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from dashboard.screen import AnyScreen, Id, PageNumber
from dashboard.screens.site import carried_since_of, coverage_of
from storage.questions.rules import failures_new_and_gone
from storage.questions.runs import number_of_runs, runs_of_site, with_figures

router = APIRouter()

PART = 25  # runs on one screen


@router.get("/{language}/sites/{site_id}/runs", name="runs", response_class=HTMLResponse)
def runs(screen: AnyScreen, site_id: Id, number: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        pagination = screen.pagination(number, number_of_runs(session, site_id), PART)
        points = with_figures(session, runs_of_site(session, site_id, PART, pagination.offset))
        changes = failures_new_and_gone(session, site_id, [point.run.id for point in points])
    return screen.show(
        "runs.html.j2",
        site=site,
        changes=changes,
        rows=[(point, coverage_of(point.run), carried_since_of(point.run)) for point in points],
        pagination=pagination,
    )
