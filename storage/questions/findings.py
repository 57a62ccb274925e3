"""What is wrong on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.blobs import get_texts
from storage.models import Finding
from storage.questions.intervals import standing


@dataclass(frozen=True)
class RuleOnPage:
    """How often a page has one outcome of a rule, with the first findings of it."""

    rule: str
    outcome: str
    count: int
    findings: list[Finding]


def findings_of_page(session: Session, page_id: int, run_id: int, per_rule: int) -> list[RuleOnPage]:
    """The page's findings at the end of a run, by rule and outcome; of each at most `per_rule`, in stored order."""
    ids = standing(Finding, run_id, Finding.page_id == page_id, columns=(Finding.id, Finding.rule, Finding.outcome))
    group = (ids.c.rule, ids.c.outcome)
    numbered = select(
        ids.c.id,
        func.row_number().over(partition_by=group, order_by=ids.c.id).label("place"),
        func.count().over(partition_by=group).label("count"),
    ).subquery()
    query = select(Finding, numbered.c.count).join(numbered, numbered.c.id == Finding.id)
    groups: dict[tuple[str, str], RuleOnPage] = {}
    for finding, count in session.execute(query.where(numbered.c.place <= per_rule).order_by(Finding.id)):
        key = (finding.rule, finding.outcome)
        groups.setdefault(key, RuleOnPage(*key, count, [])).findings.append(finding)
    return list(groups.values())


def findings_of_rule_on_page(
    session: Session, page_id: int, rule: str, run_id: int, limit: int, offset: int
) -> tuple[list[Finding], int]:
    """Part of one rule's findings on a page, and the number of all of them."""
    ids = standing(Finding, run_id, Finding.page_id == page_id, Finding.rule == rule, columns=(Finding.id, Finding.outcome))
    total = session.scalar(select(func.count()).select_from(ids)) or 0
    query = select(Finding).join(ids, ids.c.id == Finding.id).order_by(Finding.outcome.desc(), Finding.id)
    return list(session.scalars(query.limit(limit).offset(offset))), total


def snippets(session: Session, findings: Sequence[Finding]) -> dict[int, str]:
    """The HTML of each finding's element, by the finding's id."""
    content = get_texts(session, (finding.snippet_blob for finding in findings))
    return {
        finding.id: content[finding.snippet_blob]
        for finding in findings
        if finding.snippet_blob and finding.snippet_blob in content
    }
