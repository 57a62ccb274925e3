"""Keeps PDF and office files: how each was judged, and what was found in it, as intervals between runs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from rules.document import DocumentResult, Version
from rules.finding import Finding as JudgedFinding
from rules.finding import Target, fingerprints
from rules.outcome import Impact, Outcome
from rules.rule import catalogue
from rules.task import PageStatus
from storage.blobs import short_hash
from storage.models import Document, DocumentFinding, DocumentState, Link, LinkSource, RunRule, table_of
from storage.results import storable

MOST_LINKS = 200  # of one document that are kept


def store_document(session: Session, site_id: int, run_id: int, result: DocumentResult, judged_with: str = "") -> int:
    """Store the result of one document; gives its number. Findings are closed only for rules that ran to their end on it.

    `judged_with`: what its judgement depends on beside the file itself.
    """
    document_id = _document_id(session, site_id, run_id, result.url)
    values = {
        "kind": result.kind[:100],
        "status": result.status.value,
        "reason": result.reason,
        "facts": _facts(result),
        "outcomes": {rule: outcome.value for rule, outcome in result.outcomes.items()},
        "notes": list(result.notes),
    }
    state = session.scalar(
        select(DocumentState).where(DocumentState.document_id == document_id, DocumentState.closed_run_id.is_(None))
    )
    if state is None or any(getattr(state, name) != value for name, value in values.items()):
        if state is not None and state.first_run_id == run_id:
            for name, value in values.items():
                setattr(state, name, value)
        else:
            if state is not None:
                state.closed_run_id = run_id
                session.flush()
            state = DocumentState(document_id=document_id, first_run_id=run_id, **values)
            session.add(state)
    state.etag, state.last_modified = storable(result.version.etag), storable(result.version.last_modified)
    state.judged_with = "" if result.partly else judged_with
    session.flush()
    if result.status is PageStatus.TESTED:
        _store_findings(session, run_id, document_id, result)
    return document_id


def versions_judged(session: Session, site_id: int, judged_with: str) -> dict[str, Version]:
    """The documents that were judged whole, with the same rules, and whose host said by what it knows their version."""
    query = (
        select(Document.url, DocumentState)
        .join(DocumentState, DocumentState.document_id == Document.id)
        .where(
            Document.site_id == site_id,
            DocumentState.closed_run_id.is_(None),
            DocumentState.status == PageStatus.TESTED,
            DocumentState.judged_with == judged_with,
            or_(DocumentState.etag != "", DocumentState.last_modified != ""),
        )
    )
    return {
        url: Version(state.etag, state.last_modified)
        for url, state in session.execute(query)
        if len(state.facts.get("links", ())) < MOST_LINKS  # all of them are kept, to be asked again
    }


def carry_over(session: Session, site_id: int, url: str) -> tuple[int, list[tuple[str, str]]]:
    """A document that has not changed: its number, and where it leads to, with the words of the links that were not fine."""
    query = select(DocumentState).join(Document, Document.id == DocumentState.document_id)
    where = (Document.site_id == site_id, Document.url_hash == _hash_of(url), DocumentState.closed_run_id.is_(None))
    state = session.scalars(query.where(*where)).one()
    words = select(Link.url, LinkSource.text).join(LinkSource).where(Link.site_id == site_id, LinkSource.via == url)
    known = dict(session.execute(words).all())
    return state.document_id, [(address, known.get(address, "")) for address in state.facts.get("links", ())]


def _hash_of(url: str) -> str:
    return short_hash(url.encode("utf-8", "surrogatepass"))


def _document_id(session: Session, site_id: int, run_id: int, url: str) -> int:
    digest = _hash_of(url)
    known = session.scalar(select(Document.id).where(Document.site_id == site_id, Document.url_hash == digest))
    if known is not None:
        return known
    document = Document(site_id=site_id, url=url, url_hash=digest, first_run_id=run_id)
    session.add(document)
    session.flush()
    return document.id


def _facts(result: DocumentResult) -> dict[str, Any]:
    facts = result.facts
    if facts is None:
        return {}
    return {
        "pages": facts.pages,
        "words": facts.words,
        "text": facts.text.value,
        "title": storable(facts.title),
        "language": storable(facts.language),
        "tagged": facts.tagged,
        "form": facts.form,
        "producer": storable(facts.producer),
        "created": facts.created,
        "changed": facts.changed,
        "maybe_exempt": facts.maybe_exempt,
        "as_page": facts.as_page,
        "links": [storable(link.url) for link in facts.links[:MOST_LINKS]],
    }


def _store_findings(session: Session, run_id: int, document_id: int, result: DocumentResult) -> None:
    """What is new gets a row, what is gone is closed, what stays is kept; its numbers are those of today."""
    seen: dict[str, JudgedFinding] = dict(fingerprints(result.url, "loaded", result.findings))
    ran = {rule for rule, outcome in result.outcomes.items() if outcome is not Outcome.UNTESTED} - result.partly
    were_open = session.scalars(
        select(DocumentFinding).where(DocumentFinding.document_id == document_id, DocumentFinding.closed_run_id.is_(None))
    ).all()
    for row in were_open:
        finding = seen.get(row.fingerprint)
        if finding and (finding.outcome, finding.impact, finding.message) == (row.outcome, row.impact, row.message):
            for name, value in _values(seen.pop(row.fingerprint)).items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
        elif finding or row.rule in ran:
            if row.first_run_id == run_id:
                session.delete(row)
            else:
                row.closed_run_id = run_id
    session.flush()
    fresh = [
        {"document_id": document_id, "fingerprint": fingerprint, "first_run_id": run_id, **_values(finding)}
        for fingerprint, finding in seen.items()
    ]
    if fresh:
        session.execute(insert(table_of(DocumentFinding)), fresh)


def _values(finding: JudgedFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "rule_version": finding.rule_version,
        "outcome": finding.outcome.value,
        "impact": finding.impact.value,
        "engines": list(finding.engines),
        "selector": storable(finding.target.selector),
        "path": storable(finding.target.path),
        "snippet": storable(finding.target.html),
        "message": finding.message,
        "arguments": json.loads(storable(json.dumps(finding.arguments, ensure_ascii=False))),
    }


def finding_of(row: DocumentFinding) -> JudgedFinding:
    """A stored finding as it was judged."""
    return JudgedFinding(
        rule=row.rule,
        rule_version=row.rule_version,
        outcome=Outcome(row.outcome),
        impact=Impact(row.impact),
        engines=tuple(row.engines),
        target=Target((), row.selector, row.snippet, row.path),
        message=row.message,
        arguments=row.arguments,
    )


def roll_up_documents(session: Session, site_id: int, run_id: int) -> None:
    """Write how often each rule was broken in the documents that a run judged, as it is written for pages.

    A document counts as a page does; what was found in one that could not be judged this time is not counted.
    """
    of_site = select(Document.id).where(Document.site_id == site_id)
    states = select(DocumentState.document_id, DocumentState.outcomes).where(
        DocumentState.document_id.in_(of_site), DocumentState.closed_run_id.is_(None), DocumentState.status == PageStatus.TESTED
    )
    rows: dict[str, RunRule] = {}

    def row_of(rule: str) -> RunRule:
        version = catalogue()[rule].version if rule in catalogue() else 1
        zero = dict.fromkeys(("failed", "cannot_tell", "failed_pages", "pages", "new", "closed"), 0)
        return rows.setdefault(rule, RunRule(run_id=run_id, rule=rule, rule_version=version, **zero))

    judged = set()
    for document_id, outcomes in session.execute(states):
        judged.add(document_id)
        for rule, outcome in outcomes.items():
            row_of(rule).pages += outcome != Outcome.UNTESTED
    failing: dict[str, set[int]] = defaultdict(set)
    found = select(DocumentFinding).where(DocumentFinding.document_id.in_(of_site))
    for finding in session.scalars(found.where(DocumentFinding.closed_run_id.is_(None))):
        if finding.document_id not in judged:
            continue
        row = row_of(finding.rule)
        row.new += finding.first_run_id == run_id
        if finding.outcome == Outcome.FAILED:
            row.failed += 1
            failing[finding.rule].add(finding.document_id)
        else:
            row.cannot_tell += 1
    for rule, documents in failing.items():
        rows[rule].failed_pages = len(documents)
    for finding in session.scalars(found.where(DocumentFinding.closed_run_id == run_id)):
        row_of(finding.rule).closed += 1
    session.add_all(rows.values())
    session.flush()


def close_documents_not_met(
    session: Session, site_id: int, run_id: int, met: Iterable[int], unsure: Collection[str] = frozenset()
) -> None:
    """End what is known of documents that no page refers to any more. Only after a walk that was not cut short.

    `unsure`: addresses that pages still refer to, and that gave no answer this time: a host in trouble mends nothing.
    """
    known = session.execute(select(Document.id, Document.url).where(Document.site_id == site_id))
    gone: Sequence[int] = sorted({number for number, url in known if url not in unsure} - set(met))
    for start in range(0, len(gone), 500):
        some = gone[start : start + 500]
        rows: list[DocumentState | DocumentFinding] = []
        rows += session.scalars(
            select(DocumentState).where(DocumentState.document_id.in_(some), DocumentState.closed_run_id.is_(None))
        )
        rows += session.scalars(
            select(DocumentFinding).where(DocumentFinding.document_id.in_(some), DocumentFinding.closed_run_id.is_(None))
        )
        for row in rows:
            if row.first_run_id == run_id:
                session.delete(row)
            else:
                row.closed_run_id = run_id
    session.flush()
