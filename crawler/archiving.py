"""Opens a page and keeps all that it loads, so that it can be opened again without its host: see crawler.page_archive."""

from __future__ import annotations

import asyncio
import contextlib
import json
from importlib import resources

from playwright.async_api import Browser, BrowserContext, Frame, Request
from playwright.async_api import Error as PlaywrightError

from crawler.deadline import soon, within
from crawler.page_archive import (
    LARGEST_ANSWER,
    LONGEST_ADDRESS,
    MOST_ANSWERS,
    MOST_BYTES,
    Exchange,
    PageArchive,
    hash_of_sent,
    kept_of_answer,
    kept_of_request,
)
from crawler.second_look import SecondVisitor
from crawler.visit import OpenTab
from crawler.world import VisitFailed
from rules.address import without_fragment

STEADY_PAGE = resources.files("crawler").joinpath("steady_page.js").read_text(encoding="utf-8")
SEED = 20_260_101  # of the chance that scripts of a page are given
KEEP_TIMEOUT_S = 20.0  # for what is still on its way when the page has been looked at
MOST_DOCUMENTS = 50
LONGEST_DOCUMENT = 5_000_000  # characters
LONGEST_TOGETHER = 10_000_000  # so that with all answers they stay under MOST_UNPACKED
# The document as it stands, with the shadow roots that scripts opened.
RENDERED = """(() => {
  const roots = [];
  const walk = (root) => {
    for (const { shadowRoot } of root.querySelectorAll("*")) if (shadowRoot) { roots.push(shadowRoot); walk(shadowRoot); }
  };
  walk(document);
  const start = document.documentElement.cloneNode(false).outerHTML.replace(/<\\/[^>]*>$/, "");
  return JSON.stringify(start + document.documentElement.getHTML({ shadowRoots: roots }) + "</html>");
})()"""


def steady_script(clock_shift_ms: int = 0) -> str:
    """The script that runs before any of a page. `clock_shift_ms`: how far its clock is from ours."""
    return f"({STEADY_PAGE})({SEED}, {clock_shift_ms})"


class Recorder:
    """Keeps the answers that come into one browser context, within bounds."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._found: list[tuple[float, Exchange]] = []
        self._failed: list[tuple[str, str]] = []
        self._left_out: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._bytes = 0
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._gave_nothing)

    def _ended(self, request: Request) -> None:
        if len(self._tasks) + len(self._found) >= MOST_ANSWERS:
            self._leave_out(request)
            return
        task = asyncio.ensure_future(self._keep(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _gave_nothing(self, request: Request) -> None:
        if len(self._failed) < MOST_ANSWERS:
            self._failed.append((request.method, without_fragment(request.url)[:LONGEST_ADDRESS]))

    def _leave_out(self, request: Request) -> None:
        if len(self._left_out) < MOST_ANSWERS:
            self._left_out.append(without_fragment(request.url)[:LONGEST_ADDRESS])

    async def _keep(self, request: Request) -> None:
        if not request.url.startswith(("http://", "https://")) or len(request.url) > LONGEST_ADDRESS:
            return
        try:
            answer = await request.response()
            if answer is None:
                self._gave_nothing(request)
                return
            headers = [(one["name"], one["value"]) for one in await answer.headers_array()]
            asked = [(one["name"], one["value"]) for one in await request.headers_array()]
            has_body = request.method != "HEAD" and answer.status not in (204, 304) and not 300 <= answer.status < 400
            body = await answer.body() if has_body else b""
        except PlaywrightError:
            self._leave_out(request)
            return
        if len(body) > LARGEST_ANSWER or self._bytes + len(body) > MOST_BYTES:
            self._leave_out(request)
            return
        self._bytes += len(body)
        sent = hash_of_sent(request.post_data_buffer)
        url = without_fragment(request.url)
        exchange = Exchange(request.method, url, answer.status, kept_of_answer(headers), body, kept_of_request(asked), sent)
        self._found.append((request.timing["startTime"], exchange))

    async def ended(self, rendered: list[tuple[str, str]]) -> PageArchive:
        """All that came; nothing more is kept from here on."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=KEEP_TIMEOUT_S)
        self._context.remove_listener("requestfinished", self._ended)
        self._context.remove_listener("requestfailed", self._gave_nothing)
        for task in self._tasks:
            task.cancel()
        exchanges = tuple(exchange for _, exchange in sorted(self._found, key=lambda one: one[0]))
        return PageArchive(exchanges, tuple(rendered), tuple(self._failed), tuple(self._left_out))


class ArchivingVisitor(SecondVisitor):
    """Opens pages as a second look does, and keeps what each of them loads."""

    _recorder: Recorder | None = None

    async def _new_context(self, browser: Browser) -> BrowserContext:
        context = await super()._new_context(browser)
        await context.add_init_script(steady_script())
        return context

    async def _fresh_tab(self) -> OpenTab:
        tab = await super()._fresh_tab()
        self._recorder = Recorder(self.context)
        return tab

    async def rendered(self) -> list[tuple[str, str]]:
        """The documents of the page that was visited last as they stand: the address and the HTML of each."""
        if self._tab is None:
            return []
        found: list[tuple[str, str]] = []
        with contextlib.suppress(PlaywrightError, TimeoutError, VisitFailed, ValueError):
            found.append((self._tab.page.url, json.loads(await soon(self._tab.main.evaluate(RENDERED)))))
        found += [(frame.url, await _html_of(frame)) for frame in self._tab.page.frames[1:MOST_DOCUMENTS]]
        kept, left = list[tuple[str, str]](), LONGEST_TOGETHER
        for url, html in found:
            if html and len(html[:LONGEST_DOCUMENT]) <= left:
                kept.append((url, html[:LONGEST_DOCUMENT]))
                left -= len(kept[-1][1])
        return kept

    async def archive(self, rendered: list[tuple[str, str]]) -> PageArchive:
        """All that the page loaded that was visited last, up to now. Raises VisitFailed."""
        if self._recorder is None:
            raise VisitFailed("browser-crashed")
        return await self._recorder.ended(rendered)


async def _html_of(frame: Frame) -> str:
    """A frame as it stands; empty where it does not say."""
    try:
        return await within(2.0, frame.content())
    except (PlaywrightError, TimeoutError):
        return ""
