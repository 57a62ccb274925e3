"""Walks one site, as a process of its own: `python -m crawler.walk`, orders on standard input, messages on standard output.

Scrapy keeps the pace, the retries of connections and the downloads; the frontier, the robots rules and the link asker
decide what is asked. Nothing is stored here: a run that is interrupted gives the crawler what it knew.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import scrapy
from scrapy import signals
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import DontCloseSpider, DownloadCancelledError, IgnoreRequest, StopDownload
from scrapy.http import Headers, Request, Response, TextResponse
from twisted.python.failure import Failure

from crawler.address_guard import AddressGuard
from crawler.assets import Assets
from crawler.deadline import within
from crawler.door import Door, LoginLost
from crawler.frontier import Candidate, Frontier
from crawler.host_asker import HostAsker, hosts_of
from crawler.http_client import LONGEST_HEADER, guarded_connector, http_failure
from crawler.link_asker import LARGEST_STYLE_SHEET, MOST_REDIRECTS, PERMANENT, REDIRECTS, LinkAsker, media_type
from crawler.page_versions import PageVersions, ReadPage
from crawler.references import LEADS_TO_PAGES, references_of_style
from crawler.robots import LARGEST as LARGEST_ROBOTS
from crawler.robots import Robots
from crawler.sitemap import DEEPEST_INDEX, LARGEST_FILE, MOST_FILES, SitemapError, SitemapFile, read_sitemap
from crawler.sitemap_facts import SitemapFacts
from crawler.soft_answers import MADE_UP, Answered, SoftAnswers, shown_of
from crawler.woo_index import is_woo_index
from rules.address import host_of, origin_of, page_identity, resolve, without_credentials, without_fragment
from rules.crawl import (
    Admitted,
    AskAssets,
    AssetsSeen,
    CrawlEnded,
    CrawlOrder,
    HostSeen,
    LinkSeen,
    Message,
    NoMore,
    NotAPage,
    PageFetched,
    PagesFound,
    PagesLeft,
    Rendered,
    SessionGone,
    SitemapsSeen,
    SitemapUnread,
    Started,
    StyleRead,
    VolatileSeen,
    Waiting,
    from_line,
    to_line,
)
from rules.login import LOGS_OUT, Access, logs_out
from rules.observation import LinkAnswer, LinkObservation, PageLink, Shown
from rules.run import Step
from rules.site import Scope
from rules.task import PageStatus

HTML = frozenset({"text/html", "application/xhtml+xml"})
IDLE_CHECK_S = 0.05
STUCK_AFTER_S = 180  # a walk that does not get round to its next step in this time never will
MOST_FOUND = 1_000  # pages told in one message
PROBES = 3  # sound addresses that are asked where no other host answers


class GuardedDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp downloads, through a connector that asks the address guard."""

    experimental = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        guard: AddressGuard = crawler.settings["ADDRESS_GUARD"]
        self._unguarded = self._session.connector
        self._session._connector = guarded_connector(guard, self._pool_size_total, self._pool_size_per_host)
        self._session._max_line_size = self._session._max_field_size = LONGEST_HEADER

    async def close(self) -> None:
        if self._unguarded is not None:
            await self._unguarded.close()
        await super().close()


class Looks:
    """The looks at addresses that pages refer to: a first one at once, a second one later where the first one failed."""

    def __init__(self, asker: LinkAsker, seconds_between: float) -> None:
        self.asker = asker
        self.soft = SoftAnswers(asker)
        self.seconds_between = seconds_between
        self.asked: set[str] = set()
        self.failed: dict[str, tuple[LinkAnswer, float]] = {}  # the first look and when it was


