"""A page of a sample as it was when its evidence was kept: what it loaded, what probes brought back, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from rules.address import page_identity
from rules.document import DocumentResult
from rules.finding import Finding, fingerprints
from rules.observation import PageSnapshot
from rules.page_picture import PagePicture
from rules.task import PageResult

SNAPSHOT = TypeAdapter(PageSnapshot)  # to JSON and back
RESULT = TypeAdapter(PageResult)


@dataclass(frozen=True)
class FrozenPage:
    """One page of the sample of an evaluation."""

    number: int  # of the page in the sample
    url: str
    title: str
    frozen_at: datetime  # when it was opened
    made_with: dict[str, Any]  # versions, view and settings: see scheduler.freeze_evaluation.made_with
    result: PageResult  # as judged then, compared with the other pages of the sample
    snapshot: PageSnapshot | None = None  # with the raw results of every engine; None: the page could not be opened
    archive: bytes = b""  # WARC, see crawler.page_archive; of a document its file; empty: it was not kept
    picture: PagePicture | None = None
    is_document: bool = False


@dataclass(frozen=True)
class JudgedAgain:
    """What a second judgement of kept pages says beside the first."""

    pages: int = 0  # that were judged again from what their probes had brought back
    repeated: int = 0  # that were also opened again from their archive
    documents: int = 0  # that were judged again from their file
    findings: int = 0  # of the first judgement, of the pages and documents that were judged again
    differences: tuple[str, ...] = ()  # sentences
    not_repeated: tuple[str, ...] = ()  # sentences: what nobody could look at again, and why
    notes: tuple[str, ...] = field(default=())  # sentences: another version, answers that the archive does not hold


def by_identity(result: PageResult) -> dict[tuple[str, str], Finding]:
    """The findings of a page by what they are known by again, and their outcome."""
    return {
        (fingerprint, finding.outcome.value): finding
        for fingerprint, finding in fingerprints(page_identity(result.url), "loaded", result.findings)
    }


def compared(page: str, how: str, before: PageResult, after: PageResult, untested: Iterable[str] = ()) -> list[str]:
    """What is gone and what is new, a sentence each. `untested`: rules that the second judgement says nothing of."""
    first, second, left = by_identity(before), by_identity(after), set(untested)
    gone = [finding for key, finding in first.items() if key not in second and finding.rule not in left]
    new = [finding for key, finding in second.items() if key not in first]
    return [
        *(f"{page}: {how}, gone: {_named(finding)}" for finding in gone),
        *(f"{page}: {how}, new: {_named(finding)}" for finding in new),
    ]


def result_of_document(judged: DocumentResult) -> PageResult:
    """What was said of a document, as of a page without any of what only pages have."""
    return PageResult(
        url=judged.url,
        status=judged.status,
        reason=judged.reason,
        final_url=judged.url,
        findings=judged.findings,
        outcomes=judged.outcomes,
        partly=judged.partly,
        notes=judged.notes,
    )


def _named(finding: Finding) -> str:
    place = " > ".join((*finding.target.frames, finding.target.selector))
    return f"{finding.rule} ({finding.outcome.value}) at {place[:200]}"
