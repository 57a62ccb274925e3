"""Walks the journeys of a site: `python -m scheduler.walk_journeys DATABASE REQUEST` for a button or a schedule.

Each journey is walked in five ways. What breaks is walked a second time at the end, and only counts where both looks agree;
each journey is stored as it comes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.journey import STEP_S, JourneyWalker, Walked
from crawler.visit import driver
from rules.finding import Finding
from rules.journey import Journey, StepOutcome, StepSeen, Verdict, Way, WaySeen, verdict_of
from rules.outcome import Outcome
from rules.site import Scope
from scheduler.admission import admitted
from scheduler.check_pages import probes_for, result_of
from scheduler.run_settings import RunSettings

MOST_FINDINGS = 50  # of one state


@dataclass(frozen=True)
class FoundAtStep:
    """A finding at a state of a page that was seen first at this step, in this way."""

    way: Way
    step: int  # index
    finding: Finding


@dataclass(frozen=True)
class JourneyResult:
    """What became of a journey in all its ways."""

    ways: tuple[WaySeen, ...]
    findings: tuple[FoundAtStep, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.ways)


@asynccontextmanager
async def walking(
    settings: RunSettings, scope: Scope, *, may_send: Sequence[str] = (), step_s: float = STEP_S
) -> AsyncIterator[JourneyWalker]:
    """A browser that walks the journeys of one site. Raises NotAdmitted or BrowserMissing."""
    settings = await admitted(settings, scope.origins)
    guard = AddressGuard.for_origins(scope.origins, offline=settings.offline)
    probes = probes_for(settings.engines, settings.norm, settings.policies) if settings.opens_pages else []
    async with (
        driver() as playwright,
        JourneyWalker(
            playwright,
            find_browser(),
            guard,
            probes,
            settings.user_agent,
            scope,
            may_send=may_send,
            step_s=step_s,
            load_timeout_s=settings.load_timeout_s,
            door=settings.door,
            pictures=settings.takes_pictures,
        ) as walker,
    ):
        yield walker


async def walk_all_ways(
    walker: JourneyWalker,
    journey: Journey,
    settings: RunSettings,
    ways: Sequence[Way] = tuple(Way),
    *,
    proven: bool = False,
    on_way: Callable[[Way], None] = lambda way: None,
) -> JourneyResult:
    """Walk a journey, addresses made those of its site, in each way. `proven`: it was walked to its end before."""
    walker.looked.clear()
    seen: list[WaySeen] = []
    found: list[FoundAtStep] = []
    for way in ways:
        on_way(way)
        walked = await walker.walk(journey, way, proven=proven)
        # What the mouse can do, the other ways should be able to do.
        proven = proven or (way is Way.MOUSE and walked.seen.verdict in (Verdict.COMPLETED, Verdict.HINDERED, Verdict.BORDER))
        seen.append(walked.seen)
        found += _judged(walked, settings)
    return JourneyResult(tuple(seen), tuple(found))


def _judged(walked: Walked, settings: RunSettings) -> list[FoundAtStep]:
    """What the engines and checks say of each state."""
    found = []
    for number, snapshot in walked.states:
        result = result_of(snapshot, settings.norm, settings.policies)
        failed = [one for one in result.findings if one.outcome is Outcome.FAILED]
        found += [FoundAtStep(walked.seen.way, number, one) for one in failed[:MOST_FINDINGS]]
    return found


async def look_again(walker: JourneyWalker, journey: Journey, result: JourneyResult) -> JourneyResult:
    """Walk each way in which it broke once more: what is not so at both looks, nobody knows."""
    ways = []
    for seen in result.ways:
        if seen.verdict in (Verdict.BROKEN, Verdict.HINDERED):
            again = (await walker.walk(journey, seen.way, proven=True)).seen
            seen = agreed(seen, again)  # what is known of it now
        ways.append(seen)
    return replace(result, ways=tuple(ways))


def agreed(first: WaySeen, second: WaySeen) -> WaySeen:
    """What two looks agree on. A step that broke at one of them only is untested, and so is what hindered only once."""
    place, other = first.ends_at, second.ends_at
    if place == other and place is not None and _same(first.steps[place], second.steps[place]):
        return first
    steps = list(first.steps)
    for number, (one, two) in enumerate(zip(first.steps, second.steps, strict=True)):
        if one.outcome in (StepOutcome.BROKEN, StepOutcome.HINDERED) and not _same(one, two):
            steps[number] = replace(one, outcome=StepOutcome.UNTESTED, reason="looks-differ")
    return WaySeen(first.way, tuple(steps))


def _same(one: StepSeen, two: StepSeen) -> bool:
    return one.outcome is two.outcome and {problem.kind for problem in one.problems} == {problem.kind for problem in two.problems}
