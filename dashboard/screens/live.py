"""What goes on, told while it goes on: how far a run is, and whether a page that was asked for has its answer."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from dashboard.going import going_of
from dashboard.languages import N_, translations
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.streams import Event, EventStream
from rules.run import RunState
from storage.questions.pages import page_by_id
from storage.questions.requests import request_by_id
from storage.questions.runs import progress, unfinished_run

router = APIRouter()

STEP = 25  # per cent, between two sentences that are read out
ANSWERED = ("done", "failed", "cancelled")
STAGES = {"documents": N_("Nu de documenten."), "second-look": N_("Nu de tweede blik op wat fout was.")}


@router.get("/{language}/sites/{site_id}/progress", name="run_progress")
def run_progress(screen: AnyScreen, site_id: Id) -> Response:
    """The run of a site, until it goes on no more."""
    with screen.database.session() as session:
        screen.site(session, site_id)
    return _stream(screen, lambda: _of_run(screen, site_id))


@router.get("/{language}/pages/{page_id}/answer/{number}/progress", name="check_progress")
def check_progress(screen: AnyScreen, page_id: Id, number: Id) -> Response:
    """A page that is looked at again, until there is an answer."""
    with screen.database.session() as session:
        page, request = page_by_id(session, page_id), request_by_id(session, number)
        if page is None or request is None or request.arguments.get("url") != page.identity or request.site_id != page.site_id:
            raise HTTPException(404)
        screen.site(session, page.site_id)
    return _stream(screen, lambda: _of_request(screen, number))


def _stream(screen: Screen, read: Callable[[], Event]) -> EventStream:
    return EventStream(screen.request.app.state.streams, screen.who.address or "local", read)


def _of_run(screen: Screen, site_id: int) -> Event:
    words = translations(screen.language)
    with screen.database.session() as session:
        run = unfinished_run(session, site_id)
        if run is None or run.state != RunState.RUNNING:
            ended = words.gettext("De controle loopt niet meer.")
            return Event(screen.fill("live_run.html.j2", site_id=site_id, progress=None, going=None), ended, is_last=True)
        far, going = progress(session, run.id), going_of(run)
    quarter = 100 * far.done // max(1, far.total) // STEP * STEP
    share = words.gettext("%(share)s%% van de gevonden pagina’s is klaar.") % {"share": quarter}
    said = words.gettext(STAGES[going.stage]) if going.stage in STAGES else share
    return Event(screen.fill("live_run.html.j2", site_id=site_id, progress=far, going=going), said)


def _of_request(screen: Screen, number: int) -> Event:
    with screen.database.session() as session:
        request = request_by_id(session, number)
        answered = request is None or request.state in ANSWERED
    return Event("", translations(screen.language).gettext("Er is een antwoord.") if answered else "", is_last=answered)
