"""The second look: one page in a context that knows nothing of earlier ones, with all animation at its end; and its pictures."""

from __future__ import annotations

import base64
import contextlib
import json
from importlib import resources

from playwright.async_api import Error as PlaywrightError

from crawler.visit import OpenTab, Visitor, soon
from crawler.world import VisitFailed
from rules.finding import Target

FRAME_ELEMENT = resources.files("crawler").joinpath("frame_element.js").read_text(encoding="utf-8")
# Animations that end are put at their end, those that never do are taken away: what stays is what somebody reads.
STILL = """for (const animation of document.getAnimations())
  try { animation.finish(); } catch { animation.cancel(); }"""
LARGEST_PICTURE = 300_000  # bytes


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

    async def picture(self, target: Target) -> bytes | None:
        """A JPEG of the page that was visited last, around one element, with a frame drawn round it; None: it cannot be seen.

        What somebody filled in is masked. Elements in frames are not pictured.
        """
        if self._tab is None or target.frames or " >>> " in target.selector:
            return None
        try:
            found = await soon(self._tab.main.evaluate(f"({FRAME_ELEMENT})({json.dumps(target.path or target.selector)})"))
            if not found:
                return None
            settings = {"format": "jpeg", "quality": 70, "clip": {**json.loads(found), "scale": 1}, "captureBeyondViewport": True}
            answer = await soon(self._tab.session.send("Page.captureScreenshot", settings))
            await soon(self._tab.main.evaluate("document.getElementById('vierluik-frame')?.remove()"))
        except (TimeoutError, PlaywrightError, VisitFailed):
            return None
        picture = base64.b64decode(answer["data"])
        return picture if len(picture) <= LARGEST_PICTURE else None
