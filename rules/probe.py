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


class Tab(World, Protocol):
    """The open page as a probe that touches it sees it: the world of its own document, and a visitor's hands and eyes.

    While a probe touches the page the browser refuses every request but GET and HEAD, every WebSocket and every way out of
    the page; dialogs are closed and new windows shut. Coordinates are CSS pixels of the viewport.
    """

    async def press(self, key: str) -> None:
        """Press and let go of a key, as Playwright names it: "Tab", "Shift+Tab", "Escape", "Enter", "Space", "a"."""
        ...

    async def move_mouse(self, x: float, y: float) -> None: ...

    async def click(self, x: float, y: float) -> None: ...

    async def picture(self, box: tuple[float, float, float, float] | None = None) -> bytes:
        """A PNG of the viewport, or of a box in it (x, y, width, height)."""
        ...

    async def view(self, width: int, height: int, *, scale: float = 1.0, media: dict[str, str] | None = None) -> None:
        """Another viewport, zoom (scale 2.0: 200 %) and media features, until the page is opened anew."""
        ...

    async def listeners(self, *types: str) -> list[str]:
        """Put every node with an event listener of such a type, whoever set it, into the array `vierluikListeners` of the world.

        Each as [node, its types]. Gives the types that the window itself listens to. Listeners on a body or another far
        ancestor say nothing of one element: a framework may have put them there for all.
        """
        ...

    def refused(self) -> list[tuple[str, str]]:
        """What was refused since last asked: "navigation", "request", "window" or "dialog"; and its address."""
        ...

    async def reload(self) -> None:
        """Open the page anew, as it was before any probe touched it."""
        ...


class Probe(Protocol):
    """Gathers evidence from an open page; needs the browser, judges nothing."""

    name: str
    sources: tuple[str, ...]  # JavaScript that must stand ready in every document's isolated world; each is sent once
    deadline_s: float
    touches: bool  # it presses, clicks or resizes: it runs after those that only look, and not on every page
    watches: bool  # it only waits to see what changes: beside those that touch, in the tab that they do not touch

    async def gather(self, page: Tab) -> Evidence: ...
