"""Journeys: the tasks of residents, where each of them breaks and in which way, with pictures; and the editor of their steps."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any, Literal

from babel.dates import get_month_names
from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard import charts, formatting
from dashboard.journey_shown import shown_ways, tried_ways
from dashboard.languages import LOCALES
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.findability import TaskState
from rules.journey import LONGEST_FILE, TEST, TRY, JourneyError, Verdict, Way, read_journey
from rules.journey_sending import may_send_to
from storage.blobs import has_picture
from storage.journey_models import JourneyRow, JourneyRun
from storage.journeys import (
    journey_of_site,
    journeys_of_site,
    keep_journey,
    newest_walks,
    remove_journey,
    versions_of,
    walks_of,
)
from storage.kpis import annotations_of_site
from storage.models import Site
from storage.questions.requests import request_by_id, waiting_requests
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
def write_journey(
    screen: AnyScreen,
    site_id: Id,
    text: Annotated[str, Form(max_length=LONGEST_FILE)],
    act: Annotated[Literal["keep", "try"], Form()] = "keep",
) -> Response:
    """Keep the journey of the form, one of the same title is changed; or try it. What is wrong is said beside the form."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        text = text.replace("\r\n", "\n")
        try:
            journey = read_journey(text)
        except JourneyError as error:
            return _list(screen, session, site, text, error, 422)
        if act == "try":
            return screen.back_to("tried_journey", site_id=site_id, number=_ask_try(screen, session, site_id, text))
        row = keep_journey(session, site_id, journey, "person", screen.now, person=screen.who.name)
        return RedirectResponse(screen.path("journey", site_id=site_id, journey_id=row.id), status_code=303)


def _ask_try(screen: Screen, session: Session, site_id: int, text: str) -> int:
    """The number of the request; of one that waits with the same text, where there is one."""
    arguments = {"text": text, "ways": [way.value for way in Way]}
    try:
        return ask(session, site_id, TRY, arguments, screen.who.name, screen.now).id
    except AlreadyAsked:
        asked = waiting_requests(session, site_id)
        return next(one.id for one in asked if one.kind == TRY and one.arguments == arguments)


@router.get("/{language}/sites/{site_id}/journeys/tried/{number}", name="tried_journey", response_class=HTMLResponse)
def tried_journey(screen: AnyScreen, site_id: Id, number: Id) -> HTMLResponse:
    """What came of trying what stood in the editor: where it breaks, with a picture, and the text to go on with."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        request = request_by_id(session, number)
        if request is None or request.site_id != site_id or request.kind != TRY:
            raise HTTPException(404)
        text = str(request.arguments["text"])
        return screen.show(
            "tried_journey.html.j2",
            site=site,
            request=request,
            title=read_journey(text).title,
            text=text,
            ways=tried_ways(text, request.result, screen.language, lambda digest: has_picture(session, digest)),
        )


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


def _list(
    screen: Screen, session: Session, site: Site, text: str, error: JourneyError | None = None, status: int = 200
) -> HTMLResponse:
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
        wrong=error.said(screen.language) if error else "",
        wrong_line=text.split("\n")[error.line - 1] if error and error.line else "",
        may_send=may_send_to(site.settings),
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
            is_proposed=row.state == TaskState.PROPOSED,
            versions=versions_of(session, journey_id),
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
