"""Looks at the page in a narrow window, at 200 %, and with wider spacing of the text.

Source: WCAG 2.2 SC 1.4.4 Resize Text, 1.4.10 Reflow, 1.4.12 Text Spacing; techniques C31, C36; failures F69, F102, F104.
"""

from __future__ import annotations

from typing import Any

from checks.accessibility.hands import ask, asleep, evidence, wake
from rules.observation import Evidence
from rules.probe import Tab

WIDTH, HEIGHT = 1280, 800


class ReflowProbe:
    name = "reflow"
    sources = (asleep(__package__, "reflow"),)
    deadline_s = 20.0
    touches = True
    watches = False

    async def gather(self, page: Tab) -> Evidence:
        await wake(page, self.name)
        facts: dict[str, Any] = {"texts": await ask(page, "reflow.begin()")}
        facts["body"] = await ask(page, "reflow.body()")
        await ask(page, "reflow.space()")
        facts["spaced"] = await ask(page, "reflow.newlyCut()")
        await ask(page, "reflow.unspace()")
        await page.view(WIDTH, HEIGHT, scale=2.0)
        facts["zoomed"] = await ask(page, "reflow.newlyCut()")
        await page.view(320, HEIGHT)
        facts["narrow"] = await ask(page, "reflow.wide()")
        await page.view(WIDTH, HEIGHT)
        return evidence(self.name, facts)


PROBE = ReflowProbe()
