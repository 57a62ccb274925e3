"""Six journeys over the sample site: none breaks on the good site, and each break of a broken twin is found at its step."""

from __future__ import annotations

import asyncio
import os
from collections import Counter

import pytest

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.journey import JourneyWalker
from crawler.visit import driver
from rules.journey import FINISHED, Journey, Verdict, Way, WaySeen, read_journey
from rules.journey_words import NOTES, PROBLEMS
from rules.site import Scope
from vierluik.sample_site.journey_faults import journey_faults, sample_journeys
from vierluik.sample_site.server import SampleServer, serve

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
ROUNDS = int(os.environ.get("VIERLUIK_SOAK_ROUNDS", "1"))
KINDS = {
    "keyboard-trap",
    "focus-hidden",
    "unreachable",
    "not-announced",
    "time-out",
    "address-only",
    "dialog-without-name",
}


@pytest.fixture(scope="module")
def walked(browser: BrowserFile) -> tuple[list[tuple[str, WaySeen]], dict[tuple[str, str], WaySeen]]:
    """All good twins, round after round; and each broken twin, by its fault and way."""
    with serve("clean") as site:
        return asyncio.run(_walk(site, browser))


async def _walk(site: SampleServer, browser: BrowserFile) -> tuple[list[tuple[str, WaySeen]], dict[tuple[str, str], WaySeen]]:
    journeys: dict[str, Journey] = {name: read_journey(text).to(site.url) for name, text in sample_journeys().items()}
    guard, scope = AddressGuard.for_origins((site.url,), offline=True), Scope((site.url,))
    good: list[tuple[str, WaySeen]] = []
    bad: dict[tuple[str, str], WaySeen] = {}
    async with (
        driver() as playwright,
        JourneyWalker(playwright, browser, guard, (), "Vierluik test", scope, step_s=6, pictures=False) as walker,
    ):
        for _ in range(ROUNDS):
            for name, journey in journeys.items():
                good += [(name, (await walker.walk(journey, way, proven=True)).seen) for way in Way]
        for fault in journey_faults().values():
            site.break_journeys(fault.id)
            for way in fault.ways:
                bad[fault.id, way] = (await walker.walk(journeys[fault.journey], Way(way), proven=True)).seen
    return good, bad


def test_no_good_twin_fails(walked: tuple[list[tuple[str, WaySeen]], dict[tuple[str, str], WaySeen]]) -> None:
    good, _ = walked
    assert len(good) == ROUNDS * 6 * len(Way)
    failed = Counter((name, seen.way.value, seen.ends_at) for name, seen in good if seen.verdict is not Verdict.COMPLETED)
    assert not failed


def test_every_break_is_found_at_its_step(walked: tuple[list[tuple[str, WaySeen]], dict[tuple[str, str], WaySeen]]) -> None:
    _, bad = walked
    for (name, way), seen in bad.items():
        fault = journey_faults()[name]
        found = {
            (number, problem.kind)
            for number, step in enumerate(seen.steps, 1)
            for problem in step.problems
            if problem.kind not in NOTES
        }
        assert found == {(fault.step, fault.problem)}, (name, way)
        assert seen.verdict in (Verdict.BROKEN, Verdict.HINDERED)


def test_broken_twins_are_of_every_kind() -> None:
    faults = journey_faults().values()
    assert {fault.problem for fault in faults} == KINDS <= set(PROBLEMS)
    assert {fault.journey for fault in faults} == set(sample_journeys())
    assert Verdict.BROKEN not in FINISHED
