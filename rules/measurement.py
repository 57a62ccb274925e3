"""What somebody measured elsewhere, such as how satisfied visitors are: values of a series over periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


class MeasurementError(ValueError):
    """The file cannot be brought in as a whole; the sentence says why and what to do."""


@dataclass(frozen=True)
class Measurement:
    """One value, in the unit of its series."""

    series: str
    source: str
    first_day: date
    last_day: date
    value: float
    answers: int | None = None  # that it was measured over; None: not said
    address: str = ""  # the page that it is about, by its identity; empty: the whole site
    kpi: str = ""  # the id of the KPI beside which it belongs; empty: none