class SiteSpider(scrapy.Spider):
    """One walk over one site."""

    name = "site"

    def __init__(self, order: CrawlOrder, guard: AddressGuard) -> None:
        super().__init__()
        self.order = order
        self.guard = guard
        self.scope = order.scope
        self.door = Door(order.access, self._ask_for_access) if order.access else None
        self.admissions: asyncio.Queue[Access | None] = asyncio.Queue()  # the run's answers when the session was gone
        self.entered_again: set[str] = set()  # identities that showed the log-in, and were asked once more
        self.ends_session: set[str] = set()  # identities that the words of a link say so of
        self.looks = Looks(LinkAsker(guard, order.pace, order.user_agent, self.door), order.seconds_before_second_look)
        self.robots: dict[str, Robots] = {}
        panel = frozenset(version.identity for version in order.versions)
        self.frontier = Frontier(order.scope, order.limits, self._robots_allow, self._logs_out, panel=panel)
        self.pages: dict[
            str, int | None
        ] = {}  # identity and click depth of pages, whether fetched now or before the interruption
        self.earlier: set[str] = set()  # of those, pages fetched before it that nothing has referred to yet
        self.answers: dict[str, LinkAnswer] = {}  # of addresses in the frontier that were fetched
        self.shown: dict[str, Shown] = {}  # of those, what may be a "not found" with status 200
        self.made_up: dict[str, Answered] = {}  # what our own origins show for an address that does not exist
        self.spellings: dict[str, list[str]] = {}  # other addresses of one identity, waiting for its answer
        self.from_sitemaps: list[str] = []  # addresses that wait until links lead nowhere new
        self.versions = PageVersions(order)
        self.assets = Assets(self.looks.asker, order.assets)
        self.sitemaps = SitemapFacts()
        self.left: set[str] = set()  # identities that a limit leaves out
        self.missed: dict[str, Candidate] = {}  # pages that did not come at first
        self.fetched_again: set[str] = set()  # of those, the ones that were tried once more
        self.in_flight = 0
        self.background: set[asyncio.Task[None]] = set()
        self.batches = 0
        self.no_more = False
        self.cut_short = False
        self.other_hosts_asked = self.other_hosts_answered = 0
        self.fresh = {answer.url: answer for answer in order.fresh}
        self.spared: list[str] = []  # addresses that were not asked, for their answer is fresh
        self.deadline = time.monotonic() + order.limits.max_minutes * 60
        self.orders: asyncio.Queue[Message] = asyncio.Queue()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        spider: SiteSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.stop_at_headers, signals.headers_received)
        crawler.signals.connect(spider.stay, signals.spider_idle)
        return spider

    # --- the start -------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        # A name that does not resolve can hold a thread for many seconds; a few must not hold up all.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(32, "resolve"))
        reason = await self._open_site()
        if reason:
            tell(CrawlEnded(reason, complete=False))
        else:
            await self._ask_assets(tuple(self.assets.known))
            await self._resume()
            await self._read_sitemaps()
            self._in_background(self._ask_hosts())
            await self._work()
        await self.looks.asker.close()
        self.no_more = True
        return
        yield  # Scrapy wants a generator; every request is made by hand, when its turn has come

    async def _open_site(self) -> str:
        """Ask the start page and robots.txt. Gives the reason why nothing can be judged, or an empty string."""
        start = self.order.start_url
        answer, body = await self.looks.asker.read(start, self.order.limits.max_page_bytes if self.door else 1)
        if answer.error:
            return answer.error
        if self.door and (answer.status == 401 or self._shows_log_in(answer.final_url or start, body.decode("utf-8", "replace"))):
            return "login-failed" if self.door.access.is_session else "login-refused"
        final = answer.final_url or start
        adopted = ""
        if not self.scope.covers(final):
            if self.door:  # another host is not adopted: it would be given the secrets of this one
                return "start-leads-elsewhere"
            hop = await self._one_hop(start)
            if not hop or origin_of(final) != origin_of(hop):
                return "start-leads-elsewhere"
            adopted = origin_of(hop)
            self.scope = Scope((*self.scope.origins, adopted), "/", self.scope.include, self.scope.exclude)
            self.frontier.scope = self.scope
            start = final
        if answer.status is None or answer.status >= 400:
            return _reason_against_start(answer.status)
        if answer.status != 200 or (answer.content_type and answer.content_type not in HTML):
            return "start-not-html"
        for origin in self.scope.origins:
            await self._read_robots(origin)
            if self._robots_allow(origin + MADE_UP) and (made_up := await self.looks.soft.made_up(origin)):
                self.made_up[origin] = made_up
        if not self._robots_allow(start):
            return "robots-fails" if self.robots[origin_of(start)].fails else "robots-forbids-all"
        tell(Started(start, self.scope, adopted))
        return ""

    async def _ask_hosts(self) -> None:
        """Ask what each host owes as a website, while the walk goes on."""
        hosts = HostAsker(self.looks.asker, self.looks.soft, self.guard, self.scope.covers)
        for origin in hosts_of(self.scope.origins):
            observation = await hosts.ask(origin, self.robots.get(origin, Robots(None)))
            for index in observation.woo:
                if index.problem == "woo-elsewhere":
                    tell(SitemapUnread(index.wrong or index.url, index.problem))
            tell(HostSeen(observation))

    async def _ask_assets(self, urls: Iterable[str]) -> None:
        """Ask style sheets and scripts, each once, and tell what they are."""
        ask = (self.assets.ask(url, self.scope, offline=self.order.offline) for url in urls)
        if asked := await asyncio.gather(*ask):
            tell(AssetsSeen(tuple(asked)))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """The walk does not end before it has."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def _one_hop(self, start: str) -> str:
        """Where the start page's first redirect goes."""
        answer = await self.looks.asker.answer_of(start, 0)
        return "" if answer.status is None else answer.leads_to or start

    async def _read_robots(self, origin: str) -> None:
        if not self.order.pace.obey_robots:
            self.robots[origin] = Robots(None)
            return
        answer, body = await self.looks.asker.read(f"{origin}/robots.txt", LARGEST_ROBOTS)
        self.robots[origin] = robots = Robots.of(answer.status, body)
        if robots.delay_s:
            self.looks.asker.slow_down(host_of(origin), robots.delay_s)
            self._slow_down_downloads(host_of(origin), robots.delay_s)

    def _slow_down_downloads(self, host: str, delay_s: float) -> None:
        """Honour a Crawl-delay; Scrapy reads this when it meets the host for the first time."""
        assert self.crawler.engine is not None
        slots = self.crawler.engine.downloader.per_slot_settings
        slots[host] = {"concurrency": 1, "delay": max(delay_s, self.order.pace.delay_s)}

    def _robots_allow(self, url: str) -> bool:
        robots = self.robots.get(origin_of(url))
        return robots is None or robots.allows(url)

    async def _resume(self) -> None:
        """Take up the start page, or everything that an interrupted run knew."""
        for page in self.order.known:
            self.frontier.remember(page.identity)
            if page.step == Step.FOUND:
                self.frontier.queue.append(Candidate(page.identity, page.url, page.depth))
            else:
                self.pages[page.identity] = page.depth
                self.earlier.add(page.identity)
                self.answers[page.identity] = LinkAnswer(page.identity, 200, "", "", False, "text/html")
        self._admit([self.order.start_url], 0)

    async def _read_sitemaps(self) -> None:
        """Take in the sitemaps that robots.txt names, or the one at the usual place; what cannot be read is told."""
        # Those of the Woo list documents by thousands, and are judged for themselves: see crawler.woo_index.
        named = {url for robots in self.robots.values() for url in robots.sitemaps if not is_woo_index(url)}
        queue = [(url, 0) for url in sorted(named)] or [(f"{origin}/sitemap.xml", 0) for origin in self.scope.origins]
        seen: set[str] = set()
        room = self.order.limits.max_sitemap_urls
        while queue and len(seen) < MOST_FILES and room > 0 and time.monotonic() < self.deadline:
            url, depth = queue.pop(0)
            if url in seen or not self.scope.covers(url):
                continue
            seen.add(url)
            stay_alive()
            file, problem = await self._read_sitemap(url, is_named=url in named or depth > 0)
            if problem:
                tell(SitemapUnread(url, problem))
                self.sitemaps.unread.append((url, problem))
            if file is None:
                continue
            if depth < DEEPEST_INDEX:
                queue += [(address, depth + 1) for sitemap in file.sitemaps if (address := resolve(url, sitemap))]
            addresses = [address for page in file.pages[:room] if (address := resolve(url, page))]
            room -= len(file.pages)
            inside = [address for address in addresses if self.scope.covers(address)]
            self.from_sitemaps += inside
            self.sitemaps.add(inside, (one for one in addresses if not self.scope.covers(one)), file.modified)

    async def _read_sitemap(self, url: str, *, is_named: bool) -> tuple[SitemapFile | None, str]:
        """What one file says, and what is wrong with it; nobody is blamed for a file not named."""
        answer, body = await self.looks.asker.read(url, LARGEST_FILE + 1)
        if answer.status != 200:
            return None, "sitemap-missing" if is_named else ""
        if answer.content_type in HTML and not is_named:
            return None, ""
        if len(body) > LARGEST_FILE:
            return None, "sitemap-too-large"
        try:
            return read_sitemap(body), ""
        except SitemapError as error:
            return None, str(error)

    # --- the work --------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        """Feed downloads, take in rendered pages, look again at what failed; until nothing is left and nothing will come."""
        reader = asyncio.create_task(self._read_orders())
        waiting_for = -1
        while True:
            stay_alive()
            while not self.orders.empty():
                self._take_in(self.orders.get_nowait())
            self._feed()
            if not self.in_flight and not self._can_feed():
                self._take_up_the_rest()
            if not self.in_flight and not self.background and not self._can_feed():
                if self._look_again():
                    pass
                elif self.looks.failed:
                    await asyncio.sleep(IDLE_CHECK_S)
                elif self.no_more:
                    break
                elif waiting_for != self.batches:
                    waiting_for = self.batches
                    tell(Waiting(self.batches))
            try:
                self._take_in(await within(IDLE_CHECK_S, self.orders.get()))
            except TimeoutError:
                continue
        reader.cancel()
        if self.versions.compares:
            tell(VolatileSeen(self.versions.volatile))
        start, complete = self.order.start_url, not self.cut_short
        met_all = complete and not self.order.known  # what an interrupted walk was answered is not known here
        tell(SitemapsSeen(self.sitemaps.observed(start, self.answers, self.pages, complete=met_all)))
        tell(CrawlEnded(complete=complete, network_works=await self._network_works()))

    async def _network_works(self) -> bool:
        """Whether another host answered, or none was asked. Where only troubled ones were, some sound ones are asked too."""
        if self.other_hosts_asked == 0 or self.other_hosts_answered > 0:
            return True
        answers = await asyncio.gather(*(self.looks.asker.ask(url) for url in self.spared[:PROBES]))
        return any(answer.status is not None for answer in answers)

    async def _read_orders(self) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=1 << 26)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            self.orders.put_nowait(from_line(line))
        # The run that ordered this walk is gone: nobody reads what would still be found.
        sys.stdout.flush()
        leave(4)

    def _take_in(self, message: Message) -> None:
        if isinstance(message, NoMore):
            self.no_more = True
        elif isinstance(message, Admitted):
            self.admissions.put_nowait(message.access)
        elif isinstance(message, AskAssets):
            self._in_background(self._ask_assets(message.urls))
        elif isinstance(message, Rendered):
            self.batches += 1
            depth = None if message.depth is None else message.depth + 1
            self._follow(message.links, depth)

    def _take_up_the_rest(self) -> None:
        """Pages that only a sitemap names come after those that links lead to, newcomers after the pages of earlier runs."""
        if self.frontier.queue:
            self._leave_the_rest()
        addresses, self.from_sitemaps = self.from_sitemaps, []
        self._admit(addresses, None)
        if not self.frontier.queue:
            self.frontier.admit_newcomers(self.pages)
            if not self.frontier.queue:
                self._leave_the_rest()

    def _can_feed(self) -> bool:
        if self.door and self.door.is_lost:
            return False
        room = self.order.limits.max_pages - len(self.pages)
        return bool(self.frontier.queue) and room > 0 and time.monotonic() < self.deadline

    def _leave_the_rest(self) -> None:
        """A limit is reached: pages that still wait are left out, and asked as links only."""
        lost = self.door is not None and self.door.is_lost
        late = time.monotonic() > self.deadline or lost
        reason = "login-lost" if lost else "time-limit" if late else "page-limit"
        rest = self.frontier.take_rest()
        if not rest:
            return
        self.cut_short = True
        self.left.update(rest)
        tell(PagesLeft(rest, PageStatus.UNTESTED if lost else PageStatus.SKIPPED, reason))
        for identity in rest:
            if late:
                self._not_asked(identity, own=True, reason=reason)
            else:
                self._ask(identity, own=True)

    def _feed(self) -> None:
        """Hand Scrapy what it can download now; the rest waits in the frontier, which costs less memory."""
        most = self.order.pace.requests_at_once * 2
        while self._can_feed() and self.in_flight < min(most, self.order.limits.max_pages - len(self.pages)):
            self._fetch(self.frontier.queue.popleft())

    def _fetch(self, candidate: Candidate) -> None:
        self.in_flight += 1
        self._request(candidate, candidate.url, ())

    def _request(self, candidate: Candidate, url: str, hops: tuple[tuple[str, int], ...]) -> None:
        request = Request(
            url,
            callback=self.arrived,
            errback=self.failed,
            dont_filter=True,
            headers={**(self.versions.conditions(url) or {}), **self._let_in(url)},
            cb_kwargs={"candidate": candidate, "hops": hops},
            meta=self._meta(),
        )
        assert self.crawler.engine is not None
        self.crawler.engine.crawl(request)

    def _meta(self) -> dict[str, Any]:
        return {"verbatim_url": True, "handle_httpstatus_all": True, "download_timeout": self.order.pace.timeout_s}

    def stop_at_headers(self, headers: Headers, request: Request, **_: Any) -> None:
        """A file that is no page is known by its headers; its body is not fetched."""
        kind = _media_type_of(headers)
        if kind and kind not in HTML:
            raise StopDownload(fail=False)

    def stay(self) -> None:
        if not self.no_more:
            raise DontCloseSpider

    # --- what comes back -------------------------------------------------------------------------------------------

    def arrived(self, response: Response, candidate: Candidate, hops: tuple[tuple[str, int], ...]) -> None:
        if self.door:
            self.door.heard(response.url, [line.decode("latin-1") for line in response.headers.getlist("Set-Cookie")])
        target = (response.headers.get("Location") or b"").decode("latin-1") if response.status in REDIRECTS else ""
        if target:
            self._redirected(response, candidate, (*hops, (response.url, response.status)), target)
            return
        self.in_flight -= 1
        self._settle_answer(response, candidate, hops)
        self._feed()

    def _settle_answer(self, response: Response, candidate: Candidate, hops: tuple[tuple[str, int], ...]) -> None:
        """What became of an address, all redirects followed."""
        kind = _media_type_of(response.headers)
        final = without_fragment(response.url)
        moved = final if hops and final != candidate.url else ""
        permanent = bool(hops) and all(status in PERMANENT for _, status in hops)
        answer = LinkAnswer(candidate.identity, response.status, "", moved, permanent, kind)
        if response.status == 200 and (kind in HTML or (not kind and response.body.lstrip()[:1] == b"<")):
            text = response.text if isinstance(response, TextResponse) else response.body.decode("utf-8", "replace")
            if self._shows_log_in(final, text):
                self._at_log_in(candidate, answer)
                return
            made_up = self.made_up.get(origin_of(final))
            self._settle(candidate, answer, shown_of(text, candidate.url, final, made_up))
            self._page(response, text, candidate, final)
        elif response.status == 401 and self.door and self.door.access.is_session:
            self._at_log_in(candidate, answer)
        elif response.status == 304 and self.versions.conditions(response.url):
            self._settle(candidate, replace(answer, status=200, content_type="text/html"))
            self._page(response, None, candidate, final)
        elif response.status < 400:
            self._settle(candidate, answer)
            tell(NotAPage(candidate.identity))
        else:
            self._missed(candidate, answer)

    def _redirected(self, response: Response, candidate: Candidate, hops: tuple[tuple[str, int], ...], target: str) -> None:
        following = resolve(response.url, target)
        here = without_fragment(without_credentials(following)) if following else ""
        if not here or len(hops) > MOST_REDIRECTS or here in [url for url, _ in hops]:
            self.in_flight -= 1
            reason = "redirect-loop" if here else "bad-redirect"
            self._missed(candidate, LinkAnswer(candidate.identity, None, reason, here))
        elif self.door and logs_out(here):
            self.in_flight -= 1
            tell(PagesLeft((candidate.identity,), PageStatus.SKIPPED, LOGS_OUT))
            self._not_asked(candidate.identity, own=True, reason=LOGS_OUT)
        elif self.door and self.door.access.is_log_in_page(here):
            self.in_flight -= 1
            self._at_log_in(candidate, LinkAnswer(candidate.identity, response.status, "", here))
        elif not self.scope.covers(here):
            self.in_flight -= 1
            tell(NotAPage(candidate.identity))
            self._ask(candidate.identity, own=True)
        elif not self._robots_allow(here):
            self.in_flight -= 1
            tell(PagesLeft((candidate.identity,), PageStatus.SKIPPED, "robots"))
        else:
            self._request(candidate, here, hops)

    def failed(self, failure: Failure) -> None:
        self.in_flight -= 1
        candidate: Candidate = failure.request.cb_kwargs["candidate"]  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, DownloadCancelledError | IgnoreRequest):  # as it came, or once it was decompressed
            self._settle(candidate, LinkAnswer(candidate.identity, 200))
            tell(PagesLeft((candidate.identity,), PageStatus.UNTESTED, "too-large"))
            return
        self._missed(candidate, LinkAnswer(candidate.identity, None, http_failure(failure.value or OSError())))

    def _missed(self, candidate: Candidate, answer: LinkAnswer) -> None:
        """The first look at a page failed: look again later, then say what became of it."""
        identity = candidate.identity
        if identity in self.looks.failed or identity in self.answers:
            return
        if identity in self.fetched_again:
            self._missed_again(candidate, answer)
            return
        self.looks.asked.add(identity)
        self.missed[identity] = candidate
        self.looks.failed[identity] = (answer, time.monotonic())

    def _missed_again(self, candidate: Candidate, answer: LinkAnswer) -> None:
        """A page that answers to a short look only. One that never ends can still be judged for what it shows."""
        identity = candidate.identity
        if answer.error == "timeout":
            self._settle(candidate, LinkAnswer(identity, 200, "", "", False, "text/html"))
            self.pages[identity] = candidate.depth
            tell(PageFetched(identity, candidate.url, identity, candidate.depth, "", "", ()))
            return
        self._settle(candidate, answer)
        self._tell_missing_page(identity, answer)

    def _page(self, response: Response, text: str | None, candidate: Candidate, final: str) -> None:
        identity = page_identity(final)
        if identity != candidate.identity:
            tell(NotAPage(candidate.identity))
            if identity in self.pages:
                return
            self.frontier.known.add(identity)
            self.answers[identity] = LinkAnswer(identity, 200, "", "", False, "text/html")
        if identity in self.pages:
            return
        self.pages[identity] = candidate.depth
        page = None if text is None else self.versions.read(text, final, _headers_of(response))
        fetched = PageFetched(
            identity,
            final,
            candidate.identity,
            candidate.depth,
            (response.headers.get("ETag") or b"").decode("latin-1")[:500],
            (response.headers.get("Last-Modified") or b"").decode("latin-1")[:50],
            page.links if page else (),
            page.dom_hash if page else "",
            not_modified=page is None,
        )
        self._follow(fetched.links, None if candidate.depth is None else candidate.depth + 1)
        if page and self.versions.asks_twice(page):
            self._ask_twice(page, fetched)
        else:
            tell(fetched)

    def _ask_twice(self, page: ReadPage, fetched: PageFetched) -> None:
        """Ask a page once more, and see what of it is another each time."""
        self.in_flight += 1

        def came(response: Response) -> None:
            self.in_flight -= 1
            text = response.text if response.status == 200 and isinstance(response, TextResponse) else page.source
            if self._shows_log_in(page.url, text):
                text = page.source
            again = self.versions.read(text, page.url, _headers_of(response))
            tell(replace(fetched, dom_hash=self.versions.learn(page, again)))
            self._feed()

        def failed(_: Failure) -> None:
            self.in_flight -= 1
            tell(fetched)

        headers = self._let_in(fetched.url)
        request = Request(fetched.url, callback=came, errback=failed, dont_filter=True, headers=headers, meta=self._meta())
        assert self.crawler.engine is not None
        self.crawler.engine.crawl(request)

    # --- a site behind a log-in ------------------------------------------------------------------------------------

    def _logs_out(self, url: str) -> bool:
        """Whether an address would end our session; where there is none, it is an address like any other."""
        return self.door is not None and (logs_out(url) or page_identity(url) in self.ends_session)

    def _let_in(self, url: str) -> dict[str, str]:
        return self.door.headers(url) if self.door else {}

    def _shows_log_in(self, url: str, text: str) -> bool:
        return self.door is not None and self.door.access.is_session and self.door.access.shows_log_in(url, text)

    def _at_log_in(self, candidate: Candidate, answer: LinkAnswer) -> None:
        """A page showed the log-in instead of itself: it is asked once more with a session that is sure to be there."""
        assert self.door is not None
        if self.door.access.is_log_in_page(candidate.url):
            self._leave_at_log_in(candidate, answer, PageStatus.SKIPPED, "login-page")
        elif candidate.identity in self.entered_again:
            self._leave_at_log_in(candidate, answer, PageStatus.UNTESTED, "needs-login")
        elif self.door.is_lost:
            self._leave_at_log_in(candidate, answer, PageStatus.UNTESTED, "login-lost")
        else:
            self.entered_again.add(candidate.identity)
            self._in_background(self._enter_again(candidate, answer, self.door.access.turn))

    async def _enter_again(self, candidate: Candidate, answer: LinkAnswer, turn: int) -> None:
        assert self.door is not None
        try:
            await self.door.renew(turn)
        except LoginLost:
            self.cut_short = True
            self._leave_at_log_in(candidate, answer, PageStatus.UNTESTED, "login-lost")
            return
        self.frontier.queue.appendleft(candidate)

    def _leave_at_log_in(self, candidate: Candidate, answer: LinkAnswer, status: PageStatus, reason: str) -> None:
        self.left.add(candidate.identity)
        if reason == "login-page":
            self._settle(candidate, answer)
        else:
            self._not_asked(candidate.identity, own=True, reason=reason)
        tell(PagesLeft((candidate.identity,), status, reason))

    async def _ask_for_access(self, seen: Access) -> Access:
        """The run logs in, in a browser; this process has none."""
        tell(SessionGone(seen.turn))
        access = await self.admissions.get()
        if access is None:
            raise LoginLost
        return access

    # --- references ------------------------------------------------------------------------------------------------

    def _follow(self, links: Iterable[PageLink], depth: int | None) -> None:
        """Take pages of the site into the frontier and ask the rest."""
        pages: list[str] = []
        for link in links:
            url = without_fragment(without_credentials(link.url))
            own = self.scope.covers(url)
            if self.door and logs_out(url, link.text):
                self.ends_session.add(page_identity(url))
            if own and link.element in LEADS_TO_PAGES:
                pages.append(url)
                self._remember_spelling(url)
            elif own and page_identity(url) in self.answers:
                self._remember_spelling(url)
            else:
                self._ask(url, own=own, style=link.element == "stylesheet")
        self._admit(pages, depth)

    def _admit(self, urls: Iterable[str], depth: int | None) -> None:
        """Take addresses into the frontier, and tell which of them are new and which are left out."""
        urls = list(urls)
        for identity in self.earlier.intersection(map(page_identity, urls) if self.earlier else ()):
            self.earlier.discard(identity)
            self._tell_answer(identity, identity)
        considered = self.frontier.consider_all(urls, depth)
        fresh = [candidate for candidate, reason in considered if not reason]
        for start in range(0, len(fresh), MOST_FOUND):
            tell(PagesFound(tuple((one.identity, one.url, one.depth) for one in fresh[start : start + MOST_FOUND])))
        for candidate, reason in considered:
            if reason:
                tell(PagesLeft((candidate.identity,), PageStatus.SKIPPED, reason))
                self.left.add(candidate.identity)
                if reason in ("depth-limit", "shape-limit"):
                    self.cut_short = True
                    self._ask(candidate.identity, own=True)
                else:
                    self._not_asked(candidate.identity, own=True, reason=reason)

    def _remember_spelling(self, url: str) -> None:
        """A page may be linked by several addresses; each gets the answer of the page."""
        identity = page_identity(url)
        if url == identity or url in self.looks.asked:
            return
        self.looks.asked.add(url)
        if identity in self.answers:
            self._tell_answer(identity, url)
        else:
            self.spellings.setdefault(identity, []).append(url)

    def _settle(self, candidate: Candidate, answer: LinkAnswer, shown: Shown | None = None) -> None:
        """An address of the frontier has its answer: every spelling of it is told."""
        self.answers[candidate.identity] = answer
        if shown:
            self.shown[candidate.identity] = shown
        for url in (candidate.identity, *self.spellings.pop(candidate.identity, ())):
            self._tell_answer(candidate.identity, url)

    def _tell_answer(self, identity: str, url: str) -> None:
        """Tell of an address what became of its page."""
        tell(
            LinkSeen(
                LinkObservation(url, replace(self.answers[identity], url=url), shown=self.shown.get(identity)), own_site=True
            )
        )

    def _ask(self, url: str, *, own: bool, style: bool = False) -> None:
        if url in self.looks.asked:
            return
        self.looks.asked.add(url)
        if self._logs_out(url):
            tell(LinkSeen(LinkObservation(url, None, reason=LOGS_OUT), own))
            return
        if not own and self.order.offline:
            tell(LinkSeen(LinkObservation(url, None, reason="offline"), own))
            return
        if own and (self.scope.excludes(url) or not self._robots_allow(url)):
            reason = "excluded" if self.scope.excludes(url) else "robots"
            tell(LinkSeen(LinkObservation(url, None, reason=reason), own))
            return
        if not own and not style and (answer := self.fresh.get(url)):
            self.spared.append(url)
            tell(LinkSeen(LinkObservation(url, answer, is_earlier=True), own))
            return
        self._in_background(self._first_look(url, own=own, style=style))

    def _not_asked(self, url: str, *, own: bool, reason: str) -> None:
        if url not in self.looks.asked:
            self.looks.asked.add(url)
            for spelling in (url, *self.spellings.pop(url, ())):
                tell(LinkSeen(LinkObservation(spelling, None, reason=reason), own))

    async def _first_look(self, url: str, *, own: bool, style: bool) -> None:
        references: tuple[str, ...] = ()
        if url in self.assets.met:
            asset, answer = self.assets.met[url]
            references = asset.references
        elif style:
            answer, body = await self.looks.asker.read(url, LARGEST_STYLE_SHEET)
            style_sheet = references_of_style(body.decode("utf-8", "replace"), answer.final_url or url)
            references = tuple(dict.fromkeys(style_sheet))
        else:
            answer = await self.looks.asker.ask(url)
        if not own:
            self.other_hosts_asked += 1
            self.other_hosts_answered += answer.status is not None
        if answer.status is None or answer.status >= 400:
            self.looks.failed[url] = (answer, time.monotonic())
            return
        shown = None if style else await self.looks.soft.shown(answer)
        for spelling in (url, *self.spellings.pop(url, ())):
            tell(LinkSeen(LinkObservation(spelling, answer, shown=shown), own))
        if style and answer.status == 200:
            tell(StyleRead(url, references))
            for reference in references:
                address = without_fragment(without_credentials(reference))
                self._ask(address, own=self.scope.covers(address), style=address.partition("?")[0].endswith(".css"))

    def _look_again(self) -> bool:
        """Start the second look at everything that failed long enough ago; says whether any was started."""
        due = time.monotonic() - self.looks.seconds_between
        ready = [url for url, (_, at) in self.looks.failed.items() if at <= due]
        for url in ready:
            first, at = self.looks.failed.pop(url)
            self._in_background(self._second_look(url, first, at))
        return bool(ready)

    async def _second_look(self, url: str, first: LinkAnswer, at: float) -> None:
        second = await self.looks.asker.ask(url)
        between = time.monotonic() - at
        own = self.scope.covers(url)
        if own and url in self.frontier.known and url not in self.answers and url not in self.left:
            if second.status == 200 and second.content_type in HTML:
                self.fetched_again.add(url)  # it was a passing fault: fetch it as a page after all
                self.frontier.queue.append(self.missed.get(url) or Candidate(url, url, None))
                return
            self.answers[url] = second
            self._tell_missing_page(url, second)
        for spelling in (url, *self.spellings.pop(url, ())):
            tell(LinkSeen(LinkObservation(spelling, first, second, between), own))

    def _tell_missing_page(self, identity: str, answer: LinkAnswer) -> None:
        status = answer.status
        if status == 401:
            tell(PagesLeft((identity,), PageStatus.SKIPPED, "needs-login"))
        elif status in (403, 429):
            tell(PagesLeft((identity,), PageStatus.UNTESTED, "refused"))
        elif status is None:
            tell(PagesLeft((identity,), PageStatus.UNTESTED, answer.error))
        elif status >= 500:
            tell(PagesLeft((identity,), PageStatus.UNTESTED, "server-error"))
        else:
            tell(NotAPage(identity))


