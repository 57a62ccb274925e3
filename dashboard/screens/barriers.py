"""Barriers that people met or saw: what is open, one of them, and writing one down."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.barrier import LONGEST_TEXT, BarrierError, BarrierSource, Closing, checked_barrier
from rules.criteria import criteria_table
from rules.decision import REASONS
from rules.need import Need
from rules.norm import norms
from rules.outcome import Impact, Mender
from storage.barriers import (
    MOST_FILE_BYTES,
    PICTURES,
    SeenBarrier,
    barrier_by_number,
    close_barrier,
    closed_barriers,
    count_barriers,
    keep_barriers,
    open_again,
    open_barriers,
)
from storage.decisions import decisions_on_page
from storage.decisions import standing as standing_now

router = APIRouter()

MOST_CLOSED = 50
MOST_FIELDS = 30
FIELDS = ("address", "what", "source", "on", "criterion", "who", "impact", "mender")


@router.get("/{language}/sites/{site_id}/barriers", name="barriers", response_class=HTMLResponse)
def barriers(
    screen: AnyScreen,
    site_id: Id,
    address: Annotated[str, Query(max_length=4_000)] = "",
    criterion: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    with screen.database.session() as session:
        return _list(screen, session, site_id, {"address": address, "criterion": criterion})


def _list(screen: Screen, session: Session, site_id: int, typed: dict[str, Any], wrong: str = "") -> HTMLResponse:
    site = screen.site(session, site_id)
    asked = dict.fromkeys(number for norm in norms().values() for number in norm.criteria)
    usual = {"source": "", "on": screen.now.date().isoformat(), "impact": Impact.SERIOUS, "mender": Mender.EDITOR, "needs": []}
    return screen.show(
        "barriers.html.j2",
        422 if wrong else 200,
        site=site,
        counted=count_barriers(session, site_id),
        open_ones=open_barriers(session, site_id),
        closed=closed_barriers(session, site_id, MOST_CLOSED),
        sources=list(BarrierSource),
        needs=list(Need),
        impacts=list(Impact),
        menders=list(Mender),
        criteria=[row.criterion for number, row in criteria_table().items() if number in asked],
        typed={**dict.fromkeys(FIELDS, ""), **usual, **{name: value for name, value in typed.items() if value}},
        wrong=wrong,
    )


@router.post("/{language}/sites/{site_id}/barriers", name="write_barrier")
async def write_barrier(screen: AnyScreen, site_id: Id, request: Request) -> Response:
    """Write a barrier down, with a picture or file where there is one."""
    if not is_own_post(request):
        raise HTTPException(403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > MOST_FILE_BYTES + 20 * LONGEST_TEXT:
        return await run_in_threadpool(_refuse, screen, site_id)
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=8 * LONGEST_TEXT) as form:
        typed: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
        typed["needs"] = [value for value in form.getlist("needs") if isinstance(value, str)]
        sent = form.get("file")
        file = (sent.filename or "", await sent.read()) if isinstance(sent, UploadFile) and sent.size else ("", b"")
    return await run_in_threadpool(_keep, screen, site_id, typed, file)


def _refuse(screen: Screen, site_id: int) -> Response:
    with screen.database.session() as session:
        return _list(screen, session, site_id, {}, "file")


def _keep(screen: Screen, site_id: int, typed: dict[str, Any], file: tuple[str, bytes]) -> Response:
    said = {name: str(typed.get(name, "")) for name in FIELDS}
    try:
        with screen.database.session() as session:
            site = screen.site(session, site_id)
            barrier = checked_barrier(**said, needs=typed["needs"], today=screen.now.date())
            kept = keep_barriers(session, site, [barrier], screen.who.name, screen.now, file)
    except BarrierError as error:
        with screen.database.session() as session:
            return _list(screen, session, site_id, typed, error.field)
    if not kept.numbers:
        with screen.database.session() as session:
            return _list(screen, session, site_id, typed, "known")
    address = screen.path("barrier", site_id=site_id, number=kept.numbers[0])
    return RedirectResponse(f"{address}?{urlencode({'masked': ' '.join(sorted(kept.masked))})}", 303)


@router.get("/{language}/sites/{site_id}/barriers/{number}", name="barrier", response_class=HTMLResponse)
def barrier(screen: AnyScreen, site_id: Id, number: Id, masked: Annotated[str, Query(max_length=60)] = "") -> HTMLResponse:
    with screen.database.session() as session:
        seen = _seen(screen, session, site_id, number)
        about = decisions_on_page(session, seen.page.id).get(seen.value.rule, []) if seen.page else []
        return screen.show(
            "barrier.html.j2",
            site=screen.site(session, site_id),
            row=seen.row,
            seen=seen,
            barrier=seen.value,
            criteria=criteria_table(),
            decisions=[(one, standing_now(one, screen.now)) for one in about],
            reasons=REASONS,
            closings=list(Closing),
            is_picture=seen.row.media_type in PICTURES,
            masked=masked.split(),
        )


def _seen(screen: Screen, session: Session, site_id: int, number: int) -> SeenBarrier:
    screen.site(session, site_id)
    found = barrier_by_number(session, site_id, number)
    if found is None:
        raise HTTPException(404)
    return found


@router.post("/{language}/sites/{site_id}/barriers/{number}", name="close_barrier")
def close(
    screen: AnyScreen,
    site_id: Id,
    number: Id,
    what: Annotated[str, Form(max_length=10)],
    note: Annotated[str, Form(max_length=LONGEST_TEXT)] = "",
) -> RedirectResponse:
    """Close a barrier, or open it again: only a person does."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        row = _seen(screen, session, site_id, number).row
        if what == "open":
            open_again(session, row)
        elif what in set(Closing):
            close_barrier(session, row, Closing(what), note, screen.who.name, screen.now)
        else:
            raise HTTPException(404)
    return screen.back_to("barrier", site_id=site_id, number=number)


@router.get("/{language}/sites/{site_id}/barriers/{number}/file", name="barrier_file")
def barrier_file(screen: AnyScreen, site_id: Id, number: Id) -> Response:
    """The file of a barrier: a picture is shown, all else is only handed out."""
    with screen.database.session() as session:
        row = _seen(screen, session, site_id, number).row
        if not row.content:
            raise HTTPException(404)
        kind, name, content = row.media_type, row.file_name, row.content
    shown = "inline" if kind in PICTURES else "attachment"
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name or 'file', safe='')}"},
    )
