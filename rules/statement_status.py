"""The status of an accessibility statement, A to E, as a state machine of dated facts: what it is, when it changes, what to do.

Source: digitoegankelijk.nl, "status van de toegankelijkheidsverklaring" and its checklist: a statement rests on good and complete
research of at most 36 months old (A, B); without it, research is planned within 6 months of publication (C, for 6 months at
most); it is reviewed within a year. Research by machines alone never leads to A or B.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

RESEARCH_MONTHS = 36
PLANNED_MONTHS = 6
REVIEW_MONTHS = 12
WARN_MONTHS = (6, 3, 1)
DAY = timedelta(days=1)


class Status(StrEnum):
    """The five statuses of the register."""

    A = "A"  # voldoet volledig
    B = "B"  # voldoet gedeeltelijk
    C = "C"  # eerste maatregelen genomen
    D = "D"  # voldoet niet
    E = "E"  # geen verklaring


class ChangeKind(StrEnum):
    """What happens by itself as time goes by."""

    RESEARCH = "research"  # the research gets too old
    PLANNED = "planned"  # the planned research did not come, or its half year is over
    REVIEW = "review"  # the statement was not reviewed within a year: the status stays, the duty is not met


@dataclass(frozen=True)
class StatementFacts:
    """What is known of a statement and of the research under it."""

    published_on: date | None = None  # None: there is no statement
    reviewed_on: date | None = None  # None: as it was published
    research_on: date | None = None  # of the oldest part of the research; None: there is none
    is_complete: bool = True  # all criteria, by people, on all parts of the site
    met: int = 0  # criteria that are met
    asked: int = 50
    planned_research_on: date | None = None
    has_measures: bool = True  # every deviation has cause, effect, measure and a date
    improves: bool = True  # compared with a year before


@dataclass(frozen=True)
class Change:
    """Something that happens on a day unless somebody acts before it."""

    on: date  # the first day on which it is otherwise
    kind: ChangeKind
    before: Status
    after: Status


@dataclass(frozen=True)
class StatusWarning:
    """A change, told ahead."""

    on: date  # the day on which it is told
    months: int  # ahead: 6, 3 or 1
    change: Change

    @property
    def key(self) -> str:
        """By which it is known that it was told."""
        return f"{self.change.kind}:{self.change.on.isoformat()}:{self.months}"


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or back where they are negative; the last of the month where it has no such day."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def research_ends_on(facts: StatementFacts) -> date | None:
    """The first day on which the research is older than 36 months; None: there is none that counts."""
    if facts.research_on is None or not facts.is_complete:
        return None
    return add_months(facts.research_on, RESEARCH_MONTHS) + DAY


def planning_ends_on(facts: StatementFacts) -> date | None:
    """The first day on which planned research no longer helps: it did not come, or half a year after publication is over."""
    if facts.published_on is None or facts.planned_research_on is None:
        return None
    half_a_year = add_months(facts.published_on, PLANNED_MONTHS)
    if not facts.published_on <= facts.planned_research_on <= half_a_year:
        return None
    return min(facts.planned_research_on, half_a_year) + DAY


def status_on(facts: StatementFacts, day: date) -> Status:
    """The status on a day."""
    if facts.published_on is None or day < facts.published_on:
        return Status.E
    ends = research_ends_on(facts)
    if ends and facts.research_on and facts.research_on <= day < ends:
        return Status.A if facts.met >= facts.asked else Status.B
    planned = planning_ends_on(facts)
    return Status.C if planned and day < planned else Status.D


def review_due_on(facts: StatementFacts) -> date | None:
    """The first day on which the statement was not reviewed for more than a year."""
    last = max((day for day in (facts.published_on, facts.reviewed_on) if day), default=None)
    return add_months(last, REVIEW_MONTHS) + DAY if last and facts.published_on else None


def meets_the_law(facts: StatementFacts, day: date) -> bool:
    """A: yes. B: where measures are described and there is improvement. C: as long as it lasts. D and E: no."""
    status = status_on(facts, day)
    if status is Status.B:
        return facts.has_measures and facts.improves
    return status in (Status.A, Status.C)


def changes_after(facts: StatementFacts, day: date) -> list[Change]:
    """All that changes by itself after a day, the first first."""
    found = []
    for kind, on in ((ChangeKind.RESEARCH, research_ends_on(facts)), (ChangeKind.PLANNED, planning_ends_on(facts))):
        if on and on > day and status_on(facts, on - DAY) is not status_on(facts, on):
            found.append(Change(on, kind, status_on(facts, on - DAY), status_on(facts, on)))
    review = review_due_on(facts)
    if review and review > day:
        found.append(Change(review, ChangeKind.REVIEW, status_on(facts, review - DAY), status_on(facts, review)))
    return sorted(found, key=lambda one: (one.on, one.kind))


def warnings_of(facts: StatementFacts, day: date) -> Iterator[StatusWarning]:
    """Every warning of what changes after a day, whether its own day has come or not."""
    for change in changes_after(facts, day):
        for months in WARN_MONTHS:
            yield StatusWarning(add_months(change.on, -months), months, change)


def due_warnings(facts: StatementFacts, day: date, told: Collection[str] = ()) -> list[StatusWarning]:
    """What has to be told on a day: of each change the nearest warning whose day has come and that was not told.

    What an earlier warning of the same change would have said is not told after it: `covered_by` gives all keys to note.
    """
    nearest: dict[tuple[ChangeKind, date], StatusWarning] = {}
    for warning in warnings_of(facts, day):
        if warning.on <= day:
            change = (warning.change.kind, warning.change.on)
            nearest[change] = min(nearest.get(change, warning), warning, key=lambda one: one.months)
    return [warning for warning in nearest.values() if warning.key not in told]


def covered_by(warning: StatusWarning) -> list[str]:
    """The keys of a warning and of those of the same change that it comes after."""
    return [replace(warning, months=months).key for months in WARN_MONTHS if months >= warning.months]
