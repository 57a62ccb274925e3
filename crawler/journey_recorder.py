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

from playwright.async_api import Page

from crawler.deadline import soon
from crawler.journey import JourneyWalker
from crawler.journey_hands import SENDS
from rules.journey import LONGEST_TEXT, MOST_STEPS, Journey, JourneyStep, StepKind

SCRIPT = resources.files("crawler").joinpath("journey_recorder.js").read_text(encoding="utf-8")
TELLS = "vierluikTells"
HEADING = "heading"  # what a page is called, beside the steps
MOST_TOLD = 500
LAST_WORD_S = 0.2  # what was told last may be under way
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

        def hear(text: str) -> None:
            if len(told) < MOST_TOLD and (one := _told(text)):
                told.append(one)

        tab, _ = await self.tab_of_way()
        await soon(tab.page.expose_function(TELLS, hear))
        await soon(tab.page.add_init_script(SCRIPT))
        async with self.failing():
            await self._open(tab, url)
        await use(tab.page)
        await asyncio.sleep(LAST_WORD_S)
        return journey_of(urlsplit(url).path or "/", told, title)


class WindowRecorder(Recorder):
    """In a window, for a person."""

    headless = False


def _told(text: str) -> dict[str, str]:
    """What a page told; empty where that cannot be. Any script of the page could tell it."""
    try:
        one = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(one, dict) or one.get("kind") not in (*StepKind, HEADING):
        return {}
    return {str(key): " ".join(str(value).split())[:LONGEST_TEXT] for key, value in one.items() if value}


def journey_of(path: str, told: list[dict[str, str]], title: str = "") -> Journey:
    """The journey that was told, step by step: twice the same is once, and what would send is where it stops."""
    steps = [JourneyStep(StepKind.OPEN, path)]
    seen = ""
    for one in told:
        what = one.get("what", "")
        if one["kind"] == HEADING:
            seen = what
            continue
        kind = StepKind(one["kind"])
        if not what or (kind is StepKind.CLICK and one.get("search")) or len(steps) == MOST_STEPS - 1:
            continue  # a search is sent by its own step
        step = JourneyStep(kind, what, made_up(what) if kind is StepKind.FILL else "", one.get("within", ""))
        if kind is StepKind.CLICK and SENDS.search(what):
            return Journey(title or seen or path, (*steps, JourneyStep(StepKind.STOP, what, "", step.within)))
        last = steps[-1]
        is_again = last.kind is kind and last.within == step.within and (kind is StepKind.SEARCH or last.what == what)
        if is_again and kind in (StepKind.FILL, StepKind.SEARCH):
            steps.pop()
        steps.append(step)
    return Journey(title or seen or path, (*steps, JourneyStep(StepKind.EXPECT, seen or path)))


def made_up(label: str) -> str:
    """What belongs to nobody, for a field with this label."""
    return next((value for pattern, value in MADE_UP if pattern.search(label)), OTHERWISE)
