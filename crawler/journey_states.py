"""Works the states of a journey with keyboard, mouse and zoom: each on a copy, in which the steps up to it are done again.

The journey itself is not disturbed: the copy knows nothing of it, sends nothing, and is thrown away. A state that cannot be
brought back, as the page is another one each time, is untested for whatever touches it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from crawler.deadline import soon, within
from crawler.door_of_tab import let_in
from crawler.journey import SCRIPT, AtBorder, JourneyWalker, Measured, Walked, Walking
from crawler.journey_hands import Stuck
from crawler.journey_tab import JourneyTab
from crawler.second_look import picture_of
from crawler.tab import TouchedTab
from crawler.visit import LOAD_TIMEOUT_S, TABS_PER_TOUCHED_PAGE, TOUCH_TIMEOUT_S, OpenTab
from crawler.world import WORLD, VisitFailed
from rules.finding import Target
from rules.journey import Journey, StepKind, StepOutcome, Way
from rules.observation import Evidence, PageSnapshot
from rules.probe import Probe

PLACES_PER_REPLAY = 12  # how often a probe may want the page anew, within its deadline
MOST_INTERRUPTED = 3  # pages of a journey
MOST_PICTURES = 12  # of one state
EMPTY = "try { localStorage.clear(); sessionStorage.clear(); } catch { /* a page without storage */ } true"


@dataclass(frozen=True)
class WorkedState:
    """A state with what touching it brought, and pictures of some elements in it."""

    snapshot: PageSnapshot
    pictures: dict[Target, bytes]


class CopyTab(JourneyTab):
    """A tab in which the steps up to a state are done again whenever a probe wants the page anew; else it stays there."""

    def __init__(
        self, page: Page, session: CDPSession, main_frame: str, origins: Iterable[str], replay: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(page, session, main_frame, origins, ())
        self._load = replay
        self._opening = False

    async def interrupted(self, how: str) -> None:
        """Load the page anew, as a visitor does ("reload"), or go back to the one before ("back")."""
        self._opening = True
        try:
            timeout = LOAD_TIMEOUT_S * 1000
            go = self.page.reload if how == "reload" else self.page.go_back
            await within(LOAD_TIMEOUT_S + 1, go(wait_until="load", timeout=timeout))
        finally:
            self._opening = False

    def _harm(self, event: dict[str, Any]) -> str:
        if not self._opening and event["resourceType"] == "Document" and "?" in event["request"]["url"]:
            return "navigation" if event.get("frameId") == self.main_frame else "request"  # a form may send into a frame by GET
        return super()._harm(event) if self._opening else TouchedTab._harm(self, event)


class StateWorker(JourneyWalker):
    """A walker that also works the states that were seen: those of the ways with a wide window."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._known: dict[str, dict[str, Evidence]] = {}  # what touching a state brought, by its hash

    async def work(
        self,
        journey: Journey,
        way: Way,
        number: int,
        state: str,
        seen: PageSnapshot,
        wants: Callable[[PageSnapshot], Sequence[Target]],
    ) -> WorkedState:
        """What there is to say of the state after a step, with the evidence of every probe that touches.

        `state`: its hash. `wants`: of what there is to be a picture. Whatever goes wrong makes the probes untested.
        """
        if not self.touching:
            return WorkedState(seen, {})
        copy = Copy(self, journey, way, number, state)
        if state not in self._known:
            self._known[state] = await copy.touched()
        worked = replace(seen, evidence={**seen.evidence, **self._known[state]}, touched=True)
        targets = wants(worked)[:MOST_PICTURES] if self.pictures else []
        return WorkedState(worked, await copy.pictures(targets) if targets else {})

    async def interrupt(self, journey: Journey, walked: Walked) -> list[Measured]:
        """What an interruption costs at each page that is filled in: the page is loaded anew, and left and come back to.

        Nothing is known of a page that cannot be brought back.
        """
        found = []
        way, steps = walked.seen.way, walked.seen.steps
        for last in _last_filled(journey, walked)[:MOST_INTERRUPTED]:
            after = last + 1
            if after >= len(steps) or journey.steps[after].kind is not StepKind.CLICK:
                continue
            if steps[after].outcome not in (StepOutcome.PASSED, StepOutcome.HINDERED):
                continue
            # Loading anew only tells of a step whose next one has no address of its own.
            ways_out = ("back", "reload") if steps[after].url == steps[last].url else ("back",)
            told = [await self._interrupted(journey, way, last, how) for how in ways_out]
            facts = [one for one in told if one]
            if facts:
                found.append(Measured(last, {"interrupted": facts}))
        return found

    async def _interrupted(self, journey: Journey, way: Way, last: int, how: str) -> dict[str, Any] | None:
        """How many answers were there before, and are left after; with the first that is lost."""
        before: list[dict[str, Any]] = []
        places: dict[str, Any] = {}
        walkings: list[Walking] = []

        async def fill_in(opened: OpenTab, tab: CopyTab) -> None:
            walking = Walking(self, journey, way, proven=True, copy=(opened, tab))
            walkings[:] = [walking]
            for number in range(last + 1):
                await within(TOUCH_TIMEOUT_S, walking.again(number))
            before[:] = [one for one in await walking.entries() if one["filled"]]
            for one in before:
                places[one["key"]] = await walking.place_of_entry(one["key"])
            if how == "back":
                await within(TOUCH_TIMEOUT_S, walking.again(last + 1))

        try:
            async with asyncio.timeout(TOUCH_TIMEOUT_S), self.copy_of(way, fill_in) as tab:
                address = tab.page.url
                await tab.interrupted(how)
                (walking,) = walkings
                await walking.settled()
                if how == "back" and tab.page.url == address:
                    return None  # the next step has no address of its own: there is nothing to come back from
                after = {one["key"] for one in await walking.entries() if one["filled"]}
        except (Stuck, AtBorder, VisitFailed, TimeoutError, PlaywrightError, ValueError):
            return None
        lost = [one for one in before if one["key"] not in after]
        shown = next(iter(lost or before), None)
        if shown is None or places[shown["key"]] is None:
            return None
        left = len(before) - len(lost)
        return {"how": how, "was": len(before), "left": left, "label": shown["label"], "element": places[shown["key"]]}

    @asynccontextmanager
    async def copy_of(self, way: Way, replay: Callable[[OpenTab, CopyTab], Awaitable[None]]) -> AsyncIterator[CopyTab]:
        """A tab in a context that nothing else knows of, after `replay` was done in it once."""
        self._way = way
        context = await soon(self._new_context(await self._hands_browser()))
        try:
            await self._keep_in(context)
            given = await soon(context.cookies())  # those of a log-in
            page = await soon(context.new_page())
            await let_in(context, page, self.door)
            opened = OpenTab(page, await soon(context.new_cdp_session(page)))
            await self._prepare(opened, (*self.probes, *self.touching))
            await soon(opened.session.send("Page.addScriptToEvaluateOnNewDocument", {"source": SCRIPT, "worldName": WORLD}))
            tree = await soon(opened.session.send("Page.getFrameTree"))
            opened.main_frame = tree["frameTree"]["frame"]["id"]

            async def from_the_start() -> None:
                with contextlib.suppress(PlaywrightError):  # it is on its way somewhere
                    await soon(page.evaluate(EMPTY))
                await soon(context.clear_cookies())
                await soon(context.add_cookies(given))  # type: ignore[arg-type]  # what it gave
                await replay(opened, tab)

            tab = CopyTab(page, opened.session, opened.main_frame, self.scope.origins, from_the_start)
            await tab.guard()
            await tab.reload()
            yield tab
        finally:
            await self._end(context)

    async def hand_on(self, probe: Probe, tab: TouchedTab, more_s: float) -> Evidence:
        """The evidence of a probe on a state, with so much more time than on a page."""
        return await self._hand_on(probe, tab, more_s)


