"""Walks through the page with the Tab key: where the focus comes, how it shows there, and whether it can go on.

Source: WCAG 2.2 SC 2.1.2, 2.4.1, 2.4.3, 2.4.7, 2.4.11; ACT rules 80af7b, a1b64e, ebe86a, oj04fd, cf77f2.
"""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Collection
from typing import Any

from PIL import Image, ImageChops

from checks.accessibility.hands import TouchingProbe, is_harmful
from rules.probe import Tab

MOST_STOPS = 150
WALK_S = 6.0
MOST_REPEATS = 12  # of a stop that has several inside it: a film's buttons, the parts of a date
MOST_PICTURED = 12
MOST_LOST = 20
MOST_ACCUSED = 3  # groups of stops that look alike, each looked at again
FEW_HELD, MOST_HELD = 14, 50  # stops of a trap whose scripts may pull the focus to and fro; of one that only goes round
SCRIPTS_MS, SETTLE_MS = 25, 60  # a script may pull the focus back a moment later
KEYS = re.compile(
    r"\b((?:(?:ctrl|control|alt|option|shift|cmd|command|meta)\s*(?:\+|-|\s)\s*)+)(f\d{1,2}|[a-z0-9])\b", re.IGNORECASE
)
MODIFIERS = {"ctrl": "Control", "control": "Control", "alt": "Alt", "option": "Alt", "shift": "Shift"}
LONE_KEYS = re.compile(r"\b(esc(?:ape)?|f\d{1,2})\b", re.IGNORECASE)


class KeyboardProbe(TouchingProbe):
    name = "keyboard"
    deadline_s = 40.0

    async def facts(self, page: Tab) -> dict[str, Any]:
        return await Walk(self, page).facts()


PROBE = KeyboardProbe()


