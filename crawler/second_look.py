"""The second look: one page in a context that knows nothing of earlier ones, with all animation at its end; and its pictures."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from crawler.deadline import soon
from crawler.visit import OpenTab, Visitor
from crawler.world import VisitFailed, World
from rules.finding import Target
from rules.page_picture import MOST_BOXES, MOST_BYTES, Box, PagePicture, scale_of
from rules.spoken import LONGEST_NAME, Spoken

FRAME_ELEMENT = resources.files("crawler").joinpath("frame_element.js").read_text(encoding="utf-8")
WHOLE_PAGE = resources.files("crawler").joinpath("whole_page.js").read_text(encoding="utf-8")
# Animations that end are put at their end, those that never do are taken away: what stays is what somebody reads.
STILL = """for (const animation of document.getAnimations())
  try { animation.finish(); } catch { animation.cancel(); }"""
STATES = {"checked", "disabled", "expanded", "invalid", "level", "pressed", "required", "selected"}
HIDDEN = {
    "ariaHiddenElement",
    "ariaHiddenSubtree",
    "inertElement",
    "inertSubtree",
    "activeModalDialog",
    "notRendered",
    "notVisible",
}
LARGEST_PICTURE = 300_000  # bytes
LONGEST_PAGE = 40_000  # CSS pixels of a page that are pictured
WIDEST_PAGE = 4_000
QUALITIES = (60, 30)  # of a JPEG; the second where the first is too large


class SecondVisitor(Visitor):
    """A visitor that opens every page in a fresh context, at rest, and can take a picture of an element on it."""

    takes_pictures = True

    async def _fresh_tab(self) -> OpenTab:
        await self._discard_tab()
        if self._browser is not None and self._context is not None and self._browser.is_connected():
            with contextlib.suppress(TimeoutError, PlaywrightError):
                await soon(self._context.close())
            self._context = await soon(self._new_context(self._browser))
        return await super()._fresh_tab()

    async def _settle(self, tab: OpenTab) -> None:
        await soon(tab.main.evaluate(STILL))

    async def spoken(self, target: Target) -> Spoken | None:
        """What the accessibility tree has of an element of the page that was visited last; None: it is not found."""
        if self._tab is None or target.frames or " >>> " in target.selector:
            return None
        try:
            element = f"document.querySelector({json.dumps(target.path or target.selector)})"
            handle = await soon(self._tab.main.handle(element))
            text = await soon(
                self._tab.main.evaluate(f"JSON.stringify(String({element}.innerText ?? '').slice(0, {10 * LONGEST_NAME}))")
            )
            answer = await soon(
                self._tab.session.send("Accessibility.getPartialAXTree", {"objectId": handle, "fetchRelatives": False})
            )
        except (TimeoutError, PlaywrightError, VisitFailed):
            return None
        return _spoken(answer["nodes"][0], json.loads(text)) if answer["nodes"] else None

    async def picture(self, target: Target) -> bytes | None:
        """A JPEG of the page that was visited last, around one element, with a frame drawn round it; None: it cannot be seen.

        What somebody filled in is masked. Elements in frames are not pictured.
        """
        return None if self._tab is None else await picture_of(self._tab.main, self._tab.session, target)

    async def whole_page(self, targets: Mapping[str, Target]) -> PagePicture | None:
        """A picture of the page that was visited last, with the boxes of elements on it; None: it cannot be pictured.

        `targets`: by the name that each box is to have. What somebody filled in is masked.
        """
        if self._tab is None:
            return None
        try:
            size = await soon(self._tab.main.evaluate(f"({WHOLE_PAGE}).ready({LONGEST_PAGE})"))
            width, page_height = (int(side) for side in json.loads(size))
            width, height = min(width, WIDEST_PAGE), min(page_height, LONGEST_PAGE)
            jpeg = await self._drawn(width, height)
            boxes = await self._boxes(targets, height) if jpeg else {}
        except (TimeoutError, PlaywrightError, VisitFailed, ValueError, TypeError):
            return None
        return PagePicture(jpeg, width, height, page_height, boxes) if jpeg else None

    async def _drawn(self, width: int, height: int) -> bytes:
        """A JPEG of the page from its top left corner; empty where it would be too large."""
        assert self._tab is not None
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale_of(width, height)}
        for quality in QUALITIES:
            settings = {"format": "jpeg", "quality": quality, "clip": clip, "captureBeyondViewport": True}
            answer = await soon(self._tab.session.send("Page.captureScreenshot", settings))
            if len(jpeg := base64.b64decode(answer["data"])) <= MOST_BYTES:
                return jpeg
        return b""

    async def _boxes(self, targets: Mapping[str, Target], height: int) -> dict[str, Box]:
        assert self._tab is not None
        wanted = dict(list(targets.items())[:MOST_BOXES])
        paths = [[target.frames, _path(target)] for target in wanted.values()]
        found = json.loads(await soon(self._tab.main.evaluate(f"({WHOLE_PAGE}).boxes({json.dumps(paths)})")))
        boxes: dict[str, Box] = {name: (box[0], box[1], box[2], box[3]) for name, box in zip(wanted, found, strict=True) if box}
        return {name: box for name, box in boxes.items() if 0 <= box[1] < height}


async def picture_of(world: World, session: CDPSession, target: Target) -> bytes | None:
    """A JPEG of the page that stands open, around one element, with a frame drawn round it; None: it cannot be seen."""
    if target.frames or " >>> " in target.selector:
        return None
    try:
        found = await soon(world.evaluate(f"({FRAME_ELEMENT})({json.dumps(target.path or target.selector)})"))
        if not found:
            return None
        settings = {"format": "jpeg", "quality": 70, "clip": {**json.loads(found), "scale": 1}, "captureBeyondViewport": True}
        answer = await soon(session.send("Page.captureScreenshot", settings))
        await soon(world.evaluate("document.getElementById('vierluik-frame')?.remove()"))
    except (TimeoutError, PlaywrightError, VisitFailed):
        return None
    picture = base64.b64decode(answer["data"])
    return picture if len(picture) <= LARGEST_PICTURE else None


def _path(target: Target) -> str:
    return target.selector if " >>> " in target.selector else target.path or target.selector


def _spoken(node: dict[str, Any], text: str) -> Spoken:
    """A node of the accessibility tree, as the DevTools protocol gives it; `text`: what is to be read in it."""
    if node.get("ignored"):
        reasons = {reason["name"] for reason in node.get("ignoredReasons", [])}
        return Spoken("", "", "" if reasons & HIDDEN else _line(text), {})
    told = {one["name"]: str(one["value"].get("value")).lower() for one in node.get("properties", [])}
    states = {name: value for name, value in told.items() if name in STATES}
    name, role = (str(node.get(part, {}).get("value") or "") for part in ("name", "role"))
    return Spoken(role, _line(name), _line(text), states)


def _line(text: str) -> str:
    """One line that any database can hold: no NUL, no half characters."""
    line = " ".join(text.replace("\x00", "").split()).encode("utf-8", "replace").decode()
    return line if len(line) <= LONGEST_NAME else line[:LONGEST_NAME] + "…"
