"""Works the custom controls of a page by mouse and by keys, and opens its windows.

Source: WCAG 2.2 SC 2.1.1, 2.1.2, 2.4.3, 4.1.2; ARIA Authoring Practices (button, checkbox, switch, disclosure, modal dialog).
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import TouchingProbe, is_harmful
from rules.probe import Tab

MOMENT_MS = 150
MOST_STEPS = 12  # of the Tab key within a window
EFFECTS = {"navigation", "window", "dialog", "request"}


class WidgetProbe(TouchingProbe):
    name = "widgets"
    deadline_s = 25.0

    async def facts(self, page: Tab) -> dict[str, Any]:
        found = await self.ask(page, "list()")
        for widget in found:
            if not is_harmful(widget["name"]):
                await self._try(page, widget)
        return {"widgets": found}

    async def _try(self, page: Tab, widget: dict[str, Any]) -> None:
        """Adds "click", and of custom controls "Enter" and "Space": what they did; and "dialog" where one opened."""
        begin = await self.ask(page, f"begin({widget['number']})")
        if not begin["hit"] or await self._did(page) != {"any": False, "state": False}:
            return  # something lies over it, or the page moves by itself
        if widget["kind"] == "opener":
            await page.press("Enter")
            if (await self._did(page))["any"] and (dialog := await self.ask(page, "dialog()")):
                widget["dialog"] = {**dialog, **await self._in_dialog(page)}
            await self.open_anew(page)
            return
        await page.click(begin["x"], begin["y"])
        widget["click"] = await self._did(page)
        dialog = await self.ask(page, "dialog()")
        if widget["kind"] == "custom":
            for key in ("Enter", "Space"):
                await self.open_anew(page)
                if not (await self.ask(page, f"begin({widget['number']})"))["focused"]:
                    break
                await page.press(key)
                widget[key] = await self._did(page)
        elif dialog:
            widget["dialog"] = {**dialog, **await self._in_dialog(page)}
        await self.open_anew(page)

    async def _in_dialog(self, page: Tab) -> dict[str, bool]:
        """Whether the focus stays inside, Escape closes the window, and the focus then returns to what opened it."""
        stays = True
        for _ in range(MOST_STEPS):
            await page.press("Tab")
            # Beyond its last control a native window lets the focus go to the browser itself, and that is as it should be.
            if not await self.ask(page, "inside()") and await self.ask(page, "onPage()"):
                stays = False
                break
        await page.press("Escape")
        await self._did(page)
        is_closed = not await self.ask(page, "open()")
        return {"stays": stays, "closes": is_closed, "returns": is_closed and await self.ask(page, "returned()")}

    async def _did(self, page: Tab) -> dict[str, bool]:
        did: dict[str, bool] = await self.ask(page, f"changed({MOMENT_MS})")
        return {**did, "any": did["any"] or bool(EFFECTS & {kind for kind, _ in page.refused()})}


PROBE = WidgetProbe()
