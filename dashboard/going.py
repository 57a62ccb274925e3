"""How far a run is that goes on, by what its heartbeat wrote down last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storage.models import Run

FEWEST_PAGES = 5  # done, before a pace can be told from them


@dataclass(frozen=True)
class Going:
    """What is being done, and how much of it."""

    stage: str  # pages, documents or second-look
    done: int
    total: int
    links: int  # that were asked
    remaining: timedelta | None  # for the pages known by now; None: not to be told


def going_of(run: Run) -> Going:
    """Nothing done of nothing where the run has given no sign of life yet."""
    known = {name: int(value) for name, value in run.progress.items() if isinstance(value, int)}

    def count(name: str) -> int:
        return known.get(name, 0)

    if count("to_look_again"):
        return Going("second-look", count("looked_again"), count("to_look_again"), count("links"), None)
    if count("judged") < count("to_judge"):
        return Going("documents", count("judged"), count("to_judge"), count("links"), None)
    fresh, left = count("done") - count("earlier"), max(0, count("found") - count("done"))
    remaining = timedelta(seconds=left * count("seconds") / fresh) if fresh >= FEWEST_PAGES and left else None
    return Going("pages", count("done"), max(count("found"), count("done")), count("links"), remaining)
