"""Opens pages in a headless Chromium and lets probes gather evidence: one `Visitor` a core, with reused tabs.

Everything a page can do to a browser happens to somebody: it never finishes loading, loops for ever, crashes its tab,
opens windows, navigates away. Each ends in a `VisitFailed` with its reason, within the deadline, and the next page gets
a tab that knows nothing of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

import psutil
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Playwright, Route, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile, BrowserMissing, launch_arguments
from crawler.deadline import soon, within
from crawler.door import Door, LoginLost
from crawler.door_of_tab import LOG_IN_FORMS, let_in, state_of
from crawler.gate import Gate
from crawler.tab import HEIGHT, SAFE_METHODS, WIDTH, TouchedTab
from crawler.world import WORLD, VisitFailed, World, world_of
from rules.address import host_of, page_identity, without_fragment
from rules.login import Access
from rules.observation import Cookie, Evidence, PageLink, PageSnapshot, Response
from rules.probe import Probe, Tab

T = TypeVar("T")
MAY_STILL_CHANGE = "document.scripts.length > 0 || document.querySelector('meta[http-equiv=refresh i]') !== null"
PAGE_FACTS = resources.files("crawler").joinpath("page_facts.js").read_text(encoding="utf-8")

LOAD_TIMEOUT_S = 20.0
SETTLE_S = 2.0  # the longest wait, after load, for a page with scripts to stop asking for things
MOMENT_S = 2.0  # in which a page that stays where it is can be entered
TOUCH_TIMEOUT_S = 60.0  # for all probes that touch one page
TABS_PER_TOUCHED_PAGE = 3
PAGES_PER_TAB = 50
MOST_COOKIES = 200
PAGES_PER_BROWSER = 1_000

# Hosts that count visitors: a monitor's own visits do not belong in there.
ANALYTICS = (
    "google-analytics.com",
    "googletagmanager.com",
    "analytics.google.com",
    "stats.g.doubleclick.net",
    "hotjar.com",
    "clarity.ms",
    "siteimproveanalytics.com",
    "siteimproveanalytics.io",
    "matomo.cloud",
    "piwik.pro",
    "monsido.com",
    "mouseflow.com",
    "connect.facebook.net",
)


class NeverOpened(VisitFailed):
    """The tab did not even leave the page before: it may be that page which holds it."""


class LogInShown(VisitFailed):
    """The page asks to log in, though that was done."""

    def __init__(self, access: Access) -> None:
        super().__init__("needs-login")
        self.access = access


def counts_visitors(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in ANALYTICS)


@dataclass
class OpenTab:
    """A tab that is used again and again."""

    page: Page
    session: CDPSession
    pages: int = 0
    clean: bool = True  # nothing is left running in it
    main_frame: str = ""  # its DevTools id
    lent: tuple[str, str] | None = None  # a local file, and the address that it is looked at under
    main: World = field(init=False)


class Visitor:
    """One browser with one tab. Use with `async with`; `visit` may then be called one page at a time.

    The playwright driver is shared: give the one of `driver()`.
    """

    takes_pictures = False
    headless = True  # no window is shown

    def __init__(
        self,
        playwright: Playwright,
        browser: BrowserFile,
        guard: AddressGuard,
        probes: Sequence[Probe],
        user_agent: str,
        *,
        load_timeout_s: float = LOAD_TIMEOUT_S,
        blocks: Callable[[str], bool] = counts_visitors,
        door: Door | None = None,
    ) -> None:
        self.door = door  # the way into a site behind a log-in
        self.playwright = playwright
        self.file = browser
        self.probes = [probe for probe in probes if not probe.touches]
        self.touching = [probe for probe in probes if probe.touches]
        self.user_agent = user_agent
        self.load_timeout_s = load_timeout_s
        self.version = ""
        self._gate = Gate(guard, blocks)
        self._mark = f"--vierluik-worker={uuid.uuid4().hex}"
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._tab: OpenTab | None = None
        self._hands: Browser | None = None
        self._pages = 0

    async def __aenter__(self) -> Self:
        await self._gate.__aenter__()
        try:
            await self._start()
        except BaseException:
            await self._gate.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stop_hands()
        await self._stop()
        await self._gate.__aexit__(kind, error, trace)

    @property
    def name(self) -> str:
        """The browser and its version, as people read it."""
        return self.file.named(self.version)

    @property
    def view(self) -> dict[str, Any]:
        """The viewport and media that pages are opened in, as Playwright names them."""
        return {
            "viewport": {"width": WIDTH, "height": HEIGHT},
            "reduced_motion": "reduce" if self.takes_pictures else None,
        }

    @property
    def context(self) -> BrowserContext:
        """The browser's context, for who opens a tab of its own in it."""
        assert self._context is not None
        return self._context

    # --- one page --------------------------------------------------------------------------------------------------

    async def visit(self, url: str, *, touch: bool = False) -> PageSnapshot:
        """Open a page and gather the evidence of every probe; of those that touch the page only where `touch` says so.

        Raises VisitFailed; what may be another page's fault, or passes, is tried once more. Raises BrowserMissing where
        the browser does not start any more.
        """
        tab = await self._fresh_tab()
        is_reused = tab.pages > 0
        try:
            return await self._visit_once(tab, url, touch)
        except LogInShown as shown:
            await self._enter_again(shown, url)
        except VisitFailed as failure:
            passing = failure.reason in ("browser-crashed", "navigated-away")
            if not passing and not (is_reused and isinstance(failure, NeverOpened)):
                raise
        return await self._visit_once(await self._fresh_tab(), url, touch)

    async def _enter_again(self, shown: LogInShown, url: str) -> None:
        """Come back with what lets us in now. Raises VisitFailed where nothing does."""
        assert self.door is not None
        if shown.access.is_log_in_page(url):
            raise VisitFailed("login-page")
        try:
            await self.door.renew(shown.access.turn)
        except LoginLost as error:
            raise VisitFailed("login-lost") from error
        await self._stop()  # with the context of the session that is gone

    async def _visit_once(self, tab: OpenTab, url: str, touch: bool) -> PageSnapshot:
        async with self._failing():
            if url.startswith("file:"):
                tab.clean = False
                return await self._look_at_file(tab, url, touch)
            return await self._look(tab, url, touch)

    @contextlib.asynccontextmanager
    async def _failing(self) -> AsyncIterator[None]:
        """Whatever goes wrong with the open page becomes a VisitFailed, and its tab is thrown away."""
        try:
            yield
        except VisitFailed:
            await self._discard_tab()
            raise
        except TimeoutError as error:
            await self._discard_tab()
            raise VisitFailed("browser-crashed" if self._is_gone else "page-hangs") from error
        except PlaywrightError as error:
            await self._discard_tab()
            if self._is_gone:  # whatever it said last
                raise VisitFailed("browser-crashed") from error
            at_the_gate = "ERR_SOCKS_CONNECTION" in str(error)
            raise VisitFailed(self._gate.last_failure if at_the_gate else _reason(error)) from error

    @property
    def _is_gone(self) -> bool:
        return self._browser is None or not self._browser.is_connected()

    async def _look_at_file(self, tab: OpenTab, url: str, touch: bool) -> PageSnapshot:
        """Look at a local file under an address of the web, from which Chromium lets nobody reach a file."""
        address = await lend_address(tab.page, url)
        tab.lent = (url, address)
        snapshot = await self._look(tab, address, touch)
        final = snapshot.response.url.replace(address, url)
        return replace(snapshot, url=url, response=replace(snapshot.response, url=final))

    async def _look(self, tab: OpenTab, url: str, touch: bool) -> PageSnapshot:
        response, notes = await self._open(tab, url)
        await self._close_other_pages(tab.page)
        tab.main = await self._main_world(tab)
        await self._settle(tab)
        if self.door and self.door.access.is_session:
            address, forms = json.loads(await soon(tab.main.evaluate(LOG_IN_FORMS)))
            if self.door.access.shows_log_in(address, forms):
                raise LogInShown(self.door.access)
        return await self._look_around(tab, url, response, notes, touch)

    async def _look_around(
        self, tab: OpenTab, url: str, response: Response, notes: tuple[str, ...], touch: bool = False
    ) -> PageSnapshot:
        """What there is to see of a page that stands open."""
        facts = json.loads(await soon(tab.main.evaluate(PAGE_FACTS)))
        evidence = await self._look_with_all(tab)
        cookies = await self._cookies()
        await self._close_other_pages(tab.page)
        if touch and self.touching:
            evidence |= await self._touch(tab, url, without_fragment(facts["address"]))
        tab.pages += 1
        self._pages += 1
        return PageSnapshot(
            url=url,
            response=replace(response, url=without_fragment(facts["address"])),
            title=facts["title"],
            language=facts["language"],
            links=tuple(PageLink(*link) for link in facts["links"]),
            evidence=evidence,
            structure=frozenset(facts["structure"]),
            notes=notes,
            touched=touch and bool(self.touching),
            cookies=cookies,
            assets=tuple(url for url in facts["assets"] if not self._gate.blocks(host_of(url))),
        )

    async def _cookies(self) -> frozenset[Cookie]:
        """What pages have left in this browser; nobody agreed to anything in it."""
        assert self._context is not None
        now = time.time()
        kept = (await soon(self._context.cookies()))[:MOST_COOKIES]
        given = {(one["name"], one["domain"]) for one in self.door.access.cookies} if self.door else set()
        return frozenset(
            Cookie(
                one["name"][:100], one["domain"].lstrip("."), int((one["expires"] - now) / 86_400) if one["expires"] > 0 else None
            )
            for one in kept
            if (one["name"], one["domain"].lstrip(".")) not in given
        )

    async def _settle(self, tab: OpenTab) -> None:
        """Whatever must be done to a page before anyone looks at it."""

    async def _main_world(self, tab: OpenTab) -> World:
        """Our world in the page itself. Chromium keeps it waiting while the page is on its way to another one."""
        try:
            return await within(MOMENT_S, world_of(tab.session, tab.main_frame))
        except TimeoutError:
            await soon(tab.session.send("Page.stopLoading"))
            return await soon(world_of(tab.session, tab.main_frame))

    async def _open(self, tab: OpenTab, url: str) -> tuple[Response, tuple[str, ...]]:
        """Load a page as far as it will load; gives the answer, and what was not as it should be."""
        notes: list[str] = []
        page = tab.page
        timeout = self.load_timeout_s * 1000
        try:
            answer = await within(self.load_timeout_s + 1, page.goto(url, wait_until="commit", timeout=timeout))
        except (PlaywrightTimeout, TimeoutError) as error:
            raise NeverOpened("load-timeout") from error
        try:
            await within(self.load_timeout_s + 1, page.wait_for_load_state("load", timeout=timeout))
        except (PlaywrightTimeout, TimeoutError):
            # Something on the page never ends. What stands there can still be judged, if there is anything at all.
            notes.append("load-timeout")
            tab.clean = False
            await soon(tab.session.send("Page.stopLoading"))
            if not await self._ask(tab.session, "document.body !== null && document.body.childElementCount > 0"):
                raise VisitFailed("load-timeout") from None
        if not notes and await self._ask(tab.session, MAY_STILL_CHANGE):
            with contextlib.suppress(PlaywrightTimeout, TimeoutError):
                await within(SETTLE_S + 1, page.wait_for_load_state("networkidle", timeout=SETTLE_S * 1000))
        status = answer.status if answer else 200
        if status == 401 and self.door and self.door.access.is_session:
            raise LogInShown(self.door.access)
        if status >= 400:
            raise VisitFailed(reason_of_status(status))
        headers = {} if answer is None else {name: value[:2_000] for name, value in answer.headers.items()}
        return Response(url, status, headers), tuple(notes)

    async def _ask(self, session: CDPSession, question: str) -> bool:
        """What the page says of itself; asked past Playwright, whose own scripts a page can spoil. In doubt: yes."""
        answer = await soon(session.send("Runtime.evaluate", {"expression": question}))
        return answer["result"].get("value") is not False

    async def _look_with_all(self, tab: OpenTab) -> dict[str, Evidence]:
        """The evidence of every probe that only looks. A page that held one of them for ever is not asked by the next."""
        evidence: dict[str, Evidence] = {}
        for probe in self.probes:
            held = any(one.reason == "probe-timeout" for one in evidence.values()) and not await self._answers(tab)
            hangs = Evidence(probe.name, complete=False, reason="page-hangs")
            evidence[probe.name] = hangs if held else await self._gather(probe, tab)
        return evidence

    async def _answers(self, tab: OpenTab) -> bool:
        try:
            return bool(await within(MOMENT_S, tab.main.evaluate("true")))
        except TimeoutError:
            return False

    async def _gather(self, probe: Probe, tab: OpenTab) -> Evidence:
        """The evidence of one probe; a probe that fails makes its rules untested, never the page."""
        try:
            # A probe that does not touch uses no more of a tab than its world.
            return await within(probe.deadline_s, probe.gather(cast("Tab", tab.main)))
        except TimeoutError:
            tab.clean = False  # the deadline ends our waiting, not the page's script
            return Evidence(probe.name, complete=False, reason="probe-timeout")
        except VisitFailed as failure:
            return Evidence(probe.name, complete=False, reason=failure.reason)
        except PlaywrightError as error:
            if (reason := _reason(error)) in ("browser-crashed", "navigated-away"):
                raise
            return Evidence(probe.name, complete=False, reason=reason)
        except (LookupError, TypeError, ValueError):
            # The page gave the probe's script something that nobody expected.
            return Evidence(probe.name, complete=False, reason="script-failed")

    # --- a page that is touched ------------------------------------------------------------------------------------

    async def _touch(self, looked_at: OpenTab, url: str, final: str) -> dict[str, Evidence]:
        """What the probes that touch the page bring back. None of them costs the page its other evidence, or its tab."""
        looked_at.clean = False  # what was watched may have been stopped
        hands = [probe for probe in self.touching if not probe.watches]
        watched, touched = await asyncio.gather(
            asyncio.gather(*(self._watch(probe, looked_at) for probe in self.touching if probe.watches)),
            self._hands_on(looked_at, url, final, hands),
        )
        return {evidence.probe: evidence for evidence in (*watched, *touched)}

    async def _watch(self, probe: Probe, tab: OpenTab) -> Evidence:
        try:
            for source in probe.sources:  # not laid ready in every page, as few are watched
                await soon(tab.main.evaluate(f"{source};0"))
            return await self._gather(probe, tab)
        except PlaywrightError as error:
            return Evidence(probe.name, complete=False, reason=_reason(error))
        except (TimeoutError, VisitFailed):
            return Evidence(probe.name, complete=False, reason="script-failed")

    async def _hands_on(self, looked_at: OpenTab, url: str, final: str, probes: Sequence[Probe]) -> list[Evidence]:
        """Each probe on the page as it was opened, in a context of its own, of which nothing is left afterwards."""
        found: list[Evidence] = []
        left = list(probes)
        try:
            async with asyncio.timeout(TOUCH_TIMEOUT_S):
                # A page that holds its tab, or leaves it, gets a new one for the next probe; after that it is let be.
                for _ in range(TABS_PER_TOUCHED_PAGE):
                    if not left:
                        break
                    async with self._touched_tab(looked_at, url, final) as tab:
                        while left:
                            found.append(await self._hand_on(left.pop(0), tab))
                            if not found[-1].complete:
                                break
            reason = "page-hangs"
        except TimeoutError:
            reason = "probe-timeout"
        except VisitFailed as failure:
            reason = failure.reason
        except PlaywrightError as error:
            reason = _reason(error)
        return [*found, *(Evidence(probe.name, complete=False, reason=reason) for probe in left)]

    async def _hand_on(self, probe: Probe, tab: TouchedTab, more_s: float = 0.0) -> Evidence:
        try:
            await tab.restore()
            return await within(probe.deadline_s + more_s, probe.gather(tab))
        except TimeoutError:
            reason = "probe-timeout"
        except VisitFailed as failure:
            reason = failure.reason
        except PlaywrightError as error:
            reason = _reason(error)
        except (LookupError, TypeError, ValueError):
            reason = "script-failed"
        return Evidence(probe.name, complete=False, reason=reason)

    @contextlib.asynccontextmanager
    async def _touched_tab(self, looked_at: OpenTab, url: str, final: str) -> AsyncIterator[TouchedTab]:
        assert self._context is not None
        context = await soon(self._new_context(await self._hands_browser()))
        try:
            await soon(context.add_cookies(await soon(self._context.cookies())))  # type: ignore[arg-type]  # what it gave
            await soon(context.route_web_socket("**/*", lambda socket: socket.close()))
            if not self.file.is_shell:
                # A full Chromium opens windows all the same, and sends what a form in one of them has to send.
                await soon(context.route("**/*", _ask_only))
            page = await soon(context.new_page())
            await let_in(context, page, self.door)
            tab = OpenTab(page, await soon(context.new_cdp_session(page)))
            await self._prepare(tab, (*self.probes, *self.touching))
            tree = await soon(tab.session.send("Page.getFrameTree"))
            touched = TouchedTab(page, tab.session, tree["frameTree"]["frame"]["id"], lambda: self._open(tab, url))
            context.on("page", lambda other: asyncio.ensure_future(_close(other)))
            if looked_at.lent:
                await lend_address(page, *looked_at.lent)
            await touched.guard()
            await touched.reload()
            if without_fragment(await soon(touched.evaluate("location.href"))) != final:
                raise VisitFailed("navigated-away")
            yield touched
        finally:
            await self._end(context)

    async def _end(self, context: BrowserContext) -> None:
        """Throw a touched page away, even one that loops for ever."""
        for page in context.pages:
            with contextlib.suppress(TimeoutError, PlaywrightError):
                session = await within(MOMENT_S, context.new_cdp_session(page))
                # Answered by nobody: the tab is gone.
                await within(MOMENT_S, session.send("Page.crash"))
        try:
            await soon(context.close())
        except (TimeoutError, PlaywrightError):
            await self._stop_hands()

    async def _hands_browser(self) -> Browser:
        """A browser of its own, which can take pictures, opens no windows, and may break; started when it is first needed."""
        if self._hands is None or not self._hands.is_connected():
            marks = (f"{self._mark}-hands", "--block-new-web-contents")
            self._hands = await self._launch(launch_arguments(*marks, pictures=True))
        return self._hands

    async def _stop_hands(self) -> None:
        browser, self._hands = self._hands, None
        if browser is None:
            return
        try:
            await soon(browser.close())
        except (TimeoutError, PlaywrightError):
            self._kill(f"{self._mark}-hands")

    # --- tabs and browsers -----------------------------------------------------------------------------------------

    async def _fresh_tab(self) -> OpenTab:
        """A tab that nothing of an earlier page is left in."""
        if self._is_gone or self._pages >= PAGES_PER_BROWSER:
            await self._stop()
            await self._start()
        if self._tab and (not self._tab.clean or self._tab.pages >= PAGES_PER_TAB or self._tab.page.is_closed()):
            await self._discard_tab()
        if self._tab is None:
            try:
                self._tab = await self._new_tab()
            except (TimeoutError, PlaywrightError):
                await self._stop()
                await self._start()
                self._tab = await self._new_tab()
        return self._tab

    async def _new_tab(self) -> OpenTab:
        assert self._context is not None
        page = await soon(self._context.new_page())
        await let_in(self._context, page, self.door)
        tab = OpenTab(page, await soon(self._context.new_cdp_session(page)))
        await self._prepare(tab, self.probes)
        tree = await soon(tab.session.send("Page.getFrameTree"))
        tab.main_frame = tree["frameTree"]["frame"]["id"]  # the same for as long as the tab lives
        return tab

    async def _prepare(self, tab: OpenTab, probes: Sequence[Probe]) -> None:
        """Send every probe's engine once per tab: it lies asleep in each document's own world until it is called."""
        await soon(tab.session.send("Page.enable"))
        for source in dict.fromkeys(source for probe in probes for source in probe.sources):
            script = {"source": source, "worldName": WORLD}
            await soon(tab.session.send("Page.addScriptToEvaluateOnNewDocument", script))

    async def _discard_tab(self) -> None:
        tab, self._tab = self._tab, None
        if tab is None:
            return
        try:
            await soon(tab.page.close())
        except (TimeoutError, PlaywrightError):
            # A page that loops for ever does not even close: its whole browser goes.
            await self._stop()
            await self._start()

    async def _close_other_pages(self, own: Page) -> None:
        """Windows that the page opened."""
        for page in own.context.pages:
            if page is not own:
                with contextlib.suppress(TimeoutError, PlaywrightError):
                    await soon(page.close())

    async def _start(self) -> None:
        self._browser = await self._launch(launch_arguments(self._mark, pictures=self.takes_pictures))
        self.version = self._browser.version
        self._context = await self._new_context(self._browser)
        self._pages = 0

    async def _launch(self, arguments: list[str]) -> Browser:
        try:
            return await self.playwright.chromium.launch(
                executable_path=self.file.path,
                headless=self.headless,
                args=[*arguments, *self._gate.flags()],
                proxy={"server": f"socks5://127.0.0.1:{self._gate.port}", "bypass": "<-loopback>"},
            )
        except PlaywrightError as error:
            raise BrowserMissing(
                f"The browser {self.file.path} does not start: {_first_line(error)}. See what is wrong with: vierluik doctor"
            ) from error

    async def _new_context(self, browser: Browser) -> BrowserContext:
        return await browser.new_context(
            **self.view,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            user_agent=_user_agent(self.version, self.user_agent),
            accept_downloads=False,
            service_workers="block",
            storage_state=cast("Any", state_of(self.door.access if self.door else None)),
        )

    async def _stop(self) -> None:
        browser, self._browser, self._context, self._tab = self._browser, None, None, None
        if browser is None:
            return
        try:
            await soon(browser.close())
        except (TimeoutError, PlaywrightError):
            self._kill(self._mark)

    def _kill(self, mark: str) -> None:
        """End a browser that answers nothing any more."""
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if mark in process.cmdline():
                    process.kill()


