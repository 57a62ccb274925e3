"""Writes what happened for the programs that want to be told; it is sent as every other message."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from sqlalchemy.exc import IntegrityError

from rules.message import Events, MessageKind
from storage.database import Database
from storage.events import events_since
from storage.message_models import Subscription
from storage.messages import subscribers_of_site, write_message
from storage.models import Site
from storage.sites import all_sites


def write_events(database: Database, now: datetime) -> int:
    """Write what each program is to be told by now. Gives how many messages.

    Up to where it was told is written together with the message. Two schedulers at once write the same message: the second one
    finds it there, and leaves all as it is.
    """
    with database.session() as session:
        wishes = [
            (person.id, site.id)
            for site in all_sites(session)
            for person, _ in subscribers_of_site(session, site.id, MessageKind.EVENTS)
        ]
    written = 0
    for subscriber_id, site_id in wishes:
        with suppress(IntegrityError), database.session() as session:
            wish, site = session.get(Subscription, (subscriber_id, site_id)), session.get(Site, site_id)
            if wish is None or site is None:
                continue
            events, told = events_since(session, site, wish.told_events, now)
            if told == wish.told_events:
                continue
            if events:
                mark = sha256(f"{wish.told_events} {site_id}".encode()).hexdigest()[:32]
                content = Events(site.id, site.name, site.time_zone, events)
                written += write_message(
                    session, f"events-{subscriber_id}-{mark}", subscriber_id, MessageKind.EVENTS, content, now
                )
            wish.told_events = told
    return written
