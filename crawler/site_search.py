"""Asks a site's own search, as a resident does: finds the form, types the words, waits for the list and reads it.

The browser stays within the site's origins, obeys robots.txt, and sends nothing but GET requests unless a person said that
this search may post. Whatever a page does, a query ends within its deadlines: in a list, or in a VisitFailed with its reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any
from urllib.parse import quote, quote_plus

from playwright.async_api import BrowserContext, CDPSession, Page, Playwright
from playwright.async_api import Error as PlaywrightError

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.deadline import CALL_TIMEOUT_S, soon, within
from crawler.door import Door
from crawler.result_text import number_said, says_none
from crawler.tab import SAFE_METHODS, TouchedTab
from crawler.visit import LOAD_TIMEOUT_S, MOMENT_S, OpenTab, Visitor, reason_of_status
from crawler.world import WORLD, VisitFailed, world_of
from rules.address import origin_of, without_fragment
from rules.findability import ResultList, SearchResult, SiteSearch
from rules.observation import PageSnapshot, Response
from rules.probe import Probe
from rules.site import Scope

SCRIPT = resources.files("crawler").joinpath("search.js").read_text(encoding="utf-8")
SLOT = "{query}"  # where the words go in a template
NONSENSE = "xqzvkwpjh"  # what shows with this is no result, unless the search finds something for everything
WORDS = ("afval", "paspoort", "verhuizen", "contact", "gemeente")  # that any municipal site should know something of
FEWEST_TO_LEARN = 3  # results: fewer may be a coincidence of the page
RESULTS_WITHIN_S = 12.0
REACTS_WITHIN_S = 2.0  # a form, to the Enter key; after that its button is pressed
OPENS_WITHIN_S = 2.0  # a field, after its button was pressed
# How long a list must stand still; one that says that it is empty; a page without any sign of a result.
STEADY_S = (0.6, 1.5, 3.0)
STEADY_OPENED_S = (0.2, 0.3, 2.0)  # on a page that was opened by its address: the network was quiet already
POLL_S = 0.15
MOST_RESULTS = 50
PASSING = ("browser-crashed", "navigated-away")  # reasons that may be another page's fault


@dataclass(frozen=True)
class Asked:
    """What one query brought."""

    answer: ResultList
    page: PageSnapshot | None  # the page with the results, where it was to be looked at


@dataclass(frozen=True)
class Learned:
    """How a site seems to be searched, and the answer by which that was learned."""

    search: SiteSearch
    example: ResultList


@dataclass(frozen=True)
class Seen:
    """What stands on a page at one moment."""

    url: str
    born: float  # differs from document to document
    status: int
    selector: str
    results: tuple[SearchResult, ...]
    number_said: int | None
    says_none: bool
    links: tuple[str, ...]
    is_ready: bool

    @classmethod
    def of(cls, told: dict[str, Any]) -> Seen:
        text = str(told["text"])
        results: dict[str, SearchResult] = {}
        for url, title in told["results"][:MOST_RESULTS]:
            results.setdefault(without_fragment(str(url)), SearchResult(str(url), str(title)))
        return cls(
            url=str(told["url"]),
            born=float(told["born"]),
            status=int(told["status"]),
            selector=str(told["selector"]),
            results=tuple(results.values()),
            number_said=number_said(text),
            says_none=says_none(text),
            links=tuple(map(str, told["links"])),
            is_ready=bool(told["ready"]) and not told["busy"],
        )

    @property
    def list(self) -> tuple[object, ...]:
        """What must stand still before it is read."""
        return self.url, self.born, self.results, self.number_said, self.says_none, self.is_ready


class SearchTab(TouchedTab):
    """The tab in which a site is searched: it may go from page to page, within the site."""

    def __init__(self, page: Page, session: CDPSession, main_frame: str, scope: Scope, allows: Callable[[str], bool]) -> None:
        super().__init__(page, session, main_frame, _nothing)
        self.scope = scope
        self.allows = allows
        self.may_post = False
        self.ignores_robots = False

    def _harm(self, event: dict[str, Any]) -> str:
        request, kind = event["request"], event["resourceType"]
        if kind == "Document" and event.get("frameId") == self.main_frame:
            if not _is_of(self.scope, request["url"]):
                return "navigation"
            if not self.ignores_robots and not self.allows(request["url"]):
                return "robots"
        may_send = self.may_post and kind in ("Document", "XHR", "Fetch")
        return "" if request["method"] in SAFE_METHODS or may_send else "request"


class Searcher(Visitor):
    """One browser that searches one site. Use with `async with`; queries are asked one after the other."""

    def __init__(
        self,
        playwright: Playwright,
        browser: BrowserFile,
        guard: AddressGuard,
        probes: Sequence[Probe],
        user_agent: str,
        scope: Scope,
        *,
        allows: Callable[[str], bool] = lambda url: True,
        delay_s: float = 0.0,
        load_timeout_s: float = LOAD_TIMEOUT_S,
        door: Door | None = None,
    ) -> None:
        super().__init__(playwright, browser, guard, probes, user_agent, load_timeout_s=load_timeout_s, door=door)
        self.scope = scope
        self.allows = allows  # what robots.txt says of an address
        self.delay_s = delay_s  # between two queries
        self._search_tab: SearchTab | None = None
        self._next_at = 0.0
        self._instead: dict[SiteSearch, frozenset[str]] = {}  # what a search shows where it finds nothing

    async def ask(self, search: SiteSearch, query: str, *, look: bool = False) -> Asked:
        """The answer to a query; with `look` also what the probes see on the page that shows it.

        Raises VisitFailed; what passes is tried once more.
        """
        try:
            return await self._ask_once(search, query, look)
        except VisitFailed as failure:
            if failure.reason not in PASSING:
                raise
        return await self._ask_once(search, query, look)

    async def _ask_once(self, search: SiteSearch, query: str, look: bool) -> Asked:
        tab = await self._fresh_tab()
        async with self._failing():
            seen, seconds = await self._answer(tab, search, query)
            shown = frozenset(result.url for result in seen.results)
            is_open = bool(shown) and seen.number_said is None and not seen.says_none and query != NONSENSE
            if is_open and search not in self._instead:
                await self._look_instead(search)
                return await self._ask_once(search, query, look)
            says_none = seen.says_none or (is_open and shown == self._instead[search])
            answer = ResultList(
                query,
                seen.url,
                () if says_none else seen.results,
                seen.number_said,
                says_none,
                round(seconds, 2),
            )
            page = None
            if look:
                tab.main = await self._main_world(tab)
                page = await self._look_around(tab, seen.url, Response(seen.url, seen.status or 200), ())
            return Asked(answer, page)

    async def _look_instead(self, search: SiteSearch) -> None:
        """The list of tips that a search shows for what it does not know, where it does not say how many it found."""
        self._instead[search] = frozenset()
        with contextlib.suppress(VisitFailed):
            nothing = await self._try(search, NONSENSE)
            self._instead[search] = frozenset(result.url for result in nothing.results)

    async def learn(self, start_url: str, words: Sequence[str], wanted: SiteSearch) -> Learned:
        """How the search of a site is asked, found out by using it. Raises VisitFailed.

        `words`: of which the site should know something; `wanted`: what a person set already, and what stays as it is.
        """
        search = wanted if wanted.template or wanted.field else await self._find_form(start_url, wanted)
        nothing = await self._try(replace(search, results=""), NONSENSE)
        best: tuple[str, Seen] | None = None
        for word in dict.fromkeys([*words[:5], *WORDS]):
            seen = await self._try(search, word, nothing.links)
            if len(seen.results) > (len(best[1].results) if best else 1):
                best = word, seen
            if len(seen.results) >= FEWEST_TO_LEARN:
                break
        if best is None:
            raise VisitFailed("search-sends" if self._sends() else "search-list-unknown")
        word, seen = best
        search = replace(search, results=search.results or seen.selector)
        if not search.template and (template := _template(seen.url, word)):
            by_address = replace(search, template=template)
            with contextlib.suppress(VisitFailed):
                if (await self._try(by_address, word)).results == seen.results:
                    search = by_address
        nothing = await self._try(search, NONSENSE)
        search = replace(search, is_silent=not nothing.says_none and not nothing.results)
        return Learned(search, ResultList(word, seen.url, seen.results, seen.number_said, seen.says_none))

    # --- the form --------------------------------------------------------------------------------------------------

    async def _find_form(self, start_url: str, wanted: SiteSearch) -> SiteSearch:
        """The search form of a site: on its start page, or on a page that the start page calls search."""
        pages = [wanted.page or start_url]
        posts = False
        for number in range(4):
            if number >= len(pages):
                break
            tab = await self._fresh_tab()
            async with self._failing():
                self._permit(wanted)
                await self._load(tab, pages[number])
                found = await self._forms(tab)
                for field in found["fields"]:
                    posts = posts or field["posts"]
                    if field["posts"] and not wanted.may_post:
                        continue
                    for opener in field["openers"] or [""]:
                        search = replace(wanted, page=pages[number], field=field["path"], opener=opener)
                        if field["shown"] or await self._opens(tab, search):
                            return search
                for opener in found["openers"]:
                    await soon(tab.main.evaluate(f"vierluikSearch.press({json.dumps(opener)})"))
                    await asyncio.sleep(OPENS_WITHIN_S / 2)
                    for field in (await self._forms(tab))["fields"]:
                        if field["shown"] and (wanted.may_post or not field["posts"]):
                            return replace(wanted, page=pages[number], field=field["path"], opener=opener)
                more = [url for url in found["pages"] if _is_of(self.scope, url) and url not in pages]
                pages += more if number == 0 else []
        raise VisitFailed("search-sends" if posts else "search-form-unknown")

    async def _forms(self, tab: OpenTab) -> dict[str, Any]:
        tab.main = await self._main_world(tab)
        told: dict[str, Any] = json.loads(await soon(tab.main.evaluate("vierluikSearch.forms()")))
        return told

    async def _opens(self, tab: OpenTab, search: SiteSearch) -> bool:
        """Whether the field can be typed in, after its button was pressed where it has one."""
        enter = f"vierluikSearch.enter({json.dumps(search.field)})"
        if await soon(tab.main.evaluate(enter)) == "ready":
            return True
        if not search.opener or not await soon(tab.main.evaluate(f"vierluikSearch.press({json.dumps(search.opener)})")):
            return False
        until = time.monotonic() + OPENS_WITHIN_S
        while time.monotonic() < until:
            await asyncio.sleep(POLL_S)
            if await soon(tab.main.evaluate(enter)) == "ready":
                return True
        return False

    # --- one query -------------------------------------------------------------------------------------------------

    async def _try(self, search: SiteSearch, query: str, known: Sequence[str] = ()) -> Seen:
        tab = await self._fresh_tab()
        async with self._failing():
            return (await self._answer(tab, search, query, known, is_lesson=True))[0]

    async def _answer(
        self, tab: OpenTab, search: SiteSearch, query: str, known: Sequence[str] = (), *, is_lesson: bool = False
    ) -> tuple[Seen, float]:
        """What a query brings, and after how many seconds it stood there. `known`: addresses that are no results."""
        await asyncio.sleep(max(0.0, self._next_at - time.monotonic()))
        self._next_at = time.monotonic() + self.delay_s
        tab.pages += 1
        self._permit(search)
        if search.template:
            begun = time.monotonic()
            await self._load(tab, search.template.replace(SLOT, quote(query, safe="")))
            seen, at = await self._settled(tab, search, query, known, None)
        else:
            before = await self._send(tab, search, query)
            begun = time.monotonic()
            if before is not None and not await self._reacts(tab, search, query, before):
                await soon(tab.main.evaluate(f"vierluikSearch.submit({json.dumps(search.field)})"))
            seen, at = await self._settled(tab, search, query, known, before)
        if not seen.results and not seen.says_none and not is_lesson:
            if seen.status >= 400:
                raise VisitFailed(reason_of_status(seen.status))
            if why := self._refusal():
                raise VisitFailed(why)
            if not search.is_silent:
                raise VisitFailed("search-list-gone")
        return seen, max(0.0, at - begun)

    async def _load(self, tab: OpenTab, url: str) -> None:
        if not _is_of(self.scope, url):
            raise VisitFailed("search-elsewhere")
        try:
            await self._open(tab, url)
        except PlaywrightError as error:
            if why := self._refusal():
                raise VisitFailed(why) from error
            raise
        tab.main = await self._main_world(tab)

    async def _send(self, tab: OpenTab, search: SiteSearch, query: str) -> Seen | None:
        """Type a query and press Enter. Gives what stood on the page before."""
        await self._load(tab, search.page)
        if not await self._opens(tab, search):
            raise VisitFailed("search-form-gone")
        before = await self._look_for(tab, search, query, ())
        await within(2 * CALL_TIMEOUT_S, tab.page.keyboard.type(query))
        await soon(tab.page.keyboard.press("Enter"))
        return before

    async def _reacts(self, tab: OpenTab, search: SiteSearch, query: str, before: Seen) -> bool:
        """Whether anything on the page changes after Enter."""
        until = time.monotonic() + REACTS_WITHIN_S
        while time.monotonic() < until:
            seen = await self._look_for(tab, search, query, ())
            if seen is None or seen.list != before.list:
                return True
            await asyncio.sleep(POLL_S)
        return self._refusal() != ""

    async def _settled(
        self, tab: OpenTab, search: SiteSearch, query: str, known: Sequence[str], before: Seen | None
    ) -> tuple[Seen, float]:
        """What stands there once it stands still, and since when."""
        begun = since = time.monotonic()
        last: Seen | None = None
        while (now := time.monotonic()) < begun + RESULTS_WITHIN_S:
            seen = await self._look_for(tab, search, query, known)
            if (seen and seen.list) != (last and last.list):
                last, since = seen, now
            is_new = seen is not None and (before is None or seen.list != before.list)
            if seen is not None and is_new and seen.is_ready:
                found, empty, silent = STEADY_OPENED_S if before is None else STEADY_S
                if now - since >= (empty if seen.says_none else found if seen.results else silent):
                    return seen, since
            if before is not None and (why := self._refusal()) in ("search-elsewhere", "robots"):
                raise VisitFailed(why)
            await asyncio.sleep(POLL_S)
        if last is None:
            raise VisitFailed("load-timeout")
        if before is not None and last.list == before.list:
            raise VisitFailed(self._refusal() or "search-does-nothing")
        return last, since

    async def _look_for(self, tab: OpenTab, search: SiteSearch, query: str, known: Sequence[str]) -> Seen | None:
        """What stands on the page now; None while it is on its way to another one."""
        arguments = ", ".join(json.dumps(one) for one in (search.results, query, list(known)))
        try:
            tab.main = await within(MOMENT_S, world_of(tab.session, tab.main_frame))
            told = json.loads(await within(MOMENT_S, tab.main.evaluate(f"vierluikSearch.results({arguments})")))
            return Seen.of(told)
        except (TimeoutError, VisitFailed, LookupError, TypeError, ValueError):
            return None
        except PlaywrightError:
            if self._is_gone or tab.page.is_closed():
                raise
            return None

    # --- what it may do --------------------------------------------------------------------------------------------

    def _permit(self, search: SiteSearch) -> None:
        assert self._search_tab is not None
        self._search_tab.may_post = search.may_post
        self._search_tab.ignores_robots = search.ignores_robots
        self._search_tab.refusals.clear()

    def _sends(self) -> bool:
        """Whether the page wanted to send something to the site itself, which was refused."""
        assert self._search_tab is not None
        return any(kind == "request" and _is_of(self.scope, url) for kind, url in self._search_tab.refusals)

    def _refusal(self) -> str:
        """Why the search did not get where it wanted, as a key of `rules.reason`; empty: nothing was refused."""
        assert self._search_tab is not None
        kinds = {kind for kind, _ in self._search_tab.refusals}
        reasons = (("navigation", "search-elsewhere"), ("robots", "robots"), ("request", "search-sends"))
        return next((reason for kind, reason in reasons if kind in kinds), "")

    async def _new_tab(self) -> OpenTab:
        tab = await super()._new_tab()
        script = {"source": SCRIPT, "worldName": WORLD}
        await soon(tab.session.send("Page.addScriptToEvaluateOnNewDocument", script))
        self._search_tab = SearchTab(tab.page, tab.session, tab.main_frame, self.scope, self.allows)
        await self._search_tab.guard()
        return tab

    async def _new_context(self, browser: Any) -> BrowserContext:
        context = await super()._new_context(browser)
        await soon(context.route_web_socket("**/*", lambda socket: socket.close()))
        return context


async def _nothing() -> None:
    """A searching tab is loaded by whoever searches."""


def _is_of(scope: Scope, url: str) -> bool:
    """Whether an address is on the site's own origins: its search may stand outside its path."""
    try:
        return origin_of(url) in scope.origins
    except (ValueError, KeyError):
        return False


def _template(url: str, query: str) -> str:
    """The address of a list of results with a place for the query; empty where the address does not hold the query."""
    start = url.find("/", url.find("//") + 2)
    for words in dict.fromkeys((quote(query, safe=""), quote_plus(query))):
        if words in url[start:]:
            before, _, after = url[start:].rpartition(words)
            return url[:start] + before + SLOT + after
    return ""
