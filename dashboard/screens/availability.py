"""Availability: how each watched address is now, how often it was up in each month, and when it was down."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dashboard.formatting import time_zone
from dashboard.screen import AnyScreen, Id
from dashboard.security import is_own_post
from rules.availability import WatchKind
from storage.availability import (
    add_address,
    addresses_of_site,
    incidents_of_site,
    months_of_address,
    states_now,
    switch_address,
    uptime,
)

router = APIRouter()

MONTHS = 6  # that are shown
MOST_INCIDENTS = 50
PEOPLE_NEED = (WatchKind.FORM, WatchKind.TASK, WatchKind.SEARCH)  # the KPI "availability of forms and top tasks"


@router.get("/{language}/sites/{site_id}/availability", name="availability", response_class=HTMLResponse)
def availability(screen: AnyScreen, site_id: Id, wrong: bool = False) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        today = screen.now.astimezone(time_zone(site.time_zone)).date()
        months = _months(today)
        return screen.show(
            "availability.html.j2",
            site=site,
            addresses=addresses_of_site(session, site_id),
            states=states_now(session, site_id),
            months=months,
            uptimes=months_of_address(session, site_id, months[0], today),
            of_all=uptime(session, site_id, PEOPLE_NEED, today.replace(day=1), today),
            incidents=incidents_of_site(session, site_id, MOST_INCIDENTS),
            wrong=wrong,
        )


@router.post("/{language}/sites/{site_id}/availability", name="watch_address")
def watch_address(screen: AnyScreen, site_id: Id, url: Annotated[str, Form(max_length=2_000)]) -> Response:
    """Watch an address of the site."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        is_added = add_address(session, screen.site(session, site_id), url.strip(), screen.now)
    if is_added:
        return screen.back_to("availability", site_id=site_id)
    return RedirectResponse(f"{screen.path('availability', site_id=site_id)}?wrong=1#url", status_code=303)


@router.post("/{language}/sites/{site_id}/availability/{number}", name="switch_address")
def switch(screen: AnyScreen, site_id: Id, number: Id, on: Annotated[bool, Form()]) -> RedirectResponse:
    """Watch an address again, or no more."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        if not switch_address(session, site_id, number, on=on, now=screen.now):
            raise HTTPException(404)
    return screen.back_to("availability", site_id=site_id)


def _months(today: date) -> list[date]:
    """The first days of the months that are shown, the newest last."""
    count = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 1)]
