"""Looks at the page in a narrow window, at 200 %, and with wider spacing of the text.

Source: WCAG 2.2 SC 1.4.4 Resize Text, 1.4.10 Reflow, 1.4.12 Text Spacing; techniques C31, C36; failures F69, F102, F104.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import TouchingProbe
from rules.probe import Tab

WIDTH, HEIGHT = 1280, 800


class ReflowProbe(TouchingProbe):
    name = "reflow"

    async def facts(self, page: Tab) -> dict[str, Any]:
        facts: dict[str, Any] = {"texts": await self.ask(page, "begin()")}
        facts["body"] = await self.ask(page, "body()")
        await self.ask(page, "space()")
        facts["spaced"] = await self.ask(page, "newlyCut()")
        await self.ask(page, "unspace()")
        await page.view(WIDTH, HEIGHT, scale=2.0)
        facts["zoomed"] = await self.ask(page, "newlyCut()")
        await page.view(320, HEIGHT)
        facts["narrow"] = await self.ask(page, "wide()")
        await page.view(WIDTH, HEIGHT)
        return facts


PROBE = ReflowProbe()
