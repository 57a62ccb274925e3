"""Numbered frames on the picture of a whole page: see templates/page_picture.html.j2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from rules.outcome import Outcome
from rules.page_picture import Box
from storage.page_pictures import KeptPicture


class Marked(Protocol):
    """A finding that can be marked, such as a row of storage.models.Finding."""

    fingerprint: str
    outcome: str


@dataclass(frozen=True)
class Mark:
    """One place on the picture."""

    number: int
    box: Box | None  # None: it is not to be seen on it
    asks: bool  # a question to a person, no failure


def marks_of(kept: KeptPicture, findings: Iterable[Marked]) -> list[Mark]:
    """The marks of findings, numbered from 1 in the order in which they are given."""
    return [
        Mark(number, kept.boxes.get(finding.fingerprint), finding.outcome != Outcome.FAILED)
        for number, finding in enumerate(findings, 1)
    ]
