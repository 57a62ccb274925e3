"""Watches the page for some seconds without touching it, and then tries what says that it stops the movement.

Source: WCAG 2.2 SC 2.2.2 Pause, Stop, Hide; 2.3.1 Three Flashes or Below Threshold; ACT rule efbfc7.
"""

from __future__ import annotations

import asyncio
from typing import Any

from checks.accessibility.hands import ask, asleep, evidence, wake
from rules.observation import Evidence
from rules.probe import Tab

WATCH_S = 6.5  # the criterion is about what lasts longer than five seconds
REST_MS = 3_000


class TimeProbe:
    name = "over_time"
    sources = (asleep(__package__, "over_time"),)
    deadline_s = 40.0
    touches = True
    watches = True

    async def gather(self, page: Tab) -> Evidence:
        await wake(page, self.name)
        if not await ask(page, "over_time.isStill()"):
            await asyncio.sleep(WATCH_S)
        facts: dict[str, Any] = await ask(page, "over_time.look()")
        for text in facts["texts"]:
            text["stopped"] = False
        for number in range(facts["controls"] if facts["texts"] else 0):
            if not await ask(page, f"over_time.stop({number})"):
                break
            for text, rested in zip(facts["texts"], await ask(page, f"over_time.rested({REST_MS})"), strict=True):
                text["stopped"] = text["stopped"] or rested
            if all(text["stopped"] for text in facts["texts"]):
                break
        return evidence(self.name, facts)


PROBE = TimeProbe()
