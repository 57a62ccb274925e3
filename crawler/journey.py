"""Walks a journey in a browser, in each of five ways: by the names that stand on the screen, and without sending anything.

Every way begins in a context that knows nothing of the others. At each state of a page that was not seen before (by the hash
of its DOM, viewport and media) the probes look, so that what is wrong in an open menu or at an error is known with its step.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any, cast

from PIL import Image
from playwright.async_api import Browser, BrowserContext, Playwright
from playwright.async_api import Error as PlaywrightError
from selectolax.lexbor import LexborHTMLParser

from crawler.address_guard import AddressGuard
from crawler.border import is_border_page
from crawler.browser import BrowserFile
from crawler.deadline import soon, within
from crawler.dom_hash import hash_of_source, normalised
from crawler.door import Door
from crawler.journey_hands import Done, Hands, Stuck, is_close, own_frames
from crawler.journey_tab import JourneyTab
from crawler.tab import HEIGHT, WIDTH
from crawler.visit import LOAD_TIMEOUT_S, OpenTab, Visitor, reason_of_status
from crawler.world import WORLD, VisitFailed, World
from rules.journey import Journey, JourneyStep, Problem, StepKind, StepOutcome, StepSeen, Way, WaySeen
from rules.journey_words import NOBODY_KNOWS, NOTES
from rules.login import place_of
from rules.observation import PageSnapshot
from rules.probe import Probe
from rules.site import Scope

SCRIPT = resources.files("crawler").joinpath("journey.js").read_text(encoding="utf-8")
STEP_S = 8.0  # the longest wait for what a step needs
LONGEST_STEP_S = 90.0  # whatever a page does
SETTLE_S = 3.0  # for the site's own requests after a step; what others send may come later
READY_S = 10.0  # for a page to be there, whatever of others it waits for
REACTS_S = 1.5  # within which a page does something with what was pressed
POLL_S = 0.03
PATIENCE_MIN = 30  # how long a resident may think about a form
PICTURE_QUALITY = 60
# What stands in a field is shown as dots: one sees that it is filled in, and not with what.
DOTS = "input:not([type=submit], [type=button]), textarea, [contenteditable] { -webkit-text-security: disc !important }"
TYPED = "•••"  # in texts
SHORTEST_TYPED = 3  # characters; what is shorter stands in other words too

VIEWS: dict[Way, dict[str, Any]] = {
    Way.MOUSE: {"viewport": {"width": WIDTH, "height": HEIGHT}},
    Way.KEYBOARD: {"viewport": {"width": WIDTH, "height": HEIGHT}},
    Way.NARROW: {"viewport": {"width": 320, "height": 800}},
    Way.ZOOM: {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
    Way.COLOURS: {"viewport": {"width": WIDTH, "height": HEIGHT}, "forced_colors": "active", "reduced_motion": "reduce"},
}


def without_typed(journey: Journey, text: str) -> str:
    """A text of a page without what the steps of a journey fill in."""
    typed = [step.value for step in journey.steps if len(step.value) >= SHORTEST_TYPED]
    return functools.reduce(lambda left, value: left.replace(value, TYPED), typed, text)


@dataclass
class Walked:
    """One way, with the states of pages that were seen in it for the first time."""

    seen: WaySeen
    states: list[tuple[int, PageSnapshot]] = field(default_factory=list)  # index of the step, and what the probes saw after it
    measured: list[Measured] = field(default_factory=list)


@dataclass(frozen=True)
class Measured:
    """What walking brought that no page shows: facts for `checks.journeys.walk`."""

    step: int  # index
    facts: dict[str, Any]


@dataclass
class Before:
    """What stood there before a step."""

    url: str = ""
    born: float = 0.0
    html: int = 0
    text: str = ""
    title: str = ""
    dialogs: int = 0
    nameless: int = 0


class JourneyWalker(Visitor):
    """One browser that walks journeys of one site. Use with `async with`; one way at a time."""

    takes_pictures = True

    def __init__(
        self,
        playwright: Playwright,
        browser: BrowserFile,
        guard: AddressGuard,
        probes: Sequence[Probe],
        user_agent: str,
        scope: Scope,
        *,
        may_send: Sequence[str] = (),
        step_s: float = STEP_S,
        load_timeout_s: float = LOAD_TIMEOUT_S,
        door: Door | None = None,
        pictures: bool = True,
    ) -> None:
        super().__init__(playwright, browser, guard, probes, user_agent, load_timeout_s=load_timeout_s, door=door)
        self.scope = scope
        self.may_send = tuple(may_send)
        self.step_s = step_s
        self.pictures = pictures
        self.looked: set[tuple[str, str]] = set()  # states at which the probes have looked: hash, and viewport with media
        self._way = Way.MOUSE
        self._journey_tab: JourneyTab | None = None

    async def walk(self, journey: Journey, way: Way, *, proven: bool = False, looks: bool = True) -> Walked:
        """Walk a journey in one way. `proven`: somebody got to its end before, so that what is not there any more is gone.

        `looks`: the probes look at each state that was not seen before. Raises BrowserMissing.
        """
        await self._begin(way)
        walking = Walking(self, journey, way, proven=proven, looks=looks)
        await walking.all_steps()
        return Walked(WaySeen(way, tuple(walking.steps)), walking.states, walking.measured)

    async def _begin(self, way: Way) -> None:
        """A new context, that knows nothing of the way before."""
        self._way = way
        if self._is_gone:
            await self._stop()
            await self._start()
            return
        assert self._browser is not None
        old, self._context, self._tab = self._context, None, None
        if old is not None:
            try:
                await soon(old.close())
            except (TimeoutError, PlaywrightError):
                await self._end(old)
                await self._stop()
                await self._start()
                return
        self._context = await self._new_context(self._browser)

    async def tab_of_way(self) -> tuple[OpenTab, JourneyTab]:
        """The tab of this way, opened when it is first needed."""
        if self._tab is None or self._tab.page.is_closed():
            self._tab = await self._new_tab()
        assert self._journey_tab is not None
        return self._tab, self._journey_tab

    async def _new_tab(self) -> OpenTab:
        tab = await super()._new_tab()
        script = {"source": SCRIPT, "worldName": WORLD}
        await soon(tab.session.send("Page.addScriptToEvaluateOnNewDocument", script))
        self._journey_tab = JourneyTab(tab.page, tab.session, tab.main_frame, self.scope.origins, self.may_send)
        await self._journey_tab.guard()
        return tab

    async def _launch(self, arguments: list[str]) -> Browser:
        # A link that opens a window is followed in this one: no window is ever opened.
        return await super()._launch([*arguments, "--block-new-web-contents"])

    async def _new_context(self, browser: Browser) -> BrowserContext:
        context = await super()._new_context(browser)
        await soon(context.route_web_socket("**/*", lambda socket: socket.close()))
        return context

    @property
    def view(self) -> dict[str, Any]:
        return VIEWS[self._way]

    async def look(self, tab: OpenTab, response_url: str, way: Way, state: str, number: int) -> PageSnapshot | None:
        """What the probes see of the page as it stands; None: it was looked at before."""
        key = (state, repr(VIEWS[way]))
        if key in self.looked or not self.probes:
            return None
        self.looked.add(key)
        assert self._journey_tab is not None
        snapshot = await self._look_around(tab, response_url, self._journey_tab.response, ())
        return replace(snapshot, state=f"step-{number + 1}-{way}")

    def failing(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Whatever goes wrong with the open page becomes a VisitFailed."""
        return self._failing()

    async def world(self, tab: OpenTab) -> World:
        """Our world in the document that stands open now."""
        tab.main = await self._main_world(tab)
        return tab.main


