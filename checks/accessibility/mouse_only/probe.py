"""Clicks on what listens to the mouse but not to the keyboard, and sees whether it does something.

Source: WCAG 2.2 SC 2.1.1 Keyboard, 2.5.1 Pointer Gestures, 2.5.2 Pointer Cancellation, 2.5.7 Dragging Movements, 4.1.2;
failures F42, F54, F59, F105.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import TouchingProbe, is_harmful
from rules.probe import Tab

TYPES = ("click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend")
MOVES = ("touchmove", "pointermove", "mousemove", "gesturechange")
MOST_TRIED = 6
MOMENT_MS = 120
EFFECTS = {"navigation", "window", "dialog"}  # a request alone may only count visitors


class MouseProbe(TouchingProbe):
    name = "mouse_only"

    async def facts(self, page: Tab) -> dict[str, Any]:
        groups = await self.ask(page, "groups()")
        drags = await self.ask(page, "drags()")
        gestures = await self.ask(page, "gestures()")
        for group in groups[:MOST_TRIED]:
            await self._try(page, group)
        return {"groups": groups, "drags": drags, "gestures": gestures}

    async def wake(self, page: Tab) -> None:
        await page.listeners(*TYPES, *MOVES)
        await super().wake(page)

    async def _try(self, page: Tab, group: dict[str, Any]) -> None:
        """Adds "clicked" (a click does something) and "keys" (Enter or Space does too); neither where it was not tried."""
        number = group["number"]
        point = await self.ask(page, f"point({number})")
        if point is None or is_harmful(group["text"]):
            return
        await self.ask(page, "begin()")
        page.refused()
        if await self._changes(page):
            return  # the page moves by itself: nothing can be told from a change
        await page.click(point["x"], point["y"])
        group["clicked"] = await self._changes(page)
        if not group["clicked"]:
            return
        await self.open_anew(page)
        group["keys"] = False
        if not group["focusable"]:
            return
        for key in ("Enter", "Space"):
            await self.ask(page, f"begin({number})")
            await page.press(key)
            if await self._changes(page):
                group["keys"] = True
                await self.open_anew(page)
                return

    async def _changes(self, page: Tab) -> bool:
        is_changed = await self.ask(page, f"changed({MOMENT_MS})")
        return bool(EFFECTS & {kind for kind, _ in page.refused()}) or is_changed


PROBE = MouseProbe()
