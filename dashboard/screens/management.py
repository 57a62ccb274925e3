"""The manager's page: what got better, the four panels, what mending brings, what waits; and the ticket for the supplier."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from dashboard.causes import norm_of
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.screens.panels import DIGITS
from dashboard.ticket import FORMS, mail, markdown, shaped, ticket_title
from rules.decision import DecisionError, DecisionKind, Standing, Wanted
from rules.kpi import Panel
from rules.norm import DEFAULT_NORM
from rules.simulate import best_first, freed_by
from storage.accounts import deciders
from storage.decisions import NothingThere, Thing, decide, decisions_of_site
from storage.kpis import kpi_lines
from storage.management import TicketFacts, achieved, causes_on_pages, for_supplier, ticket_facts
from storage.questions.clusters import CauseOnSite, causes_of_run
from storage.questions.findings import snippets
from storage.questions.runs import latest_run

router = APIRouter()

STEPS = 10
SHOWN = 10
PAGES_IN_TICKET = 50


@router.get("/{language}/sites/{site_id}/management", name="management")
def management(
    screen: AnyScreen,
    site_id: Id,
    fix: Annotated[list[int], Query(max_length=100)] = [],  # noqa: B006
) -> Response:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        lines = kpi_lines(session, site, screen.now)
        on_pages = causes_on_pages(session, site_id, run.id) if run else {}
        causes = {one.id: one for one in causes_of_run(session, site_id, run.id)} if run else {}
        steps = [step for step in best_first(on_pages, STEPS) if step.cause in causes]
        since, better = achieved(session, site_id, run) if run else (None, [])
        open_ones, _ = decisions_of_site(session, site_id, screen.now, [DecisionKind.NOT_CORRECT, DecisionKind.QUESTION], 200)
        return screen.show(
            "management.html.j2",
            site=site,
            run=run,
            panels={panel: [one for one in lines if one.kpi.panel == panel] for panel in Panel},
            digits=DIGITS,
            since=since,
            better=better[:SHOWN],
            waiting=[
                one
                for one in open_ones
                if one.standing is Standing.WAITS or (one.first.kind == DecisionKind.QUESTION and not one.first.answer)
            ][:SHOWN],
            supplier=for_supplier(session, site_id, list(causes.values()), screen.now)[:SHOWN],
            causes=causes,
            steps=steps,
            failing=len(on_pages),
            chosen=set(fix),
            freed=freed_by(on_pages, fix) if fix else None,
        )


def _facts(session: Session, site_id: int, number: int) -> TicketFacts:
    facts = ticket_facts(session, site_id, number, PAGES_IN_TICKET)
    if facts is None:
        raise HTTPException(404)
    return facts


def _text(session: Session, screen: Screen, site_id: int, facts: TicketFacts) -> str:
    run = latest_run(session, site_id)
    norm = norm_of(run.norm if run else DEFAULT_NORM)
    return markdown(facts, snippets(session, [facts.finding]).get(facts.finding.id, ""), norm, screen.language)


@router.get("/{language}/sites/{site_id}/tickets/{number}", name="ticket")
def ticket(screen: AnyScreen, site_id: Id, number: Id) -> Response:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        facts = _facts(session, site_id, number)
        held = [one for one in for_supplier(session, site_id, _causes(session, site_id, number), screen.now) if one.ticket]
        return screen.show(
            "ticket.html.j2",
            site=site,
            facts=facts,
            title=ticket_title(facts, screen.language),
            text=_text(session, screen, site_id, facts),
            forms=FORMS,
            held=held[0] if held else None,
        )


def _causes(session: Session, site_id: int, number: int) -> list[CauseOnSite]:
    run = latest_run(session, site_id)
    return [one for one in causes_of_run(session, site_id, run.id) if one.id == number] if run else []


@router.get("/{language}/sites/{site_id}/tickets/{number}/as/{form}", name="ticket_file")
def ticket_file(screen: AnyScreen, site_id: Id, number: Id, form: str) -> Response:
    """The ticket as a file: Markdown, a mail, or JSON as a system for tickets takes it."""
    with screen.database.session() as session:
        screen.site(session, site_id)
        facts = _facts(session, site_id, number)
        text = _text(session, screen, site_id, facts)
    if form in FORMS:
        content, kind, name = shaped(form, facts, text, screen.language).encode(), "application/json", f"{form}.json"
    elif form == "md":
        content, kind, name = text.encode(), "text/markdown; charset=utf-8", "md"
    elif form == "eml":
        content, kind, name = mail(facts, text, screen.language), "message/rfc822", "eml"
    else:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="ticket-{number}.{name}"'}
    return Response(content, media_type=kind, headers=headers)


@router.post("/{language}/sites/{site_id}/tickets/{number}", name="give_to_supplier")
def give_to_supplier(
    screen: AnyScreen, site_id: Id, number: Id, reference: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """The supplier holds it from now on: our clock stands still, and it is on nobody's desk."""
    try:
        with screen.database.session() as session:
            site = screen.site(session, site_id)
            wanted = Wanted(DecisionKind.WITH_SUPPLIER, "ticket", reference.strip())
            decide(session, site, [Thing(None, "", number)], wanted, screen.who.name, deciders(session, site_id), screen.now)
    except (NothingThere, DecisionError) as error:
        raise HTTPException(404) from error
    return screen.back_to("ticket", site_id=site_id, number=number)
