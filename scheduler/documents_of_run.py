"""The documents that the pages of a run refer to: which are fetched, what is kept of them, and what they refer to themselves."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

from crawler.address_guard import AddressGuard
from rules.address import resolve, without_credentials, without_fragment
from rules.crawl import LinkSeen
from rules.document import DocumentResult
from rules.observation import LinkClass, is_document, may_be_document
from rules.task import PageStatus
from scheduler.judged_links import judged_link
from scheduler.run_settings import RunSettings
from storage.database import Database
from storage.documents import carry_over, close_documents_not_met, store_document, versions_judged
from storage.models import Site
from storage.sites import scope_of

MOST_REFERRED_TO = 20_000  # addresses, in all documents


class DocumentsOfRun:
    """What a run does with documents. `judge` first; `close_those_not_met` when the walk has ended well."""

    def __init__(self, database: Database, site: Site, settings: RunSettings, run_id: int) -> None:
        self.database = database
        self.site = site
        self.settings = settings
        self.run_id = run_id
        self.urls: set[str] = set()  # of those that were judged, or left out
        self.refers_to: dict[str, dict[str, str]] = defaultdict(dict)  # address: document, the words of its link
        self._met: list[int] = []

    async def judge(self, links: Sequence[LinkSeen], on_progress: Callable[[int, int], None]) -> None:
        """Fetch the documents among the links, at the pace of their hosts, and keep what is said of each as it comes."""
        asked, left = self._to_fetch(links)
        self._keep(left)
        until = time.monotonic() + self.settings.limits.max_minutes * 60
        late: list[DocumentResult] = []
        done = 0
        on_progress(done, len(asked))
        if asked:
            async for result in self.judged(_in_time(asked, until, late)):
                self._keep([result] if result else [])
                done += 1
                on_progress(done, len(asked))
        self._keep(late)

    def close_those_not_met(self, links: Iterable[LinkSeen], *, network_works: bool) -> None:
        """What no page refers to any more is over; not where this run cannot say whether anything is there."""
        judged = (judged_link(seen, network_works=network_works) for seen in links)
        without_answer = {link.url for link in judged if link.link_class in (LinkClass.UNSURE, LinkClass.BLOCKED)}
        with self.database.session() as session:
            close_documents_not_met(session, self.site.id, self.run_id, self._met, without_answer)

    async def judged(self, asked: Iterable[tuple[str, str]]) -> AsyncIterator[DocumentResult | None]:
        """What is said of each, as it comes; None where it turned out to be no document."""
        from crawler.link_asker import LinkAsker  # loaded where they are used: see check_pages
        from scheduler.judge_documents import judge_documents

        with self.database.session() as session:
            origins = scope_of(session.get_one(Site, self.site.id)).origins
            with_the_same = self.settings.judges_documents_with
            known = versions_judged(session, self.site.id, with_the_same) if self.settings.link_cache_hours else {}
        guard = AddressGuard.for_origins(origins, offline=self.settings.offline)
        asker = LinkAsker(guard, self.settings.pace, self.settings.user_agent, self.settings.door)
        try:
            async for result in judge_documents(asked, asker, self.settings, known):
                yield result
        finally:
            await asker.close()

    def _keep(self, results: Iterable[DocumentResult]) -> None:
        for result in results:
            self._keep_one(result)

    def _keep_one(self, result: DocumentResult) -> None:
        self.urls.add(result.url)
        links = [(link.url, link.text) for link in result.facts.links] if result.facts else []
        with self.database.session() as session:
            if result.status is PageStatus.CARRIED_OVER:
                number, links = carry_over(session, self.site.id, result.url)
            else:
                number = store_document(session, self.site.id, self.run_id, result, self.settings.judges_documents_with)
        self._met.append(number)
        for url, words in links:
            address = without_fragment(without_credentials(resolve(result.url, url) or ""))
            if address and (len(self.refers_to) < MOST_REFERRED_TO or address in self.refers_to):
                self.refers_to[address].setdefault(result.url, words)

    def _to_fetch(self, links: Iterable[LinkSeen]) -> tuple[list[tuple[str, str]], list[DocumentResult]]:
        """The addresses that are to be fetched, with the type that their host named; and the documents that are left out."""
        asked: list[tuple[str, str]] = []
        left: list[DocumentResult] = []
        for seen in links:
            link = judged_link(seen, network_works=True)  # only what answered is asked
            if link.link_class not in (LinkClass.OK, LinkClass.MOVED) or not may_be_document(link.content_type):
                continue
            if seen.own_site and len(asked) < self.settings.limits.max_documents:
                asked.append((link.url, link.content_type))
            elif is_document(link.content_type):
                reason = "document-limit" if seen.own_site else "document-elsewhere"
                left.append(DocumentResult(link.url, link.content_type, PageStatus.SKIPPED, reason))
        return asked, left


def _in_time(asked: list[tuple[str, str]], until: float, late: list[DocumentResult]) -> Iterator[tuple[str, str]]:
    """The documents whose turn comes in time; a host that gives its files drop by drop does not keep a run for days."""
    for url, kind in asked:
        if time.monotonic() < until:
            yield url, kind
        elif is_document(kind):
            late.append(DocumentResult(url, kind, PageStatus.SKIPPED, "time-limit"))
