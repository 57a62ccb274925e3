"""Uses the fields of a page as a visitor would, and sends its forms empty; what they send never leaves the browser.

Source: WCAG 2.2 SC 3.2.1 On Focus, 3.2.2 On Input, 3.3.1 Error Identification, 4.1.3 Status Messages.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import ask, asleep, evidence, wake
from rules.observation import Evidence
from rules.probe import Tab

LEAVES = {"navigation", "window"}


class FormProbe:
    name = "form_use"
    sources = (asleep(__package__, "form_use"),)
    deadline_s = 20.0
    touches = True
    watches = False

    async def gather(self, page: Tab) -> Evidence:
        await wake(page, self.name)
        counts = await ask(page, "form_use.counts()")
        facts: dict[str, Any] = {"fields": counts["fields"], "left_on_focus": [], "changed": [], "answers": []}
        for number in range(counts["fields"]):
            page.refused()
            await ask(page, f"form_use.focus({number})")
            if self._leaves(page):
                facts["left_on_focus"].append(await ask(page, f"form_use.field({number})"))
        for number in range(counts["changeable"]):
            if key := await ask(page, f"form_use.change({number})"):
                page.refused()
                await page.press(key)
                found = await ask(page, f"form_use.changed({number})")
                facts["changed"].append({**found, "left": self._leaves(page)})
        for number in range(counts["forms"]):
            if answer := await self._send_empty(page, number):
                facts["answers"].append(answer)
        return evidence(self.name, facts)

    def _leaves(self, page: Tab) -> bool:
        return bool(LEAVES & {kind for kind, _ in page.refused()})

    async def _send_empty(self, page: Tab, number: int) -> dict[str, Any] | None:
        button = await ask(page, f"form_use.submit({number})")
        if button is None:
            return None
        page.refused()
        await page.press("Enter")
        answer: dict[str, Any] = await ask(page, "form_use.answer()")
        kinds = {kind for kind, _ in page.refused()}
        return {
            **answer,
            "native": button["native"],
            "sent": bool(kinds & {"navigation", "request"}),
            "dialog": "dialog" in kinds,
        }


PROBE = FormProbe()
