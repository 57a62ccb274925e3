"""Judges single addresses and local files, without storing anything: the work behind `vierluik check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from checks.accessibility.sample.facts import SamplePage, sample_page
from checks.documents.kind import kind_of
from checks.sample import Sample
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.link_asker import LinkAsker
from crawler.visit import Visitor, driver, reason_of_status
from rules.address import origin_of
from rules.confirm import Confirmation, confirmed
from rules.document import DocumentResult
from rules.norm import Norm
from rules.observation import may_be_document
from rules.outcome import Outcome
from rules.task import PageResult, PageStatus
from scheduler.check_pages import check_pages, second_visitor_for, visitor_for
from scheduler.judge_documents import DocumentJudge, judge_documents
from scheduler.run_settings import RunSettings

HTML = ("text/html", "application/xhtml+xml", "")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
DOCUMENT_SUFFIXES = (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".doc", ".xls", ".ppt", ".rtf")


@dataclass
class Judged:
    """What became of the targets."""

    pages: list[PageResult] = field(default_factory=list)
    documents: list[DocumentResult] = field(default_factory=list)
    browser: str = ""


async def check_targets(
    targets: Sequence[str], settings: RunSettings, on_result: Callable[[PageResult], None] = lambda result: None
) -> Judged:
    """Judge addresses and files, in their order. Each that cannot be judged is untested, with its reason."""
    judged = Judged()
    browser = find_browser()
    origins = tuple({origin_of(target) for target in targets if target.startswith(("http://", "https://"))})
    guard = AddressGuard.for_origins(origins, offline=settings.offline)
    async with driver() as playwright:
        asker = LinkAsker(guard, settings.pace, settings.user_agent, settings.door)
        again: list[Visitor] = []

        async def second_visitor() -> Visitor:
            """A browser for second looks, started when the first failure needs it."""
            if not again:
                again.append(await visitors.enter_async_context(second_visitor_for(playwright, browser, guard, settings)))
            return again[0]

        try:
            async with AsyncExitStack() as visitors, visitor_for(playwright, browser, guard, settings) as visitor:
                judged.browser = visitor.name
                for target in targets:
                    if document := await _document(target, asker, settings):
                        judged.documents.append(document)
                        continue
                    result = await _judge(target, visitor, asker, settings)
                    if settings.confirms and any(finding.outcome is Outcome.FAILED for finding in result.findings):
                        result = await _looked_at_again(result, await second_visitor(), settings)
                    judged.pages.append(result)
                    on_result(result)
                judged.pages = compared(judged.pages, settings.norm)
        finally:
            await asker.close()
    return judged


async def _judge(target: str, visitor: Visitor, asker: LinkAsker, settings: RunSettings) -> PageResult:
    if target.startswith("file:"):
        reason = _reason_against_file(path_of_file(target), settings)
    else:
        reason = await _reason_against_address(target, asker, settings)
    if reason:
        return PageResult(target, PageStatus.UNTESTED, reason)
    return await anext(check_pages(settings.request(target, touch=True), visitor))


async def _looked_at_again(first: PageResult, visitor: Visitor, settings: RunSettings) -> PageResult:
    """The result with the verdict of a second look on each failure; as it was where the page cannot be opened again."""
    second = await anext(check_pages(settings.request(first.url), visitor))
    if second.status is not PageStatus.TESTED:
        return first
    ran = {rule for rule, outcome in second.outcomes.items() if outcome is not Outcome.UNTESTED}
    findings = confirmed(first.url, first.findings, second.findings, ran)
    unstable = {finding.rule for finding in findings if finding.confirmation == Confirmation.UNSTABLE}
    failed = {finding.rule for finding in findings if finding.outcome is Outcome.FAILED}
    asks = dict.fromkeys(unstable - failed, Outcome.CANNOT_TELL)
    return replace(first, findings=findings, outcomes={**first.outcomes, **asks})


def compared(results: list[PageResult], norm: Norm) -> list[PageResult]:
    """The results with what the pages of one host say of one another; one page alone is not compared.

    A failure of that kind was seen on several pages at once: it gets no second look here.
    """
    pages = [sample_page(one.final_url or one.url, one.sample, one.links) if one.sample else None for one in results]
    of_host: dict[str, list[SamplePage]] = defaultdict(list)
    for page in pages:
        if page:
            of_host[origin_of(page.address)].append(page)
    samples = {host: Sample.of(known, norm) for host, known in of_host.items()}
    return [
        samples[origin_of(page.address)].judged(result, page) if page else result
        for result, page in zip(results, pages, strict=True)
    ]


def path_of_file(target: str) -> Path:
    return Path(unquote(urlsplit(target).path))


def _reason_against_file(path: Path, settings: RunSettings) -> str:
    if path.suffix.lower() not in (*HTML_SUFFIXES, ""):
        return "not-html"
    return "too-large" if path.stat().st_size > settings.limits.max_page_bytes else ""


async def _reason_against_address(target: str, asker: LinkAsker, settings: RunSettings) -> str:
    """Why an address cannot be judged, asked before a browser is troubled; empty: it can."""
    answer, body = await asker.read(target, settings.limits.max_page_bytes + 1)
    if answer.error:
        return answer.error
    if answer.status is not None and answer.status >= 400:
        return reason_of_status(answer.status)
    if answer.status != 200:
        return "not-html"
    if len(body) > settings.limits.max_page_bytes:
        return "too-large"
    return "" if answer.content_type in HTML else "not-html"


async def _document(target: str, asker: LinkAsker, settings: RunSettings) -> DocumentResult | None:
    """What is said of a PDF or office file; None for a page. A file is known by its content, an address by its type."""
    if target.startswith("file:"):
        file = path_of_file(target)
        if kind_of(file) is None and file.suffix.lower() not in DOCUMENT_SUFFIXES:
            return None
        if file.stat().st_size > settings.limits.max_document_bytes:
            return DocumentResult(target, kind_of(file) or "", PageStatus.UNTESTED, "document-too-large")
        async with DocumentJudge(settings.norm_id) as judge:
            return await judge.judge(file, target)
    answer = await asker.ask(target)
    if answer.status != 200 or not may_be_document(answer.content_type):
        return None
    return await anext(judge_documents([(target, answer.content_type)], asker, settings))
