"""Finds what a step of a journey is about, by its visible name; and does the step, with the mouse or the keyboard.

What nobody could do is a `Stuck`, with its problem; what cannot be judged is a `VisitFailed`, with its reason.
"""

from __future__ import annotations

import asyncio
import difflib
import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from playwright.async_api import ElementHandle, FilePayload, Frame, Locator, Page
from playwright.async_api import Error as PlaywrightError

from crawler.deadline import soon
from crawler.journey_tab import JourneyTab
from crawler.typed_moment import keys_of_moment, moment_of
from crawler.world import VisitFailed
from rules.journey import JourneyStep, Problem, StepKind

HANDS = resources.files("crawler").joinpath("journey_hands.js").read_text(encoding="utf-8")
LOOKS_EVERY_S = 0.05
MENU_OPENED_AT = (0.5, 0.75)  # parts of the time for a step, after which a folded menu is opened
FEWEST_LOOKS = 4  # before a control is said not to be there, however long each of them takes
MOST_FOUND, MOST_NAMED = 10, 6
MOST_KEYS = 400  # presses of Tab for one step
MOST_IN_ONE = 40  # presses of Tab within one stop: a frame, the parts of a date
MOST_ARROWS = 60
MOST_ESCAPES = 3  # circles that Escape leads out of, in one step
MOST_FRAMES = 8  # frames of the page itself that are looked into
SCRIPTS_S = 0.02  # a script may move the focus a moment later
CLOSE = 0.75  # likeness of two names from which one may be the other, rewritten
# What a button says that would send, pay or erase: it is only pressed by a step that says so.
SENDS = re.compile(
    r"\b(verstuur\w*|verzend\w*|versturen|verzenden|indienen|dien in|insturen|betaal\w*|betalen|afrekenen|bestel\w*|"
    r"onderteken\w*|opzeggen|verwijder\w*|send|submit|pay|order|sign|delete|donate|doneer\w*)\b",
    re.IGNORECASE,
)
PRESSED = ("button", "link", "tab", "menuitem", "checkbox", "radio", "option", "switch", "gridcell", "treeitem")
# The smallest picture there is: what stands for somebody's own file.
A_FILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63600000000200"
    "0148afa4710000000049454e44ae426082"
)
OPENS_MENU = re.compile(r"menu|navigatie|zoek|search|navigation", re.IGNORECASE)


Place = Page | Frame  # what has locators of its own


class Stuck(Exception):
    """A person cannot go on here."""

    def __init__(self, kind: str, name: str = "", more: Sequence[str] = ()) -> None:
        super().__init__(kind)
        self.problem = Problem(kind, name, tuple(more))


@dataclass
class Done:
    """What doing a step took."""

    focus: list[str] = field(default_factory=list)
    keys: int = 0
    extra: int = 0  # clicks that the step itself does not name: a menu that had to be opened first
    notes: list[Problem] = field(default_factory=list)


async def ask(handle: ElementHandle, question: str, *arguments: Any) -> Any:
    return await soon(handle.evaluate(f"(one, given) => ({HANDS}).{question}(one, given)", list(arguments)))


