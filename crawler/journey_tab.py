"""The tab in which a journey is walked: it goes from page to page within the site, and sends nothing.

What was asked, how much came back and what the console said is counted, step by step.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from playwright.async_api import CDPSession, ConsoleMessage, Page

from crawler.border import is_border, is_border_form
from crawler.deadline import soon
from crawler.tab import SAFE_METHODS, TouchedTab
from rules.address import origin_of
from rules.login import logs_out
from rules.observation import Response

MOST_ERRORS, LONGEST_ERROR = 20, 200
WAITED_FOR = ("Document", "XHR", "Fetch", "Script")  # what a page that is not ready waits for
OURS = ("ERR_SOCKS", "ERR_ABORTED", "ERR_BLOCKED", "ERR_PROXY", "ERR_NAME_NOT_RESOLVED")  # what we ourselves refused


class JourneyTab(TouchedTab):
    """What a journey may do: open pages of the site, and be stopped at its border."""

    def __init__(self, page: Page, session: CDPSession, main_frame: str, origins: Iterable[str], may_send: Iterable[str]) -> None:
        super().__init__(page, session, main_frame, _nothing)
        self.origins = tuple(origins)
        self.may_send = tuple(may_send)  # origins of test hosts where forms may be sent
        self._opening = True  # who asks whether one is sure to leave, is told so
        self.stands_still = False  # from here on it stays where it is
        self.requests = 0
        self.bytes = 0.0
        self.errors: list[str] = []
        self.response = Response("about:blank", 200)
        self.waits_for: dict[str, float] = {}  # requests of the site's own under way: since when

    async def guard(self) -> None:
        await super().guard()
        self.session.on("Network.requestWillBeSent", self._asked)
        self.session.on("Network.loadingFinished", self._came)
        self.session.on("Network.loadingFailed", self._failed)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        await soon(self.session.send("Network.enable"))
        self.session.on("Network.responseReceived", self._answered)

    def _asked(self, event: dict[str, Any]) -> None:
        self.requests += 1
        if event.get("type") in WAITED_FOR and self.is_own(event["request"]["url"]):
            self.waits_for[event["requestId"]] = time.monotonic()

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes += event.get("encodedDataLength", 0)
        self.waits_for.pop(event["requestId"], None)

    def _failed(self, event: dict[str, Any]) -> None:
        self.waits_for.pop(event["requestId"], None)

    def _answered(self, event: dict[str, Any]) -> None:
        if event.get("type") == "Document" and event.get("frameId") == self.main_frame:
            answer = event["response"]
            headers = {str(name).lower(): str(value)[:2_000] for name, value in answer.get("headers", {}).items()}
            self.response = Response(answer["url"], int(answer["status"]), headers)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(message.text)

    def _note(self, text: str) -> None:
        if len(self.errors) < MOST_ERRORS and not any(ours in text for ours in OURS):
            self.errors.append(" ".join(text.split())[:LONGEST_ERROR])

    def is_own(self, url: str) -> bool:
        try:
            return origin_of(url) in self.origins
        except (ValueError, KeyError):
            return False

    def sends_to(self, url: str) -> bool:
        """Whether forms may be sent there."""
        try:
            return origin_of(url) in self.may_send
        except (ValueError, KeyError):
            return False

    def _harm(self, event: dict[str, Any]) -> str:
        """What a request is refused as: "border", "elsewhere", "leaves", "logs-out" or "sends"; empty: it may go."""
        request = event["request"]
        if event["resourceType"] == "Document" and event.get("frameId") == self.main_frame:
            if self.stands_still:
                return "leaves"
            if is_border_form(request.get("postData", "")):
                return "border"
            if not self.is_own(request["url"]):
                return "border" if is_border(request["url"]) else "elsewhere"
            if logs_out(request["url"]):
                return "logs-out"
        if request["method"] not in SAFE_METHODS and not self.sends_to(request["url"]):
            return "sends"
        return ""

    def counted(self) -> tuple[int, int, tuple[str, ...]]:
        """Requests, kilobytes and console errors since last asked."""
        found = self.requests, round(self.bytes / 1000), tuple(self.errors)
        self.requests, self.bytes, self.errors = 0, 0.0, []
        return found


async def _nothing() -> None:
    """A journey opens its pages itself."""
    await asyncio.sleep(0)
