"""Watches the page for some seconds without touching it, and then tries what says that it stops the movement.

Source: WCAG 2.2 SC 2.2.2 Pause, Stop, Hide; 2.3.1 Three Flashes or Below Threshold; ACT rule efbfc7.
"""

from __future__ import annotations

import asyncio
from typing import Any

from checks.accessibility.hands import TouchingProbe
from rules.probe import Tab

WATCH_S = 6.5  # the criterion is about what lasts longer than five seconds
REST_MS = 3_000


class TimeProbe(TouchingProbe):
    name = "over_time"
    deadline_s = 40.0
    watches = True

    async def facts(self, page: Tab) -> dict[str, Any]:
        if not await self.ask(page, "isStill()"):
            await asyncio.sleep(WATCH_S)
        facts: dict[str, Any] = await self.ask(page, "look()")
        for text in facts["texts"]:
            text["stopped"] = False
        for number in range(facts["controls"] if facts["texts"] else 0):
            if not await self.ask(page, f"stop({number})"):
                break
            for text, rested in zip(facts["texts"], await self.ask(page, f"rested({REST_MS})"), strict=True):
                text["stopped"] = text["stopped"] or rested
            if all(text["stopped"] for text in facts["texts"]):
                break
        return facts


PROBE = TimeProbe()