class Hands:
    """Does the steps of one way."""

    def __init__(
        self, page: Page, tab: JourneyTab, world: Callable[[], Any], step_s: float, *, by_keyboard: bool, narrow: bool
    ) -> None:
        self.page = page
        self.tab = tab
        self.world: Callable[[], Any] = world
        self.step_s = step_s
        self.by_keyboard = by_keyboard
        self.narrow = narrow
        self.done = Done()

    # --- finding -----------------------------------------------------------------------------------------------------

    async def find(self, step: JourneyStep) -> ElementHandle:
        """The one control that a step names. Raises Stuck where there is none, or more than one."""
        return await self._one(step, lambda place: self._locators(step, place))

    def _locators(self, step: JourneyStep, place: Place) -> list[Locator]:
        found: list[Locator] = []
        for root in self._roots(step, place):
            match step.kind:
                case StepKind.FILL:
                    found += _fields(root, step.what)
                case StepKind.CHOOSE:
                    found += _choices(root, step.what)
                case _:
                    found += _pressed(root, step.what, step.role)
        return found

    def _roots(self, step: JourneyStep, place: Place) -> list[Place | Locator]:
        """Where to look: in the part of the page that the step names, or everywhere."""
        if not step.within:
            return [place]
        parts = ("group", "region", "navigation", "form", "dialog", "complementary", "search", "radiogroup", "listitem", "main")
        named: list[Place | Locator] = [place.get_by_role(part, name=step.within) for part in parts]  # type: ignore[arg-type]
        heading = place.locator("section, article, fieldset, li, aside, nav").filter(
            has=place.get_by_role("heading", name=step.within)
        )
        lists: list[Place | Locator] = [place.get_by_label(step.within, exact=exact) for exact in (True, False)]
        return [*(lists if step.kind is StepKind.CHOOSE else []), *named, heading.last]

    async def _one(self, step: JourneyStep, locators: Callable[[Place], Sequence[Locator]]) -> ElementHandle:
        begun = time.monotonic()
        until, looks = begun + self.step_s, 0
        unfolds_at = begun + self.step_s / 4 if step.kind is StepKind.CHOOSE else math.inf
        opens_at = [begun + self.step_s * part for part in MENU_OPENED_AT] if self.narrow else []
        while True:
            looks += 1
            for place in await own_frames(self.page):
                for locator in locators(place):
                    if found := await _visible(locator):
                        return await self._the_one(step, found)
            if time.monotonic() > unfolds_at:
                unfolds_at = math.inf
                await self._unfold(step)
            if opens_at and time.monotonic() > opens_at[0]:
                opens_at, looks = opens_at[1:], 0
                await self._open_menu()  # once more where its script was not there yet: what is open already stays so
                until = max(until, time.monotonic() + self.step_s / 2)  # on a busy machine opening it takes most of the time
            if time.monotonic() > until and looks >= FEWEST_LOOKS:
                await self._judge_foreign_frames(locators)
                raise Stuck("not-found", step.what, await self._near(step.what))
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _judge_foreign_frames(self, locators: Callable[[Place], Sequence[Locator]]) -> None:
        """Raise VisitFailed where it stands in a frame of another host: nobody presses anything there."""
        own = await own_frames(self.page)
        for frame in self.page.frames[: 2 * MOST_FRAMES]:
            if frame not in own and not frame.is_detached():
                for locator in locators(frame):
                    if await _visible(locator):
                        raise VisitFailed("journey-foreign-frame")

    async def _unfold(self, step: JourneyStep) -> None:
        """Open the list that bears the name of the question; where the step names none, the only one there is."""
        for place in await own_frames(self.page):
            named = {"name": step.within} if step.within else {}
            lists = place.get_by_role("combobox", expanded=False, **named)  # type: ignore[arg-type]
            buttons = place.get_by_role("button", expanded=False, **named).and_(place.locator("[aria-haspopup=listbox]"))  # type: ignore[arg-type]
            found = await _visible(lists.or_(buttons))
            if len(found) != 1 or await soon(found[0].evaluate("(one) => one.tagName === 'SELECT'")):
                continue
            if not self.by_keyboard:
                await self._free(step, found[0])
                await self._click(step, found[0])
                return
            await self._reach(step, found[0])
            for key in ("Enter", "Space", "ArrowDown", "Alt+ArrowDown"):
                await self._key(key)
                if await soon(found[0].get_attribute("aria-expanded")) == "true":
                    return
            return

    async def _the_one(self, step: JourneyStep, found: list[ElementHandle]) -> ElementHandle:
        """Several links to one address are one; so is a cell with the button in it."""
        if len(found) > 1:
            holds = [any([await ask(one, "holds", other) for other in found if other is not one]) for one in found]
            found = [one for one, is_outer in zip(found, holds, strict=True) if not is_outer]
        if len(found) == 1:
            return found[0]
        told = [await ask(one, "describe") for one in found]
        if len({one["href"] for one in told}) == 1 and told[0]["href"]:
            return found[0]
        raise Stuck("ambiguous", step.what, list(dict.fromkeys(_said(one) for one in told[:MOST_NAMED])))

    async def _open_menu(self) -> None:
        """A menu that is folded on a small screen is opened, as anybody would."""
        for button in await _visible(self.page.get_by_role("button", expanded=False)):
            told = await ask(button, "describe")
            if OPENS_MENU.search(told["name"]):
                await button.click(timeout=self.step_s * 1000)
                self.done.extra += 1

    async def _near(self, name: str) -> list[str]:
        """What a person may have meant: the nearest names on the page first."""
        world = await self.world()
        names = list(dict.fromkeys(await soon(world.evaluate("vierluikJourney.candidates()"))))
        names.sort(key=lambda one: -difflib.SequenceMatcher(None, one.lower(), name.lower()).ratio())
        return [f'"{one}"' for one in names[:MOST_NAMED]]

    # --- doing -------------------------------------------------------------------------------------------------------

    async def press(self, step: JourneyStep, *, trial: bool = False) -> ElementHandle:
        """Click a control, or press Enter on it; with `trial` only see whether that could be done."""
        handle = await self.find(step)
        told = await ask(handle, "describe")
        if not trial and told["isButton"] and SENDS.search(told["name"]) and not self.tab.sends_to(self.page.url):
            raise VisitFailed("journey-would-send")
        if not await handle.is_enabled():
            raise Stuck("switched-off", step.what)
        if self.by_keyboard:
            await self._reach(step, handle)
            await self._shows_focus(step, handle, told)
            if not trial:
                await self._enter(told)
        else:
            await self._free(step, handle)
            if not trial:
                await self._click(step, handle)
        return handle

    async def fill(self, step: JourneyStep, *, is_again: bool = False) -> None:
        """Fill in a field. `is_again`: the same was asked and filled in on a page before."""
        handle = await self.find(step)
        told = await ask(handle, "describe")
        if not await handle.is_enabled():
            raise Stuck("switched-off", step.what)
        if is_again and not told["filled"]:
            self.done.notes.append(Problem("asked-twice", step.what))
        moment = moment_of(told["type"], step.value)
        if self.by_keyboard:
            await self._reach(step, handle)
            if moment:
                await self._type_moment(handle, told["type"], moment)
                return
            if told["field"] or told["role"] == "text field":
                await soon(self.page.keyboard.press("Control+a"))
                await soon(self.page.keyboard.type(step.value))
                return
        elif told["type"] != "file":
            await self._free(step, handle)
        if told["type"] == "file":
            # What the browser asks of its owner to choose from is no part of the page.
            name = re.sub(r"[^\w.-]", "-", step.value)[-60:] or "bestand.png"
            await soon(handle.set_input_files(FilePayload(name=name, mimeType="image/png", buffer=A_FILE)))
            return
        await soon(handle.fill(moment or step.value))

    async def _type_moment(self, handle: ElementHandle, kind: str, moment: str) -> None:
        """A date or time has parts, in the order of whoever set up the browser."""
        for keys in keys_of_moment(kind, moment):
            await soon(handle.focus())
            for key in keys:
                await soon(self.page.keyboard.press(key))
            if await soon(handle.evaluate("(one) => one.value")) == moment:
                return
        await soon(handle.fill(moment))

    async def choose(self, step: JourneyStep) -> None:
        """An option of a list, a radio button or a checkbox."""
        handle = await self.find(step)
        told = await ask(handle, "describe")
        if told["role"] == "option":  # of a native list: what is chosen from is the list
            await self._choose_option(step, handle)
            return
        if self.by_keyboard:
            await self._reach(step, handle)
            if not await soon(handle.is_checked()):
                await soon(self.page.keyboard.press("Space"))
            return
        await self._free(step, handle)
        if spot := await ask(handle, "spot"):  # it is drawn by its label
            await soon(self.page.mouse.click(*spot))
        else:
            await self._click(step, handle)

    async def _choose_option(self, step: JourneyStep, option: ElementHandle) -> None:
        found = (await soon(option.evaluate_handle("(one) => one.closest('select')"))).as_element()
        if found is None:
            await self._choose_from_list(step, option)
            return
        if not self.by_keyboard:
            await self._free(step, found)
            await soon(found.select_option(label=step.what))
            return
        await self._reach(step, found)
        await soon(self.page.keyboard.press("Home"))
        for _ in range(MOST_ARROWS):
            if await soon(option.evaluate("(one) => one.selected")):
                return
            await soon(self.page.keyboard.press("ArrowDown"))
            self.done.keys += 1
        raise Stuck("keys-do-nothing", step.what)

    async def _choose_from_list(self, step: JourneyStep, option: ElementHandle) -> None:
        """An option of a list that the page has made itself: with keys by the arrows, wherever its focus is kept."""
        if not self.by_keyboard:
            await self._free(step, option)
            await self._click(step, option)
            return
        if not await ask(option, "inList"):
            opener = (await soon(option.evaluate_handle(f"(one) => ({HANDS}).opener(one)"))).as_element()
            await self._reach(step, opener or option)
        for _ in range(MOST_ARROWS):
            if await ask(option, "isActive"):
                self.done.focus.append(step.what)
                await self._key("Enter")
                return
            await self._key("ArrowDown")
        raise Stuck("unreachable", step.what)

    async def search(self, words: str) -> None:
        """Type words into the site's own search, and press Enter."""
        step = JourneyStep(StepKind.SEARCH, words)
        by_name = re.compile("zoek|search", re.IGNORECASE)

        def fields(place: Place) -> list[Locator]:
            part = place.get_by_role("search")
            return [
                part.get_by_role("searchbox"),
                place.get_by_role("searchbox"),
                part.get_by_role("textbox"),
                part.locator("input[role=combobox]"),
                place.get_by_role("textbox", name=by_name),
                place.get_by_role("combobox", name=by_name).and_(place.locator("input")),
            ]

        handle = await self._one(step, fields)
        if self.by_keyboard:
            await self._reach(step, handle)
            await soon(self.page.keyboard.press("Control+a"))
            await soon(self.page.keyboard.type(words))
        else:
            await self._free(step, handle)
            await soon(handle.fill(words))
        await soon(self.page.keyboard.press("Enter"))

    # --- the mouse ---------------------------------------------------------------------------------------------------

    async def _free(self, step: JourneyStep, handle: ElementHandle) -> None:
        """Wait until nothing lies over a control. Raises Stuck, or VisitFailed where a cookie wall does."""
        await soon(handle.scroll_into_view_if_needed())
        until = time.monotonic() + self.step_s
        centre = False
        while True:
            cover = await ask(handle, "cover", centre)
            if not cover["name"]:
                break
            if time.monotonic() > until:
                if cover["consent"]:
                    raise VisitFailed("cookie-wall")
                raise Stuck("covered", step.what, [f'"{cover["name"]}"'])
            centre = True
            await asyncio.sleep(LOOKS_EVERY_S)
        if cover["outside"] and self.narrow:
            self.done.notes.append(Problem("sideways", step.what))

    async def _click(self, step: JourneyStep, handle: ElementHandle) -> None:
        try:
            await handle.click(timeout=self.step_s * 1000, no_wait_after=True)
        except PlaywrightError as error:
            if "Timeout" not in str(error):
                raise
            raise Stuck("covered", step.what) from error

    # --- the keyboard ------------------------------------------------------------------------------------------------

    async def _reach(self, step: JourneyStep, target: ElementHandle) -> None:
        """Press Tab until the focus is at the target. Raises Stuck where it never comes there."""
        frame = await target.owner_frame() or self.page.main_frame
        known = await frame.evaluate_handle("() => new Map()")
        lap: list[int] = []  # stops since the top of the page
        names: dict[int, str] = {}
        laps = inside = escapes = 0
        moved = True  # the focus is somewhere else since the last look
        for number in range(MOST_KEYS):
            if not moved:
                await self._key("Tab")
            moved = False
            told = await ask(target, "focus", known)
            if told.get("at"):
                self.done.focus.append(told["name"])
                return
            if told["number"] < 0:
                if number:
                    laps, lap = laps + 1, []
                if laps == 2:
                    raise Stuck("unreachable", step.what)
                continue
            if told["near"] and await self._arrow(target, known, told["near"]):
                return
            if told["back"] and len(self.done.notes) < MOST_NAMED and laps == 0:
                self.done.notes.append(Problem("focus-order", step.what, (f'"{told["name"]}"',)))
            if lap and told["number"] == lap[-1] and (told["many"] or number == 1) and inside < MOST_IN_ONE:
                inside += 1
                continue
            if told["number"] in lap:
                members = lap[lap.index(told["number"]) :]
                await self._escape(step, target, known, members, names, told, is_last=escapes == MOST_ESCAPES)
                lap, moved, escapes = [], True, escapes + 1
                continue
            inside = 0
            lap.append(told["number"])
            if told["number"] not in names:
                names[told["number"]] = told["name"]
                self.done.focus.append(told["name"])
        raise VisitFailed("too-many-stops")

    async def _key(self, key: str) -> None:
        await soon(self.page.keyboard.press(key))
        self.done.keys += 1
        await asyncio.sleep(SCRIPTS_S)

    async def _arrow(self, target: ElementHandle, known: Any, key: str) -> bool:
        """Within a group that has one stop the arrows lead on."""
        for _ in range(MOST_ARROWS):
            await self._key(key)
            told = await ask(target, "focus", known)
            if told.get("at"):
                self.done.focus.append(told["name"])
                return True
            if not told.get("near"):
                return False
            key = told["near"]
        return False

    async def _escape(
        self,
        step: JourneyStep,
        target: ElementHandle,
        known: Any,
        members: list[int],
        names: dict[int, str],
        told: dict[str, Any],
        *,
        is_last: bool,
    ) -> None:
        """The focus goes round: try Escape, then backwards. Raises Stuck where it stays, or VisitFailed in a cookie wall."""
        held = set(members)
        circle = [f'"{names[one]}"' for one in members if one in names][:MOST_NAMED]
        for keys in (("Escape", "Tab"), *[("Shift+Tab",)] * min(len(held) + 1, MOST_IN_ONE)):
            for key in keys:
                await self._key(key)
            now = await ask(target, "focus", known)
            if now.get("at") or now["number"] not in held:
                if keys == ("Escape", "Tab") and not is_last:
                    return
                raise Stuck("unreachable", step.what, circle)
        if told["consent"]:
            raise VisitFailed("cookie-wall")
        raise Stuck("keyboard-trap", step.what, circle)

    async def _shows_focus(self, step: JourneyStep, handle: ElementHandle, told: dict[str, Any]) -> None:
        """Whether a picture of a control differs with and without the focus. In a text field the caret shows."""
        if told["field"] or told["role"] in ("text field", "list"):
            return
        box = tuple(await ask(handle, "box"))
        if box[2] < 1 or box[3] < 1:
            return
        with_focus = await self.tab.picture(box)
        if with_focus != await self.tab.picture(box):
            return  # it changes by itself
        whole = await self.tab.picture()
        await ask(handle, "blur")
        await asyncio.sleep(SCRIPTS_S)
        plain = await self.tab.picture(box)
        is_hidden = with_focus == plain and whole == await self.tab.picture()
        await ask(handle, "refocus")
        await asyncio.sleep(SCRIPTS_S)
        if is_hidden:
            self.done.notes.append(Problem("focus-hidden", step.what))

    async def _enter(self, told: dict[str, Any]) -> None:
        key = "Space" if told["role"] in ("checkbox", "radio", "switch") else "Enter"
        await self._key(key)


