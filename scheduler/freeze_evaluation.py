"""Keeps the evidence of an evaluation's sample: `python -m scheduler.freeze_evaluation DATABASE REQUEST`.

Every page is opened once more, as a second look does, with hands on it, and kept whole: its archive, what every probe brought
back, what was found, and a picture. From that it can be judged again later, without the site: see scheduler.judge_again.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from checks.accessibility.engines.opinions import engine_versions
from crawler.address_guard import AddressGuard
from crawler.archiving import SEED, ArchivingVisitor
from crawler.browser import find_browser
from crawler.link_asker import LinkAsker
from crawler.page_archive import LEFT_OF_ANSWER, MOST_BYTES, write_archive
from crawler.visit import Visitor, driver, reason_of_status
from crawler.world import VisitFailed
from rules.address import page_identity
from rules.evaluation import SamplePage
from rules.finding import fingerprints
from rules.frozen_page import FrozenPage, result_of_document
from rules.page_type import said_by_site
from rules.site import Scope
from rules.task import PageResult, PageStatus
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_again import settings_as_before
from scheduler.check_pages import probes_for, result_of
from scheduler.check_targets import compared
from scheduler.judge_documents import DocumentJudge, judge_content
from scheduler.run_settings import RunSettings, rule_set_hash
from scheduler.run_site import fault_of
from storage.database import Database
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import load_evaluation
from storage.frozen_pages import forget_frozen, keep_frozen, keep_result, kept_snapshot
from storage.models import Request, Site
from storage.requests import finish_request
from storage.sites import scope_of

LOCALE, TIME_ZONE = "nl-NL", "Europe/Amsterdam"


@dataclass(frozen=True)
class Frozen:
    """What became of the pages of a sample."""

    pages: int
    untested: int  # of those, that could not be opened
    documents: int  # of those, that are documents
    bytes: int  # of all archives


def freeze_evaluation(
    database: Database, evaluation_id: int, by: str, on_page: Callable[[int, int], None] = lambda done, total: None
) -> Frozen:
    """Keep the evidence of every page of a sample, in place of what was kept before of those that open.

    Raises BrowserMissing.
    """
    with database.session() as session:
        row = session.get_one(StoredEvaluation, evaluation_id)
        site = session.get_one(Site, row.site_id)
        sample = load_evaluation(session, row).sample
        settings = replace(settings_as_before(session, site), norm_id=row.norm)
        scope = scope_of(site)
        forget_frozen(session, evaluation_id, {page.number for page in sample})
    freezing = Freezing(database, evaluation_id, by, settings, scope, on_page)
    try:
        size = asyncio.run(freezing.all(sample))
    except BaseExceptionGroup as group:
        raise fault_of(group) from group
    return Frozen(len(sample), freezing.untested, sum(page.is_document for page in sample), size)


@dataclass
class Freezing:
    """The pages of one sample, some at a time; each is stored as it comes."""

    database: Database
    evaluation_id: int
    by: str
    settings: RunSettings
    scope: Scope
    on_page: Callable[[int, int], None]

    def __post_init__(self) -> None:
        self.results: dict[int, PageResult] = {}
        self.bytes = self.total = self.done = self.untested = 0

    async def all(self, sample: Sequence[SamplePage]) -> int:
        """Gives the size of all archives."""
        pages = [page for page in sample if not page.is_document]
        self.total = len(sample)
        try:
            settings = await admitted(self.settings, self.scope.origins)
        except NotAdmitted as refused:
            for page in sample:
                self._keep(self._untested(page, refused.reason))
            return 0
        guard = AddressGuard.for_origins(self.scope.origins, offline=settings.offline)
        browser = find_browser()
        left = list(pages)[::-1]

        async def freeze_what_is_left() -> None:
            probes = probes_for(settings.engines, settings.norm, settings.policies)
            async with ArchivingVisitor(
                playwright,
                browser,
                guard,
                probes,
                settings.user_agent,
                load_timeout_s=settings.load_timeout_s,
                door=settings.door,
            ) as visitor:
                while left:
                    page = left.pop()
                    self._keep(await self._freeze(page, visitor))

        async with driver() as playwright, asyncio.TaskGroup() as tasks:
            for _ in range(min(settings.browsers, len(pages))):
                tasks.create_task(freeze_what_is_left())
        self._compare(pages)
        await self._documents([page for page in sample if page.is_document], settings, guard)
        return self.bytes

    async def _documents(self, documents: Sequence[SamplePage], settings: RunSettings, guard: AddressGuard) -> None:
        """Keep the file of each document, with what is said of it."""
        if not documents:
            return
        asker = LinkAsker(guard, settings.pace, settings.user_agent, settings.door)
        try:
            async with DocumentJudge(settings.norm_id) as judge:
                for page in documents:
                    self._keep(await self._freeze_document(page, asker, judge))
        finally:
            await asker.close()

    async def _freeze_document(self, page: SamplePage, asker: LinkAsker, judge: DocumentJudge) -> FrozenPage:
        most = min(self.settings.limits.max_document_bytes, MOST_BYTES)
        if not self.scope.covers(page.url):
            return self._untested(page, "outside-site")
        answer, body = await asker.read(page.url, most + 1, self.scope.covers)
        if answer.status != 200 or len(body) > most:
            known = "document-too-large" if len(body) > most else answer.error or reason_of_status(answer.status or 500)
            return self._untested(page, known)
        judged = await judge_content(judge, body, page.url)
        moment = datetime.now(UTC)
        made = made_with(self.settings, None, moment)
        kept = body if self.settings.takes_pictures else b""
        result = result_of_document(judged)
        return FrozenPage(page.number, page.url, page.title, moment, made, result, archive=kept, is_document=True)

    async def _freeze(self, page: SamplePage, visitor: ArchivingVisitor) -> FrozenPage:
        if not self.scope.covers(page.url):
            return self._untested(page, "outside-site")
        moment = datetime.now(UTC)
        try:
            snapshot = await visitor.visit(page.url, touch=True)
        except VisitFailed as failure:
            return self._untested(page, failure.reason)
        said = said_by_site(snapshot.response.url, self.settings.page_types) or ""
        answer = snapshot.response
        headers = {name: value for name, value in answer.headers.items() if name.lower() not in LEFT_OF_ANSWER}
        response, months = replace(answer, headers=headers), self.settings.review_months
        snapshot = replace(snapshot, response=response, page_type=said, review_months=months)
        result = result_of(snapshot, self.settings.norm, self.settings.policies)
        archive, picture = b"", None
        if self.settings.takes_pictures:
            found = fingerprints(page_identity(result.url), "loaded", result.findings)
            documents = await visitor.rendered()  # before the picture, for which fields are masked
            picture = await visitor.whole_page({fingerprint: finding.target for fingerprint, finding in found})
            with contextlib.suppress(VisitFailed):  # gone since: what was found stands all the same
                archive = write_archive(await visitor.archive(documents), moment)
        made = made_with(self.settings, visitor, moment)
        return FrozenPage(page.number, page.url, page.title, moment, made, result, snapshot, archive, picture)

    def _untested(self, page: SamplePage, reason: str) -> FrozenPage:
        result = PageResult(page.url, PageStatus.UNTESTED, reason)
        moment = datetime.now(UTC)
        made = made_with(self.settings, None, moment)
        return FrozenPage(page.number, page.url, page.title, moment, made, result, is_document=page.is_document)

    def _keep(self, page: FrozenPage) -> None:
        self.done += 1
        self.untested += page.result.status is PageStatus.UNTESTED
        self.bytes += len(page.archive)
        with self.database.session() as session:
            if keep_frozen(session, self.evaluation_id, page, self.by):
                self.results[page.number] = page.result
            elif snapshot := kept_snapshot(session, self.evaluation_id, page.number):
                # What was kept before stays, and is judged with the others as one sample.
                self.results[page.number] = result_of(snapshot, self.settings.norm, self.settings.policies)
        self.on_page(self.done, self.total)

    def _compare(self, pages: list[SamplePage]) -> None:
        """What the pages of the sample say of one another is known when all of them are there."""
        numbers = [page.number for page in pages if page.number in self.results]
        together = compared([self.results[number] for number in numbers], self.settings.norm)
        made = made_with(self.settings, None, datetime.now(UTC))
        judged_with = {name: made[name] for name in JUDGED_WITH}
        with self.database.session() as session:
            for number, result in zip(numbers, together, strict=True):
                keep_result(session, self.evaluation_id, number, result, judged_with)


JUDGED_WITH = ("vierluik", "rule_set", "norm", "chosen", "policies", "review_months")  # not: with what a page was opened


def made_with(settings: RunSettings, visitor: Visitor | None, moment: datetime) -> dict[str, Any]:
    """All that the judgement of a page depends on beside the page; no secrets are among it."""
    view = visitor.view if visitor else {}
    return {
        "vierluik": version("vierluik"),
        "browser": visitor.name if visitor else "",
        "engines": engine_versions(settings.engines),
        "rule_set": rule_set_hash(),
        "norm": settings.norm_id,
        "chosen": list(settings.engines),
        "policies": [policy.as_stored() for policy in settings.policies],
        "page_types": [asdict(one) for one in settings.page_types],
        "review_months": settings.review_months,
        "load_timeout_s": settings.load_timeout_s,
        "user_agent": visitor.sent_as if visitor else "",
        "view": {**view, "locale": LOCALE, "time_zone": TIME_ZONE, "service_workers": "block", "seed": SEED},
        "clock": moment.isoformat(),
    }


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        with database.session() as session:
            request = session.get_one(Request, request_id)
            evaluation_id, by = int(request.arguments["evaluation"]), request.requested_by
        state, answer = "done", asdict(freeze_evaluation(database, evaluation_id, by))
    except Exception as error:  # whoever pressed the button must get an answer
        state, answer = "failed", {"error": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
