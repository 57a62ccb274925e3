"""User accessibility needs: whom a criterion serves, and so who is stopped where it is not met.

Source: Implementing Decision (EU) 2018/1524, Annex I, 1.3.2; EN 301 549 v3.2.1, clause 4.2; the table stands in `user_needs.csv`.
"""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from importlib import resources


class Need(StrEnum):
    """The user accessibility needs."""

    WITHOUT_VISION = "WV"
    LIMITED_VISION = "LV"
    WITHOUT_COLOUR = "WPC"
    WITHOUT_HEARING = "WH"
    LIMITED_HEARING = "LH"
    WITHOUT_VOICE = "WS"  # no criterion of WCAG serves it: EN 301 549, clause 6
    LIMITED_STRENGTH = "LM"  # limited manipulation or strength
    PHOTOSENSITIVE = "PST"
    LIMITED_COGNITION = "COG"


@cache
def needs() -> dict[str, tuple[Need, ...]]:
    """The needs that a criterion serves, by its number."""
    table = resources.files("rules").joinpath("user_needs.csv").read_text(encoding="utf-8")
    return {row["sc"]: tuple(Need(one) for one in row["needs"].split()) for row in csv.DictReader(table.splitlines())}
