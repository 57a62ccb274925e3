"""Success criteria, clauses, and the norms that ask for them, as data.

Source: WCAG 2.0, 2.1 and 2.2 with their authorised Dutch translations; EN 301 549 v3.2.1, clauses 9 and 10.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["nl", "en"]
Level = Literal["A", "AA", "AAA"]


@dataclass(frozen=True)
class SuccessCriterion:
    """One success criterion of WCAG 2.x."""

    number: str  # "1.4.3"
    level: Level
    since: str  # the version of WCAG that introduced it: "2.0", "2.1" or "2.2"
    name: dict[Language, str]
    principle: str
    web_clause: str  # of EN 301 549 v3.2.1, "9.1.4.3"; empty where it has none
    document_clause: str  # "10.1.4.3"; empty where the clause is void
    removed_in: str  # the version that dropped it; empty: still there

    @property
    def anchor(self) -> str:
        """Its id in the text of WCAG 2.1 and 2.2, by which other tools know it: "contrast-minimum"."""
        return re.sub(r"[^a-z0-9]+", "-", self.name["en"].lower()).strip("-")


@dataclass(frozen=True)
class Norm:
    """A set of criteria that the law or a client asks for."""

    id: str
    title: str
    wcag: str
    criteria: tuple[str, ...]

    def asks(self, criterion: str) -> bool:
        return criterion in self.criteria

    def clause(self, criterion: str) -> str:
        """The web clause of this norm, for example "9.1.4.3"; empty where the norm does not ask for the criterion.

        Clause 9 of EN 301 549 numbers its web clauses after the criteria, in v3.2.1 and in v4.1.1 alike.
        """
        return f"9.{criterion}" if self.asks(criterion) else ""

    def document_clause(self, criterion: str) -> str:
        """The clause for documents that are no web pages, "10.1.4.3"; empty where it is void or the norm does not ask for it."""
        return success_criteria()[criterion].document_clause if self.asks(criterion) else ""


@cache
def success_criteria() -> dict[str, SuccessCriterion]:
    """All criteria of WCAG 2.x by number, in their own order."""
    table = resources.files("rules").joinpath("wcag_en301549.csv").read_text(encoding="utf-8")
    return {
        row["sc"]: SuccessCriterion(
            number=row["sc"],
            level=row["level"],  # type: ignore[arg-type]  # the file is ours; a test checks its values
            since=row["since"],
            name={"nl": row["name_nl"], "en": row["name_en"]},
            principle=row["principle"],
            web_clause=row["en301549_web"],
            document_clause=row["en301549_doc"],
            removed_in=row["removed_in"],
        )
        for row in csv.DictReader(table.splitlines())
    }


@cache
def norms() -> dict[str, Norm]:
    """The norms a report can be made for; the first is the default."""
    return {
        norm.id: norm
        for norm in (
            Norm("en301549-3.2.1", "EN 301 549 v3.2.1 (WCAG 2.1 A + AA)", "2.1", _criteria_of("2.1")),
            Norm("en301549-4.1.1", "EN 301 549 v4.1.1 (WCAG 2.2 A + AA)", "2.2", _criteria_of("2.2")),
        )
    }


DEFAULT_NORM = "en301549-3.2.1"


def _criteria_of(version: str) -> tuple[str, ...]:
    return tuple(
        criterion.number
        for criterion in success_criteria().values()
        if criterion.level in ("A", "AA")
        and criterion.since <= version
        and not (criterion.removed_in and criterion.removed_in <= version)
    )
