"""One thing that the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Examined:
    """What it is, whether it is fine, and what to do where it is not."""

    what: str
    fine: bool
    sentence: str
