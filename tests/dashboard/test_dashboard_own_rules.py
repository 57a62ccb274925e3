"""Our own screens pass our own test: none of our rules accuses them, and a few are tried with keyboard, mouse and zoom."""

from __future__ import annotations

import asyncio

import pytest
from test_dashboard_screens import SCREENS

from checks.judge import judge
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import driver
from rules.outcome import Outcome
from rules.task import Judgement
from scheduler.check_pages import visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard-own-rules")]

BROWSERS = 3
SETTINGS = RunSettings(norm_id="en301549-4.1.1", load_timeout_s=10.0)
TOUCHED = (
    "/sites/{site}",
    "/sites/{site}/pages",
    "/pages/{page}",
    "/rules/text-contrast",
)  # one has a form, all have tables or parts that open
IN_ENGLISH = (*TOUCHED, "/", "/sites/{site}/rules", "/sites/{site}/links", "/sites/{site}/runs", "/rules", "/criteria", "/about")


@pytest.fixture(scope="module")
def judged(address: str, ids: dict[str, int], browser: BrowserFile) -> dict[str, Judgement]:
    screens = {f"/nl{screen.format(**ids)}": screen in TOUCHED for screen in SCREENS}
    screens |= {f"/en{screen.format(**ids)}": False for screen in IN_ENGLISH}
    return asyncio.run(judge_screens(address, browser, screens))


async def judge_screens(address: str, browser: BrowserFile, screens: dict[str, bool]) -> dict[str, Judgement]:
    """What is said of each screen; with keyboard, mouse and zoom where that is true of it."""
    found: dict[str, Judgement] = {}
    guard = AddressGuard.for_origins((address,), offline=True)
    left = sorted(screens, key=lambda path: screens[path])

    async def judge_what_is_left() -> None:
        async with visitor_for(playwright, browser, guard, SETTINGS) as visitor:
            while left:
                path = left.pop()
                found[path] = judge(await visitor.visit(f"{address}{path}", touch=screens[path]), SETTINGS.norm)

    async with driver() as playwright, asyncio.TaskGroup() as tasks:
        for _ in range(BROWSERS):
            tasks.create_task(judge_what_is_left())
    return found


def test_no_screen_is_accused_by_our_own_rules(judged: dict[str, Judgement]) -> None:
    accused = [
        f"{path}: {one.rule} {dict(one.arguments)} {one.target.html}"
        for path, judgement in judged.items()
        for one in judgement.findings
        if one.outcome is Outcome.FAILED
    ]
    assert accused == []


def test_every_rule_had_its_look_at_the_screens(judged: dict[str, Judgement]) -> None:
    left = {path: [rule for rule, outcome in one.outcomes.items() if outcome is Outcome.UNTESTED] for path, one in judged.items()}
    assert {path: rules for path, rules in left.items() if rules} == {}
