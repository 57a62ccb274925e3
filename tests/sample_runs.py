"""Runs of the whole product over the sample site, made once for all tests that read their results.

A run is also written down as it goes, message by message, so that the same run can be stored again, in another database,
without a crawler or a browser.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rules.crawl import CrawlEnded, KnownPage, Message, Waiting
from rules.document import DocumentResult
from rules.site import Scope
from rules.task import PageResult
from rules.upl import read_upl
from scheduler.documents_of_run import DocumentsOfRun
from scheduler.run_settings import RunSettings
from scheduler.run_site import RunOutcome, SiteRun
from storage.database import Database
from storage.models import Run, Site
from storage.products import keep_products
from storage.report import report_of_run
from storage.sites import add_site, find_site
from vierluik.sample_site import PRODUCT_NAMES, Edition, serve
from vierluik.tool import tool_description

# The newer norm asks for everything that the older one asks for, and for target size.
SETTINGS = RunSettings(norm_id="en301549-4.1.1", seconds_before_second_look=1.0, confirms=False)


@dataclass
class Recording:
    """What a run heard from its crawler and its browsers, in the order in which it was stored."""

    site_url: str
    events: list[Message | tuple[str, PageResult]] = field(default_factory=list)
    documents: list[DocumentResult | None] = field(default_factory=list)
    ended: CrawlEnded = field(default_factory=CrawlEnded)


class RecordedDocuments(DocumentsOfRun):
    """Documents of a run that remembers what was said of each."""

    def __init__(self, database: Database, site: Site, settings: RunSettings, run_id: int, recording: Recording) -> None:
        super().__init__(database, site, settings, run_id)
        self.recording = recording

    async def judged(self, asked: Iterable[tuple[str, str]]) -> AsyncIterator[DocumentResult | None]:
        async for result in super().judged(asked):
            self.recording.documents.append(result)
            yield result


class ReplayedDocuments(RecordedDocuments):
    async def judged(self, asked: Iterable[tuple[str, str]]) -> AsyncIterator[DocumentResult | None]:
        for result in self.recording.documents:
            yield result


@dataclass
class RecordedRun(SiteRun):
    """A run that is written down as it goes."""

    recording: Recording = field(default_factory=lambda: Recording(""))

    async def _take_in(self, message: Message) -> None:
        self.recording.events.append(message)
        await super()._take_in(message)

    async def _store(self, identity: str, result: PageResult) -> None:
        self.recording.events.append((identity, result))
        await super()._store(identity, result)

    def _documents_of_run(self) -> DocumentsOfRun:
        return RecordedDocuments(self.database, self.site, self.settings, self.run_id, self.recording)

    async def _work(self, known: list[KnownPage]) -> CrawlEnded:
        self.recording.ended = await super()._work(known)
        return self.recording.ended


@dataclass
class ReplayedRun(SiteRun):
    """A run that hears again what an earlier one heard; it asks nobody and opens nothing.

    A page that it lets keep its result, as it would in earnest, has no other.
    """

    recording: Recording = field(default_factory=lambda: Recording(""))
    wanted: set[str] = field(default_factory=set)  # identities of the pages that are to be tested

    def _enqueue(self, identity: str, url: str) -> None:
        self.wanted.add(identity)

    async def _store(self, identity: str, result: PageResult) -> None:
        if identity in self.wanted:
            await super()._store(identity, result)

    async def _work(self, known: list[KnownPage]) -> CrawlEnded:
        for event in self.recording.events:
            if isinstance(event, tuple):
                await self._store(*event)
            elif isinstance(event, Waiting):
                if self.documents is None:
                    await self._judge_documents()
            else:
                await self._take_in(event)
        return self.recording.ended

    def _documents_of_run(self) -> DocumentsOfRun:
        return ReplayedDocuments(self.database, self.site, self.settings, self.run_id, self.recording)

    async def _tell(self, message: Message) -> None:
        """Nobody listens."""


@dataclass(frozen=True)
class SampleRuns:
    """The stored runs: editions "1" and "2" are one site, "clean" is another."""

    database: Database
    outcomes: Mapping[Edition, RunOutcome]
    reports: Mapping[Edition, dict[str, Any]]  # as they were when each run had just ended
    recordings: Mapping[Edition, Recording]
    urls: Mapping[Edition, str]


def report_of(database: Database, outcome: RunOutcome) -> dict[str, Any]:
    with database.session() as session:
        return report_of_run(session, session.get_one(Run, outcome.run_id), tool_description())


def make_sample_runs(database: Database) -> SampleRuns:
    """Run over every edition of the sample site; about 40 seconds each."""
    know_products(database)
    outcomes: dict[Edition, RunOutcome] = {}
    reports: dict[Edition, dict[str, Any]] = {}
    recordings: dict[Edition, Recording] = {}
    urls: dict[Edition, str] = {}
    with serve("1") as faulty, serve("clean") as clean:
        editions: tuple[Edition, ...] = ("1", "2", "clean")
        for edition in editions:
            server = clean if edition == "clean" else faulty
            server.edition = edition
            urls[edition] = server.url
            recordings[edition] = Recording(f"{server.url}/")
            site = site_of(database, f"{server.url}/")
            run = RecordedRun(database, site, SETTINGS, recording=recordings[edition])
            outcomes[edition] = asyncio.run(run.run())
            reports[edition] = report_of(database, outcomes[edition])
    return SampleRuns(database, outcomes, reports, recordings, urls)


def replay(database: Database, recording: Recording) -> RunOutcome:
    """Store a written-down run as a new run of the same site in this database."""
    know_products(database)
    site = site_of(database, recording.site_url)
    return asyncio.run(ReplayedRun(database, site, SETTINGS, recording=recording).run())


def know_products(database: Database) -> None:
    """The list of product names that the sample site's own pages are compared with."""
    with database.session() as session:
        keep_products(session, read_upl(PRODUCT_NAMES.read_bytes()), datetime.now(UTC))


def site_of(database: Database, url: str) -> Site:
    with database.session() as session:
        return find_site(session, url) or add_site(session, url, url, Scope((url.rstrip("/"),)), datetime.now(UTC))
