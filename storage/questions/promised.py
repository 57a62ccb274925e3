"""What somebody promised for a day of this week, and what of last week did not come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from rules.decision import Kept
from rules.message import DuePromise, Reminder
from storage.decisions import Promise, promises_of_site
from storage.models import Site

WEEK = timedelta(days=7)
MOST = 50  # of each, in one message


def reminder_of(session: Session, site: Site, names: Collection[str], monday: date, now: datetime) -> Reminder | None:
    """What somebody with these names is reminded of in the week of a Monday; None where that is nothing.

    A promise stands in one week's list of what is due, and in one week's list of what is too late: those of its day.
    """
    own = {name.casefold() for name in names if name}
    mine = [
        one
        for one in promises_of_site(session, site, now, days=(monday - WEEK, monday + WEEK))
        if responsible(one).casefold() in own
    ]

    def due(kept: Kept, first: date) -> list[DuePromise]:
        found = [one for one in mine if one.kept == kept and one.first.due_on and first <= one.first.due_on < first + WEEK]
        found.sort(key=lambda one: (one.first.due_on, one.first.id))
        return [
            DuePromise(one.first.rule, one.address, one.first.page_id or 0, one.findings, one.first.due_on)
            for one in found[:MOST]
            if one.first.due_on is not None
        ]

    reminder = Reminder(site.id, site.name, site.time_zone, due(Kept.OPEN, monday), due(Kept.OVERDUE, monday - WEEK))
    return reminder if reminder.this_week or reminder.too_late else None


def responsible(promise: Promise) -> str:
    """Who is to do it: whom it was given to, else who promised it."""
    return promise.first.assignee or promise.first.person
