"""What a run knows of earlier ones, so that a page that has not changed keeps its result without a browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crawler.browser import BrowserMissing, find_browser, version_of
from rules.crawl import PageFetched
from rules.incremental import AssetVersion, LastCheck, PageVersion, VolatilePart
from rules.observation import PageLink
from scheduler.planner import Why, whatever_it_answers, why_tested
from scheduler.run_settings import RunSettings
from storage.checks import assets_hash, carry_over, known_assets, last_checks, store_assets, stored_links
from storage.runs import FULL, INCREMENTAL, FetchFacts
from storage.site_memory import remember_volatile_parts, volatile_parts


@dataclass
class CarryOver:
    """The last checks of the pages of one site, and what becomes of them in one run."""

    site_id: int
    now: datetime
    tests_all: bool = False
    judged_with: str = ""  # hash of all that this run's results depend on but the pages themselves; empty: it opens no page
    checks: dict[str, LastCheck] = field(default_factory=dict)
    known_assets: tuple[AssetVersion, ...] = ()
    volatile: tuple[VolatilePart, ...] = ()  # what of the site is another each time it is asked
    assets: dict[str, AssetVersion] = field(default_factory=dict)  # as this run has met them
    tested_because: Counter[str] = field(default_factory=Counter)
    oldest: datetime | None = None  # test of which a result was carried over
    touched_before: set[int] = field(default_factory=set)  # pages that were tried with keyboard and mouse, and are tested anew

    @classmethod
    def of_site(cls, session: Session, site_id: int, settings: RunSettings, now: datetime) -> CarryOver:
        if not settings.opens_pages:
            return cls(site_id, now)
        try:
            browser = version_of(find_browser())
        except BrowserMissing:  # which is said when the first page waits for it
            browser = ""
        return cls(
            site_id,
            now,
            settings.tests_all,
            settings.judges_pages_with(browser),
            last_checks(session, site_id, confirms=settings.confirms),
            tuple(known_assets(session, site_id)),
            volatile_parts(session, site_id),
        )

    @property
    def kind(self) -> str:
        """The kind of this run: full where no page may keep its result."""
        return INCREMENTAL if any(self._upfront(last) is None for last in self.checks.values()) else FULL

    def _upfront(self, last: LastCheck | None) -> Why | None:
        return Why.FULL_RUN if self.tests_all else whatever_it_answers(last, self.judged_with, self.now)

    def versions(self) -> tuple[PageVersion, ...]:
        """By which the site is asked; a page that is tested in any case is fetched whole."""
        return tuple(
            PageVersion(last.identity, last.dom_hash, is_tested=True)
            if self._upfront(last)
            else PageVersion(last.identity, last.dom_hash, last.etag, last.last_modified)
            for last in self.checks.values()
        )

    def why_tested(self, page: PageFetched) -> Why | None:
        """Why a page that was fetched is tested; None: it keeps its result."""
        last = self.checks.get(page.identity)
        why = Why.FULL_RUN if self.tests_all else self._judged(page, last)
        if why and self.judged_with:
            self.tested_because[why] += 1
            if last and last.was_touched:
                self.touched_before.add(last.page_id)
        return why

    def _judged(self, page: PageFetched, last: LastCheck | None) -> Why | None:
        return why_tested(
            last,
            self.judged_with,
            self.now,
            not_modified=page.not_modified,
            dom_hash=page.dom_hash,
            assets_hash=assets_hash(last.assets, self.assets) if last else "",
        )

    def facts(self, session: Session, page: PageFetched) -> FetchFacts:
        """What the crawler saw of a page; of one that it did not fetch again what is stored."""
        facts = FetchFacts(
            page.url, page.depth, page.etag, page.last_modified, page.links, page.dom_hash, judged_with=self.judged_with
        )
        last = self.checks.get(page.identity)
        if not page.not_modified or last is None:
            return facts
        return replace(
            facts,
            links=stored_links(session, last),
            dom_hash=last.dom_hash,
            etag=page.etag or last.etag,
            last_modified=page.last_modified or last.last_modified,
        )

    def keep(self, session: Session, run_id: int, page: PageFetched, facts: FetchFacts) -> tuple[PageLink, ...]:
        """The page keeps its result in this run; gives what it refers to and the crawler has not seen itself."""
        last = self.checks[page.identity]
        self.oldest = min(self.oldest or last.checked_at, last.checked_at)
        carry_over(session, run_id, last, facts)
        if page.not_modified:
            return facts.links
        seen = {(link.url, link.element) for link in page.links}
        return tuple(link for link in stored_links(session, last) if (link.url, link.element) not in seen)

    def unknown(self, assets: Iterable[str]) -> tuple[str, ...]:
        """Of the style sheets and scripts of a page, those that this run has not asked; it is asked for each once."""
        fresh = tuple(url for url in assets if url not in self.assets)
        self.assets |= {url: AssetVersion(url, "") for url in fresh}
        return fresh

    def met(self, assets: Iterable[AssetVersion]) -> None:
        """The crawler has asked these style sheets and scripts."""
        self.assets |= {asset.url: asset for asset in assets}

    def told(self) -> dict[str, Any]:
        """What the run's coverage says besides its counts."""
        since = self.oldest.isoformat() if self.oldest else None
        return {"tested_because": dict(self.tested_because), "carried_since": since}

    def finish(self, session: Session, run_id: int) -> None:
        """Keep what a later run needs."""
        store_assets(session, self.site_id, run_id, self.assets)
        remember_volatile_parts(session, self.site_id, self.volatile)
