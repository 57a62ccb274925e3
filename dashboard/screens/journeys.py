"""Journeys: the tasks of residents, where each of them breaks and in which way, with pictures; and the editor of their steps."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

from babel.dates import get_month_names
from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard import charts, formatting
from dashboard.journey_shown import shown_ways
from dashboard.languages import LOCALES
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.findability import TaskState
from rules.journey import LONGEST_FILE, TEST, JourneyError, Verdict, read_journey
from storage.journey_models import JourneyRow, JourneyRun
from storage.journeys import (
    journey_of_site,
    journeys_of_site,
    keep_journey,
    newest_walks,
    remove_journey,
    walks_of,
)
from storage.kpis import annotations_of_site
from storage.models import Site
from storage.questions.requests import waiting_requests
from storage.requests import AlreadyAsked, ask

router = APIRouter()

ASKED_BY = "dashboard"
EXAMPLE = """title = "Melding doen"
goal = "Een losse stoeptegel melden"

[[step]]
open = "/"

[[step]]
click = "Melding doen"

[[step]]
expect = "Waar gaat uw melding over?"
"""
ORDER = (Verdict.BROKEN, Verdict.HINDERED, Verdict.UNTESTED, Verdict.BORDER, Verdict.COMPLETED)


@router.get("/{language}/sites/{site_id}/journeys", name="journeys", response_class=HTMLResponse)
def journeys(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        return _list(screen, session, screen.site(session, site_id), EXAMPLE)


@router.post("/{language}/sites/{site_id}/journeys", name="write_journey")
def write_journey(screen: AnyScreen, site_id: Id, text: Annotated[str, Form(max_length=LONGEST_FILE)]) -> Response:
    """Keep the journey of the form; one of the same title is changed. What is wrong is said beside the form."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        try:
            journey = read_journey(text.replace("\r\n", "\n"))
        except JourneyError as error:
            return _list(screen, session, site, text, error.said(screen.language), 422)
        row = keep_journey(session, site_id, journey, "person", screen.now)
        return RedirectResponse(screen.path("journey", site_id=site_id, journey_id=row.id), status_code=303)


@router.post("/{language}/sites/{site_id}/journeys/walk", name="ask_journeys")
def ask_journeys(screen: AnyScreen, site_id: Id) -> RedirectResponse:
    """Ask the scheduler to walk all confirmed journeys."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        with suppress(AlreadyAsked):  # the screen says that it waits, whoever asked first
            ask(session, site_id, TEST, {}, ASKED_BY, screen.now)
    return screen.back_to("journeys", site_id=site_id)


@router.get("/{language}/sites/{site_id}/journeys/{journey_id}", name="journey", response_class=HTMLResponse)
def journey(screen: AnyScreen, site_id: Id, journey_id: Id) -> HTMLResponse:
    return _one(screen, site_id, journey_id)


@router.post("/{language}/sites/{site_id}/journeys/{journey_id}", name="judge_journey")
def judge_journey(screen: AnyScreen, site_id: Id, journey_id: Id, right: Annotated[bool, Form()]) -> RedirectResponse:
    """Confirm a proposed journey; or take it away, with its walks."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        row = _row(session, site_id, journey_id)
        if right:
            row.state = TaskState.CONFIRMED
        else:
            remove_journey(session, row)
    return screen.back_to("journeys", site_id=site_id)


def _row(session: Session, site_id: int, journey_id: int) -> JourneyRow:
    row = journey_of_site(session, site_id, journey_id)
    if row is None:
        raise HTTPException(404)
    return row


def _list(screen: Screen, session: Session, site: Site, text: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    walks = newest_walks(session, site.id)
    rows = journeys_of_site(session, site.id)
    confirmed = [(row, walks.get(row.id)) for row in rows if row.state == TaskState.CONFIRMED]
    return screen.show(
        "journeys.html.j2",
        status,
        site=site,
        rows=sorted(confirmed, key=_urgency),
        proposed=[row for row in rows if row.state == TaskState.PROPOSED],
        waiting=any(request.kind == TEST for request in waiting_requests(session, site.id)),
        text=text,
        wrong=wrong,
        example=EXAMPLE,
    )


def _urgency(row: tuple[JourneyRow, JourneyRun | None]) -> tuple[int, str]:
    verdict = Verdict(row[1].verdict) if row[1] else Verdict.UNTESTED
    return ORDER.index(verdict), row[0].title


def _one(screen: Screen, site_id: int, journey_id: int) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        row = _row(session, site_id, journey_id)
        walks = walks_of(session, journey_id)
        walk = walks[-1] if walks else None
        return screen.show(
            "journey.html.j2",
            site=site,
            row=row,
            journey=(journey := read_journey(row.text)),
            season=[get_month_names("wide", locale=LOCALES[screen.language])[month] for month in journey.season],
            walk=walk,
            walks=walks[::-1],
            ways=shown_ways(session, walk, screen.language) if walk else [],
            chart=charts.trend(_done(screen, site, walks), annotations_of_site(session, site.id)),
        )


def _done(screen: Screen, site: Site, walks: list[JourneyRun]) -> list[charts.Measurement]:
    """In how many of its ways a resident gets to the end, walk by walk."""
    figures: list[dict[str, Any]] = [walk.figures for walk in walks]
    labels = formatting.run_labels([walk.started_at for walk in walks], screen.language, site.time_zone)
    return [
        charts.Measurement(label, figure["ways_done"], day=walk.started_at.date())
        for label, walk, figure in zip(labels, walks, figures, strict=True)
        if "ways_done" in figure
    ]
