"""Which documents a site has, what is wrong with each, and which pages refer to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from rules.outcome import Outcome
from storage.models import Document, DocumentFinding, DocumentState, Link, LinkSource, Page
from storage.remembered import remembered, run_ended


@dataclass
class DocumentRow:
    """A document with its state after a run, what was found in it, and the first pages that refer to it."""

    document: Document
    state: DocumentState
    findings: list[DocumentFinding] = field(default_factory=list)
    sources: list[tuple[int, str, str]] = field(default_factory=list)  # number and address of a page, words of the link
    source_count: int = 0

    @property
    def failed(self) -> int:
        return sum(finding.outcome == Outcome.FAILED for finding in self.findings)


def documents_of_run(session: Session, site_id: int, run_id: int, rule: str = "") -> list[DocumentRow]:
    """All documents of a site after a run, those with most failures first; with a rule, those in which it found something."""
    return [DocumentRow(one.document, one.state, one.findings) for one in _documents_of_run(session, site_id, run_id, rule)]


@remembered(run_ended)
def _documents_of_run(session: Session, site_id: int, run_id: int, rule: str) -> list[DocumentRow]:
    query = (
        select(Document, DocumentState)
        .join(DocumentState, DocumentState.document_id == Document.id)
        .where(Document.site_id == site_id, *_during(DocumentState, run_id))
    )
    rows = {document.id: DocumentRow(document, state) for document, state in session.execute(query)}
    found = select(DocumentFinding).where(
        DocumentFinding.document_id.in_(select(Document.id).where(Document.site_id == site_id)), *_during(DocumentFinding, run_id)
    )
    for finding in session.scalars(found.where(DocumentFinding.rule == rule) if rule else found):
        if finding.document_id in rows:
            rows[finding.document_id].findings.append(finding)
    for row in rows.values():
        row.findings.sort(key=lambda one: (one.outcome != Outcome.FAILED, one.rule, one.id))
    kept = [row for row in rows.values() if row.findings or not rule]
    return sorted(kept, key=lambda row: (-row.failed, -len(row.findings), row.document.url))


def add_sources(session: Session, site_id: int, rows: Sequence[DocumentRow], most: int) -> None:
    """Put in which pages refer to each document."""
    by_url = {row.document.url: row for row in rows}
    query = (
        select(Link.url, Page.id, Page.identity, LinkSource.text)
        .join(LinkSource, LinkSource.link_id == Link.id)
        .join(Page, Page.id == LinkSource.page_id)
        .where(Link.site_id == site_id, Link.url.in_(select(Document.url).where(Document.site_id == site_id)))
        .order_by(Page.identity, LinkSource.id)
    )
    pages: dict[str, set[int]] = defaultdict(set)
    for url, page_id, identity, text in session.execute(query):
        if url not in by_url or page_id in pages[url]:
            continue
        pages[url].add(page_id)
        by_url[url].source_count += 1
        if len(by_url[url].sources) < most:
            by_url[url].sources.append((page_id, identity, text))


def count_documents(session: Session, site_id: int, run_id: int) -> int:
    query = (
        select(func.count())
        .select_from(DocumentState)
        .join(Document)
        .where(Document.site_id == site_id, *_during(DocumentState, run_id))
    )
    return session.scalar(query) or 0


def _during(table: type[DocumentState] | type[DocumentFinding], run_id: int):  # type: ignore[no-untyped-def]
    return table.first_run_id <= run_id, or_(table.closed_run_id.is_(None), table.closed_run_id > run_id)
