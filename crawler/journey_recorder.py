"""Writes a journey by watching a browser: what is clicked, chosen and filled in, by the names that stand on the page.

A person uses a window; where there is no display, whoever calls drives the page. Nothing is sent: the browser is guarded as it is
when a journey is walked. What is typed may be anybody's, so it is told of but replaced by made-up data.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from importlib import resources
from urllib.parse import urlsplit

from playwright.async_api import Page, Playwright

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.deadline import soon
from crawler.journey import JourneyWalker
from crawler.journey_hands import SENDS
from rules.journey import MOST_STEPS, Journey, JourneyStep, StepKind
from rules.site import Scope

SCRIPT = resources.files("crawler").joinpath("journey_recorder.js").read_text(encoding="utf-8")
TELLS = "vierluikTells"
# What stands for what somebody typed, by the label of the field.
MADE_UP = (
    (re.compile(r"e-?mail", re.IGNORECASE), "test@example.nl"),
    (re.compile(r"telefoon|mobiel|phone", re.IGNORECASE), "0000000000"),
    (re.compile(r"postcode|postal", re.IGNORECASE), "1234 AB"),
    (re.compile(r"bsn|burgerservice", re.IGNORECASE), "999990019"),
    (re.compile(r"rekening|iban", re.IGNORECASE), "NL00TEST0123456789"),
    (re.compile(r"datum|date", re.IGNORECASE), "01-01-2030"),
    (re.compile(r"nummer|aantal|number", re.IGNORECASE), "1"),
    (re.compile(r"naam|name", re.IGNORECASE), "Test de Vries"),
)
OTHERWISE = "Dit is een test."


class Recorder(JourneyWalker):
    """A browser that watches what is done in its one tab."""

    async def record(self, url: str, use: Callable[[Page], Awaitable[object]], title: str = "") -> Journey:
        """Open a page and watch until `use` is done with it; gives the journey that was seen. Raises VisitFailed."""
        told: list[dict[str, str]] = []
        tab, _ = await self.tab_of_way()
        await soon(tab.page.expose_function(TELLS, lambda text: told.append(json.loads(text))))
        await soon(tab.page.add_init_script(SCRIPT))
        async with self.failing():
            await self._open(tab, url)
        await use(tab.page)
        await asyncio.sleep(0.1)  # what was told last is under way
        heading = tab.page.locator("h1").first
        seen = await soon(heading.inner_text()) if await soon(heading.count()) else ""
        return journey_of(urlsplit(url).path or "/", told, " ".join(seen.split())[:120], title)


def journey_of(path: str, told: list[dict[str, str]], seen: str, title: str = "") -> Journey:
    """The journey that was told, step by step: twice the same is once, and what would send is where it stops."""
    steps = [JourneyStep(StepKind.OPEN, path)]
    for one in told[: MOST_STEPS - 2]:
        kind, what = StepKind(one["kind"]), one["what"]
        if not what or (kind is StepKind.CLICK and one.get("search")):
            continue  # a search is sent by its own step
        value = made_up(what) if kind is StepKind.FILL else ""
        step = JourneyStep(kind, what, value, one.get("within", ""))
        if kind is StepKind.CLICK and SENDS.search(what):
            steps.append(JourneyStep(StepKind.STOP, what, "", step.within))
            return Journey(title or seen or path, tuple(steps))
        if kind in (StepKind.FILL, StepKind.CHOOSE) and steps[-1].kind is kind and steps[-1].what == what:
            steps.pop()
        steps.append(step)
    return Journey(title or seen or path, (*steps, JourneyStep(StepKind.EXPECT, seen or path)))


def made_up(label: str) -> str:
    """What belongs to nobody, for a field with this label."""
    return next((value for pattern, value in MADE_UP if pattern.search(label)), OTHERWISE)


def recorder(playwright: Playwright, browser: BrowserFile, url: str, user_agent: str, scope: Scope) -> Recorder:
    """A recorder for one site; use it with `async with`."""
    return Recorder(playwright, browser, AddressGuard.for_origins(scope.origins), (), user_agent, scope, pictures=False)
