"""A worker: takes batches of pages from the queue, tests them, writes the results. Any number of them, on any machine.

It only takes pages of runs that are made with the same version of Vierluik, its rules and its browser. When it is stopped, the
page in hand is finished and the rest of the batch goes back; when it is killed, its batch goes back after some seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Protocol, TypeVar

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from crawler.deadline import within
from rules.policy import know
from rules.task import CheckPages, PageResult, PageStatus
from scheduler.page_batch import PageBatch, batch_of_job
from scheduler.run_settings import rule_set_hash
from scheduler.run_site import process_name
from storage import page_queue
from storage.database import Database, DatabaseError
from storage.queue_schema import bring_up_queue

T = TypeVar("T")
STOPS_WITHIN_S = 90.0  # for the page in hand; then it is given back
POLLS_EVERY_S = 2.0  # besides being told of new jobs: a place at a host that becomes free tells nobody
TRIES_AGAIN_AFTER_S = (1.0, 2.0, 4.0, 8.0, 15.0)  # where the database is gone; the last one again and again
KEEPS_TRYING = 20  # times with a result in hand, some minutes; then the page is tested anew by somebody else


class Browsers(Protocol):
    """Where the browsers of a worker come from."""

    @property
    def name(self) -> str:
        """The browser and its version."""

    def open(self, batch: PageBatch) -> AbstractAsyncContextManager[CheckPages]:
        """A browser for a batch, that may be one that had a batch of the same run before."""


@dataclass
class PageTester:
    """One worker process."""

    database: Database
    browsers: Browsers
    pages_at_once: int
    say: Callable[[str], None]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    fault: BaseException | None = None  # why it stops by itself

    @property
    def queue(self) -> str:
        return page_queue.queue_name(version("vierluik"), rule_set_hash(), self.browsers.name)

    async def work(self) -> None:
        """Take batches until stopped. While the database is gone it waits; raises what keeps it from testing pages."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stopping.set)
        loop.set_exception_handler(_without_lost_jobs)
        tries = 0
        while not self.stopping.is_set():
            try:
                bring_up_queue(self.database)
                self.say(f"This worker tests {self.pages_at_once} pages at once, of Vierluik {self.queue}. Stop it with Ctrl+C.")
                tries = 0
                await self._take_batches()
            except* (DatabaseError, ConnectorException) as errors:
                wait_s = _wait_s(tries)
                self.say(f"{_first_line(errors.exceptions[0])} Trying again in {wait_s:.0f} s.")
                tries += 1
                with contextlib.suppress(TimeoutError):
                    await within(wait_s, self.stopping.wait())
        if self.fault is not None:
            raise self.fault

    async def _take_batches(self) -> None:
        app = App(connector=PsycopgConnector(conninfo=self.database.conninfo, min_size=1, max_size=4))
        app.task(name=page_queue.TASK)(self._test_batch)
        async with app.open_async():
            worker = Worker(
                app,
                queues=[self.queue],
                name=process_name(),
                concurrency=self.pages_at_once,
                fetch_job_polling_interval=POLLS_EVERY_S,
                update_heartbeat_interval=page_queue.BEATS_EVERY_S,
                stalled_worker_timeout=page_queue.LOST_AFTER_S,
                shutdown_graceful_timeout=STOPS_WITHIN_S,
                delete_jobs="always",
                install_signal_handlers=False,
            )
            async with asyncio.TaskGroup() as tasks:
                side = [tasks.create_task(self._stop(worker)), tasks.create_task(self._live())]
                try:
                    await worker.run()  # type: ignore[no-untyped-call]
                finally:
                    for one in side:
                        one.cancel()

    async def _stop(self, worker: Worker) -> None:
        await self.stopping.wait()
        worker.stop()  # type: ignore[no-untyped-call]

    async def _live(self) -> None:
        """Tell runs what this worker takes; and people that others' pages wait which it may not take."""
        said: set[str] = set()
        try:
            while True:
                with self.database.session() as session:
                    page_queue.worker_lives(session, process_name(), self.queue, self.pages_at_once)
                    elsewhere = set(page_queue.waiting_elsewhere(session, self.queue))
                for queue in sorted(elsewhere - said):
                    self.say(f"Pages wait for Vierluik {queue}. This worker leaves them: it is of {self.queue}.")
                said = elsewhere
                await asyncio.sleep(page_queue.BEATS_EVERY_S)
        finally:
            with contextlib.suppress(DatabaseError), self.database.session() as session:
                page_queue.worker_ends(session, process_name())

    # --- a batch ---------------------------------------------------------------------------------------------------

    async def _test_batch(self, **arguments: Any) -> None:
        batch = batch_of_job(arguments)
        know(batch.request.policies)
        try:
            async with self.browsers.open(batch) as check_pages:
                is_begun = False
                pages = zip(batch.identities, batch.request.urls, (*batch.identities[1:], None), strict=True)
                for identity, url, following in pages:
                    if self.stopping.is_set():
                        if is_begun:
                            await self._give_back(batch, identity)
                        return
                    if not is_begun and not await self._begin(batch, identity):
                        continue
                    request = replace(batch.request, urls=(url,))
                    try:
                        [result] = [result async for result in check_pages(request)]
                    except asyncio.CancelledError:  # it did not come to its end in time; any other fault may be the page's
                        await self._give_back(batch, identity)
                        raise
                    if self.stopping.is_set() and result.status is PageStatus.UNTESTED:
                        await self._give_back(batch, identity)  # Ctrl+C reaches the browsers too: that is not the page's fault
                        return
                    # Nothing is begun that has to wait: a worker that is lost meanwhile would have it counted against the page.
                    goes_on = not batch.delay_s and not self.stopping.is_set()
                    is_begun = await self._finish(batch, identity, result, following if goes_on else None)
                    await asyncio.sleep(batch.delay_s)
        except DatabaseError:
            raise
        except Exception as error:  # a browser that does not start: this worker is of no use, and others may be
            self.fault = error
            self.stopping.set()
            raise

    async def _begin(self, batch: PageBatch, identity: str) -> bool:
        def begin() -> bool:
            with self.database.statement() as connection:
                return page_queue.begin_page(connection, batch.run_id, batch.process, identity)

        return await self._patiently(begin)

    async def _give_back(self, batch: PageBatch, identity: str) -> None:
        def give_back() -> None:
            with self.database.session() as session:
                page_queue.give_back_page(session, batch.run_id, identity)

        await self._patiently(give_back)

    async def _finish(self, batch: PageBatch, identity: str, result: PageResult, following: str | None) -> bool:
        """Whether the page that follows is begun with it."""

        def finish() -> bool:
            with self.database.statement() as connection:
                name = self.browsers.name
                return page_queue.finish_page(connection, batch.run_id, batch.process, identity, result, name, following)

        return await self._patiently(finish)

    async def _patiently(self, use_database: Callable[[], T]) -> T:
        """Use the database, again and again where it is gone for a minute: a tested page is not thrown away for that."""
        for tries in range(KEEPS_TRYING):
            try:
                return use_database()
            except DatabaseError:
                await asyncio.sleep(_wait_s(tries))
        return use_database()


def _without_lost_jobs(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job that could not be ended because the database, or the job, is gone is given out anew: nobody has to read of it."""
    if not isinstance(context.get("exception"), ConnectorException):
        loop.default_exception_handler(context)


def _wait_s(tries: int) -> float:
    return TRIES_AGAIN_AFTER_S[min(tries, len(TRIES_AGAIN_AFTER_S) - 1)]


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
