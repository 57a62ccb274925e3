"""Points at what shows something more, and sees whether the focus shows it too, and whether it can be read and put away.

Source: WCAG 2.2 SC 1.4.13 Content on Hover or Focus, 2.1.1 Keyboard; failure F95; technique SCR39.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import ask, asleep, evidence, wake
from rules.observation import Evidence
from rules.probe import Tab


class HoverProbe:
    name = "hover"
    sources = (asleep(__package__, "hover"),)
    deadline_s = 15.0
    touches = True
    watches = False

    async def gather(self, page: Tab) -> Evidence:
        await wake(page, self.name)
        found = await ask(page, "hover.list()")
        for one in found:
            await self._point_at(page, one)
        return evidence(self.name, {"found": found})

    async def _point_at(self, page: Tab, one: dict[str, Any]) -> None:
        """Adds "shown", and where it was: whether it stays under the mouse, Escape hides it, and the focus shows it."""
        number = one["number"]
        await page.move_mouse(0, 0)
        point = await ask(page, f"hover.point({number})")
        await page.move_mouse(point["x"], point["y"])
        content = await ask(page, f"hover.shown({number})")
        one["shown"] = content is not None
        if content is None:
            return
        await page.move_mouse(content["x"], content["y"])
        one["stays"] = await ask(page, f"hover.shown({number})") is not None
        await page.move_mouse(point["x"], point["y"])
        await page.press("Escape")
        one["hides"] = await ask(page, f"hover.shown({number})") is None
        await page.move_mouse(0, 0)
        one["focus"] = await ask(page, f"hover.byFocus({number})")
        one["button"] = await ask(page, f"hover.hasButton({number})")


PROBE = HoverProbe()