async def own_frames(page: Page) -> list[Place]:
    """The page, and the frames in it that are as much its own: of the same origin."""
    found: list[Place] = [page]
    for frame in page.frames[1 : 2 * MOST_FRAMES]:
        try:
            if await soon(frame.evaluate("() => { try { return Boolean(top.document) } catch { return false } }")):
                found.append(frame)
        except (PlaywrightError, TimeoutError):  # it is on its way to another address
            continue
    return found[:MOST_FRAMES]


def _said(told: dict[str, Any]) -> str:
    return f'{told["role"]} "{told["name"]}"' + (f" ({told['where']})" if told["where"] else "")


async def _visible(locator: Locator) -> list[ElementHandle]:
    """What of it can be seen."""
    try:
        found = []
        for one in (await soon(locator.element_handles()))[:MOST_FOUND]:
            is_option = await soon(one.evaluate("(one) => one.tagName === 'OPTION'"))
            shown = await soon(one.evaluate_handle("(one) => one.closest('select')")) if is_option else one
            element = shown.as_element()
            if element is not None and (await soon(element.is_visible()) or await _by_label(element)):
                found.append(one)
        return found
    except PlaywrightError:  # the page is on its way to another one
        return []


async def _by_label(one: ElementHandle) -> bool:
    """A checkbox that is drawn by its label is seen there."""
    return bool(await ask(one, "labelled"))


