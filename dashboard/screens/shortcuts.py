"""Keyboard shortcuts: which there are, and on or off for this browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboard.guard import Door
from dashboard.languages import N_
from dashboard.navigation import DESKS
from dashboard.screen import SHORTCUTS_COOKIE, AnyScreen

router = APIRouter()

ONE_YEAR_S = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Shortcut:
    """What a key does, in the words of the help. Two keys with a space between are pressed one after the other."""

    keys: str
    words: str


EVERYWHERE = (
    Shortcut("?", N_("Toon deze uitleg")),
    Shortcut("/", N_("Zoek op deze site")),
    Shortcut("g s", N_("Naar de lijst van sites")),
)
IN_A_LIST = (
    Shortcut("j", N_("Naar het volgende in de lijst")),
    Shortcut("k", N_("Naar het vorige in de lijst")),
    Shortcut("x", N_("Vink het aan, of juist niet")),
    Shortcut("c", N_("Controleer deze pagina nu")),
    Shortcut("n", N_("Naar het volgende deel van de lijst")),
    Shortcut("p", N_("Naar het vorige deel van de lijst")),
)


@router.get("/{language}/shortcuts", name="shortcuts", response_class=HTMLResponse)
def shortcuts(screen: AnyScreen) -> HTMLResponse:
    of_desks = tuple(Shortcut(f"g {desk.key}", desk.words) for desk in DESKS)
    return screen.show("shortcuts.html.j2", groups=(EVERYWHERE, of_desks, IN_A_LIST))


@router.post("/{language}/shortcuts", name="set_shortcuts")
def set_shortcuts(screen: AnyScreen, state: Annotated[Literal["on", "off"], Form()]) -> RedirectResponse:
    """On or off in this browser, for a year. On is how it begins: then there is nothing to remember."""
    door: Door = screen.request.app.state.door
    name = door.cookie(SHORTCUTS_COOKIE)
    answer = screen.back_to("shortcuts")
    if state == "off":
        answer.set_cookie(name, state, max_age=ONE_YEAR_S, httponly=True, samesite="lax", secure=door.is_secure, path="/")
    else:
        answer.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=door.is_secure)
    return answer
