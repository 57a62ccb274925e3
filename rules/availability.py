"""Availability: whether an address that people need gives a good answer, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class WatchKind(StrEnum):
    """Why an address is watched."""

    START = "start"  # the start page
    FORM = "form"  # a page on which people send something
    TASK = "task"  # a right page of a top task
    SEARCH = "search"  # the results of the site's own search, for a harmless query
    OTHER = "other"  # a person asked for it


class Availability(StrEnum):
    """What is known of an address at a moment."""

    UP = "up"
    DOWN = "down"  # two looks, some time apart, got no good answer
    UNKNOWN = "unknown"  # our own network was down: nothing is said of the site


@dataclass(frozen=True)
class Expected:
    """What a good answer holds, as it was when the address worked."""

    title: str = ""  # empty: not known
    has_form: bool = False

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> Expected:
        return cls(str(stored.get("title", "")), bool(stored.get("has_form", False)))

    def as_stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Answer:
    """What an address answered at one look; of a page, what its source says."""

    url: str
    status: int | None  # None: no answer
    error: str = ""  # why there was none: a key of rules.reason
    leads_to: str = ""  # where redirects ended, where that is elsewhere
    title: str = ""
    heading: str = ""
    words: int = 0
    has_form: bool = False
    size: int = 0  # bytes of its body that were read
    is_read: bool = False  # it is a page, and its source could be read: what it says is known
    milliseconds: int = 0


@dataclass(frozen=True)
class Look:
    """The verdict on one look."""

    state: Availability
    reason: str = ""  # a key of rules.reason; empty where it is up
