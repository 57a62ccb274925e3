"""A run over a site: its states, the steps of a page in it, and its coverage."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class RunState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"  # it was stopped, or its process is gone; it can be continued
    FAILED = "failed"  # nothing could be judged; the reason says why
    CANCELLED = "cancelled"  # a person ended it; what it stored stays, and it is not continued


class StopAsked(StrEnum):
    """How a person wants a run that goes on to stop."""

    PAUSED = "paused"  # until somebody has it go on
    CANCELLED = "cancelled"


class Step(StrEnum):
    """How far a run has come with one address."""

    FOUND = "found"
    FETCHED = "fetched"  # it is a page, and waits for the browser
    DONE = "done"


@dataclass(frozen=True)
class Coverage:
    """What a run looked at: found = tested + carried over + untested + skipped. Documents are counted apart."""

    found: int = 0
    tested: int = 0
    carried_over: int = 0
    untested: int = 0
    skipped: int = 0
    documents: int = 0

    def __post_init__(self) -> None:
        if self.found != self.tested + self.carried_over + self.untested + self.skipped:
            raise ValueError(f"The coverage does not add up: {asdict(self)}")