def _pressed(root: Place | Locator, name: str, role: str) -> list[Locator]:
    roles = [role] if role else list(PRESSED)
    found: list[Locator] = []
    for exact in (True, False):
        both = [root.get_by_role(one, name=name, exact=exact) for one in roles]  # type: ignore[arg-type]
        first = both[0]
        for other in both[1:]:
            first = first.or_(other)
        found += [first] if role else [first, root.locator("summary").filter(has_text=_whole(name) if exact else name)]
    return found if role else [*found, root.get_by_text(name, exact=True)]


def _fields(root: Place | Locator, name: str) -> list[Locator]:
    return [
        root.get_by_label(name, exact=True).and_(root.locator("input, textarea, select, [role=textbox], [contenteditable]")),
        root.get_by_role("textbox", name=name, exact=True),
        root.get_by_label(name).and_(root.locator("input, textarea, select, [role=textbox], [contenteditable]")),
        root.get_by_placeholder(name, exact=True),
        root.get_by_placeholder(name),
    ]


def _choices(root: Place | Locator, name: str) -> list[Locator]:
    found: list[Locator] = []
    for exact in (True, False):
        box = root.get_by_role("radio", name=name, exact=exact).or_(root.get_by_role("checkbox", name=name, exact=exact))
        found += [
            box.or_(root.get_by_role("switch", name=name, exact=exact)),
            root.get_by_label(name, exact=exact).and_(root.locator("input")),
        ]
        found += [
            root.locator("option").filter(has_text=_whole(name) if exact else name),
            root.get_by_role("option", name=name, exact=exact),
        ]
    return found


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(name)}\s*$")


def is_close(name: str, others: Sequence[str]) -> bool:
    """Whether one of these names may be the same control under another name."""
    return any(difflib.SequenceMatcher(None, one.strip('"').lower(), name.lower()).ratio() >= CLOSE for one in others)
