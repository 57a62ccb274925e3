"""Types each printable character with the focus on nothing, and sees whether the page does something.

Source: WCAG 2.2 SC 2.1.4 Character Key Shortcuts; ACT rule ffbc54.
"""

from __future__ import annotations

import string
from typing import Any

from checks.accessibility.hands import TouchingProbe, is_harmful
from rules.probe import Tab

CHARACTERS = (*string.ascii_lowercase, *string.digits, *"+?/.,-=[];'!#*")
MOMENT_MS = 60
MOST_TRIED_AGAIN = 8
MOST_SHORTCUTS = 4  # tried one by one on a way to turn them off


class ShortcutProbe(TouchingProbe):
    name = "shortcuts"

    async def facts(self, page: Tab) -> dict[str, Any]:
        """{"hears", "restless", "shortcuts": [{"key", "element", "stopped"}], "elsewhere"}"""
        facts: dict[str, Any] = {"hears": False, "restless": False, "shortcuts": []}
        above = await page.listeners("keydown", "keypress", "keyup")
        facts["hears"] = bool(above) or await self.ask(page, "hears()")
        if not facts["hears"]:
            return facts
        await self.ask(page, "begin()")
        for key in CHARACTERS:
            await page.press(key)
        if not await self._is_changed(page):
            return facts
        await self.open_anew(page)
        if await self._answers(page, "Shift") or await self._answers(page, "Shift"):
            facts["restless"] = True  # it changes by itself, or whatever is pressed
            return facts
        for key in CHARACTERS:
            if await self._answers(page, key):
                if await self._answers(page, "Shift"):
                    facts["restless"] = True
                    return facts
                facts["shortcuts"].append({"key": key, "element": await self.ask(page, "where()"), "stopped": False})
        if len(facts["shortcuts"]) > len(CHARACTERS) / 2:
            facts["restless"] = True  # any key will do: that is no shortcut
            facts["shortcuts"] = []
        facts["shortcuts"] = [one for one in facts["shortcuts"][:MOST_TRIED_AGAIN] if await self._answers_again(page, one["key"])]
        if facts["shortcuts"]:
            await self._try_switches(page, facts["shortcuts"][:MOST_SHORTCUTS])
            facts["elsewhere"] = await self.ask(page, "elsewhere()")
        return facts

    async def _is_changed(self, page: Tab) -> bool:
        is_changed = await self.ask(page, f"changed({MOMENT_MS})")
        return bool(page.refused()) or is_changed

    async def _answers(self, page: Tab, key: str) -> bool:
        await self.ask(page, "begin()")
        await page.press(key)
        return await self._is_changed(page)

    async def _answers_again(self, page: Tab, key: str) -> bool:
        """Whether the page, opened anew, answers that key and no other: what turns by itself may have turned just then."""
        await self.open_anew(page)
        return await self._answers(page, key) and not await self._answers(page, "Shift")

    async def _try_switches(self, page: Tab, shortcuts: list[dict[str, Any]]) -> None:
        """Use each control that speaks of keys, also those that another one brings up, and see which shortcuts still work."""
        await self.open_anew(page)
        used: set[str] = set()
        for _ in range(3):
            names = [name for name in await self.ask(page, "switches()") if name not in used]
            for name in names:
                current = await self.ask(page, "switches()")
                if name in used or name not in current or is_harmful(name):
                    continue
                used.add(name)
                number = current.index(name)
                key = "Space" if await self.ask(page, f"isBox({number})") else "Enter"
                await self.ask(page, f"use({number})")
                await page.press(key)
                for shortcut in shortcuts:
                    if not shortcut["stopped"] and not await self._answers(page, shortcut["key"]):
                        shortcut["stopped"] = True
            if not names or all(shortcut["stopped"] for shortcut in shortcuts):
                return


PROBE = ShortcutProbe()
