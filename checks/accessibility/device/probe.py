"""Shakes and tilts a page that listens to it, and tries whether its controls do the same or switch it off.

Source: WCAG 2.2 SC 2.5.4 Motion Actuation; ACT rules 7677a9 and c249d5.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import TouchingProbe, is_harmful
from rules.probe import Tab

TYPES = ("devicemotion", "deviceorientation", "deviceorientationabsolute")
MOST_CONTROLS = 15


class DeviceProbe(TouchingProbe):
    name = "device"

    async def facts(self, page: Tab) -> dict[str, Any]:
        """ "whole": every control was tried. Empty where the page does not listen, or nothing comes of it."""
        if not await page.listeners(*TYPES):
            return {}
        moves = await self.ask(page, "moves()")
        if not moves:
            return {}
        facts: dict[str, Any] = {
            "moves": moves,
            "element": await self.ask(page, "page()"),
            "controls": await self.ask(page, "names()"),
        }
        facts.update(same=False, stops=False, whole=moves == "text")
        if moves == "text":
            await self._try_controls(page, facts)
        return facts

    async def _try_controls(self, page: Tab, facts: dict[str, Any]) -> None:
        """Adds "same" (a control does what the movement does) and "stops" (after one of them the movement does nothing)."""
        for _ in range(MOST_CONTROLS):
            control = await self.ask(page, "next()")
            if control is None:
                return
            if is_harmful(control["name"]):
                facts["whole"] = False
                continue
            await page.press(control["key"])
            facts["same"] = await self.ask(page, "answered()") or facts["same"]
            facts["stops"] = await self.ask(page, "isStill()") or facts["stops"]
        facts["whole"] = False


PROBE = DeviceProbe()
