"""Tickets for suppliers: written from a cause, handed over, given back, and on their way to a tracker."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from rules.decision import DecisionKind, Wanted
from rules.outcome import Outcome
from rules.ticket import Clock, DeliveryState, Step, TicketState, clock_of
from storage.decisions import NothingThere, Thing, decide, decided_causes, withdraw
from storage.messages import pause_after
from storage.models import Cluster, Finding, Page, Site
from storage.questions.findings import snippets
from storage.questions.intervals import judged_pages, standing
from storage.ticket_models import Ticket, TicketStep

MOST_PAGES = 20  # that a ticket names
MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Example:
    """One element that shows a cause."""

    address: str
    frames: tuple[str, ...]
    selector: str
    snippet: str
    message: str  # a key of the rule, with its arguments
    arguments: dict[str, object]


@dataclass(frozen=True)
class Evidence:
    """What a ticket tells of a cause, as it stood at the end of a run."""

    cluster: Cluster
    failures: int
    pages: int
    addresses: list[str]  # of the first pages
    examples: list[Example]


@dataclass(frozen=True)
class HeldTicket:
    """A ticket with its way so far."""

    ticket: Ticket
    steps: list[TicketStep]  # the oldest first

    @property
    def state(self) -> TicketState:
        return TicketState(self.steps[-1].state) if self.steps else TicketState.OPEN

    def clock(self, now: datetime) -> Clock:
        return clock_of((Step(TicketState(step.state), step.at) for step in self.steps), now)


def evidence_of(session: Session, site_id: int, cluster_id: int, run_id: int) -> Evidence | None:
    """None: the cause is not the site's, or has no failure any more."""
    cluster = session.get(Cluster, cluster_id)
    if cluster is None or cluster.site_id != site_id or not cluster.rule:
        return None
    at = standing(
        Finding,
        run_id,
        Finding.site_id == site_id,
        Finding.rule == cluster.rule,
        Finding.cluster_id == cluster_id,
        Finding.outcome == Outcome.FAILED,
        Finding.page_id.in_(judged_pages(site_id, run_id)),
        columns=(Finding.id, Finding.page_id),
    ).c
    failures, pages = session.execute(select(func.count(), func.count(at.page_id.distinct()))).one()
    if not failures:
        return None
    of_pages = select(Page.identity).where(Page.id.in_(select(at.page_id))).order_by(Page.identity).limit(MOST_PAGES)
    first = select(func.min(at.id)).group_by(at.page_id).order_by(func.min(at.id)).limit(MOST_EXAMPLES)
    rows = session.execute(
        select(Finding, Page.identity).join(Page, Page.id == Finding.page_id).where(Finding.id.in_(first)).order_by(Finding.id)
    ).all()
    texts = snippets(session, [finding for finding, _ in rows])
    return Evidence(
        cluster,
        failures,
        pages,
        list(session.scalars(of_pages)),
        [
            Example(address, tuple(one.frames), one.selector, texts.get(one.id, ""), one.message, dict(one.arguments))
            for one, address in rows
        ],
    )


def write_ticket(
    session: Session,
    evidence: Evidence,
    *,
    title: str,
    body: str,
    language: str,
    tracker: str,
    person: str,
    now: datetime,
) -> Ticket:
    """Keep a ticket; with a tracker it waits to be filed there."""
    ticket = Ticket(
        site_id=evidence.cluster.site_id,
        cluster_id=evidence.cluster.id,
        rule=evidence.cluster.rule,
        language=language,
        title=title,
        body=body,
        pages=evidence.pages,
        person=person,
        created_at=now,
        tracker=tracker,
        delivery=DeliveryState.WAITING if tracker else DeliveryState.BY_HAND,
        next_try_at=now if tracker else None,
    )
    session.add(ticket)
    session.flush()
    _step(session, ticket.id, TicketState.OPEN, person, "", now)
    return ticket


def _step(session: Session, number: int, state: TicketState, person: str, note: str, now: datetime) -> None:
    session.add(TicketStep(ticket_id=number, state=state, at=now, person=person, note=note))
    session.flush()


def hand(session: Session, held: HeldTicket, state: TicketState, *, person: str, note: str, now: datetime) -> bool:
    """Somebody else holds a ticket from now on. False: who is named held it already, and nothing changed."""
    if held.state is state:
        return False
    _step(session, held.ticket.id, state, person, note, now)
    _decide(session, held.ticket, state, person, now)
    return True


