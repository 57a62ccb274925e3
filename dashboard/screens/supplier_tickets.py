"""Tickets for suppliers: write one from a cause, take it along or have it filed, and say who holds it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.screen import AnyScreen, Id, PageNumber, Screen
from dashboard.security import is_own_post
from dashboard.ticket_text import body_of, title_of
from rules.ticket import TicketState
from storage.questions.runs import latest_run
from storage.tickets import (
    HeldTicket,
    evidence_of,
    file_again,
    hand,
    newest_ticket_per_cause,
    number_of_tickets,
    ticket_of_site,
    tickets_of_site,
    write_ticket,
)

router = APIRouter()

PER_SCREEN = 50


@router.get("/{language}/sites/{site_id}/supplier-tickets", name="supplier_tickets", response_class=HTMLResponse)
def tickets(screen: AnyScreen, site_id: Id, page: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        pagination = screen.pagination(page, number_of_tickets(session, site_id), PER_SCREEN)
        held = tickets_of_site(session, site_id, *screen.part(page, PER_SCREEN))
        return screen.show("supplier_tickets.html.j2", site=site, tickets=held, pagination=pagination)


@router.post("/{language}/sites/{site_id}/supplier-tickets", name="write_ticket")
def write(
    screen: AnyScreen,
    site_id: Id,
    cause: Annotated[int, Form(ge=1, le=2**31 - 1)],
    tracker: Annotated[str, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Write a cause down for the supplier. A cause that has an open ticket shows that one: nobody is asked twice."""
    _check_post(screen)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        evidence = evidence_of(session, site_id, cause, run.id) if run else None
        if evidence is None or run is None or (tracker and tracker not in screen.request.app.state.trackers):
            raise HTTPException(404)
        known = newest_ticket_per_cause(session, site_id).get(cause)
        if known is not None and known.state is not TicketState.CLOSED:
            return screen.back_to("supplier_ticket", site_id=site_id, number=known.ticket.id)
        ticket = write_ticket(
            session,
            evidence,
            title=title_of(evidence, site, screen.language),
            body=body_of(evidence, site, run, screen.language),
            language=screen.language,
            tracker=tracker,
            person=screen.who.name,
            now=screen.now,
        )
        return screen.back_to("supplier_ticket", site_id=site_id, number=ticket.id)


@router.get("/{language}/sites/{site_id}/supplier-tickets/{number}", name="supplier_ticket", response_class=HTMLResponse)
def ticket(screen: AnyScreen, site_id: Id, number: Id) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        held = _held(session, site_id, number)
        run = latest_run(session, site_id)
        cause = held.ticket.cluster_id
        evidence = evidence_of(session, site_id, cause, run.id) if run and cause else None
        return screen.show(
            "supplier_ticket.html.j2",
            site=site,
            held=held,
            ticket=held.ticket,
            clock=held.clock(screen.now),
            pages_now=evidence.pages if evidence else 0,
            run=run,
            states=[state for state in TicketState if state is not held.state],
        )


@router.post("/{language}/sites/{site_id}/supplier-tickets/{number}", name="hand_ticket")
def hand_over(
    screen: AnyScreen,
    site_id: Id,
    number: Id,
    state: Annotated[TicketState, Form()],
    note: Annotated[str, Form(max_length=500)] = "",
) -> RedirectResponse:
    """Say who holds a ticket from now on."""
    _check_post(screen)
    with screen.database.session() as session:
        screen.site(session, site_id)
        hand(session, _held(session, site_id, number), state, person=screen.who.name, note=note.strip(), now=screen.now)
    return screen.back_to("supplier_ticket", site_id=site_id, number=number)


@router.post("/{language}/sites/{site_id}/supplier-tickets/{number}/file", name="file_ticket")
def file(screen: AnyScreen, site_id: Id, number: Id) -> RedirectResponse:
    """Try to file it in its tracker once more."""
    _check_post(screen)
    with screen.database.session() as session:
        screen.site(session, site_id)
        file_again(session, _held(session, site_id, number).ticket, screen.now)
    return screen.back_to("supplier_ticket", site_id=site_id, number=number)


@router.get("/{language}/sites/{site_id}/supplier-tickets/{number}/ticket.md", name="ticket_markdown")
def markdown(screen: AnyScreen, site_id: Id, number: Id) -> Response:
    """The ticket as a file."""
    with screen.database.session() as session:
        screen.site(session, site_id)
        held = _held(session, site_id, number)
    return _file(f"# {held.ticket.title}\n\n{held.ticket.body}", f"ticket-{number}.md", "text/markdown")


@router.get("/{language}/sites/{site_id}/supplier-tickets/{number}/ticket.txt", name="ticket_mail")
def mail(screen: AnyScreen, site_id: Id, number: Id) -> Response:
    """The ticket as the text of an e-mail."""
    with screen.database.session() as session:
        screen.site(session, site_id)
        held = _held(session, site_id, number)
    return _file(mail_text(held.ticket.title, held.ticket.body), f"ticket-{number}.txt", "text/plain")


def mail_text(title: str, body: str) -> str:
    """Markdown as people write a mail: headings without signs, code without quotes of its own."""
    lines = []
    for line in body.splitlines():
        if line.startswith("```"):
            continue
        lines.append(line.lstrip("#").strip().upper() if line.startswith("### ") else line.lstrip("#").lstrip())
    return f"{title}\n\n" + "\n".join(lines) + "\n"


def _file(text: str, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(errors="replace"), media_type=f"{media_type}; charset=utf-8", headers=headers)


def _held(session: Session, site_id: int, number: int) -> HeldTicket:
    held = ticket_of_site(session, site_id, number)
    if held is None:
        raise HTTPException(404)
    return held


def _check_post(screen: Screen) -> None:
    if not is_own_post(screen.request):
        raise HTTPException(403)
