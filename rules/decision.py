"""What people decide about a finding: which kinds there are, why, for how long, and when somebody else has to agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

LONGEST_NOTE = 1_000
LONGEST_DAYS = 731  # that a decision may hold before it is looked at again
USUAL_DAYS = 365
MOST_AT_ONCE = 200  # things in one go


class DecisionKind(StrEnum):
    """What somebody decided."""

    NOT_CORRECT = "not-correct"  # the finding is wrong
    ACCEPTED = "accepted"  # it is right, and stays as it is for a while
    LATER = "later"  # it will be mended by a day
    WITH_SUPPLIER = "with-supplier"  # somebody else is at it
    GIVEN = "given"  # to somebody else of the organisation
    QUESTION = "question"  # to somebody, before it is decided


HIDES = frozenset({DecisionKind.NOT_CORRECT, DecisionKind.ACCEPTED, DecisionKind.LATER, DecisionKind.WITH_SUPPLIER})
REASONS: dict[DecisionKind, tuple[str, ...]] = {
    DecisionKind.NOT_CORRECT: ("false-alarm", "not-there", "good-enough-for-visitors"),
    DecisionKind.ACCEPTED: ("third-party", "exempt", "disproportionate", "will-be-replaced"),
    DecisionKind.LATER: ("planned", "waits-for-others", "no-time"),
    DecisionKind.WITH_SUPPLIER: ("ticket",),
    DecisionKind.GIVEN: ("given",),
    DecisionKind.QUESTION: ("asked",),
}


class DecisionError(ValueError):
    """The decision cannot be kept; `field` says which part of the form is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Wanted:
    """A decision as somebody asks for it."""

    kind: DecisionKind
    reason: str = ""
    note: str = ""
    until: date | None = None  # the last day on which it holds; of what is given, the day that it is promised for
    to: str = ""  # whom it is given to, or asked


def checked(wanted: Wanted, today: date) -> Wanted:
    """The decision with what was left out filled in. Raises DecisionError."""
    kind = wanted.kind
    reasons = REASONS[kind]
    reason = wanted.reason or (reasons[0] if len(reasons) == 1 else "")
    if reason not in reasons:
        raise DecisionError("reason", "choose one of the reasons")
    note, to = wanted.note.strip(), " ".join(wanted.to.split())
    if len(note) > LONGEST_NOTE:
        raise DecisionError("note", f"write at most {LONGEST_NOTE} characters")
    if kind in (DecisionKind.GIVEN, DecisionKind.QUESTION) and not (0 < len(to) <= 200 and to.isprintable()):
        raise DecisionError("to", "say to whom")
    if kind is DecisionKind.QUESTION and not note:
        raise DecisionError("note", "write the question")
    until = wanted.until
    if until is None and kind is DecisionKind.LATER:
        raise DecisionError("until", "choose the day by which it will be mended")
    if until is None and kind in (DecisionKind.NOT_CORRECT, DecisionKind.ACCEPTED):
        until = today + timedelta(days=USUAL_DAYS)
    if until is not None and not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise DecisionError("until", "choose a day after today, and within two years")
    return Wanted(kind, reason, note, until, to)


def needs_second(kind: DecisionKind, levels: frozenset[str], people: int) -> bool:
    """Whether a decision only holds once a second person agrees: what the norm asks for is not waved away by one.

    `levels`: of the criteria of the rule, such as {"A"}; `people`: that may decide about the site.
    """
    return kind is DecisionKind.NOT_CORRECT and bool(levels & {"A", "AA"}) and people >= 2


class Standing(StrEnum):
    """How a decision stands."""

    HOLDS = "holds"
    WAITS = "waits"  # for a second person
    OVER = "over"  # its day has passed
    WITHDRAWN = "withdrawn"


def standing_of(
    *, needs_second: bool, seconded: bool, expires_at: datetime | None, withdrawn_at: datetime | None, now: datetime
) -> Standing:
    """How a decision stands at a moment."""
    if withdrawn_at is not None:
        return Standing.WITHDRAWN
    if expires_at is not None and expires_at <= now:
        return Standing.OVER
    return Standing.WAITS if needs_second and not seconded else Standing.HOLDS


class Kept(StrEnum):
    """What became of a promise."""

    IN_TIME = "in-time"
    TOO_LATE = "too-late"
    OPEN = "open"
    OVERDUE = "overdue"
