"""One run over one site: the crawler walks, the browsers look, storage keeps, all at the same time.

The crawler is a process of its own that is ordered and heard through pipes; the browsers are driven from here. Every
result is stored as it comes, so that a run that dies loses only the pages in flight.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psutil

from checks.accessibility.engines.opinions import engine_versions
from checks.own import ENGINE as OURS
from checks.website.host.cookies import RULES as COOKIE_RULES
from checks.website.host.judge import judge_hosts
from crawler.browser import BrowserMissing
from crawler.door import LoginLost
from crawler.visit import same_page
from rules.address import origin_of, page_identity
from rules.crawl import (
    Admitted,
    AskAssets,
    AssetsSeen,
    CrawlEnded,
    CrawlOrder,
    HostSeen,
    KnownPage,
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
from rules.login import Access
from rules.observation import (
    Cookie,
    CookieObservation,
    FragmentState,
    HostObservation,
    LinkAnswer,
    LinkClass,
    PageLink,
    SitemapObservation,
    is_document,
)
from rules.policy import know
from rules.register import RegisterSeen
from rules.run import Coverage, RunState, Step, StopAsked
from rules.task import PageResult, PageStatus
from rules.template import Templates
from scheduler.admission import NotAdmitted, admitted
from scheduler.carry_over import CarryOver
from scheduler.documents_of_run import DocumentsOfRun
from scheduler.inline_runner import InlineRunner
from scheduler.judged_links import judged_link, moved_to
from scheduler.page_runner import PageRunner
from scheduler.queue_runner import QueueRunner
from scheduler.run_settings import RunSettings, rule_set_hash
from scheduler.second_look import SecondLook
from scheduler.suggest_replacements import suggest_replacements
from storage import runs
from storage.clusters import set_template, templates_of
from storage.database import Database, DatabaseError
from storage.documents import roll_up_documents
from storage.kpis import keep_points
from storage.lost_links import found_broken
from storage.models import Run, Site
from storage.owners import apply_owners
from storage.policies import close_policies_no_longer_used
from storage.register import register_since, registered_of_site
from storage.results import (
    fresh_answers,
    store_click_depths,
    store_link_sources,
    store_links,
    store_page,
)
from storage.run_control import stop_run
from storage.sample import start_page_of, store_comparison
from storage.site_memory import known_cookies, remember_cookies
from storage.sites import scope_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from checks.sample import Sample

HEARTBEAT_S = 5
MOST_IN_DOCUMENTS = 20_000  # addresses that documents refer to, in all
LONGEST_LINE = 1 << 26  # bytes of one message of the crawler


class CrawlerGone(Exception):
    """The crawler's process ended before the walk did."""


class StopAskedFor(Exception):
    """The run is to stop, for the reason that its heartbeat brought."""


