"""The editor's desk: what is to be mended on my pages, at most ten things at once; and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.account import Permission
from rules.address import page_identity
from rules.decision import MOST_AT_ONCE, REASONS, DecisionError, DecisionKind, Wanted
from rules.worklist import MOST
from storage.accounts import deciders
from storage.blobs import short_hash
from storage.decisions import NothingThere, Promise, Thing, decide, promises_of_site
from storage.desk import Desk, DeskThing, desk_of, findings_gone, findings_left, pages_by_identity
from storage.models import Request, Site
from storage.owners import owners_of_site
from storage.questions.clusters import examples_of_causes
from storage.questions.pages import page_by_id
from storage.questions.requests import request_by_id
from storage.questions.runs import latest_run
from storage.questions.sites import all_sites
from storage.requests import AlreadyAsked, ask
from storage.sites import scope_of

router = APIRouter()

EVERYBODY = "*"
CHECK = "check"  # of the buttons, the one that decides nothing
WAITS_S = 8.0  # for an answer, before the screen says that it is not there yet
LOOKS_EVERY_S = 0.4
SHOWN_PROMISES = 20
Typed = Annotated[str, Form(max_length=2_000)]


@dataclass(frozen=True)
class Card:
    """One thing, ready to be shown."""

    thing: DeskThing
    picture: str | None
    days: int | None  # since it was first seen


@router.get("/{language}/sites/{site_id}/desk", name="desk", response_class=HTMLResponse)
def desk(
    screen: AnyScreen,
    site_id: Id,
    whose: Annotated[str, Query(alias="for", max_length=200)] = "",
    part: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> HTMLResponse:
    return _show(screen, site_id, whose, part)


def _show(
    screen: Screen, site_id: int, whose: str, part: int, wrong: str = "", status: int = 200, note: str = ""
) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        owners = _owners(screen, whose)
        found = desk_of(session, site, owners, screen.now, skip=(part - 1) * MOST)
        if part > 1 and not found.things:
            raise HTTPException(404)
        promises = promises_of_site(session, site, screen.now)
        mine = promises if owners is None else [one for one in promises if _is_of(one, owners)]
        return screen.show(
            "desk.html.j2",
            status,
            site=site,
            run=latest_run(session, site_id),
            desk=found,
            cards=_cards(session, screen, found),
            part=part,
            parts=-(-found.total // MOST),
            whose=whose,
            owners=[one for one in owners_of_site(session, site_id) if one.owner],
            is_mine=owners is not None and not whose,
            everybody=EVERYBODY,
            promises=mine[: screen.part(1, SHOWN_PROMISES)[0]],
            reasons=REASONS,
            kinds=DecisionKind,
            wrong=wrong,
            note=note,
        )


def _owners(screen: Screen, whose: str) -> Sequence[str] | None:
    """Whose pages are asked for; None: everybody's. Whoever has logged in sees their own first."""
    if whose == EVERYBODY or (not whose and screen.who.is_local):
        return None
    return (whose,) if whose else screen.who.names


def _is_of(promise: Promise, owners: Sequence[str]) -> bool:
    names = {name.casefold() for name in owners}
    return bool(names & {promise.first.person.casefold(), promise.first.assignee.casefold()})


def _cards(session: Session, screen: Screen, found: Desk) -> list[Card]:
    cards = []
    for thing in found.things:
        examples = examples_of_causes(session, {thing.cluster_id}, thing.page_id) if thing.cluster_id else {}
        picture = next((one.picture for one in examples.values() if one.picture), None)
        cards.append(Card(thing, picture, _days_old(found.first_seen.get(thing.first_run_id), screen.now)))
    return cards


def _days_old(seen: datetime | None, now: datetime) -> int | None:
    return (now - seen).days if seen else None


