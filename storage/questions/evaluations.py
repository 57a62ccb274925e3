"""What the machine found on the pages of a sample, per success criterion: laid beside what a person has to judge."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.evaluation import Evaluation
from rules.outcome import Outcome
from rules.policy import rule_named
from storage.blobs import get_texts
from storage.models import Document, DocumentFinding, Finding
from storage.questions.intervals import standing

MOST_SHOWN = 5  # findings of one rule


@dataclass
class MachineFinding:
    """What one rule says on one page, with the first elements."""

    rule: str
    outcome: Outcome
    count: int = 0
    findings: list[Finding | DocumentFinding] = field(default_factory=list)
    snippets: dict[int, str] = field(default_factory=dict)  # the HTML of each, by its id


def machine_grid(session: Session, evaluation: Evaluation, run_id: int) -> dict[tuple[str, int], tuple[int, int]]:
    """For each criterion and page of the sample where a rule found something: how much failed, and how much only asks."""
    by_page = {page.page_id: page.number for page in evaluation.sample if page.page_id}
    by_url = {page.url: page.number for page in evaluation.sample if page.is_document}
    counted: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    found = standing(Finding, run_id, Finding.page_id.in_(by_page), columns=(Finding.page_id, Finding.rule, Finding.outcome))
    query = select(found.c.page_id, found.c.rule, found.c.outcome, func.count())
    rows = [
        (by_page[page_id], rule, outcome, count)
        for page_id, rule, outcome, count in session.execute(query.group_by(found.c.page_id, found.c.rule, found.c.outcome))
    ]
    in_documents = (
        select(Document.url, DocumentFinding.rule, DocumentFinding.outcome, func.count())
        .join(Document, Document.id == DocumentFinding.document_id)
        .where(Document.url.in_(by_url), DocumentFinding.closed_run_id.is_(None))
        .group_by(Document.url, DocumentFinding.rule, DocumentFinding.outcome)
    )
    rows += [(by_url[url], rule, outcome, count) for url, rule, outcome, count in session.execute(in_documents)]
    for number, name, outcome, count in rows:
        rule = rule_named(name)
        for criterion in rule.criteria if rule else ():
            counted[criterion, number][outcome != Outcome.FAILED] += count
    return {cell: (failed, asked) for cell, (failed, asked) in counted.items()}


def machine_findings(session: Session, evaluation: Evaluation, run_id: int, criterion: str, number: int) -> list[MachineFinding]:
    """What rules say of one criterion on one page of the sample, failures first; of each rule the first few."""
    page = evaluation.page(number)
    if page is None:
        return []
    if page.is_document:
        query = (
            select(DocumentFinding)
            .join(Document, Document.id == DocumentFinding.document_id)
            .where(Document.url == page.url, DocumentFinding.closed_run_id.is_(None))
            .order_by(DocumentFinding.id)
        )
        rows: list[Finding | DocumentFinding] = list(session.scalars(query))
    else:
        ids = standing(Finding, run_id, Finding.page_id == page.page_id, columns=(Finding.id,))
        rows = list(session.scalars(select(Finding).join(ids, ids.c.id == Finding.id).order_by(Finding.id)))
    groups: dict[tuple[str, str], MachineFinding] = {}
    for row in rows:
        rule = rule_named(row.rule)
        if rule is None or criterion not in rule.criteria:
            continue
        group = groups.setdefault((row.rule, row.outcome), MachineFinding(row.rule, Outcome(row.outcome)))
        group.count += 1
        if len(group.findings) < MOST_SHOWN:
            group.findings.append(row)
    for group in groups.values():
        blobs = {row.id: row.snippet_blob for row in group.findings if isinstance(row, Finding) and row.snippet_blob}
        texts = get_texts(session, blobs.values())
        group.snippets = {number: texts.get(digest, "") for number, digest in blobs.items()}
    return sorted(groups.values(), key=lambda group: (group.outcome is not Outcome.FAILED, group.rule))
