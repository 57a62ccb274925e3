"""The end of a run: causes are found, one page of each new cause is looked at again, and a page of each template is touched.

Nobody is told of a failure that was seen only once. Keyboard, mouse and zoom cost several seconds a page: they are tried on
one page of each template, and the report says on which.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.second_look import SecondVisitor
from crawler.visit import driver
from rules.finding import fingerprints
from rules.task import PageResult, PageStatus
from scheduler.check_pages import check_pages, second_visitor_for
from scheduler.run_settings import RunSettings
from storage.clusters import (
    PageToSee,
    apply_verdicts,
    find_causes,
    pages_to_see_again,
    pages_to_touch,
    store_example,
    store_second_look,
    targets_of,
)
from storage.database import Database
from storage.models import Site
from storage.page_pictures import MOST_OF_A_RUN, keep_picture
from storage.results import add_touched
from storage.runs import carried_so_far, tested_so_far
from storage.weight import store_weight

if TYPE_CHECKING:
    from checks.sample import Sample

SHARE = 0.08  # of the pages of a run that are looked at again, so that it costs a tenth of the run at most
FEWEST, MOST_TOUCHED = 25, 12  # pages; a small site can afford to see every cause twice
NIGHT_SHARE = 20  # a night touches one in so many of the pages that it tests, for templates that nobody touched yet


@dataclass
class SecondLook:
    """The second look of one run."""

    database: Database
    site: Site
    settings: RunSettings
    run_id: int
    sample: Sample | None = None  # by which the page is judged once more; None: the run compares no pages
    touched_before: frozenset[int] = frozenset()  # pages that are touched again, for they have changed
    on_page: Callable[[int, int], None] = lambda done, total: None  # how many pages are done, of how many
    pictured: int = field(default=0, init=False)  # whole pages

    async def look(self) -> None:
        """Store what a second look says of the failures of this run, and pictures of them."""
        with self.database.session() as session:
            find_causes(session, self.site.id, self.run_id)
            kept = carried_so_far(session, self.run_id)
            tested = tested_so_far(session, self.run_id) - kept
            pages = pages_to_see_again(session, self.site.id, self.run_id, max(FEWEST, int(tested * SHARE)))
            new = max(1, tested // NIGHT_SHARE) + len(self.touched_before)  # what was touched before must not go unsaid
            most = min(MOST_TOUCHED, new) if kept else MOST_TOUCHED
            most = most if self._touches else 0
            touched = pages_to_touch(session, self.site.id, self.run_id, pages, most, self.touched_before)
        if pages or touched:
            await self._visit(pages, touched)
        with self.database.session() as session:
            if touched:  # only a look with hands on a page adds findings
                find_causes(session, self.site.id, self.run_id)
            apply_verdicts(session, self.site.id)

    @property
    def _touches(self) -> bool:
        return "vierluik" in self.settings.engines

    async def _visit(self, pages: list[PageToSee], touched: list[PageToSee]) -> None:
        """Look at the pages, as many at once as there are browsers; those that take longest first."""
        settings = self.settings
        guard = AddressGuard.for_origins(tuple(self.site.origins), offline=settings.offline)
        touch = {page.page_id for page in touched}
        left = list({page.page_id: page for page in (*touched, *pages)}.values())[::-1]

        async def look_at_what_is_left() -> None:
            async with second_visitor_for(playwright, browser, guard, settings) as visitor:
                while left:
                    page = left.pop()
                    request = settings.request(page.identity, touch=page.page_id in touch)
                    async for result in check_pages(request, visitor):
                        if result.status is PageStatus.TESTED:
                            await self._keep(page, result, visitor)
                    self.on_page(total - len(left), total)

        total = len(left)
        self.on_page(0, total)
        browser = find_browser()
        async with driver() as playwright, asyncio.TaskGroup() as tasks:
            for _ in range(min(settings.browsers, len(left))):
                tasks.create_task(look_at_what_is_left())

    def compared(self, page: PageToSee, result: PageResult) -> PageResult:
        """The second look at a page with what the other pages of the run say of it."""
        if self.sample is None or result.sample is None:
            return result
        from checks.accessibility.sample.facts import sample_page  # loaded where it is used: see check_pages

        return self.sample.judged(result, sample_page(page.identity, result.sample, result.links))

    async def _keep(self, page: PageToSee, result: PageResult, visitor: SecondVisitor) -> None:
        with self.database.session() as session:
            store_second_look(session, page, self.compared(page, result))
            if result.weight:
                # Measured here, in a browser that has nothing of the site yet and that paints what it shows.
                store_weight(session, self.run_id, page.page_id, result.weight)
            if result.touched:
                add_touched(session, self.site.id, self.run_id, page.page_id, page.identity, result)
            targets = targets_of(session, page)
        for cause, target in targets.items():
            spoken = await visitor.spoken(target)
            picture = await visitor.picture(target) if self.settings.takes_pictures else None
            with self.database.session() as session:
                store_example(session, cause, page.page_id, picture, spoken)
        if self.settings.takes_pictures and result.findings and self.pictured < MOST_OF_A_RUN:
            await self._picture_whole(page, result, visitor)

    async def _picture_whole(self, page: PageToSee, result: PageResult, visitor: SecondVisitor) -> None:
        self.pictured += 1
        found = fingerprints(page.identity, "loaded", result.findings)
        picture = await visitor.whole_page({fingerprint: finding.target for fingerprint, finding in found})
        if picture:
            with self.database.session() as session:
                keep_picture(session, self.run_id, page.page_id, picture, datetime.now(UTC))