@router.post("/{language}/sites/{site_id}/desk", name="desk_decide")
def desk_decide(
    screen: AnyScreen,
    site_id: Id,
    act: Annotated[str, Form(max_length=20)],
    thing: Annotated[list[str], Form(max_length=100)] = [],  # noqa: B006  # FastAPI makes a new one for each form
    reason: Typed = "",
    note: Typed = "",
    until: Annotated[str, Form(max_length=10)] = "",
    to: Typed = "",
    whose: Typed = "",
    page_id: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """Decide about one thing or many; or have their pages looked at again now."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    things = _things(thing)
    try:
        if not things:
            raise DecisionError("thing", "tick at least one thing")
        with screen.database.session() as session:
            site = screen.site(session, site_id)
            if act == CHECK:
                if not screen.who.may(Permission.CHECK, site_id):
                    raise HTTPException(403)
                return _ask_again(session, screen, site, things)
            wanted = Wanted(_kind(act), reason, note, _day(until), to)
            decide(session, site, things, wanted, screen.who.name, deciders(session, site_id), screen.now)
    except NothingThere:
        return _show(screen, site_id, whose, 1, "gone", 409)
    except DecisionError as error:
        return _show(screen, site_id, whose, 1, error.field, 422, note)
    if page_id:
        return screen.back_to("page", page_id=page_id)
    back = screen.path("desk", site_id=site_id)
    return RedirectResponse(f"{back}?{urlencode({'for': whose})}" if whose else back, 303)


def _kind(act: str) -> DecisionKind:
    if act not in set(DecisionKind) - {DecisionKind.WITH_SUPPLIER}:
        raise HTTPException(404)
    return DecisionKind(act)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DecisionError("until", "write a day such as 2027-01-31") from error


def _things(keys: Sequence[str]) -> list[Thing]:
    """The things of a form: a page's number and a rule, or a cause's number."""
    found = []
    for key in keys[:MOST_AT_ONCE]:
        number, _, rule = key.partition(":")
        if not number.isdigit() or len(number) > 9 or not rule:
            raise HTTPException(404)
        found.append(Thing(int(number), rule) if rule != "cause" else Thing(None, "", int(number)))
    return found


def _ask_again(session: Session, screen: Screen, site: Site, things: Sequence[Thing]) -> RedirectResponse:
    """Have the pages looked at again; of one page the answer is waited for."""
    asked: list[tuple[int, int]] = []
    for page_id in dict.fromkeys(one.page_id for one in things if one.page_id):
        page = page_by_id(session, page_id)
        if page is None or page.site_id != site.id:
            raise HTTPException(404)
        with suppress(AlreadyAsked):
            request = ask(session, site.id, "check_page", {"url": page.identity}, screen.who.name, screen.now)
            asked.append((page_id, request.id))
    if len(asked) == 1:
        return screen.back_to("check_answer", page_id=asked[0][0], number=asked[0][1])
    return screen.back_to("desk", site_id=site.id)


@router.get("/{language}/pages/{page_id}/answer/{number}", name="check_answer", response_class=HTMLResponse)
async def check_answer(screen: AnyScreen, page_id: Id, number: Id, wait: bool = True) -> HTMLResponse:
    """What came of looking at a page again; the answer is waited for some seconds, so that no script is needed."""
    for _ in range(int(WAITS_S / LOOKS_EVERY_S) if wait else 0):
        request = await run_in_threadpool(_request, screen, page_id, number)
        if request.state in ("done", "failed", "cancelled"):
            break
        await asyncio.sleep(LOOKS_EVERY_S)
    return await run_in_threadpool(_answer, screen, page_id, number)


def _request(screen: Screen, page_id: int, number: int) -> Request:
    with screen.database.session() as session:
        page, request = page_by_id(session, page_id), request_by_id(session, number)
        if page is None or request is None or request.arguments.get("url") != page.identity or request.site_id != page.site_id:
            raise HTTPException(404)
        return request


def _answer(screen: Screen, page_id: int, number: int) -> HTMLResponse:
    request = _request(screen, page_id, number)
    with screen.database.session() as session:
        page = page_by_id(session, page_id)
        assert page is not None
        site = screen.site(session, page.site_id)
        run_id = request.result.get("run")
        owners = _owners(screen, "")
        return screen.show(
            "check_answer.html.j2",
            site=site,
            page=page,
            request=request,
            gone=findings_gone(session, page_id, run_id) if run_id else {},
            left=findings_left(session, page_id),
            next_thing=next(iter(desk_of(session, site, owners, screen.now, most=1).things), None),
        )


@router.get("/{language}/report", name="report_of_address", response_class=HTMLResponse)
def report_of_address(screen: AnyScreen, url: Annotated[str, Query(max_length=4_000)] = "") -> Response:
    """The report of the page that somebody is looking at: the address that a bookmark brings."""
    address = url.strip()
    with screen.database.session() as session:
        try:
            identity = page_identity(address) if address else ""
        except ValueError:
            identity = ""
        if identity:
            for one in (identity, identity.rstrip("/"), f"{identity.rstrip('/')}/"):
                for page_id, site_id in pages_by_identity(session, short_hash(one.encode())):
                    if screen.may_see(session, site_id):
                        return screen.back_to("page", page_id=page_id)
        covering = [one for one in all_sites(session) if identity and scope_of(one).covers(identity)]
        return screen.show(
            "report_of_address.html.j2",
            200 if not address else 404,
            address=address,
            is_address=bool(identity),
            watching=next((one for one in covering if screen.may_see(session, one.id)), None),
            here_is=str(screen.request.url.replace(path=screen.path("report_of_address"), query="")),
        )
