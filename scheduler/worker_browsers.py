"""The browsers of a worker: one for each batch in hand, kept for the next batch of the same run, never shared by two runs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

from playwright.async_api import Playwright

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile, launch_arguments
from crawler.visit import Visitor
from rules.task import CheckPages, CheckRequest, PageResult, PageStatus
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_pages import check_pages, visitor_for
from scheduler.page_batch import BrowserWanted, PageBatch


async def browser_name(playwright: Playwright, browser: BrowserFile) -> str:
    """Start the browser once and ask its version. Raises playwright's Error where it does not start."""
    started = await playwright.chromium.launch(executable_path=str(browser.path), args=launch_arguments(), timeout=30_000)
    try:
        return browser.named(started.version)
    finally:
        await started.close()


async def _untested(request: CheckRequest, reason: str) -> AsyncIterator[PageResult]:
    """What a worker says of pages that it is not let into."""
    for url in request.urls:
        yield PageResult(url, PageStatus.UNTESTED, reason)


@dataclass
class WorkerBrowsers:
    """At most twice as many browsers as batches at once: so two runs that take turns do not start a browser each time."""

    playwright: Playwright
    browser: BrowserFile
    name: str
    most_idle: int
    idle: list[tuple[BrowserWanted, Visitor]] = field(default_factory=list)  # the longest idle first

    @contextlib.asynccontextmanager
    async def open(self, batch: PageBatch) -> AsyncIterator[CheckPages]:
        try:
            visitor = await self._take(batch)
        except NotAdmitted as refused:
            yield partial(_untested, reason=refused.reason)
            return
        try:
            yield partial(check_pages, visitor=visitor)
        except BaseException:
            await visitor.__aexit__(None, None, None)
            raise
        self.idle.append((batch.browser, visitor))
        while len(self.idle) > self.most_idle:
            _, oldest = self.idle.pop(0)
            await oldest.__aexit__(None, None, None)

    async def _take(self, batch: PageBatch) -> Visitor:
        for place, (wanted, visitor) in enumerate(self.idle):
            if wanted == batch.browser:
                del self.idle[place]
                return visitor
        guard = AddressGuard.for_origins(batch.browser.origins, offline=batch.browser.offline)
        settings = await admitted(batch.settings, batch.browser.origins)
        return await visitor_for(self.playwright, self.browser, guard, settings).__aenter__()

    async def close(self) -> None:
        for _, visitor in self.idle:
            await visitor.__aexit__(None, None, None)
        self.idle.clear()
