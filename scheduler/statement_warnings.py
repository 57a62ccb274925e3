"""Looks once a day whether the status of a statement changes before long, and writes who is to be told: each warning once."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rules.message import MessageKind, StatementNotice, StatusChange
from rules.statement_status import covered_by, due_warnings
from storage.database import Database
from storage.messages import subscribers_of_site, write_message
from storage.models import Site
from storage.sites import all_sites
from storage.statement_warnings import note_told, take_look, told_warnings
from storage.statements import statement_facts

HOUR = 7  # of the morning, in the site's own time


def write_statement_warnings(database: Database, now: datetime) -> int:
    """Write what is due today to everybody who wants it. Gives the number of warnings.

    A site is looked at once a day, by one scheduler; a warning is noted in the transaction that writes its messages. While
    nobody wants to be told of a site nothing is noted: whoever comes later is told what stands then.
    """
    with database.session() as session:
        sites = [(site.id, site.time_zone) for site in all_sites(session)]
    told = 0
    for number, zone in sites:
        here = now.astimezone(ZoneInfo(zone))
        if here.hour < HOUR:
            continue
        began = here.replace(hour=HOUR, minute=0, second=0, microsecond=0).astimezone(UTC)
        with database.session() as session:
            people = subscribers_of_site(session, number, MessageKind.STATEMENT)
            site = session.get(Site, number)
            if not people or site is None or not take_look(session, number, began, now):
                continue
            due = due_warnings(statement_facts(session, site), here.date(), told_warnings(session, number))
            if not due or not note_told(session, number, [key for one in due for key in covered_by(one)], now):
                continue
            changes = [
                StatusChange(one.change.kind, one.change.on, one.months, one.change.before, one.change.after) for one in due
            ]
            notice = StatementNotice(number, site.name, zone, changes)
            for person, _ in people:
                key = f"statement-{person.id}-{number}-{'-'.join(one.key for one in due)}"[:200]
                write_message(session, key, person.id, MessageKind.STATEMENT, notice, now)
            told += len(due)
    return told
