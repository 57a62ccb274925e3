"""Barriers that people met or saw: findings of user tests with residents, of expert reviews, and complaints.

A barrier is what a visitor could not do. It is written down by a person and closed by a person: no run of a machine opens,
changes or closes one. It stands beside what machines find, in the same worklist and reports, with its source and its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urljoin

from rules.address import page_identity
from rules.need import Need
from rules.norm import success_criteria
from rules.outcome import Impact, Mender
from rules.plain_table import PlainTable, TableError, spelled_out

MINUTES = 30  # that mending is reckoned to take: nobody has estimated it
LONGEST_TEXT = 5_000
LONGEST_WHO = 300
MOST_LINES = 5_000
Choice = TypeVar("Choice", bound=StrEnum)
RULE_PREFIX = "barrier-"  # how a barrier is named where a rule is asked for: no rule of the catalogue begins so


class BarrierSource(StrEnum):
    """How a barrier became known."""

    USER_TEST = "user-test"  # a resident tried the site while somebody looked on
    EXPERT = "expert"  # somebody who knows the norm looked
    COMPLAINT = "complaint"  # a resident said so


class Closing(StrEnum):
    """Why a barrier was closed."""

    REPAIRED = "repaired"  # somebody looked, and it is gone
    RETEST = "retest"  # whoever met it tried again, and could go on
    NO_BARRIER = "no-barrier"  # on a second look it is none
    MISTAKE = "mistake"  # it was written down by mistake: its text and file are removed


class BarrierError(ValueError):
    """A barrier cannot be kept; `field` is what is wrong, the sentence says what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Barrier:
    """One barrier as somebody wrote it down. `number` is 0 until it is kept."""

    address: str  # of the page, by its identity
    what: str  # what happened
    source: BarrierSource
    on: date  # the day that it was met, seen or said
    criterion: str = ""  # a success criterion; empty: it is no matter of WCAG
    who: str = ""  # who is stopped, in words; never a name
    needs: tuple[Need, ...] = ()
    impact: Impact = Impact.SERIOUS
    mender: Mender = Mender.EDITOR
    number: int = 0
    page_id: int | None = None  # None: no run has met the page

    @property
    def rule(self) -> str:
        """How it is named where a rule is asked for."""
        return f"{RULE_PREFIX}{self.number}"


def number_of(rule: str) -> int:
    """The number of the barrier that is named in place of a rule; 0: it is a rule."""
    digits = rule.removeprefix(RULE_PREFIX)
    return int(digits) if rule.startswith(RULE_PREFIX) and digits.isdecimal() and len(digits) < 10 else 0


def checked_barrier(
    *,
    address: str,
    what: str,
    source: str,
    on: str,
    today: date,
    criterion: str = "",
    who: str = "",
    needs: Iterable[str] = (),
    impact: str = "",
    mender: str = "",
) -> Barrier:
    """A barrier of what somebody typed. Raises BarrierError."""
    if not what.strip() or len(what) > LONGEST_TEXT:
        raise BarrierError("what", f"write what happened, in at most {LONGEST_TEXT} characters")
    if len(who) > LONGEST_WHO:
        raise BarrierError("who", f"say who is stopped in at most {LONGEST_WHO} characters")
    if criterion and criterion not in success_criteria():
        raise BarrierError("criterion", f"'{criterion}' is no success criterion; write for example 1.4.3, or nothing")
    try:
        identity = page_identity(address.strip())
    except ValueError as error:
        raise BarrierError("address", f"'{address[:100]}' is no address; write it as https://www.example.nl/page") from error
    try:
        day = date.fromisoformat(on.strip())
    except ValueError as error:
        raise BarrierError("on", f"'{on[:20]}' is no day; write for example 2027-03-01") from error
    if day > today:
        raise BarrierError("on", f"{day} is yet to come; write the day on which it was met")
    return Barrier(
        address=identity,
        what=what.strip().replace("\r\n", "\n"),
        source=_one_of(BarrierSource, source, "source"),
        on=day,
        criterion=criterion,
        who=" ".join(who.split()),
        needs=tuple(_one_of(Need, one, "needs") for one in dict.fromkeys(needs)),
        impact=_one_of(Impact, impact, "impact") if impact else Impact.SERIOUS,
        mender=_one_of(Mender, mender, "mender") if mender else Mender.EDITOR,
    )


def _one_of(kind: type[Choice], text: str, field: str) -> Choice:
    try:
        return kind(text)
    except ValueError as error:
        raise BarrierError(field, f"'{text[:40]}' is no {field}; choose from {', '.join(kind)}") from error


HEADINGS = spelled_out(
    {
        "address": "adres|address|pagina|page|url",
        "what": "wat|what|bevinding|finding|omschrijving|description|beschrijving|klacht|complaint",
        "source": "bron|source|soort|kind",
        "on": "datum|date|dag|day",
        "criterion": "criterium|criterion|succescriterium|success criterion|sc|wcag",
        "who": "wie|who|voor wie|for whom|doelgroep",
        "needs": "behoefte|behoeften|need|needs",
        "impact": "ernst|impact|severity",
        "mender": "hersteller|mender|wie herstelt",
    }
)
SOURCES: Mapping[str, BarrierSource] = spelled_out(  # type: ignore[assignment]  # names of BarrierSource
    {
        BarrierSource.USER_TEST: "user-test|user test|gebruikerstest|gebruikersonderzoek|test met bewoners|bewonerstest",
        BarrierSource.EXPERT: "expert|expert review|deskundige|expertonderzoek|deskundigenonderzoek",
        BarrierSource.COMPLAINT: "complaint|klacht|melding|bewoner|resident",
    }
)


def read_barriers(content: bytes, start_url: str, today: date) -> list[Barrier]:
    """The barriers of a CSV file, in its order. Raises BarrierError: nothing of a file with a wrong line is used."""
    try:
        table = PlainTable(content, HEADINGS)
        if missing := [name for name in ("address", "what", "source", "on") if name not in table.columns]:
            raise BarrierError(
                "table",
                f"its first line names no column for {', '.join(missing)}; begin it with: adres;wat;bron;datum;criterium;wie",
            )
        found = list(_lines(table, start_url, today))
    except TableError as error:
        raise BarrierError("table", str(error)) from error
    if not found:
        raise BarrierError("table", "there is no line under its headings")
    return found


def _lines(table: PlainTable, start_url: str, today: date) -> Iterator[Barrier]:
    for place, (line, cells) in enumerate(table.rows()):
        if place == MOST_LINES:
            raise BarrierError("table", f"it has more than {MOST_LINES} lines; bring it in in parts")
        told = {name: cells.get(name, "") for name in ("what", "on", "criterion", "who", "impact", "mender")}
        source = cells.get("source", "").lower()
        try:
            address = urljoin(start_url, cells.get("address", ""))
            needs = cells.get("needs", "").upper().split()
            yield checked_barrier(address=address, source=SOURCES.get(source, source), needs=needs, today=today, **told)
        except ValueError as error:
            raise BarrierError(getattr(error, "field", "address"), f"line {line}: {error}") from error
