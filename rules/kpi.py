"""KPIs: the register of what is counted, and the reckoning with targets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

from rules.norm import Language

MONTH = 365.25 / 12  # days
REVIEW_MONTHS = 12


class Panel(StrEnum):
    """The four panels of the service vision."""

    WELKOM = "welkom"
    IN_CONTACT = "in-contact"
    DOEN = "doen"
    OP_ORDE = "op-orde"


class Unit(StrEnum):
    """What a value is in."""

    PER_CENT = "per cent"
    COUNT = "count"
    PER_PAGE = "per page"
    PER_THOUSAND = "per thousand"


@dataclass(frozen=True)
class KpiWords:
    """What a KPI is called, what it counts over what, and when it is not known."""

    title: str
    definition: str
    unknown: str


@dataclass(frozen=True)
class Kpi:
    """One KPI of the register."""

    id: str
    version: int
    panel: Panel
    unit: Unit
    more_is_better: bool
    words: dict[Language, KpiWords]


@cache
def kpis() -> dict[str, Kpi]:
    """The register, by id, in the order of the panels."""
    found = tomllib.loads(resources.files("rules").joinpath("kpis.toml").read_text(encoding="utf-8"))
    return {
        name: Kpi(
            name,
            int(one["version"]),
            Panel(one["panel"]),
            Unit(one["unit"]),
            {"more": True, "fewer": False}[one["better"]],
            {"nl": KpiWords(*one["nl"]), "en": KpiWords(*one["en"])},
        )
        for name, one in found.items()
    }


@dataclass(frozen=True)
class Value:
    """A KPI at a moment: its numerator and denominator are told, so that nobody has to believe a bare share."""

    value: float
    count: float | None = None
    of: float | None = None


class TargetError(ValueError):
    """A target cannot be kept; `field` says which part of the form is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Target:
    """What a KPI is to be by a day, and from where it set out."""

    first_day: date
    first_value: float
    last_day: date
    last_value: float

    def __post_init__(self) -> None:
        if self.first_day >= self.last_day:
            raise TargetError("last_day", "the target's day has to lie after the day that it sets out from")

    def expected(self, day: date) -> float:
        """Where the path of the target lies on a day: a straight line, level before and behind."""
        whole = (self.last_day - self.first_day).days
        gone = min(max((day - self.first_day).days, 0), whole)
        return self.first_value + (self.last_value - self.first_value) * gone / whole


@dataclass(frozen=True)
class Reckoning:
    """How an actual value stands to its target."""

    gap: float  # what is still to go; nought or below: it is reached
    pace: float | None  # that is needed each month from now on; None: reached, or the day has passed
    is_on_path: bool  # at least where the path lies today
    is_reached: bool


def reckon(kpi: Kpi, actual: float, target: Target, today: date) -> Reckoning:
    """Gap, needed pace and path, all in the unit of the KPI; a gap is positive whichever way is better."""
    way = 1.0 if kpi.more_is_better else -1.0
    gap = way * (target.last_value - actual)
    months = (target.last_day - today).days / MONTH
    pace = gap / months if gap > 0 and months > 0 else None
    return Reckoning(gap, pace, way * (actual - target.expected(today)) >= -1e-9, gap <= 0)
