"""Tests whether residents find the right pages: `python -m scheduler.test_findability DATABASE REQUEST` for a button.

A test asks the site's own search every query of every confirmed task, and looks at the links that the last run saw. Each
task is stored as it comes; how the site is searched is found out once, and proposed to a person.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from statistics import fmean

from checks.findability.content_gap import page_about
from checks.findability.judge import figures_of, judge_answer, verdict_of
from checks.findability.navigation import Navigation
from checks.findability.proposals import tasks_of_products, title_without_site
from checks.findability.variants import variants
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserMissing, find_browser
from crawler.link_asker import LinkAsker
from crawler.robots import LARGEST as LARGEST_ROBOTS
from crawler.robots import Robots
from crawler.site_search import Searcher
from crawler.visit import driver
from crawler.world import VisitFailed
from rules.address import origin_of, page_identity, without_fragment
from rules.findability import (
    HIGHEST_GRADE,
    AnswerOutcome,
    Barrier,
    JudgedAnswer,
    QueryKind,
    SearchTask,
    SiteSearch,
    TaskDetails,
    TaskFigures,
    TaskState,
    TaskVerdict,
)
from rules.observation import PageSnapshot
from rules.outcome import Impact, Outcome
from rules.run import RunState
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_again import settings_as_before
from scheduler.check_pages import probes_for, result_of
from scheduler.run_settings import RunSettings
from storage.database import Database
from storage.findability import (
    end_test,
    keep_proposals,
    keep_result,
    keep_search,
    search_of_site,
    search_task,
    start_test,
    tasks_of_site,
)
from storage.models import Request, Site
from storage.page_texts import find_pages, vocabulary
from storage.questions.findability import (
    barriers_of_pages,
    links_of_site,
    moved_addresses,
    products_by_links,
    titles_of_pages,
)
from storage.questions.runs import latest_run
from storage.requests import finish_request
from storage.sites import scope_of

KEEPS_OUT = (Impact.SERIOUS, Impact.CRITICAL)
MOST_BARRIERS = 20  # of one task
MOST_PROPOSED = 30  # tasks
MOST_ASKED = 10  # results of one query whose address is not known yet


class NothingToTest(ValueError):
    """There is no confirmed task, or no search that can be asked; the sentence says what to do."""


@dataclass(frozen=True)
class FindabilityOutcome:
    """How a test ended."""

    run_id: int
    state: RunState
    reason: str = ""  # a key of rules.reason
    verdicts: dict[int, TaskVerdict] = field(default_factory=dict)


@dataclass
class FindabilityTest:
    """One test of one site."""

    database: Database
    site: Site
    settings: RunSettings
    requested_by: str = ""
    on_task: Callable[[int, int, str], None] = lambda done, total, title: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    moved: dict[str, str] = field(default_factory=dict)  # address: the page it leads to in the end
    missing: set[str] = field(default_factory=set)  # right pages that do not answer
    known: frozenset[str] = frozenset()  # pages of the site by their identity: of those nobody needs to ask where they lead

    async def run(self) -> FindabilityOutcome:
        """Test every confirmed task. Raises NothingToTest or BrowserMissing."""
        with self.database.session() as session:
            tasks = {task.id: search_task(task) for task in tasks_of_site(session, self.site.id, TaskState.CONFIRMED)}
            run = latest_run(session, self.site.id)
            walked = Navigation(links_of_site(session, self.site, run.id)) if run else None
            self.moved = moved_addresses(session, self.site.id)
            self.known = walked.site.pages if walked else frozenset()
        if not tasks:
            raise NothingToTest(
                f"'{self.site.name}' has no confirmed task. Bring some in with: vierluik import tasks FILE --site {self.site.id}"
            )
        find_browser()
        with self.database.session() as session:
            run_id = start_test(session, self.site.id, self.requested_by, self.now())
        state, reason, done = RunState.INTERRUPTED, "stopped", dict[int, tuple[TaskVerdict, TaskFigures]]()
        try:
            try:
                reason = await self._test(run_id, tasks, walked, done)
            except NotAdmitted as refused:
                reason = refused.reason
            state = RunState.FAILED if reason else RunState.FINISHED
        finally:
            figures = {
                **_figures(figures for _, figures in done.values()),
                **({"shape": asdict(walked.shape())} if walked else {}),
            }
            with self.database.session() as session:
                end_test(session, run_id, state, reason, figures, self.now())
        return FindabilityOutcome(run_id, state, reason, {number: verdict for number, (verdict, _) in done.items()})

    async def learn(self, known: SiteSearch) -> None:
        """Find out how the site is searched, and propose it; `known` is kept. Raises VisitFailed or BrowserMissing."""
        with self.database.session() as session:
            words = [task.queries[0] for task in tasks_of_site(session, self.site.id)]
        async with self._searching() as (searcher, _):
            await self._learn(searcher, words, known)

    async def _test(
        self,
        run_id: int,
        tasks: dict[int, SearchTask],
        walked: Navigation | None,
        done: dict[int, tuple[TaskVerdict, TaskFigures]],
    ) -> str:
        """Every task in turn. Gives the reason why none could be tested, or an empty string."""
        async with self._searching() as (searcher, asker):
            await self._find_right_pages(asker, tasks.values())
            try:
                search = await self._search(searcher, tasks.values())
            except VisitFailed as failure:
                return failure.reason
            for number, (task_id, task) in enumerate(tasks.items()):
                self.on_task(number, len(tasks), task.title)
                details = await self._ask(searcher, asker, search, task, walked)
                clicks = [len(way.shortest) for way in details.ways if way.shortest is not None]
                verdict = verdict_of(
                    details.answers,
                    exists=len(details.missing) < len(task.right) or bool(details.instead),
                    barriers=details.barriers,
                    clicks=min(clicks, default=None),
                    walked=walked is not None,
                )
                done[task_id] = verdict, figures_of(details.answers)
                with self.database.session() as session:
                    keep_result(session, run_id, task_id, *done[task_id], details)
            self.on_task(len(tasks), len(tasks), "")
        asked = [verdict for verdict, _ in done.values() if verdict not in (TaskVerdict.UNTESTED, TaskVerdict.CONTENT_MISSING)]
        reasons = [one.reason for one in details.answers if one.reason]
        return reasons[0] if reasons and not asked else ""

    @asynccontextmanager
    async def _searching(self) -> AsyncIterator[tuple[Searcher, LinkAsker]]:
        """A browser that searches the site, and what asks its addresses."""
        scope = scope_of(self.site)
        settings = await admitted(self.settings, scope.origins)
        guard = AddressGuard.for_origins(scope.origins, offline=settings.offline)
        asker = LinkAsker(guard, settings.pace, settings.user_agent, settings.door)
        try:
            robots = {origin: await self._robots(asker, origin) for origin in scope.origins}
            async with (
                driver() as playwright,
                Searcher(
                    playwright,
                    find_browser(),
                    guard,
                    probes_for(settings.engines, settings.norm),
                    settings.user_agent,
                    scope,
                    allows=lambda url: robots[origin_of(url)].allows(url),
                    delay_s=max([settings.pace.delay_s, *(one.delay_s for one in robots.values())]),
                    load_timeout_s=settings.load_timeout_s,
                    door=settings.door,
                ) as searcher,
            ):
                yield searcher, asker
        finally:
            await asker.close()

    async def _robots(self, asker: LinkAsker, origin: str) -> Robots:
        if not self.settings.pace.obey_robots:
            return Robots(None)
        answer, body = await asker.read(f"{origin}/robots.txt", LARGEST_ROBOTS)
        return Robots.of(answer.status, body)

    async def _search(self, searcher: Searcher, tasks: Iterable[SearchTask]) -> SiteSearch:
        """How the site is searched: as stored, or found out now and proposed."""
        with self.database.session() as session:
            stored = search_of_site(session, self.site.id)
        known = SiteSearch.of_stored(stored.settings) if stored else SiteSearch()
        if known.results and (known.template or known.field):
            return known
        return await self._learn(searcher, [task.queries[0] for task in tasks], known)

    async def _learn(self, searcher: Searcher, words: list[str], known: SiteSearch) -> SiteSearch:
        learned = await searcher.learn(self.site.start_url, words, known)
        with self.database.session() as session:
            keep_search(session, self.site.id, learned.search, TaskState.PROPOSED, self.now(), learned.example)
        return learned.search

    # --- one task --------------------------------------------------------------------------------------------------

    async def _ask(
        self, searcher: Searcher, asker: LinkAsker, search: SiteSearch, task: SearchTask, walked: Navigation | None
    ) -> TaskDetails:
        grades = {self._page(page.url): page.grade for page in task.right}
        instead = self._instead(task) if all(page.url in self.missing for page in task.right) else ""
        if instead:
            grades = {instead: HIGHEST_GRADE}
        with self.database.session() as session:
            titles = titles_of_pages(session, self.site.id, list(grades))
            barriers = [
                Barrier(rule, impact, places, url)
                for url, rule, impact, places in barriers_of_pages(session, self.site.id, list(grades))
            ]
        answers: list[JudgedAnswer] = []

        async def ask(kind: QueryKind, query: str, *, look: bool = False) -> None:
            try:
                asked = await searcher.ask(search, query, look=look)
            except VisitFailed as failure:
                answers.append(JudgedAnswer(query, kind, AnswerOutcome.UNTESTED, failure.reason))
                return
            await self._follow(asker, [result.url for result in asked.answer.results], grades)
            answers.append(judge_answer(asked.answer, kind, grades, self._page))
            if asked.page:
                barriers.extend(self._barriers(asked.page))

        for number, query in enumerate(task.queries):
            await ask(QueryKind.AS_WRITTEN, query, look=number == 0)
        if best := max((page for page in titles if page in grades), key=lambda page: grades[page], default=None):
            await ask(QueryKind.OWN_TITLE, title_without_site(titles[best]))
        if answers[0].outcome is AnswerOutcome.FOUND:  # what is not found as it should be written forgives nothing
            said = {query.casefold() for query in task.queries}
            for kind, query in variants(task.queries[0]):
                if query.casefold() not in said:
                    await ask(kind, query)
        return TaskDetails(
            answers=tuple(answers),
            barriers=tuple(barriers[:MOST_BARRIERS]),
            ways=tuple(walked.way_to(page, task) for page in grades) if walked else (),
            missing=tuple(page.url for page in task.right if page.url in self.missing),
            instead=instead,
        )

    def _instead(self, task: SearchTask) -> str:
        """The page of the site whose text says what a task is about, where its own pages are gone; empty: no page does."""
        with self.database.session() as session:
            words = vocabulary(session, self.site.id)
            for text in (*task.queries, task.title) if words else ():
                if page := page_about(text, lambda wanted: find_pages(session, self.site.id, wanted), words):
                    return page.identity
        return ""

    def _barriers(self, page: PageSnapshot) -> list[Barrier]:
        """What keeps people out on the page with the results, by the ordinary checks."""
        failed = [one for one in result_of(page, self.settings.norm).findings if one.outcome is Outcome.FAILED]
        kept_out = [one for one in failed if one.impact in KEEPS_OUT]
        rules = {one.rule: one.impact for one in kept_out}
        return [
            Barrier(rule, impact, sum(one.rule == rule for one in kept_out), page.response.url) for rule, impact in rules.items()
        ]

    # --- which page an address leads to ----------------------------------------------------------------------------

    def _page(self, url: str) -> str:
        address = without_fragment(url)
        return _identity(self.moved.get(address, address))

    async def _find_right_pages(self, asker: LinkAsker, tasks: Iterable[SearchTask]) -> None:
        """Whether the right pages are there, and where they have moved to."""
        for url in dict.fromkeys(page.url for task in tasks for page in task.right):
            answer = await asker.ask(without_fragment(url))
            if answer.final_url:
                self.moved[without_fragment(url)] = answer.final_url
            leads_home = self._page(url) == self._page(self.site.start_url) != _identity(url)
            if answer.status in (404, 410) or leads_home:  # a page that was taken away often sends people to the start page
                self.missing.add(url)

    async def _follow(self, asker: LinkAsker, urls: Sequence[str], grades: dict[str, int]) -> None:
        """Ask where results lead that may be a right page under another address: until a right page stands there."""
        asked = 0
        for url in map(without_fragment, urls):
            if self._page(url) in grades or asked >= MOST_ASKED:
                return
            if url not in self.moved and self._page(url) not in self.known:
                asked += 1
                answer = await asker.ask(url)
                self.moved[url] = answer.final_url or url


def _identity(url: str) -> str:
    try:
        return page_identity(without_fragment(url))
    except ValueError:
        return url


def _figures(figures: Iterable[TaskFigures]) -> dict[str, float]:
    """The mean of each measure over the tasks that could be asked."""
    asked = [one for one in figures if one.queries]
    if not asked:
        return {"tasks": 0}
    forgiven = [one.forgiven for one in asked if one.forgiven is not None]
    means = {name: round(fmean(getattr(one, name) for one in asked), 4) for name in MEASURES}
    return {"tasks": len(asked), **means, **({"forgiven": round(fmean(forgiven), 4)} if forgiven else {})}


MEASURES = ("success_at_1", "success_at_3", "mrr", "ndcg", "no_results")


def propose_tasks(database: Database, site: Site, now: datetime) -> int:
    """Propose a task for each of the products to which most pages link. Gives how many are new."""
    with database.session() as session:
        run = latest_run(session, site.id)
        pages = products_by_links(session, site, run.id, MOST_PROPOSED) if run else []
        return keep_proposals(session, site.id, tasks_of_products(pages), "crawl", now)


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        with database.session() as session:
            request = session.get_one(Request, request_id)
            site = session.get_one(Site, request.site_id)
            settings, by = settings_as_before(session, site), request.requested_by
        tested = asyncio.run(FindabilityTest(database, site, settings, by).run())
        state, answer = "done", {"test": tested.run_id, "reason": tested.reason}
    except (NothingToTest, BrowserMissing) as error:
        state, answer = "failed", {"error": str(error)}
    except Exception as error:  # whoever pressed the button must get an answer
        state, answer = "failed", {"error": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