class Walk:
    """One walk through the page."""

    def __init__(self, probe: TouchingProbe, page: Tab) -> None:
        self.probe = probe
        self.page = page
        self.pause_ms = 0
        self.stops: list[int] = []  # in the order of the Tab key
        self.is_whole = False
        self.lost: list[int] = []  # stops that let go of the focus the moment they get it

    async def facts(self) -> dict[str, Any]:
        begin = await self._ask("start()")
        self.pause_ms = SCRIPTS_MS if begin["hasScripts"] else 0
        trap = await self._walk()
        found: dict[str, Any] = {"whole": self.is_whole, "stops": sorted(set(self.stops)), "trap": None}
        first = await self._ask(f"report({trap[:1]})")  # a dialog may be gone once it is closed
        if trap:
            found["trap"] = await self._escape(trap)
        found["order"] = await self._ask("order()")
        found["covered"] = await self._ask("covers()")
        found["invisible"], found["doubtful"] = await self._unseen() if not trap else ([], [])
        found["skip"] = await self._skip() if not trap else None
        found["lost"] = self.lost
        wanted = {*found["stops"][:1], *found["covered"][:5], *found["invisible"][:10], *found["doubtful"][:3]}
        wanted |= {stop for pair in found["order"] for stop in pair}
        wanted |= {found["skip"]["stop"]} if found["skip"] else set()
        wanted |= set(self.lost)
        found["elements"] = {**await self._ask(f"report({sorted(wanted)})"), **first}
        if found["invisible"]:
            found["invisible"] = await self._still_unseen(found["invisible"], found["elements"])
        return found

    async def _ask(self, question: str) -> Any:
        return await self.probe.ask(self.page, question)

    async def _walk(self) -> list[int]:
        """Press Tab until the focus comes round; gives the stops that it goes round in without ever leaving them."""
        end = time.monotonic() + WALK_S
        repeats = 0
        while len(self.stops) < MOST_STOPS and time.monotonic() < end:
            step = await self._press("Tab", self.pause_ms)
            stop = step["stop"]
            if stop < 0 and step.get("lost") is not None and len(self.lost) < MOST_LOST and step["lost"] not in self.lost:
                self.lost.append(step["lost"])
                continue
            if stop < 0:
                self.is_whole = True
                return []
            if self.stops and stop == self.stops[-1] and step.get("many") and repeats < MOST_REPEATS:
                repeats += 1
                continue
            if stop in self.stops:
                if step.get("many"):
                    return []  # what lies in a frame of another origin is out of sight
                return await self._held(set(self.stops[self.stops.index(stop) :]))
            repeats = 0
            self.stops.append(stop)
        return []

    async def _press(self, key: str, pause_ms: int) -> dict[str, Any]:
        await self.page.press(key)
        found: dict[str, Any] = await self._ask(f"step({pause_ms})")
        return found

    async def _held(self, members: set[int]) -> list[int]:
        """The stops that neither Tab nor Shift+Tab gets out of; none where one does.

        Two stops that pull the focus to and fro are met in any order: what is met on the way belongs to them too. Many
        stops in a row go round in their order: once round each way is enough.
        """
        for key in ("Tab", "Shift+Tab"):
            pressed = 0
            while pressed < (2 if len(members) <= FEW_HELD else 1) * len(members) + 2:
                step = await self._press(key, settle_ms(members))
                if step["stop"] < 0 or step.get("many") or len(members) > MOST_HELD:
                    return []
                members.add(step["stop"])
                pressed += 1
        return sorted(members)

    async def _escape(self, members: list[int]) -> dict[str, Any]:
        """Every way out of a trap: Escape, arrows, a button that closes it, and the keys that the page itself names."""
        page = self.page
        is_dialog = await self._ask(f"dialog({members})")
        found = {"stop": members[0], "dialog": is_dialog, "way": ""}
        for key in ("Escape", "ArrowRight", "ArrowDown"):
            await page.press(key)
            if await self._is_out(members):
                return {**found, "way": key}
        ways = await self._ask(f"ways({members})")
        if is_dialog:
            for stop in ways["close"][:2]:
                await self._activate(stop)
                if await self._ask(f"released({members})"):
                    return {**found, "way": "button"}
        if await self._told_way_out(members):
            return {**found, "way": "told"}
        for stop in ways["help"][:2]:
            await self._activate(stop)
            if await self._told_way_out(members):
                return {**found, "way": "told"}
        return found

    async def _activate(self, stop: int) -> None:
        name = (await self._ask(f"report([{stop}])")).get(str(stop), {}).get("text", "")
        if is_harmful(name):
            return
        await self._ask(f"focus({stop})")
        await self.page.press("Enter")
        await self._ask(f"now({SETTLE_MS})")

    async def _told_way_out(self, members: list[int]) -> bool:
        text = await self._ask("text()")
        for key in keys_named(text)[:4]:
            await self._ask(f"focus({members[0]})")
            await self.page.press(key)
            if await self._is_out(members):
                return True
        return False

    async def _is_out(self, members: list[int]) -> bool:
        """The focus has left, and does not come back with the next Tab."""
        if await self._ask(f"now({SETTLE_MS})") in members and not await self._ask(f"released({members})"):
            # A key may have let go without moving the focus.
            await self.page.press("Tab")
            for _ in members:
                if await self._ask(f"now({settle_ms(members)})") not in members:
                    return True
                await self.page.press("Tab")
            return await self._ask(f"now({SETTLE_MS})") not in members
        return True

    async def _unseen(self) -> tuple[list[int], list[int]]:
        """Stops where not one pixel changes when they get the focus, and those where too much changes by itself to tell."""
        invisible: list[int] = []
        doubtful: list[int] = []
        end = time.monotonic() + WALK_S
        for stops in (await self._ask("unsure()"))[:MOST_PICTURED]:
            if time.monotonic() > end:
                break
            shown = await self._ask(f"show({stops[0]})")
            if not shown["held"]:
                continue
            box = _around(shown)
            focused = await self.page.picture(box) if box else b""
            whole = await self.page.picture()
            if not await self._ask(f"hide({stops[0]})"):
                continue
            if box and differ(focused, await self.page.picture(box)):
                continue
            if not differ(whole, plain := await self.page.picture()):
                # What has no size at all may be meant for nobody; a person has to look.
                (invisible if shown["width"] and shown["height"] else doubtful).extend(stops)
            elif differ(plain, await self.page.picture()):
                doubtful += stops
        return invisible, doubtful

    async def _still_unseen(self, stops: list[int], elements: dict[str, Any]) -> list[int]:
        """What a script changed at the first focus may never have changed back: look once more, before anything had the focus."""
        await self.probe.open_anew(self.page)
        await self._ask("start()")
        checked: dict[str, bool] = {}
        unseen = []
        for stop in stops:
            element = elements.get(str(stop), {}).get("element")
            if element is None:
                continue
            kind = element["html"].partition(">")[0][:60]
            if kind not in checked and len(checked) < MOST_ACCUSED:
                checked[kind] = await self._shows_at_first(element["selector"])
            if not checked.get(kind, False):
                unseen.append(stop)
        return unseen

    async def _shows_at_first(self, selector: str) -> bool:
        if not await self._ask(f"before({json.dumps(selector)})"):
            return False
        plain = await self.page.picture()
        if differ(plain, await self.page.picture()):
            return False  # it changes by itself
        return bool(await self._ask("after()")) and differ(plain, await self.page.picture())

    async def _skip(self) -> dict[str, Any] | None:
        """Whether the link past the head of the page gets there: the next Tab is at or after its target."""
        link = await self._ask("skipLink()")
        if not link:
            return None
        await self._ask(f"focus({link['stop']})")
        await self.page.press("Enter")
        await self._ask(f"now({SETTLE_MS})")
        await self.page.press("Tab")
        await self._ask(f"now({SETTLE_MS})")
        return {"stop": link["stop"], "arrived": await self._ask(f"arrived({_text(link['target'])})")}


