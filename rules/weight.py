"""How heavy a page is and how quickly it came, as one browser on this machine met it; and what that costs the climate.

Figures, not findings: other visitors have other machines and lines, so no rule judges by them, and they are no field data.
"""

from __future__ import annotations

from dataclasses import dataclass

BYTES_PER_GB = 1_000_000_000
# Sustainable Web Design Model, version 4 (sustainablewebdesign.org), in kWh for each GB: use and making of data centres,
# networks and devices. The grid: the world's average that the model names (Ember, 2022), in grams of CO2 equivalent for each kWh.
MODEL = "Sustainable Web Design Model 4"
KWH_PER_GB = 0.055 + 0.012 + 0.059 + 0.013 + 0.080 + 0.081
GRAMS_PER_KWH = 494


@dataclass(frozen=True)
class Weight:
    """One load of a page in a fresh browser. None: it could not be measured."""

    requests: int
    bytes: int  # as sent, without headers
    unknown: int  # requests of which the size is not known, because another host does not tell it
    first_byte_ms: int | None
    largest_paint_ms: int | None  # LCP
    shift: float | None  # CLS


def grams_of_co2(size: int) -> float:
    """The estimated CO2 equivalent of sending so many bytes to a visitor who comes for the first time."""
    return size / BYTES_PER_GB * KWH_PER_GB * GRAMS_PER_KWH
