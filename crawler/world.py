"""A document of an open page, with an isolated JavaScript world of our own in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

WORLD = "vierluik"


class VisitFailed(Exception):
    """The page could not be looked at; `reason` is a key of `rules.reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class World:
    """One document of the open page, as a probe that only looks sees it."""

    session: CDPSession
    context_id: int

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression, or of the promise that it gives. Raises VisitFailed where the script throws."""
        answer = await self.session.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": self.context_id, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            raise VisitFailed("script-failed")
        return well_formed(answer["result"].get("value"))

    async def handle(self, expression: str) -> str:
        """The number by which the browser knows the object that an expression gives. Raises VisitFailed where it gives none."""
        answer = await self.session.send("Runtime.evaluate", {"expression": expression, "contextId": self.context_id})
        if "exceptionDetails" in answer or not (number := answer["result"].get("objectId")):
            raise VisitFailed("script-failed")
        return str(number)

    async def frame_of(self, expression: str) -> World | None:
        """The world of the frame that a frame element holds; None where its document is another process's."""
        try:
            handle = await self.handle(expression)
            node = await self.session.send("DOM.describeNode", {"objectId": handle})
            return await world_of(self.session, node["node"]["frameId"])
        except (PlaywrightError, VisitFailed, KeyError):
            return None


# JSON.stringify writes half a character (a lone surrogate) as an escape, and nothing else as an escape that begins with d.
HALF_CHARACTER = re.compile(r"(?<!\\)((?:\\\\)*)\\ud[0-9a-f]{3}")


def well_formed(value: Any) -> Any:
    """JSON text without half characters, which a page can make and which no file or database can hold."""
    if isinstance(value, str) and "\\ud" in value:
        return HALF_CHARACTER.sub("\\1\N{REPLACEMENT CHARACTER}", value)
    return value


async def world_of(session: CDPSession, frame_id: str) -> World:
    answer = await session.send("Page.createIsolatedWorld", {"frameId": frame_id, "worldName": WORLD})
    return World(session, answer["executionContextId"])