def _headers_of(response: Response) -> dict[str, str]:
    """Its headers by name in lower case."""
    names = [name.decode("latin-1") for name in response.headers]
    return {name.lower(): (response.headers.get(name) or b"").decode("latin-1") for name in names}


def _media_type_of(headers: Headers) -> str:
    return media_type((headers.get("Content-Type") or b"").decode("latin-1"))


def _reason_against_start(status: int | None) -> str:
    """Why a start page that answers with an error cannot begin a run."""
    if status == 401:
        return "start-needs-login"
    return "start-5xx" if status is None or status >= 500 else "start-4xx"


def tell(message: Message) -> None:
    sys.stdout.buffer.write(to_line(message))
    sys.stdout.buffer.flush()


def stay_alive() -> None:
    """Not stuck yet: put off the end that the system makes of a process whose page keeps a parser busy for ever."""
    signal.alarm(STUCK_AFTER_S)


def leave(code: int) -> None:
    """End at once, without waiting for downloads that nobody needs any more."""
    import os

    os._exit(code)


def main() -> None:
    order = from_line(sys.stdin.buffer.readline())
    assert isinstance(order, CrawlOrder)
    guard = AddressGuard.for_origins(order.scope.origins, offline=order.offline)
    process = AsyncCrawlerProcess(scrapy_settings(order, guard))
    process.crawl(SiteSpider, order=order, guard=guard)
    process.start()


def scrapy_settings(order: CrawlOrder, guard: AddressGuard) -> dict[str, Any]:
    """Scrapy with only what this walk uses; every feature left on costs CPU on every request."""
    handler = "crawler.walk.GuardedDownloadHandler"
    return {
        "ADDRESS_GUARD": guard,
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "USER_AGENT": order.user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "nl,en;q=0.7",
        },
        "CONCURRENT_REQUESTS": order.pace.requests_at_once * max(1, len(order.scope.origins)),
        "CONCURRENT_REQUESTS_PER_DOMAIN": order.pace.requests_at_once,
        "DOWNLOAD_DELAY": order.pace.delay_s,
        "DOWNLOAD_MAXSIZE": order.limits.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "AUTOTHROTTLE_ENABLED": order.pace.delay_s > 0,
        "ROBOTSTXT_OBEY": False,  # our own: every address that robots.txt forbids is counted, with its reason
        "REDIRECT_ENABLED": False,
        "RETRY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "REQUEST_FINGERPRINTER_CLASS": "scrapy.utils.request.RequestFingerprinter",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "EXTENSIONS_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES_BASE": {
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
        },
    }


if __name__ == "__main__":
    main()