class Walking:
    """One journey in one way, while it goes on."""

    def __init__(
        self,
        walker: JourneyWalker,
        journey: Journey,
        way: Way,
        *,
        proven: bool,
        looks: bool = True,
        copy: tuple[OpenTab, JourneyTab] | None = None,
    ) -> None:
        self.looks = looks and copy is None
        if copy:
            self.open_tab, self.tab = copy
            self.page = self.open_tab.page
        self.walker = walker
        self.journey = journey
        self.way = way
        self.proven = proven
        self.steps: list[StepSeen] = []
        self.states: list[tuple[int, PageSnapshot]] = []
        self.measured: list[Measured] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}  # fields that were filled in, by their page
        self.before = Before()
        self.spaced = 0.0  # the document that was given the text spacing
        self.state = ""
        self.given: dict[tuple[str, str, str], str] = {}  # what was filled in under which label, and on which page first

    async def all_steps(self) -> None:
        for number, step in enumerate(self.journey.steps):
            seen = await self._step(number, step)
            self.steps.append(seen)
            is_end = step.kind is StepKind.STOP and not self.tab.sends_to(self.page.url)
            if is_end and seen.outcome in (StepOutcome.PASSED, StepOutcome.HINDERED):
                await self._be_patient()
                break
            if seen.outcome not in (StepOutcome.PASSED, StepOutcome.HINDERED):
                break
        else:
            await self._be_patient()
        # What comes after the button that would send is only for hosts where sending is allowed.
        left = len(self.journey.steps) - len(self.steps)
        self.steps += [StepSeen(StepOutcome.NOT_REACHED)] * left

    async def again(self, number: int) -> None:
        """Do a step that was done before, in a copy of the page. Raises Stuck, AtBorder or VisitFailed."""
        self.hands_done = Done()
        await self._do_and_look(number, self.journey.steps[number])

    # --- one step ----------------------------------------------------------------------------------------------------

    async def _step(self, number: int, step: JourneyStep) -> StepSeen:
        begun = time.monotonic()
        outcome, reason, problems = StepOutcome.PASSED, "", list[Problem]()
        self.hands_done = Done()
        self.looked_s = 0.0
        try:
            async with self.walker.failing():
                self.open_tab, self.tab = await self.walker.tab_of_way()
                self.page = self.open_tab.page
                try:
                    problems = await within(LONGEST_STEP_S, self._do_and_look(number, step))
                except VisitFailed as failure:  # the page still stands: it is pictured, and its tab is not thrown away
                    outcome, reason = StepOutcome.UNTESTED, failure.reason
        except Stuck as stuck:
            problems = [stuck.problem]
            outcome = StepOutcome.UNTESTED if self._says_nothing(stuck.problem) else StepOutcome.BROKEN
            reason = "journey-unclear" if outcome is StepOutcome.UNTESTED else ""
        except AtBorder:
            outcome = StepOutcome.BORDER
        except VisitFailed as failure:
            outcome, reason = StepOutcome.UNTESTED, failure.reason
        except (TimeoutError, PlaywrightError):  # on a machine that is out of breath no other browser could be started
            outcome, reason = StepOutcome.UNTESTED, "browser-crashed"
        if reason == "missing":
            outcome, reason, problems = StepOutcome.BROKEN, "", [Problem("page-missing", step.what)]
        if outcome is StepOutcome.PASSED and any(one.kind not in NOTES for one in problems):
            outcome = StepOutcome.HINDERED
        seen = StepSeen(outcome, tuple(problems), reason, round(time.monotonic() - begun - self.looked_s, 2))
        return self._without_typed(await self._with_facts(seen))

    def _without_typed(self, seen: StepSeen) -> StepSeen:
        """No evidence repeats what was filled in: a page may say it in its title, in an error, or as the name of a button."""

        def hidden(texts: Iterable[str]) -> tuple[str, ...]:
            return tuple(without_typed(self.journey, text) for text in texts)

        return replace(
            seen,
            title=hidden([seen.title])[0],
            errors=hidden(seen.errors),
            focus=hidden(seen.focus),
            problems=tuple(replace(one, more=hidden(one.more)) for one in seen.problems),
        )

    def _says_nothing(self, problem: Problem) -> bool:
        """Whether it may as well be the journey that is wrong: a control by another name, or one that nobody ever found."""
        if problem.kind in NOBODY_KNOWS:
            return True
        return problem.kind == "not-found" and (not self.proven or is_close(problem.name, problem.more))

    async def _with_facts(self, seen: StepSeen) -> StepSeen:
        """What there is to tell of the page as it stands, as far as it still stands."""
        if not hasattr(self, "tab"):
            return seen
        requests, kilobytes, errors = self.tab.counted()
        done = self.hands_done
        seen = replace(seen, requests=requests, kilobytes=kilobytes, errors=errors, focus=tuple(done.focus), keys=done.keys)
        with contextlib.suppress(TimeoutError, PlaywrightError, VisitFailed):
            if self.page.is_closed():
                return seen
            facts = await self._facts()
            picture = await self._picture() if self.walker.pictures else None
            return replace(
                seen,
                url=place_of(facts["url"]),
                title=facts["title"],
                fields=facts["fields"],
                state=self.state,
                picture=picture,
            )
        return seen

    async def _picture(self) -> bytes:
        # To hide the caret Playwright would write styles into the fields: the page would be another one afterwards.
        settings: dict[str, Any] = {"type": "jpeg", "quality": PICTURE_QUALITY, "scale": "css", "caret": "initial", "style": DOTS}
        return await soon(self.page.screenshot(**settings, timeout=9_000))

    async def _do_and_look(self, number: int, step: JourneyStep) -> list[Problem]:
        """Do a step, wait until the page stands still, and look at it; gives what keeps people out."""
        self.tab.refused()
        if number:
            await self._remember()
        hands = Hands(
            self.page,
            self.tab,
            self._world,
            self.walker.step_s,
            by_keyboard=self.way is Way.KEYBOARD,
            narrow=self.way in (Way.NARROW, Way.ZOOM),
        )
        self.hands_done = hands.done
        problems: list[Problem] = []
        match step.kind:
            case StepKind.OPEN:
                await self._open(step.what)
            case StepKind.EXPECT:
                problems += await self._expect(step)
            case StepKind.FILL:
                await hands.fill(step, is_again=self._was_given(step))
            case StepKind.CHOOSE:
                await hands.choose(step)
            case StepKind.SEARCH:
                await hands.search(step.what)
            case StepKind.STOP:
                sends = self.tab.sends_to(self.page.url)
                handle = await hands.press(step, trial=not sends)
                problems += await self._vanishes(step, handle)
            case StepKind.CLICK:
                handle_problems = await self._press(hands, step)
                problems += handle_problems
        if step.kind is not StepKind.EXPECT:
            await self._after(step)
            problems += hands.done.notes
            problems += await self._of_state(number, step)
        return problems

    def _was_given(self, step: JourneyStep) -> bool:
        """Whether the same question was answered the same on an earlier page; who corrects an answer is on the same page."""
        answer = (step.what.lower(), step.within.lower(), step.value)
        earlier = self.given.setdefault(answer, place_of(self.page.url))
        return earlier != place_of(self.page.url)

    async def _press(self, hands: Hands, step: JourneyStep) -> list[Problem]:
        if self.way is Way.COLOURS:
            found = await self._vanishes(step, await hands.find(step))
            await hands.press(step)
            return found
        await hands.press(step)
        if self.way is Way.KEYBOARD and not await self._reacted():
            await soon(self.page.keyboard.press("Space"))
            hands.done.keys += 1
            if not await self._reacted():
                raise Stuck("keys-do-nothing", step.what)
        return []

    async def _reacted(self) -> bool:
        """Whether anything at all has happened since a key was pressed."""
        until = time.monotonic() + REACTS_S
        while time.monotonic() < until:
            if self.tab.refusals or self.tab.waits_for:
                return True
            with contextlib.suppress(PlaywrightError, VisitFailed):
                mark = await self._ask("mark()")
                if (mark["url"], mark["born"], mark["html"]) != (self.before.url, self.before.born, self.before.html):
                    return True
            await asyncio.sleep(POLL_S)
        return False

    async def _open(self, url: str) -> None:
        try:
            timeout = self.walker.load_timeout_s * 1000
            await within(self.walker.load_timeout_s + 1, self.page.goto(url, wait_until="commit", timeout=timeout))
        except TimeoutError as error:
            raise VisitFailed("load-timeout") from error
        except PlaywrightError as error:
            self._judge_refusals()
            if "Timeout" in str(error):
                raise VisitFailed("load-timeout") from error
            raise

    # --- what comes after it -----------------------------------------------------------------------------------------

    async def _after(self, step: JourneyStep) -> None:
        """Wait until the page stands still; say where it may not go, or could not."""
        await self._settle()
        for kind, what in list(self.tab.refusals):
            if kind == "window" and step.kind is StepKind.CLICK and self.tab.is_own(what):
                self.tab.refused()
                if await self._ask(f"posts({_js(what)})"):
                    raise VisitFailed("journey-sends")
                await self._open(what)
                await self._settle()
                break
        self._judge_refusals()
        status = self.tab.response.status
        if step.kind not in (StepKind.FILL, StepKind.CHOOSE) and status >= 400:
            raise VisitFailed(reason_of_status(status))

    def _judge_refusals(self) -> None:
        kinds = {kind for kind, _ in self.tab.refusals}
        if "border" in kinds:
            raise AtBorder
        for kind, reason in (("sends", "journey-sends"), ("elsewhere", "journey-elsewhere"), ("logs-out", "logs-out")):
            if kind in kinds:
                raise VisitFailed(reason)

    async def _settle(self) -> None:
        """Until the site itself asks for nothing any more and the page stands still. Others may be as slow as they are."""
        begun = time.monotonic()
        last: object = None
        await asyncio.sleep(POLL_S / 2)
        while (spent := time.monotonic() - begun) < self.walker.load_timeout_s:
            since = [moment for moment in self.tab.waits_for.values() if time.monotonic() - moment < self.walker.load_timeout_s]
            if since and spent < SETTLE_S + READY_S:
                await asyncio.sleep(POLL_S)
                continue
            try:
                mark = await within(READY_S, self._ask("mark()"))
            except (PlaywrightError, VisitFailed, TimeoutError):
                if self.page.is_closed():
                    raise
                await asyncio.sleep(POLL_S)
                continue
            if self.way is Way.ZOOM and self.spaced != mark["born"]:
                self.spaced = mark["born"]
                await self._do("space()")
            if mark == last and (mark["ready"] or spent > READY_S):
                return
            last = mark if spent < SETTLE_S else mark | {"html": 0}  # what never stands still is taken as it is
            if spent > SETTLE_S and mark["ready"]:
                return
            await asyncio.sleep(POLL_S)

    async def _of_state(self, number: int, step: JourneyStep) -> list[Problem]:
        """What is wrong with the page as it stands after a step; the probes look where it was not seen before."""
        facts = await self._facts()
        if is_border_page(facts["url"], facts["title"], facts["heading"]):
            raise AtBorder
        problems: list[Problem] = []
        same_document = facts["born"] == self.before.born
        if step.kind in (StepKind.CLICK, StepKind.SEARCH) and same_document:
            facts = await self._wait_for_change(facts)
            if _address(facts["url"]) != _address(self.before.url) and facts["text"] == self.before.text and not facts["dialogs"]:
                raise Stuck("address-only", step.what)
            if self.way is Way.KEYBOARD and await self._lost_focus():
                problems.append(Problem("focus-lost", step.what))
        if self.way is Way.KEYBOARD and facts["nameless"] > (self.before.nameless if same_document else 0):
            problems.append(Problem("dialog-without-name", step.what))
        if step.kind is not StepKind.FILL:
            source = str(await self._ask("html()"))
            self.state = hash_of_source(normalised(LexborHTMLParser(source), datetime.now(UTC)))
            if self.looks:
                begun = time.monotonic()
                snapshot = await self.walker.look(self.open_tab, facts["url"], self.way, self.state, number)
                self.looked_s += time.monotonic() - begun
                if snapshot is not None:
                    self.states.append((number, snapshot))
                    await self._ask_again(number)
        return problems

    async def _ask_again(self, number: int) -> None:
        """Which questions stand here that were answered on an earlier page."""
        here = place_of(self.page.url)
        earlier = [one for page, some in self.answers.items() if page != here for one in some]
        if self.way is not Way.MOUSE or not earlier:
            return
        again = []
        for one in await self.entries():
            first = next((other for other in earlier if other["label"].lower() == one["label"].lower()), None)
            if first and (element := await self._ask(f"place({_js(one['key'])})")):
                again.append({**one, "first": first["label"], "first_group": first["group"], "element": element})
        self.measured.append(Measured(number, {"again": again}))

    async def entries(self) -> list[dict[str, Any]]:
        """The fields of the page as it stands, with their questions; never what was filled in."""
        found: list[dict[str, Any]] = await self._ask("entries()")
        return found

    async def place_of_entry(self, key: str) -> dict[str, str] | None:
        """Where a field stands, for a verdict."""
        place: dict[str, str] | None = await self._ask(f"place({_js(key)})")
        return place

    async def settled(self) -> None:
        """Wait until the page stands still, and may be asked again."""
        await self._settle()

    async def _wait_for_change(self, facts: dict[str, Any]) -> dict[str, Any]:
        """A page that changes its address by a script may bring what belongs to it a moment later."""
        until = time.monotonic() + REACTS_S
        while (
            _address(facts["url"]) != _address(self.before.url)
            and facts["born"] == self.before.born
            and facts["text"] == self.before.text
            and time.monotonic() < until
        ):
            await asyncio.sleep(POLL_S)
            facts = await self._facts()
        return facts

    async def _lost_focus(self) -> bool:
        """Whether what had the focus is gone, and nothing else has it."""
        return bool(await soon((await self._world()).evaluate("document.activeElement === document.body")))

    async def _expect(self, step: JourneyStep) -> list[Problem]:
        until = time.monotonic() + self.walker.step_s
        while True:
            if step.is_address and place_of(self.page.url) == place_of(step.what):
                return []
            if not step.is_address and await self._shows(step):
                return await self._unannounced(step)
            if time.monotonic() > until:
                break
            await asyncio.sleep(POLL_S)
        raise Stuck("not-expected", step.what, [f'"{one}"' for one in await self._ask("headings()") if one])

    async def _shows(self, step: JourneyStep) -> bool:
        try:
            for root in await own_frames(self.page):
                found = root.get_by_role(step.role, name=step.what) if step.role else root.get_by_text(step.what)  # type: ignore[arg-type]
                for number in range(min(await soon(found.count()), 10)):
                    if await soon(found.nth(number).is_visible()):
                        return True
        except PlaywrightError:  # the page is on its way to another one
            return False
        return False

    async def _unannounced(self, step: JourneyStep) -> list[Problem]:
        """A text that came without a new page has to be said by a screen reader."""
        if self.way is not Way.KEYBOARD or not self.changed_by_script:
            return []
        if step.what.lower() in self.shown_earlier.lower() or await self._ask(f"announced({_js(step.what)})"):
            return []
        return [Problem("not-announced", step.what)]

    async def _vanishes(self, step: JourneyStep, handle: Any) -> list[Problem]:
        """Whether a control is all of one colour where a visitor has chosen his own."""
        if self.way is not Way.COLOURS:
            return []
        await soon(handle.scroll_into_view_if_needed())
        box = await soon(handle.bounding_box())
        if not box or box["width"] < 1 or box["height"] < 1:
            return []
        picture = await self.tab.picture((box["x"], box["y"], box["width"], box["height"]))
        return [Problem("vanishes", step.what)] if _is_plain(picture) else []

    # --- patience ----------------------------------------------------------------------------------------------------

    async def _be_patient(self) -> None:
        """Let half an hour pass in the page that stands open: is what was filled in still there, or was one warned?

        The last of a way: a page whose clock was put forward does nothing any more.
        """
        if self.way is not Way.KEYBOARD or not self.steps:
            return
        with contextlib.suppress(TimeoutError, PlaywrightError, VisitFailed):
            first = await self._ask("filled()")
            if not first["values"]:
                return
            self.tab.stands_still = True
            self.tab.refused()
            said, warned = first["said"], False
            field = next((one for one in await self.entries() if one["filled"]), None)
            element = await self.place_of_entry(field["key"]) if field else None
            if field is None or element is None:
                limit = {}
            else:
                limit = {"minutes": PATIENCE_MIN, "lost": False, "warned": False, "label": field["label"], "element": element}
                self.measured.append(Measured(len(self.steps) - 1, {"limit": limit}))
            for minute in range(1, PATIENCE_MIN + 1):
                await self._advance(60_000)
                now = await self._ask("filled()")
                refusals = {kind for kind, _ in self.tab.refused()}
                warned = warned or "dialog" in refusals
                if "leaves" in refusals or now["values"] < first["values"]:
                    if limit:
                        limit |= {"minutes": minute, "lost": True, "warned": warned}
                    if not warned:
                        self._add_to_last(Problem("time-out", str(minute)))
                    return
                warned = warned or (now["said"] != said and now["said"] != "")

    async def _advance(self, milliseconds: int) -> None:
        """Source: DevTools Protocol, Emulation.setVirtualTimePolicy."""
        over = asyncio.Event()
        self.tab.session.once("Emulation.virtualTimeBudgetExpired", lambda event: over.set())
        policy = {"policy": "advance", "budget": milliseconds, "maxVirtualTimeTaskStarvationCount": 1000}
        await soon(self.tab.session.send("Emulation.setVirtualTimePolicy", policy))
        await soon(over.wait())

    def _add_to_last(self, problem: Problem) -> None:
        last = self.steps[-1]
        self.steps[-1] = replace(last, outcome=StepOutcome.HINDERED, problems=(*last.problems, problem))

    # --- asking the page ---------------------------------------------------------------------------------------------

    async def _world(self) -> World:
        return await self.walker.world(self.open_tab)

    async def _ask(self, question: str) -> Any:
        return await soon((await self._world()).evaluate(f"vierluikJourney.{question}"))

    async def _do(self, command: str) -> None:
        await soon((await self._world()).evaluate(f"void vierluikJourney.{command}"))

    async def _facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = await self._ask("facts()")
        return facts

    async def _remember(self) -> None:
        """What stands there before a step; and what stood there before the step that brought it."""
        with contextlib.suppress(PlaywrightError, VisitFailed):
            facts = await self._facts()
            now = Before(*(facts[name] for name in ("url", "born", "html", "text", "title", "dialogs", "nameless")))
            self.changed_by_script = now.born == self.before.born
            self.shown_earlier = self.before.text if self.changed_by_script else ""
            self.before = now
            if self.looks and self.way is Way.MOUSE:
                filled = [one for one in await self.entries() if one["filled"]]
                if filled:
                    self.answers[place_of(facts["url"])] = filled

    looked_s = 0.0  # what our own looking took in this step
    changed_by_script = False  # what stands there came without a new page
    shown_earlier = ""  # the text before it came


class AtBorder(Exception):
    """DigiD or eHerkenning asks who one is: no monitor goes on here."""


def _address(url: str) -> str:
    return url.partition("#")[0]


def _js(text: str) -> str:
    return json.dumps(text)


def _is_plain(picture: bytes) -> bool:
    """Whether a picture is of one colour."""
    with Image.open(io.BytesIO(picture)) as image:
        return all(low == high for low, high in cast("Any", image.convert("RGB").getextrema()))
