"""Files the tickets that wait in the trackers of suppliers; a tracker that is down is tried again, after a pause that grows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.mailer import Delivery, Fate
from crawler.tracker import Filed, TicketText, file_ticket
from rules.ticket import Tracker
from storage.database import Database
from storage.ticket_models import Ticket
from storage.tickets import due_tickets, note_filed, note_not_filed, take_ticket


@dataclass(frozen=True)
class TrackerSettings:
    """Where tickets are filed. Secrets are only read when they are used, and kept nowhere."""

    trackers: Mapping[str, Tracker] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # by the tracker's name
    may_be_private: bool = False  # whether a tracker may stand in our own network
    user_agent: str = "Vierluik"


def file_due_tickets(database: Database, settings: TrackerSettings, now: Callable[[], datetime]) -> list[Delivery]:
    """File every ticket that is due; gives what became of each."""
    with database.session() as session:
        due = due_tickets(session, now())
    done = []
    for number in due:
        with database.session() as session:
            ticket = take_ticket(session, number, now())
        if ticket is None:
            continue
        filed = _file(ticket, settings, now())
        with database.session() as session:
            if filed.delivery.fate is Fate.SENT:
                note_filed(session, number, filed.reference, filed.address, now())
            else:
                for_good = filed.delivery.fate is Fate.REFUSED
                note_not_filed(session, number, filed.delivery.reason, filed.delivery.said, for_good=for_good)
        done.append(filed.delivery)
    return done


def _file(ticket: Ticket, settings: TrackerSettings, now: datetime) -> Filed:
    tracker, secret = settings.trackers.get(ticket.tracker), settings.secrets.get(ticket.tracker, "")
    if tracker is None or not secret:
        return Filed(Delivery(Fate.LATER, "tracker-not-set"))
    return asyncio.run(
        file_ticket(
            tracker,
            secret,
            TicketText(ticket.title, ticket.body),
            key=f"ticket-{ticket.site_id}-{ticket.id}",
            timestamp=int(now.timestamp()),
            user_agent=settings.user_agent,
            may_be_private=settings.may_be_private,
        )
    )
