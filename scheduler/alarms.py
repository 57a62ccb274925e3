"""Looks every minute whether something broke or works again, and writes who is to be told."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rules.findability import TEST
from rules.message import AlarmKind, Alarms, MessageKind
from storage.alarms import keep_alarms, troubles_of
from storage.database import Database
from storage.messages import subscribers_of_site, write_message
from storage.models import Site
from storage.requests import AlreadyAsked, ask
from storage.sites import all_sites


def write_alarms(database: Database, now: datetime) -> int:
    """Write an alarm for everybody who wants alarms of a site on which something broke or ended. Gives the number of events.

    Two schedulers at once write the same alarm: the second one finds it there, and leaves all as it is.
    """

    with database.session() as session:
        sites = [site.id for site in all_sites(session)]
    told = 0
    for number in sites:
        with suppress(IntegrityError), database.session() as session:
            site = session.get(Site, number)
            if site is None:
                continue
            events, begun = keep_alarms(session, number, troubles_of(session, site, now), now)
            if any(alarm.kind == AlarmKind.TASK_LOST and alarm.told_at is None for alarm in begun):
                _ask_second_look(session, number, now)
            if not events:
                continue
            alarms = Alarms(number, site.name, site.time_zone, events)
            mark = sha256(" ".join(f"{event.number}{event.is_over}" for event in events).encode()).hexdigest()[:32]
            for person, _ in subscribers_of_site(session, number, MessageKind.ALARMS):
                write_message(session, f"alarms-{person.id}-{mark}", person.id, MessageKind.ALARMS, alarms, now)
            told += len(events)
    return told


def _ask_second_look(session: Session, site_id: int, now: datetime) -> None:
    """A task that was not found is looked for once more before anybody is told."""
    with suppress(AlreadyAsked):
        ask(session, site_id, TEST, {}, "alarm", now)
