"""What residents search for and do not find: why, what to do, and what changed since somebody did it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboard.screen import AnyScreen, Id
from dashboard.screens.searches import QueryNumber
from dashboard.security import is_own_post
from rules.search_log import LEARN
from storage.page_texts import pages_by_identity
from storage.questions.requests import waiting_requests
from storage.questions.searches import days_of_logs
from storage.search_gaps import DAYS, ENOUGH, gaps_of_site, mark_done

router = APIRouter()


@router.get("/{language}/sites/{site_id}/not-found", name="gaps", response_class=HTMLResponse)
def gaps(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        lines = gaps_of_site(session, site)
        return screen.show(
            "gaps.html.j2",
            site=site,
            known=days_of_logs(session, site_id),
            open=[line for line in lines if not line.gap.done_at],
            done=[line for line in lines if line.gap.done_at],
            pages=pages_by_identity(session, site_id, {line.gap.page for line in lines}),
            waiting=any(request.kind == LEARN for request in waiting_requests(session, site_id)),
            days=DAYS,
            enough=ENOUGH,
        )


@router.post("/{language}/sites/{site_id}/not-found/{number}", name="mark_gap")
def mark_gap(screen: AnyScreen, site_id: Id, number: QueryNumber, done: Annotated[bool, Form()]) -> RedirectResponse:
    """Somebody mended it: from now on it is measured what that brings. Or it was not done after all."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        if not mark_done(session, site_id, number, screen.now if done else None):
            raise HTTPException(404)
    return screen.back_to("gaps", site_id=site_id)
