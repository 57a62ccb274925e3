"""What a probe is, and what it may use of the open page. The browser itself is the crawler's."""

from __future__ import annotations

from typing import Any, Protocol

from rules.observation import Evidence


class World(Protocol):
    """One document of the open page, with an isolated JavaScript world of our own in it.

    The page's scripts see nothing of it and cannot spoil it; it sees the same document.
    """

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression, or of the promise that it gives, as JSON would carry it."""
        ...

    async def frame_of(self, expression: str) -> World | None:
        """The world of the frame held by the element that the expression gives; None: it cannot be reached."""
        ...


class Probe(Protocol):
    """Gathers evidence from an open page; needs the browser, judges nothing."""

    name: str
    source: str  # JavaScript that must stand ready in every document's isolated world; empty: none
    deadline_s: float

    async def gather(self, page: World) -> Evidence: ...
