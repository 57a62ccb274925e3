"""Messages: who is told of a site, what was sent and what waits; and the way out for whoever wants no more of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dashboard.screen import AnyScreen, Id
from dashboard.security import is_own_post
from rules.message import FOR_PEOPLE, Channel, MessageKind, SubscriberError
from rules.norm import Language
from storage.alarms import alarms_of_site, event_of
from storage.messages import (
    Wish,
    add_subscriber,
    messages_of_site,
    remove_subscriber,
    subscriber_by_token,
    subscribers_of_site,
)

router = APIRouter()

MOST_MESSAGES = 30
MOST_ALARMS = 30
Token = Annotated[str, Path(min_length=20, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Typed = Annotated[str, Form(max_length=300)]


@router.get("/{language}/sites/{site_id}/messages", name="messages", response_class=HTMLResponse)
def messages(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    return _show(screen, site_id)


@router.post("/{language}/sites/{site_id}/messages", name="subscribe")
def subscribe(
    screen: AnyScreen,
    site_id: Id,
    name: Typed,
    mail: Typed,
    kinds: Annotated[list[MessageKind], Form()] = [],  # noqa: B006  # FastAPI makes a new one for each form
    words: Annotated[Language, Form()] = "nl",
    sections: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Put somebody on the list; what is wrong is said beside the form."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    try:
        with screen.database.session() as session:
            screen.site(session, site_id)
            wish = Wish(site_id, tuple(dict.fromkeys(kinds or FOR_PEOPLE)), tuple(sections.split()))
            add_subscriber(session, name, Channel.MAIL, mail, words, [wish], screen.now)
    except SubscriberError:
        return _show(screen, site_id, {"name": name, "mail": mail, "sections": sections}, 422)
    return screen.back_to("messages", site_id=site_id)


@router.post("/{language}/sites/{site_id}/messages/{number}/remove", name="unsubscribe_person")
def remove(screen: AnyScreen, site_id: Id, number: Id) -> RedirectResponse:
    """Take somebody off the list of a site."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        for person, _ in subscribers_of_site(session, site_id):
            if person.id == number:
                remove_subscriber(session, person, site_id)
    return screen.back_to("messages", site_id=site_id)


@router.get("/{language}/unsubscribe/{token}", name="unsubscribe", response_class=HTMLResponse)
def way_out(screen: AnyScreen, token: Token) -> HTMLResponse:
    """Ask first: programs that look into mail follow links too."""
    with screen.database.session() as session:
        person = subscriber_by_token(session, token)
        return screen.show("unsubscribe.html.j2", person=person, token=token)


@router.post("/{language}/unsubscribe/{token}", name="leave")
def leave(screen: AnyScreen, token: Token) -> RedirectResponse:
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        if person := subscriber_by_token(session, token):
            remove_subscriber(session, person)
    return screen.back_to("unsubscribe", token=token)


def _show(screen: AnyScreen, site_id: int, form: dict[str, str] | None = None, status: int = 200) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        return screen.show(
            "messages.html.j2",
            status,
            site=site,
            people=subscribers_of_site(session, site_id),
            sent=messages_of_site(session, site_id, MOST_MESSAGES),
            alarms=[event_of(alarm) for alarm in alarms_of_site(session, site_id, MOST_ALARMS)],
            kinds=FOR_PEOPLE,
            form=form or {"name": "", "mail": "", "sections": ""},
            is_wrong=form is not None,
        )
