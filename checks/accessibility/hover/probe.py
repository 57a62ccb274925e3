"""Points at what shows something more, and sees whether the focus shows it too, and whether it can be read and put away.

Source: WCAG 2.2 SC 1.4.13 Content on Hover or Focus, 2.1.1 Keyboard; failure F95; technique SCR39.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import TouchingProbe
from rules.probe import Tab


class HoverProbe(TouchingProbe):
    name = "hover"
    deadline_s = 15.0

    async def facts(self, page: Tab) -> dict[str, Any]:
        found = await self.ask(page, "list()")
        for one in found:
            await self._point_at(page, one)
        return {"found": found}

    async def _point_at(self, page: Tab, one: dict[str, Any]) -> None:
        """Adds "shown", and where it was: whether it stays under the mouse, Escape hides it, and the focus shows it."""
        number = one["number"]
        await page.move_mouse(0, 0)
        point = await self.ask(page, f"point({number})")
        await page.move_mouse(point["x"], point["y"])
        content = await self.ask(page, f"shown({number})")
        one["shown"] = content is not None
        if content is None:
            return
        await page.move_mouse(content["x"], content["y"])
        one["stays"] = await self.ask(page, f"shown({number})") is not None
        await page.move_mouse(point["x"], point["y"])
        await page.press("Escape")
        one["hides"] = await self.ask(page, f"shown({number})") is None
        await page.move_mouse(0, 0)
        one["focus"] = await self.ask(page, f"byFocus({number})")
        one["button"] = await self.ask(page, f"hasButton({number})")


PROBE = HoverProbe()