def _last_filled(journey: Journey, walked: Walked) -> list[int]:
    """The index of the last step that fills in something, of each page that is filled in."""
    last: dict[str, int] = {}
    for number, (step, seen) in enumerate(zip(journey.steps, walked.seen.steps, strict=True)):
        if step.kind in (StepKind.FILL, StepKind.CHOOSE) and seen.outcome in (StepOutcome.PASSED, StepOutcome.HINDERED):
            last[seen.url] = number
    return sorted(last.values())


class Copy:
    """The state after one step, brought back as often as it is needed."""

    def __init__(self, walker: StateWorker, journey: Journey, way: Way, number: int, state: str) -> None:
        self.walker = walker
        self.journey = journey
        self.way = way
        self.number = number
        self.state = state
        self.replay_s = 0.0  # what bringing it back takes

    async def touched(self) -> dict[str, Evidence]:
        """The evidence of every probe that touches, each on the state as it was brought back."""
        found: dict[str, Evidence] = {}
        left = list(self.walker.touching)
        reason = "page-hangs"
        try:
            async with asyncio.timeout(2 * TOUCH_TIMEOUT_S):
                for _ in range(TABS_PER_TOUCHED_PAGE):
                    if not left:
                        break
                    async with self.walker.copy_of(self.way, self._replay) as tab:
                        while left:
                            probe = left.pop(0)
                            more_s = PLACES_PER_REPLAY * self.replay_s
                            found[probe.name] = await self.walker.hand_on(probe, tab, more_s)
                            if not found[probe.name].complete:
                                break
        except TimeoutError:
            reason = "probe-timeout"
        except VisitFailed as failure:
            reason = failure.reason
        except PlaywrightError:
            reason = "browser-failed"
        return found | {probe.name: Evidence(probe.name, complete=False, reason=reason) for probe in left}

    async def pictures(self, targets: Sequence[Target]) -> dict[Target, bytes]:
        """A picture of each of some elements, as far as they can be seen."""
        found: dict[Target, bytes] = {}
        try:
            async with asyncio.timeout(TOUCH_TIMEOUT_S), self.walker.copy_of(self.way, self._replay) as tab:
                for target in targets:
                    if picture := await picture_of(tab, tab.session, target):
                        found[target] = picture
        except (TimeoutError, VisitFailed, PlaywrightError):
            return found
        return found

    async def _replay(self, opened: OpenTab, tab: CopyTab) -> None:
        """Do the steps again, as somebody who was never there. Raises VisitFailed where they do not lead to the same state."""
        begun = time.monotonic()
        walking = Walking(self.walker, self.journey, self.way, proven=True, copy=(opened, tab))
        try:
            for number in range(self.number + 1):
                await within(TOUCH_TIMEOUT_S, walking.again(number))
        except (Stuck, AtBorder) as error:
            raise VisitFailed("looks-differ") from error
        self.replay_s = time.monotonic() - begun
        if walking.state != self.state:
            raise VisitFailed("looks-differ")
