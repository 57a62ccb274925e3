"""Links of a site that do not work, or that nobody can be sure of."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from dashboard.screen import AnyScreen, Id, PageNumber
from rules.observation import BROKEN, LinkClass
from storage.questions.links import class_counts, dead_per_thousand, links_of_class
from storage.questions.runs import latest_run, runs_by_id

router = APIRouter()

PART = 50  # links on one screen, each with its places
PLACES = 5
OTHERS = (LinkClass.MOVED, LinkClass.BLOCKED, LinkClass.UNSURE, LinkClass.NOT_ASKED)


@router.get("/{language}/sites/{site_id}/links", name="links", response_class=HTMLResponse)
def links(
    screen: AnyScreen,
    site_id: Id,
    kind: Annotated[LinkClass | None, Query(alias="class")] = None,
    number: PageNumber = 1,
) -> HTMLResponse:
    if kind is LinkClass.OK:
        raise HTTPException(404)  # where sound links stand is in the pages, not in a list
    classes = (kind,) if kind else BROKEN
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        counts = class_counts(session, site_id, run.id) if run else {}
        pagination = screen.pagination(number, sum(counts.get(name, 0) for name in classes), PART)
        rows = links_of_class(session, site_id, run.id, classes, PART, pagination.offset, PLACES) if run else []
        since = runs_by_id(session, {row.link.first_run_id for row in rows})
    return screen.show(
        "links.html.j2",
        site=site,
        run=run,
        kind=kind,
        broken=BROKEN,
        others=OTHERS,
        counts=counts,
        dead_per_thousand=dead_per_thousand(counts),
        rows=rows,
        since=since,
        pagination=pagination,
    )