@dataclass
class Progress:
    """How far a run is, for whoever shows it."""

    found: int = 0
    fetched: int = 0
    done: int = 0
    earlier: int = 0  # of those: before this run was taken up again
    links: int = 0
    looked_again: int = 0  # pages of the second look
    to_look_again: int = 0  # 0: that has not begun
    adopted: str = ""
    judged: int = 0  # documents
    to_judge: int = 0
    notice: str = ""  # why nothing happens; empty: it does


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended."""

    run_id: int
    state: RunState
    reason: str
    coverage: Coverage
    notes: tuple[dict[str, str], ...] = ()  # address and reason of what the walk could not use


def process_name() -> str:
    """This process, as runs remember it: host and process number."""
    return f"{socket.gethostname()}:{os.getpid()}"


def processes_gone(names: list[str]) -> list[str]:
    """Of the processes that runs remember, those of this machine that live no more."""
    host = socket.gethostname()
    return [name for name in names if name.rpartition(":")[0] == host and not psutil.pid_exists(int(name.rpartition(":")[2]))]


def mark_dead_runs(database: Database, now: datetime) -> list[int]:
    """Mark runs whose process is gone as interrupted; gives their numbers."""
    with database.session() as session:
        gone = processes_gone(runs.running_processes(session))
        return [run.id for run in runs.mark_interrupted(session, now, gone=gone)]


def fault_of(error: BaseException) -> BaseException:
    """The fault that somebody can mend, out of a group of errors that fell together; the error itself where there is none."""
    if isinstance(error, BaseExceptionGroup):
        faults = [fault_of(one) for one in error.exceptions]
        return next((one for one in faults if isinstance(one, BrowserMissing | DatabaseError)), error)
    return error


@dataclass
class SiteRun:
    """The run while it goes on."""

    database: Database
    site: Site
    settings: RunSettings
    on_progress: Callable[[Progress], None] = lambda progress: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    requested_by: str = ""

    run_id: int = 0
    progress: Progress = field(default_factory=Progress)
    runner: PageRunner | None = None  # tests the pages; None: the walk has not begun, or no page is opened
    waiting: int = 0  # pages handed to the runner whose result did not come yet
    sent: int = 0  # rendered pages told to the crawler
    links: list[LinkSeen] = field(default_factory=list)
    styles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    templates: Templates = field(default_factory=lambda: Templates({}))
    notes: list[dict[str, str]] = field(default_factory=list)  # what the walk could not use: address and reason
    hosts: list[HostObservation] = field(default_factory=list)
    sitemaps: SitemapObservation | None = None
    carries_over: bool = False  # some page keeps the result of an earlier run
    cookies: dict[tuple[str, str], Cookie] | None = field(default_factory=dict)  # by host and name; None: not seen from the start
    carry: CarryOver = field(init=False)  # what earlier runs know of its pages
    documents: DocumentsOfRun | None = None  # None: their turn has not come
    entering: asyncio.Task[None] | None = None  # a log-in that goes on
    fragments: Mapping[str, FragmentState] = field(default_factory=dict)
    crawler: asyncio.subprocess.Process | None = None
    is_stopped: bool = False  # somebody asked it to
    stopped_because: str = "stopped"
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.settings = self.settings.of_site(self.site.settings)
        know(self.settings.policies)

    async def run(self, resume: Run | None = None) -> RunOutcome:
        """Make the run, or take up an interrupted one. A stop in between leaves it interrupted, to be continued."""
        known = self._begin(resume)
        try:
            ended = await self._work(known)
            if self.documents and ended.complete:
                self.documents.close_those_not_met(self.links, network_works=ended.network_works)
            self._judge_hosts(ended)
            await self._after_the_walk(ended)
            return self._finish(ended)
        except (asyncio.CancelledError, KeyboardInterrupt):
            return self._interrupted("stopped")
        except CrawlerGone:
            return self._interrupted("crawler-failed")
        except BaseException as error:
            if self.is_stopped:  # Ctrl+C reaches the browsers too: that they are gone is no fault
                return self._interrupted(self.stopped_because)
            fault = fault_of(error)
            if not isinstance(fault, DatabaseError) and self._is_removed():  # whatever was to be kept had no place any more
                return self._interrupted("site-removed")
            with contextlib.suppress(DatabaseError):  # where nothing can be written, the next command finds it silent
                self._interrupted("browser-missing" if isinstance(fault, BrowserMissing) else "run-failed")
            raise fault from error

    def _is_removed(self) -> bool:
        with self.database.session() as session:
            return session.get(Run, self.run_id) is None

    def _interrupted(self, reason: str) -> RunOutcome:
        with self.database.session() as session:
            if reason in tuple(StopAsked):
                stop_run(session, session.get_one(Run, self.run_id), StopAsked(reason), self.now())
            else:
                runs.interrupt_run(session, self.run_id, reason, self.now(), process=process_name())
        return RunOutcome(self.run_id, RunState.INTERRUPTED, reason, Coverage())

    # --- begin -----------------------------------------------------------------------------------------------------

    def _begin(self, resume: Run | None) -> list[KnownPage]:
        mark_dead_runs(self.database, self.now())
        with self.database.session() as session:
            self.templates = templates_of(session, self.site.id)
            self.carry = CarryOver.of_site(session, self.site.id, self.settings, self.now())
            if resume is not None:
                run = session.get_one(Run, resume.id)
                self.run_id = run.id
                self.cookies = None
                return runs.continue_run(session, run, process_name(), self.now())
            made_with = runs.RunMadeWith(
                norm=self.settings.norm_id,
                rule_set=rule_set_hash(),
                engines=engine_versions(self.settings.engines),
                settings=self.settings.as_stored(),
            )
            by, kind = self.requested_by, self.carry.kind
            self.run_id = runs.start_run(session, self.site.id, made_with, process_name(), by, self.now(), kind=kind).id
        return []

    # --- work ------------------------------------------------------------------------------------------------------

    async def _work(self, known: list[KnownPage]) -> CrawlEnded:
        if reason := await self._enter():
            return CrawlEnded(reason, complete=False)
        order = CrawlOrder(
            start_url=self.site.start_url,
            scope=scope_of(self.site),
            user_agent=self.settings.user_agent,
            limits=self.settings.limits,
            pace=self.settings.pace,
            offline=self.settings.offline,
            known=tuple(known),
            access=self.settings.door.access if self.settings.door else None,
            seconds_before_second_look=self.settings.seconds_before_second_look,
            fresh=self._fresh_answers(),
            compares=self.settings.opens_pages,
            versions=self.carry.versions(),
            assets=self.carry.known_assets,
            volatile=self.carry.volatile,
        )
        async with self._crawler(order) as messages, asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(self._beat())
            testing: asyncio.Task[None] | None = None
            ended: CrawlEnded | None = None
            async for message in messages:
                if isinstance(message, Started):
                    if self.settings.opens_pages:
                        self.runner = self._runner(message.scope.origins)
                    await self._started(message, known)
                    if self.runner is not None:
                        testing = tasks.create_task(self.runner.work())
                elif isinstance(message, CrawlEnded):
                    ended = message
                    break
                else:
                    await self._take_in(message)
            beating.cancel()
            if testing is not None:
                testing.cancel()
        if ended is None:
            raise CrawlerGone
        return ended

    async def _enter(self) -> str:
        """Get into a site behind a log-in, which takes a while. Gives the reason why not, or an empty string."""
        async with asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(self._beat())
            try:
                self.settings = await admitted(self.settings, scope_of(self.site).origins)
            except NotAdmitted as refused:
                self._notify(str(refused))
                return refused.reason
            finally:
                beating.cancel()
        return ""

    def _fresh_answers(self) -> tuple[LinkAnswer, ...]:
        """What other hosts answered not long ago. The site itself is always asked: its pages are what changes."""
        if not self.settings.link_cache_hours:
            return ()
        scope = scope_of(self.site)
        with self.database.session() as session:
            fresh = fresh_answers(session, self.site.id, self.now() - timedelta(hours=self.settings.link_cache_hours))
        return tuple(answer for answer in fresh if not scope.covers(answer.url))

    async def _after_the_walk(self, ended: CrawlEnded) -> None:
        """Judge the pages by one another, then look at the failures a second time."""
        if ended.reason or not self.settings.opens_pages:
            return
        async with asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(self._beat())
            sample = await self._compare(ended)
            self.fragments = sample.fragments if sample else {}
            if self.settings.confirms:
                touched, seen = frozenset(self.carry.touched_before), self._looked_again
                await SecondLook(self.database, self.site, self.settings, self.run_id, sample, touched, seen).look()
            await self._cover_products()
            beating.cancel()

    async def _cover_products(self) -> None:
        """Which products of the list have a page now; the run's heart beats on."""
        if OURS in self.settings.engines:
            from scheduler.cover_products import cover_products  # loaded where it is used: see check_pages

            await asyncio.to_thread(cover_products, self.database, self.site.id, self.now())

    def _judge_hosts(self, ended: CrawlEnded) -> None:
        """Keep on the start page what its hosts owe as a website."""
        if ended.reason or OURS not in self.settings.engines:
            return
        with self.database.session() as session:
            address = session.get_one(Site, self.site.id).start_url
            start = start_page_of(session, self.site.id, page_identity(moved_to(self.links).get(address, address)))
            if start is not None:
                registered = self._registered(session, address)
                cookies = self._cookies_seen(session, address, ended)
                judgement = judge_hosts(self.hosts, self.sitemaps, cookies, registered)
                if self.carries_over and cookies is None:  # what an earlier run said of the cookies stands
                    outcomes = {rule: outcome for rule, outcome in judgement.outcomes.items() if rule not in COOKIE_RULES}
                    judgement = replace(judgement, outcomes=outcomes, partly=judgement.partly & outcomes.keys())
                store_comparison(session, self.site.id, self.run_id, start, judgement, whole=True)

    def _registered(self, session: Session, start: str) -> RegisterSeen | None:
        """What the register has of the site; None where nobody brought it in, or the site is of our own network."""
        since = register_since(session)
        if since is None or not any(host.is_public for host in self.hosts):
            return None
        statements = tuple(registered_of_site(session, session.get_one(Site, self.site.id)))
        return RegisterSeen(origin_of(start), self.now().isoformat(), since.date().isoformat(), statements)

    def _cookies_seen(self, session: Session, start: str, ended: CrawlEnded) -> CookieObservation | None:
        """The cookies of all pages, of those that keep their result as earlier runs met them; None where that is not known."""
        if self.cookies is None or not ended.complete:
            return None
        remember_cookies(session, self.site.id, self.cookies.values(), self.now(), all_pages=not self.carries_over)
        known = known_cookies(session, self.site.id, self.now())
        return None if known is None else CookieObservation(origin_of(start), self.progress.done, tuple(known.values()))

    def _documents_of_run(self) -> DocumentsOfRun:
        return DocumentsOfRun(self.database, self.site, self.settings, self.run_id)

    async def _judge_documents(self) -> None:
        """The walk waits for it, so that what documents refer to is asked as what pages refer to."""
        self.documents = self._documents_of_run()

        def show(done: int, total: int) -> None:
            self.progress.judged, self.progress.to_judge = done, total
            self._show()

        await self.documents.judge(self.links, show)
        self.sent += 1
        await self._tell(Rendered(None, tuple(PageLink(url, "", "document") for url in self.documents.refers_to)))

    async def _compare(self, ended: CrawlEnded) -> Sample | None:
        if OURS not in self.settings.engines:
            return None
        from checks.links.sample.broken import Answers  # loaded where they are used: see check_pages
        from scheduler.compare_pages import compare_pages

        judged = (judged_link(seen, network_works=ended.network_works) for seen in self.links)
        with self.database.session() as session:
            found_before = found_broken(session, self.site.id, self.run_id)
        answers = Answers({link.url: link.link_class for link in judged}, found_before)
        norm, moved, complete = self.settings.norm, moved_to(self.links), ended.complete
        return await compare_pages(self.database, self.site, self.run_id, norm, complete=complete, moved=moved, answers=answers)

    def _looked_again(self, done: int, total: int) -> None:
        self.progress.looked_again, self.progress.to_look_again = done, total
        self._show()

    @contextlib.asynccontextmanager
    async def _crawler(self, order: CrawlOrder) -> AsyncIterator[AsyncIterator[Message]]:
        """The crawler's process and what it tells; it never outlives this run."""
        self.crawler = process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "crawler.walk",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            start_new_session=True,  # Ctrl+C is for this run to answer; it ends the crawler itself
        )
        try:
            await self._tell(order)
            yield self._hear(process)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.wait()

    async def _hear(self, process: asyncio.subprocess.Process) -> AsyncIterator[Message]:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            yield from_line(line)

    async def _tell(self, message: Message) -> None:
        assert self.crawler is not None
        assert self.crawler.stdin is not None
        self.crawler.stdin.write(to_line(message))
        with contextlib.suppress(ConnectionError):
            await self.crawler.stdin.drain()

    async def _started(self, started: Started, known: list[KnownPage]) -> None:
        if started.adopted:
            self.progress.adopted = started.adopted
            with self.database.session() as session:
                site = session.get_one(Site, self.site.id)
                site.origins = list(started.scope.origins)
                site.start_url = started.start_url
        for page in known:
            self.progress.found += 1
            if page.step is Step.FETCHED and self.settings.opens_pages:
                self._enqueue(page.identity, page.url)
            elif page.step is Step.DONE:
                self.progress.done += 1
        self.progress.earlier = self.progress.done
        if known:
            await self._tell_links_of_earlier_pages()
        self._show()

    async def _tell_links_of_earlier_pages(self) -> None:
        """The crawler of a continued run has asked nothing yet: tell it what the pages before the stop refer to."""
        with self.database.session() as session:
            earlier = runs.links_so_far(session, self.run_id)
        for depth, links in earlier:
            self.sent += 1
            await self._tell(Rendered(depth, links))

    async def _take_in(self, message: Message) -> None:
        """Store what the crawler tells, and pass pages on to the browsers."""
        match message:
            case PageFetched():
                await self._fetched(message)
            case AssetsSeen():
                self.carry.met(message.assets)
            case VolatileSeen():
                self.carry.volatile = message.parts
            case PagesFound():
                with self.database.session() as session:
                    runs.add_found(session, self.run_id, message.found)
                self.progress.found += len(message.found)
            case NotAPage():
                with self.database.session() as session:
                    runs.forget_found(session, self.run_id, message.identity)
                self.progress.found -= 1
            case PagesLeft():
                with self.database.session() as session:
                    runs.mark_left(session, self.run_id, message.identities, message.status, message.reason)
                self.progress.done += len(message.identities)
            case LinkSeen():
                self.links.append(message)
                self.progress.links += 1
            case StyleRead():
                for reference in message.references:
                    self.styles[reference.partition("#")[0]].add(message.url)
            case SitemapUnread():
                self.notes.append({"url": message.url, "reason": message.reason})
            case HostSeen():
                self.hosts.append(message.observation)
            case SitemapsSeen():
                self.sitemaps = message.observation
            case SessionGone():
                self.entering = asyncio.create_task(self._enter_again(message.turn))
            case Waiting():
                if not self.waiting and message.batches == self.sent:
                    if self.documents is None and self.settings.opens_pages:
                        await self._judge_documents()
                    else:
                        await self._tell(NoMore())
            case _:
                raise TypeError(f"The crawler told something that nobody expects: {type(message).__name__}")
        self._show()

    async def _enter_again(self, turn: int) -> None:
        """The crawler was shown the log-in: give it what lets it in now. The browsers go on meanwhile."""
        assert self.settings.door is not None
        try:
            access: Access | None = await self.settings.door.renew(turn)
        except LoginLost:
            access = None
        await self._tell(Admitted(access))

    def _runner(self, origins: tuple[str, ...]) -> PageRunner:
        """What tests the pages: browsers of this process, or workers anywhere."""
        if not self.settings.queue:
            return InlineRunner(self.settings, origins, self._take_result, self._remember_browser)
        with self.database.session() as session:
            browser = session.get_one(Run, self.run_id).browser
        return QueueRunner(
            self.database,
            self.run_id,
            process_name(),
            self.settings,
            origins,
            self._take_result,
            self._remember_browser,
            self._notify,
            browser=browser,
        )

    def _notify(self, notice: str) -> None:
        self.progress.notice = notice
        self._show()

    async def _fetched(self, page: PageFetched) -> None:
        """Pass a page on to the browsers, or let it keep its result."""
        why = self.carry.why_tested(page)
        with self.database.session() as session:
            facts = self.carry.facts(session, page)
            if page.identity != page.asked:
                runs.add_found(session, self.run_id, [(page.identity, page.url, page.depth)])
            if why:
                runs.mark_fetched(session, self.run_id, page.identity, facts)
                rendered = facts.links if page.not_modified else None
            else:
                rendered = self.carry.keep(session, self.run_id, page, facts)
                self.carries_over = True
        self.progress.fetched += 1
        if why and self.settings.opens_pages:
            self._enqueue(page.identity, page.url)
            if rendered is not None:  # the walk goes on along what it referred to, whatever becomes of it
                self.sent += 1
                await self._tell(Rendered(page.depth, rendered))
        else:
            await self._done(page.depth, rendered or ())

    def _enqueue(self, identity: str, url: str) -> None:
        assert self.runner is not None
        self.waiting += 1
        self.runner.submit(self.settings.request(url), identity)

    async def _take_result(self, identity: str, result: PageResult) -> None:
        await self._store(identity, result)
        self.waiting -= 1

    def _remember_browser(self, name: str) -> None:
        with self.database.session() as session:
            session.get_one(Run, self.run_id).browser = name

    async def _store(self, identity: str, result: PageResult) -> None:
        """Keep the result of a page, and tell the crawler what only shows after its scripts have run."""
        if self.cookies is not None:
            self.cookies |= {(one.host, one.name): one for one in result.cookies}
        with self.database.session() as session:
            facts = runs.facts_of(session, self.run_id, identity)
            elsewhere = bool(result.final_url) and not same_page(result.final_url, identity)
            if elsewhere and page_identity(result.final_url) != page_identity(facts.url or identity):
                # Its script, or a refresh, sent the visitor on: that other page is the page.
                runs.mark_done(session, self.run_id, identity, PageStatus.SKIPPED, "redirects-by-script")
                fresh: tuple[PageLink, ...] = (PageLink(result.final_url, ""),)
            else:
                store_page(session, self.site.id, self.run_id, identity, result, facts)
                set_template(session, self.templates, self.run_id, self.site.id, identity, result.structure)
                known = {(link.url, link.element) for link in facts.links}
                fresh = tuple(link for link in result.links if (link.url, link.element) not in known)
            if self.runner is not None:
                self.runner.stored(session, identity)
        if asked := self.carry.unknown(result.assets):
            await self._tell(AskAssets(asked))
        await self._done(facts.depth, fresh)

    async def _done(self, depth: int | None, fresh: tuple[PageLink, ...]) -> None:
        """Tell the crawler that a page needs no more, and the links that only the browser saw."""
        self.progress.done += 1
        self.sent += 1
        await self._tell(Rendered(depth, fresh))
        self._show()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            progress = {**asdict(self.progress), "seconds": round(time.monotonic() - self.began)}
            with self.database.session() as session:
                reason = runs.beat(session, self.run_id, process_name(), progress, self.now())
            if reason:
                self.is_stopped, self.stopped_because = True, reason
                raise StopAskedFor(reason)

    def _show(self) -> None:
        self.on_progress(self.progress)

    # --- the end ---------------------------------------------------------------------------------------------------

    def _finish(self, ended: CrawlEnded) -> RunOutcome:
        judged = [judged_link(seen, network_works=ended.network_works) for seen in self.links]
        judged = [replace(link, fragment=self.fragments.get(link.url, "")) for link in judged]
        working = [link for link in judged if link.link_class in (LinkClass.OK, LinkClass.MOVED)]
        known = self.documents.urls if self.documents else set()
        documents = len(known | {link.url for link in working if is_document(link.content_type)})
        with self.database.session() as session:
            run = session.get_one(Run, self.run_id)
            if ended.reason:
                skipped = ended.reason in ("robots-forbids-all", "robots-fails", "start-needs-login")
                status = PageStatus.SKIPPED if skipped else PageStatus.UNTESTED
                identity = page_identity(self.site.start_url)
                runs.add_found(session, self.run_id, [(identity, self.site.start_url, 0)])
                runs.mark_done(session, self.run_id, identity, status, ended.reason)
            else:
                store_links(session, self.site.id, self.run_id, judged, complete=ended.complete, now=self.now())
                used = {policy.rule_id for policy in self.settings.policies if policy.on}
                close_policies_no_longer_used(session, self.site.id, self.run_id, used)
            tested = runs.tested_so_far(session, self.run_id)
            reason = ended.reason or ("" if tested or not self.settings.opens_pages else "nothing-tested")
            coverage = runs.finish_run(
                session,
                run,
                complete=ended.complete,
                documents=documents,
                now=self.now(),
                failed_because=reason,
                untested_because="not-finished" if self.settings.opens_pages else "no-engine",
            )
            if not ended.reason and self.documents:  # else no document was looked at
                roll_up_documents(session, self.site.id, self.run_id)
            run.coverage = {**run.coverage, "notes": self.notes, **self.carry.told()}
            self.carry.finish(session, self.run_id)
            if not ended.reason:
                store_link_sources(
                    session, self.site.id, self.run_id, self.styles, self.documents.refers_to if self.documents else {}
                )
                moved = {link.url: link.final_url for link in judged if link.final_url}
                store_click_depths(session, self.site.id, self.run_id, self.site.start_url, moved)
                apply_owners(session, self.site.id)
                session.flush()
                keep_points(session, session.get_one(Site, self.site.id), self.now())
                suggest_replacements(session, self.site.id, scope_of(session.get_one(Site, self.site.id)))
            # Whoever tells programs of it goes by this moment: nothing long may come between it and the commit.
            run.finished_at = run.heartbeat_at = self.now()
            return RunOutcome(run.id, RunState(run.state), reason, coverage, tuple(self.notes))
