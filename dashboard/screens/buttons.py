"""The two buttons: each writes down a request that the scheduler takes up."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse

from dashboard.screen import AnyScreen, Id
from dashboard.security import is_own_post
from storage.questions.pages import page_by_id
from storage.requests import AlreadyAsked, ask

router = APIRouter()


@router.post("/{language}/sites/{site_id}/run", name="ask_run")
def ask_run(screen: AnyScreen, site_id: Id) -> RedirectResponse:
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        with suppress(AlreadyAsked):  # the screen says that it waits, whoever asked first
            ask(session, site_id, "run", {}, screen.who.name, screen.now)
    return screen.back_to("site", site_id=site_id)


@router.post("/{language}/pages/{page_id}/check", name="ask_check")
def ask_check(screen: AnyScreen, page_id: Id) -> RedirectResponse:
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        page = page_by_id(session, page_id)
        if page is None:
            raise HTTPException(404)
        with suppress(AlreadyAsked):
            ask(session, page.site_id, "check_page", {"url": page.identity}, screen.who.name, screen.now)
    return screen.back_to("page", page_id=page_id)
