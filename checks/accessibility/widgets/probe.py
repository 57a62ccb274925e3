"""Works the custom controls of a page by mouse and by keys, and opens its windows.

Source: WCAG 2.2 SC 2.1.1, 2.1.2, 2.4.3, 4.1.2; ARIA Authoring Practices (button, checkbox, switch, disclosure, modal dialog).
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import ask, asleep, evidence, is_harmful, wake
from rules.observation import Evidence
from rules.probe import Tab

MOMENT_MS = 150
MOST_STEPS = 12  # of the Tab key within a window
EFFECTS = {"navigation", "window", "dialog", "request"}


class WidgetProbe:
    name = "widgets"
    sources = (asleep(__package__, "widgets"),)
    deadline_s = 25.0
    touches = True
    watches = False

    async def gather(self, page: Tab) -> Evidence:
        await wake(page, self.name)
        found = await ask(page, "widgets.list()")
        for widget in found:
            if not is_harmful(widget["name"]):
                await self._try(page, widget)
        return evidence(self.name, {"widgets": found})

    async def _try(self, page: Tab, widget: dict[str, Any]) -> None:
        """Adds "click", and of custom controls "Enter" and "Space": what they did; and "dialog" where one opened."""
        begin = await ask(page, f"widgets.begin({widget['number']})")
        if not begin["hit"] or await self._did(page) != {"any": False, "state": False}:
            return  # something lies over it, or the page moves by itself
        if widget["kind"] == "opener":
            await page.press("Enter")
            if (await self._did(page))["any"] and (dialog := await ask(page, "widgets.dialog()")):
                widget["dialog"] = {**dialog, **await self._in_dialog(page)}
            await self._again(page)
            return
        await page.click(begin["x"], begin["y"])
        widget["click"] = await self._did(page)
        dialog = await ask(page, "widgets.dialog()")
        if widget["kind"] == "custom":
            for key in ("Enter", "Space"):
                await self._again(page)
                if not (await ask(page, f"widgets.begin({widget['number']})"))["focused"]:
                    break
                await page.press(key)
                widget[key] = await self._did(page)
        elif dialog:
            widget["dialog"] = {**dialog, **await self._in_dialog(page)}
        await self._again(page)

    async def _in_dialog(self, page: Tab) -> dict[str, bool]:
        """Whether the focus stays inside, Escape closes the window, and the focus then returns to what opened it."""
        stays = True
        for _ in range(MOST_STEPS):
            await page.press("Tab")
            # Beyond its last control a native window lets the focus go to the browser itself, and that is as it should be.
            if not await ask(page, "widgets.inside()") and await ask(page, "widgets.onPage()"):
                stays = False
                break
        await page.press("Escape")
        await self._did(page)
        is_closed = not await ask(page, "widgets.open()")
        return {"stays": stays, "closes": is_closed, "returns": is_closed and await ask(page, "widgets.returned()")}

    async def _did(self, page: Tab) -> dict[str, bool]:
        did: dict[str, bool] = await ask(page, f"widgets.changed({MOMENT_MS})")
        return {**did, "any": did["any"] or bool(EFFECTS & {kind for kind, _ in page.refused()})}

    async def _again(self, page: Tab) -> None:
        await page.reload()
        await wake(page, self.name)


PROBE = WidgetProbe()