@contextlib.asynccontextmanager
async def driver() -> AsyncIterator[Playwright]:
    """Playwright's driver, one for all visitors of a process."""
    async with async_playwright() as playwright:
        yield playwright


async def lend_address(page: Page, url: str, address: str = "") -> str:
    """Give a local file an address of the web that only this tab knows; every other local file stays out of its reach."""
    file = Path(unquote(urlsplit(url).path))
    address = address or f"http://{uuid.uuid4().hex}.invalid/{quote(file.name)}"
    body = await asyncio.to_thread(file.read_bytes)
    kind = "application/xhtml+xml" if file.suffix.lower() == ".xhtml" else "text/html"

    async def answer(route: Route) -> None:
        asked = without_fragment(route.request.url)
        if asked == address:
            await route.fulfill(body=body, content_type=kind)
        elif host_of(asked) == host_of(address):
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/*", answer)
    return address


async def _ask_only(route: Route) -> None:
    with contextlib.suppress(PlaywrightError):
        await (route.fallback() if route.request.method in SAFE_METHODS else route.abort())


async def _close(page: Page) -> None:
    with contextlib.suppress(TimeoutError, PlaywrightError):
        if await soon(page.opener()) is not None:
            await soon(page.close())


def _user_agent(version: str, ours: str) -> str:
    """Chromium's own, so that a site serves what it serves to people, followed by who we are."""
    major = version.partition(".")[0]
    system = "X11; Linux x86_64"
    return f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36 {ours}"


def reason_of_status(status: int) -> str:
    """Why a page that answers with an error is not judged, as a key of `rules.reason`."""
    known = {401: "needs-login", 403: "refused", 429: "refused"}
    return known.get(status, "server-error" if status >= 500 else "missing")


def _first_line(error: PlaywrightError) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")


def _reason(error: PlaywrightError) -> str:
    """What a browser's error means, as a key of `rules.reason`."""
    text = str(error)
    known = (
        ("crashed", "browser-crashed"),
        ("has been closed", "browser-crashed"),
        ("Connection closed", "browser-crashed"),
        ("Download is starting", "not-html"),
        ("ERR_TOO_MANY_REDIRECTS", "redirect-loop"),
        ("ERR_INVALID_AUTH_CREDENTIALS", "needs-login"),
        ("ERR_NAME_NOT_RESOLVED", "unknown-host"),
        ("ERR_CONNECTION_REFUSED", "connection-refused"),
        ("ERR_CERT", "tls-error"),
        ("ERR_SSL", "tls-error"),
        ("ERR_TIMED_OUT", "load-timeout"),
        ("ERR_ABORTED", "not-html"),
        ("interrupted by another navigation", "navigated-away"),
        ("context was destroyed", "navigated-away"),
        ("Cannot find context", "navigated-away"),
        ("Cannot find default execution context", "navigated-away"),
        ("Cannot find execution context", "navigated-away"),
        ("Inspected target navigated", "navigated-away"),
        ("No frame for given id", "navigated-away"),
        ("Frame was detached", "navigated-away"),
        ("Not attached to an active page", "navigated-away"),
        ("uniqueContextId", "navigated-away"),
    )
    return next((reason for part, reason in known if part in text), "browser-failed")


def same_page(asked: str, final: str) -> bool:
    return page_identity(asked) == page_identity(final)
