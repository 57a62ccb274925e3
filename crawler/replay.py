"""Opens a page again from its archive: nothing is asked of any host, and nothing leaves the machine.

The browser hands over every request of every frame and worker before it is sent. What the archive holds is answered from it, all
else gets nothing. Below that nothing can be reached: names do not resolve, and the gate lets no connection through.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Playwright
from playwright.async_api import Error as PlaywrightError

from crawler.address_guard import AddressGuard
from crawler.archiving import steady_script
from crawler.browser import BrowserFile
from crawler.deadline import soon
from crawler.page_archive import Exchange, PageArchive, hash_of_sent
from crawler.second_look import SecondVisitor
from rules.address import without_fragment
from rules.probe import Probe

CHANGES_EACH_TIME = re.compile(r"\d{10,}|0\.\d{8,}")  # in an address: a moment, or a number by chance
NOTHING_TO_SEE = re.compile(r"/favicon\.ico$")  # that browsers ask for by themselves
# What a browser asks before it asks another host: its answer is not told, and follows from what came after it.
ALLOWED = Exchange(
    "OPTIONS", "", 204, tuple((f"Access-Control-Allow-{what}", "*") for what in ("Origin", "Methods", "Headers")), b""
)


@dataclass
class Replay:
    """The answers of an archive, given in the order in which they came. Two that were asked alike come one after the other."""

    archive: PageArchive
    missing: Counter[str] = field(default_factory=Counter)  # addresses that the page asked for and the archive does not hold
    _given: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _exact: dict[tuple[str, str], list[Exchange]] = field(default_factory=dict)
    _alike: dict[tuple[str, str], list[Exchange]] = field(default_factory=dict)

    _failed: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._failed.update((method, masked(url)) for method, url in self.archive.failed)
        for one in self.archive.exchanges:
            self._exact.setdefault((one.method, one.url), []).append(one)
            self._alike.setdefault((one.method, masked(one.url)), []).append(one)

    def answer(self, method: str, url: str, sent: str = "") -> Exchange | None:
        """The next answer to a request; the last one again where there are no more. None: there is none.

        `sent`: the hash of what is sent along; where something was sent that is the same, its answer is meant.
        """
        key = (method, url)
        found = self._exact.get(key)
        if found is None:
            key = (method, masked(url))
            found = self._alike.get(key)
        if found is None and method == "OPTIONS" and any(of_url == url for _, of_url in self._exact):
            return ALLOWED
        if found is None:
            if (method, masked(url)) not in self._failed and not NOTHING_TO_SEE.search(url):
                self.missing[url] += 1
            return None
        same = [one for one in found if one.sent == sent]
        found, of_turn = same or found, (*key, sent if same else "")
        turn = self._given[of_turn]
        self._given[of_turn] += 1
        return found[min(turn, len(found) - 1)]


def masked(url: str) -> str:
    return CHANGES_EACH_TIME.sub("0", url)


class ReplayVisitor(SecondVisitor):
    """Opens pages from their archives, as they were opened when they were kept. Set `replay` before each visit."""

    def __init__(
        self,
        playwright: Playwright,
        browser: BrowserFile,
        probes: Sequence[Probe],
        *,
        said_to_be: str,
        load_timeout_s: float,
    ) -> None:
        nobody = AddressGuard(offline=True)
        super().__init__(playwright, browser, nobody, probes, "", load_timeout_s=load_timeout_s, blocks=lambda host: False)
        self.said_to_be = said_to_be  # the User-Agent of then
        self.clock_shift_ms = 0  # how far the page's clock is from ours
        self.replay = Replay(PageArchive(()))
        self._paused: CDPSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def refused(self) -> int:
        """Connections that were tried past the archive, none of which was made."""
        return self._gate.refused

    @property
    def sent_as(self) -> str:
        return self.said_to_be or super().sent_as

    async def _start(self) -> None:
        await super()._start()
        assert self._browser is not None
        self._paused = await soon(self._browser.new_browser_cdp_session())
        self._paused.on("Fetch.requestPaused", self._asked)
        await soon(self._paused.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}))

    async def _new_context(self, browser: Browser) -> BrowserContext:
        context = await super()._new_context(browser)
        await context.add_init_script(steady_script(self.clock_shift_ms))
        return context

    def _asked(self, event: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._answer(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, event: dict[str, Any]) -> None:
        assert self._paused is not None
        request = event["request"]
        sent = b"".join(base64.b64decode(one.get("bytes", "")) for one in request.get("postDataEntries", ()))
        found = self.replay.answer(request["method"], without_fragment(request["url"]), hash_of_sent(sent))
        command, more = "Fetch.failRequest", {"errorReason": "Failed"}
        if found is not None:
            command, more = "Fetch.fulfillRequest", _fulfilled(found)
        with contextlib.suppress(PlaywrightError):  # the request is gone already, with its page
            await self._paused.send(command, {"requestId": event["requestId"], **more})


def _fulfilled(found: Exchange) -> dict[str, Any]:
    """Source: DevTools Protocol, Fetch.fulfillRequest."""
    return {
        "responseCode": found.status,
        "responseHeaders": [{"name": name, "value": value} for name, value in found.headers],
        "body": base64.b64encode(found.body).decode("ascii"),
    }
