"""Tests the pages of a run with browsers of this process. The first page starts the first browser: a run without one has none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.visit import Visitor, driver
from rules.task import CheckRequest
from scheduler.check_pages import check_pages, visitor_for
from scheduler.page_runner import SayBrowser, TakeResult
from scheduler.run_settings import RunSettings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class InlineRunner:
    """Some browsers, as many as the settings say, each with one page at a time."""

    def __init__(self, settings: RunSettings, origins: tuple[str, ...], take: TakeResult, say_browser: SayBrowser) -> None:
        self.settings = settings
        self.origins = origins
        self.take = take
        self.say_browser = say_browser
        self._waiting: asyncio.Queue[tuple[CheckRequest, str]] = asyncio.Queue()
        self._is_wanted = asyncio.Event()

    def submit(self, request: CheckRequest, key: str) -> None:
        self._waiting.put_nowait((request, key))
        self._is_wanted.set()

    def stored(self, session: Session, key: str) -> None:
        """Nothing of a result is kept here."""

    async def work(self) -> None:
        """Browsers at work until they are cancelled."""
        await self._is_wanted.wait()
        browser = find_browser()
        guard = AddressGuard.for_origins(self.origins, offline=self.settings.offline)
        async with driver() as playwright, asyncio.TaskGroup() as tasks:
            for _ in range(self.settings.browsers):
                tasks.create_task(self._look_at_pages(visitor_for(playwright, browser, guard, self.settings)))

    async def _look_at_pages(self, visitor: Visitor) -> None:
        page = await self._waiting.get()  # before the browser starts: it may be one too many
        async with visitor:
            self.say_browser(visitor.name)
            while True:
                request, key = page
                async for result in check_pages(request, visitor):
                    await self.take(key, result)
                page = await self._waiting.get()
