"""Tests the pages of a run by workers on any number of machines, through the page queue.

Pages go out in batches of one host, as many at once as the host may be asked. What comes back is stored by the run. A batch that
ends without all its results (its worker stopped, or is gone) is given out anew; a page that a worker had in hand when it was lost
is tried alone from then on, so that it takes no others with it, and after some tries it is untested, with that reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from rules.address import host_of, port_of
from rules.task import CheckRequest, PageResult, PageStatus
from scheduler.page_batch import MOST_PAGES, BrowserWanted, PageBatch, place_at
from scheduler.page_runner import SayBrowser, TakeResult
from scheduler.run_settings import RunSettings, rule_set_hash
from storage import page_queue
from storage.database import Database, DatabaseError
from storage.queue_schema import bring_up_queue

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LOOKS_EVERY_S = 0.3
COUNTS_EVERY_S = 2.0  # workers, and batches that ended
MOST_TRIES = 3  # after which a page is not given to a worker any more
WAITS_S = 2.0  # before a page that lost its worker is tried again; twice as long each time


@dataclass(frozen=True)
class Place:
    """One of the places at a host: whoever has it may ask the host. Pages are given out per place."""

    host: tuple[str, int]
    slot: int


@dataclass(frozen=True)
class Given:
    """A batch that was given out."""

    place: Place
    identities: tuple[str, ...]


class QueueRunner:
    """Gives pages to the queue and results to the run. It queues no more than its hosts can take: runs take turns."""

    def __init__(
        self,
        database: Database,
        run_id: int,
        process: str,
        settings: RunSettings,
        origins: tuple[str, ...],
        take: TakeResult,
        say_browser: SayBrowser,
        notify: Callable[[str], None],
        *,
        browser: str = "",
    ) -> None:
        """`browser`: what the run was begun with, where it is continued. `notify`: hears why nothing happens; empty: it does."""
        self.database = database
        self.run_id = run_id
        self.process = process
        self.settings = settings
        self.wanted = BrowserWanted(run_id, origins, settings.offline, settings.contact, settings.load_timeout_s, settings.login)
        self.take = take
        self.say_browser = say_browser
        self.notify = notify
        self.browser = browser
        self.places = 1 if settings.pace.delay_s else settings.pace.requests_at_once
        self._pages: dict[str, CheckRequest] = {}  # by identity, until their result is taken
        self._waiting: dict[tuple[str, int], deque[str]] = defaultdict(deque)
        self._alone: list[tuple[float, str]] = []  # when and which page is tried on its own
        self._given: dict[int, Given] = {}  # by the number of their job
        self._queue: str | None = None
        self._nobody_since: float | None = None
        self._is_browser_said = False

    def submit(self, request: CheckRequest, key: str) -> None:
        self._pages[key] = request
        self._waiting[_host(request)].append(key)

    def stored(self, session: Session, key: str) -> None:
        """The result goes from the queue in the transaction in which it is stored: it is in one of both, never in none."""
        page_queue.forget_page(session, self.run_id, key)

    async def work(self) -> None:
        """Give pages out and take results until cancelled; then nothing of the run waits in the queue any more."""
        bring_up_queue(self.database)
        self._withdraw()  # what the process that made the run before us had given out
        counted = -math.inf
        try:
            while True:
                ended: list[Given] = []
                if time.monotonic() - counted >= COUNTS_EVERY_S:
                    await self._find_queue()
                    ended = self._ended_batches()
                    counted = time.monotonic()
                came = await self._take_results()
                for given in ended:
                    await self._give_anew(given)
                self._give_out()
                await asyncio.sleep(0 if came else LOOKS_EVERY_S)
        finally:
            with contextlib.suppress(DatabaseError):  # it may be the reason why we stop
                self._withdraw()

    def _withdraw(self) -> None:
        with self.database.session() as session:
            page_queue.remove_jobs_of_run(session, self.run_id)

    # --- results ---------------------------------------------------------------------------------------------------

    async def _take_results(self) -> int:
        with self.database.statement() as connection:
            outcomes = page_queue.finished_pages(connection, self.run_id)
        for outcome in outcomes:
            if self._pages.pop(outcome.identity, None) is None:  # done twice: the first one counts
                with self.database.session() as session:
                    self.stored(session, outcome.identity)
                continue
            if not self._is_browser_said:
                self.say_browser(outcome.browser)
                self._is_browser_said = True
            await self.take(outcome.identity, outcome.result)
        return len(outcomes)

    def _ended_batches(self) -> list[Given]:
        """Batches that nobody has any more. Their results were written before they ended: look for those first."""
        with self.database.session() as session:
            page_queue.remove_lost_jobs(session)
            go_on = page_queue.jobs_that_go_on(session, list(self._given))
        return [self._given.pop(number) for number in list(self._given) if number not in go_on]

    async def _give_anew(self, given: Given) -> None:
        """Of a batch that ended, what has no result: a page that was begun is from now on tried alone."""
        while await self._take_results():
            pass
        left = [identity for identity in given.identities if identity in self._pages]
        if not left:
            return
        with self.database.session() as session:
            tries = page_queue.tries_of(session, self.run_id, left)
        for identity in left:
            begun = tries.get(identity, 0)
            if begun >= MOST_TRIES:
                await self._leave(identity, "breaks-workers")
            elif begun:
                self._alone.append((time.monotonic() + WAITS_S * 2**begun, identity))
            else:
                self._waiting[given.place.host].appendleft(identity)

    async def _leave(self, identity: str, reason: str) -> None:
        request = self._pages.pop(identity)
        await self.take(identity, PageResult(request.urls[0], PageStatus.UNTESTED, reason))

    # --- giving out ------------------------------------------------------------------------------------------------

    def _give_out(self) -> None:
        """Fill the places: each has at most one batch in hand and one that waits."""
        if self._queue is None:
            return
        due = [identity for at, identity in self._alone if at <= time.monotonic()]
        self._alone = [(at, identity) for at, identity in self._alone if identity not in due]
        for identity in due:
            if identity in self._pages:
                self._put([identity], self._emptiest(_host(self._pages[identity])))
        for host, waiting in self._waiting.items():
            while waiting and self._load(place := self._emptiest(host)) < 2:
                size = min(MOST_PAGES, math.ceil(len(waiting) / (2 * self.places)))
                some = [waiting.popleft() for _ in range(size)]
                if left := [identity for identity in some if identity in self._pages]:  # else its result came after all
                    self._put(left, place)

    def _load(self, place: Place) -> int:
        return sum(given.place == place for given in self._given.values())

    def _emptiest(self, host: tuple[str, int]) -> Place:
        load = Counter(given.place for given in self._given.values())
        return min((Place(host, slot) for slot in range(self.places)), key=lambda place: load[place])

    def _put(self, identities: list[str], place: Place) -> None:
        requests = [self._pages[identity] for identity in identities]
        urls = tuple(url for request in requests for url in request.urls)
        request = replace(requests[0], urls=urls)
        delay_s = self.settings.pace.delay_s
        batch = PageBatch(self.run_id, self.process, tuple(identities), request, self.wanted, delay_s)
        assert self._queue is not None
        with self.database.session() as session:
            number = page_queue.put_job(session, self._queue, place_at(urls[0], place.slot), batch.as_job())
        self._given[number] = Given(place, batch.identities)

    # --- workers ---------------------------------------------------------------------------------------------------

    async def _find_queue(self) -> None:
        """The queue of the workers that judge as this run does. Say so where there are none, and do not wait for ever."""
        with self.database.session() as session:
            workers = page_queue.living_workers(session)
        mine = (version("vierluik"), rule_set_hash())
        queue = page_queue.queue_of(workers, *mine, self.browser)
        if queue is not None:
            self._queue, self.browser = queue, self.browser or page_queue.browser_of(queue)
            self._nobody_since = None
            self.notify("")
        elif self._pages:
            others = "; ".join(sorted({worker.queue for worker in workers}))
            self.notify(
                f"Pages wait and no worker takes them. Start one with: vierluik worker. "
                f"It has to be of Vierluik {page_queue.queue_name(*mine, self.browser or 'any browser')}."
                + (f" There are workers, but of Vierluik {others}." if others else "")
            )
            self._nobody_since = self._nobody_since or time.monotonic()
            if time.monotonic() - self._nobody_since > self.settings.limits.max_minutes * 60:
                self._withdraw()
                for identity in list(self._pages):
                    await self._leave(identity, "no-worker")


def _host(request: CheckRequest) -> tuple[str, int]:
    url = request.urls[0]
    return host_of(url), port_of(url)
