"""Uses the fields of a page as a visitor would, and sends its forms empty; what they send never leaves the browser.

Source: WCAG 2.2 SC 3.2.1 On Focus, 3.2.2 On Input, 3.3.1 Error Identification, 3.3.3 Error Suggestion, 3.3.8 Accessible
Authentication (Minimum), 4.1.3 Status Messages.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import TouchingProbe
from rules.probe import Tab

LEAVES = {"navigation", "window"}


class FormProbe(TouchingProbe):
    name = "form_use"

    async def facts(self, page: Tab) -> dict[str, Any]:
        counts = await self.ask(page, "counts()")
        facts: dict[str, Any] = {
            "fields": counts["fields"],
            "left_on_focus": [],
            "changed": [],
            "answers": [],
            "pastes": [],
            "wrong": [],
        }
        for number in range(await self.ask(page, "typed()")):
            if await self.ask(page, f"type({number})"):
                await page.press("x")
                if said := await self.ask(page, f"left({number})"):
                    facts["wrong"].append(said)
        for number in range(await self.ask(page, "secrets()")):
            facts["pastes"].append(await self.ask(page, f"paste({number})"))
        if facts["wrong"] or facts["pastes"]:
            await self.open_anew(page)
        for number in range(counts["fields"]):
            page.refused()
            await self.ask(page, f"focus({number})")
            if self._leaves(page):
                facts["left_on_focus"].append(await self.ask(page, f"field({number})"))
        for number in range(counts["changeable"]):
            if key := await self.ask(page, f"change({number})"):
                page.refused()
                await page.press(key)
                found = await self.ask(page, f"changed({number})")
                facts["changed"].append({**found, "left": self._leaves(page)})
        for number in range(counts["forms"]):
            if answer := await self._send_empty(page, number):
                facts["answers"].append(answer)
        return facts

    def _leaves(self, page: Tab) -> bool:
        return bool(LEAVES & {kind for kind, _ in page.refused()})

    async def _send_empty(self, page: Tab, number: int) -> dict[str, Any] | None:
        button = await self.ask(page, f"submit({number})")
        if button is None:
            return None
        page.refused()
        await page.press("Enter")
        answer: dict[str, Any] = await self.ask(page, "answer()")
        kinds = {kind for kind, _ in page.refused()}
        return {
            **answer,
            "native": button["native"],
            "sent": bool(kinds & {"navigation", "request"}),
            "dialog": "dialog" in kinds,
        }


PROBE = FormProbe()