def _decide(session: Session, ticket: Ticket, state: TicketState, person: str, now: datetime) -> None:
    """What the supplier holds is on nobody's desk; when it comes back, it is again."""
    if ticket.cluster_id is None:
        return
    site = session.get_one(Site, ticket.site_id)
    decided = decided_causes(session, site.id, now).get(ticket.cluster_id)
    if state is TicketState.HELD:
        wanted = Wanted(DecisionKind.WITH_SUPPLIER, note=ticket.title)
        with suppress(NothingThere):
            decide(session, site, [Thing(None, "", ticket.cluster_id)], wanted, person, 1, now)
    elif decided is not None and decided.kind == DecisionKind.WITH_SUPPLIER:
        withdraw(session, site.id, decided.batch, person, now)


def ticket_of_site(session: Session, site_id: int, number: int) -> HeldTicket | None:
    ticket = session.get(Ticket, number)
    return _with_steps(session, [ticket])[0] if ticket is not None and ticket.site_id == site_id else None


def tickets_of_site(session: Session, site_id: int, limit: int, offset: int = 0) -> list[HeldTicket]:
    """The newest first."""
    query = select(Ticket).where(Ticket.site_id == site_id).order_by(Ticket.id.desc()).limit(limit).offset(offset)
    return _with_steps(session, session.scalars(query).all())


def number_of_tickets(session: Session, site_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Ticket).where(Ticket.site_id == site_id)) or 0


def newest_ticket_per_cause(session: Session, site_id: int) -> dict[int, HeldTicket]:
    """Of every cause that has one its newest ticket, by the number of the cause."""
    newest = select(func.max(Ticket.id)).where(Ticket.site_id == site_id, Ticket.cluster_id.is_not(None))
    tickets = session.scalars(select(Ticket).where(Ticket.id.in_(newest.group_by(Ticket.cluster_id)))).all()
    return {held.ticket.cluster_id: held for held in _with_steps(session, tickets) if held.ticket.cluster_id is not None}


def rules_with_supplier(session: Session, site_id: int) -> set[str]:
    """The rules of which a supplier holds a ticket now."""
    newest = select(func.max(TicketStep.id)).group_by(TicketStep.ticket_id)
    query = (
        select(Ticket.rule)
        .join(TicketStep, TicketStep.ticket_id == Ticket.id)
        .where(Ticket.site_id == site_id, TicketStep.state == TicketState.HELD, TicketStep.id.in_(newest))
    )
    return set(session.scalars(query))


def _with_steps(session: Session, tickets: Sequence[Ticket]) -> list[HeldTicket]:
    steps: dict[int, list[TicketStep]] = {ticket.id: [] for ticket in tickets}
    query = select(TicketStep).where(TicketStep.ticket_id.in_(steps)).order_by(TicketStep.id)
    for step in session.scalars(query) if steps else ():
        steps[step.ticket_id].append(step)
    return [HeldTicket(ticket, steps[ticket.id]) for ticket in tickets]


# --- the way to a tracker ----------------------------------------------------------------------------------------------


def due_tickets(session: Session, now: datetime) -> list[int]:
    """The tickets that are to be filed now."""
    due = select(Ticket.id).where(Ticket.delivery == DeliveryState.WAITING, Ticket.next_try_at <= now)
    return list(session.scalars(due.order_by(Ticket.id)))


def take_ticket(session: Session, number: int, now: datetime) -> Ticket | None:
    """Take a ticket to file it; until the next try is due nobody else does. None: somebody else was first."""
    ticket = session.get(Ticket, number)
    if ticket is None:
        return None
    taken = update(Ticket).where(Ticket.id == number, Ticket.delivery == DeliveryState.WAITING, Ticket.next_try_at <= now)
    values = taken.values(tries=Ticket.tries + 1, next_try_at=now + pause_after(ticket.tries + 1))
    if session.scalar(values.returning(Ticket.id).execution_options(synchronize_session=False)) is None:
        return None
    session.refresh(ticket)
    return ticket


def note_filed(session: Session, number: int, reference: str, address: str, now: datetime) -> None:
    """The tracker has it: from now on the supplier holds it."""
    ticket = session.get_one(Ticket, number)
    ticket.delivery, ticket.next_try_at, ticket.reason, ticket.said = DeliveryState.SENT, None, "", ""
    ticket.reference, ticket.address = reference, address
    _step(session, number, TicketState.HELD, ticket.tracker, "", now)


def note_not_filed(session: Session, number: int, reason: str, said: str, *, for_good: bool) -> None:
    """The tracker did not take it; for good, or it is tried again."""
    ticket = session.get_one(Ticket, number)
    ticket.reason, ticket.said = reason, said
    if for_good:
        ticket.delivery, ticket.next_try_at = DeliveryState.REFUSED, None


def file_again(session: Session, ticket: Ticket, now: datetime) -> None:
    """Try a ticket once more that was refused, or that waits for its next try."""
    if ticket.delivery in (DeliveryState.REFUSED, DeliveryState.WAITING):
        ticket.delivery, ticket.tries, ticket.next_try_at = DeliveryState.WAITING, 0, now
