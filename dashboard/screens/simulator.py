"""The fix simulator: choose causes, and read how many pages are free of confirmed failures once these are mended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from dashboard.causes import causes
from dashboard.screen import AnyScreen, Id
from dashboard.simulation import simulate
from storage.questions.clusters import causes_of_run
from storage.questions.rules import tallies
from storage.questions.runs import latest_run

router = APIRouter()

Chosen = Annotated[list[Annotated[str, Query(max_length=60)]], Query(max_length=200)]


@router.get("/{language}/sites/{site_id}/simulator", name="simulator", response_class=HTMLResponse)
def simulator(screen: AnyScreen, site_id: Id, cause: Chosen = []) -> HTMLResponse:  # noqa: B006 - FastAPI copies it
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        shown = None
        if run:
            found = causes(tallies(session, run.id), causes_of_run(session, site_id, run.id))
            shown = simulate(session, site_id, run.id, found, cause)
        return screen.show("simulator.html.j2", site=site, run=run, simulation=shown)
