"""Clicks on what listens to the mouse but not to the keyboard, and sees whether it does something.

Source: WCAG 2.2 SC 2.1.1 Keyboard, 2.5.2 Pointer Cancellation, 2.5.7 Dragging Movements, 4.1.2; failures F42, F54, F59.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import ask, asleep, evidence, is_harmful, wake
from rules.observation import Evidence
from rules.probe import Tab

TYPES = ("click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend")
MOST_TRIED = 6
MOMENT_MS = 120
EFFECTS = {"navigation", "window", "dialog"}  # a request alone may only count visitors


class MouseProbe:
    name = "mouse_only"
    sources = (asleep(__package__, "mouse_only"),)
    deadline_s = 20.0
    touches = True
    watches = False

    async def gather(self, page: Tab) -> Evidence:
        await self._look(page)
        groups = await ask(page, "mouse_only.groups()")
        drags = await ask(page, "mouse_only.drags()")
        for group in groups[:MOST_TRIED]:
            await self._try(page, group)
        return evidence(self.name, {"groups": groups, "drags": drags})

    async def _look(self, page: Tab) -> None:
        await page.listeners(*TYPES)
        await wake(page, self.name)

    async def _try(self, page: Tab, group: dict[str, Any]) -> None:
        """Adds "clicked" (a click does something) and "keys" (Enter or Space does too); neither where it was not tried."""
        number = group["number"]
        point = await ask(page, f"mouse_only.point({number})")
        if point is None or is_harmful(group["text"]):
            return
        await ask(page, "mouse_only.begin()")
        page.refused()
        if await self._changes(page):
            return  # the page moves by itself: nothing can be told from a change
        await page.click(point["x"], point["y"])
        group["clicked"] = await self._changes(page)
        if not group["clicked"]:
            return
        await self._again(page)
        group["keys"] = False
        if not group["focusable"]:
            return
        for key in ("Enter", "Space"):
            await ask(page, f"mouse_only.begin({number})")
            await page.press(key)
            if await self._changes(page):
                group["keys"] = True
                await self._again(page)
                return

    async def _again(self, page: Tab) -> None:
        await page.reload()
        await self._look(page)

    async def _changes(self, page: Tab) -> bool:
        is_changed = await ask(page, f"mouse_only.changed({MOMENT_MS})")
        return bool(EFFECTS & {kind for kind, _ in page.refused()}) or is_changed


PROBE = MouseProbe()