def settle_ms(members: Collection[int]) -> int:
    """How long to wait for a script that pulls the focus back to so many stops."""
    return SETTLE_MS if len(members) <= FEW_HELD else SCRIPTS_MS


def keys_named(text: str) -> list[str]:
    """The keys that a text tells to press, as a keyboard takes them: "Ctrl+M" is "Control+m"."""
    found = []
    for match in KEYS.finditer(text):
        names = [MODIFIERS.get(name.lower(), "Meta") for name in re.findall(r"[a-z]+", match[1], re.IGNORECASE)]
        key = match[2].upper() if len(match[2]) > 1 else match[2].lower()
        found.append("+".join((*names, key)))
    lone = (match[1] for match in LONE_KEYS.finditer(KEYS.sub(" ", text)))
    found += ["Escape" if key.lower().startswith("esc") else key.upper() for key in lone]
    return list(dict.fromkeys(found))


def differ(first: bytes, second: bytes) -> bool:
    """Whether two pictures differ in a single pixel."""
    one, other = (Image.open(io.BytesIO(data)).convert("RGB") for data in (first, second))
    return one.size != other.size or ImageChops.difference(one, other).getbbox() is not None


def _around(shown: dict[str, Any]) -> tuple[float, float, float, float] | None:
    """A box around the element, as far as it lies in the viewport."""
    left, top = max(shown["x"] - 12, 0), max(shown["y"] - 12, 0)
    right, bottom = (
        min(shown["x"] + shown["width"] + 12, shown["viewWidth"]),
        min(shown["y"] + shown["height"] + 12, shown["viewHeight"]),
    )
    return (left, top, right - left, bottom - top) if right - left >= 1 and bottom - top >= 1 else None


def _text(value: str) -> str:
    return repr(value) if value.isascii() and value.isprintable() and "\\" not in value and "'" not in value else "''"
