"""What is wrong on one page, or on the pages of a site one after the other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from rules.decision import HIDES
from storage.blobs import get_texts
from storage.decisions import holds
from storage.models import Decision, Finding, Page
from storage.questions.intervals import judged_pages, standing


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


@dataclass(frozen=True)
class FindingFilter:
    """Which findings of a site are asked for; what is empty asks nothing."""

    rules: Collection[str] | None = None  # None: any
    outcome: str = ""  # a rules.outcome.Outcome
    owner: str = ""
    page_id: int = 0
    cluster_id: int = 0
    confirmation: str = ""
    decided: bool | None = None  # whether a decision that holds hides it


def findings_after(
    session: Session, site_id: int, run_id: int, wanted: FindingFilter, now: datetime, limit: int, after: int
) -> list[tuple[Finding, Page, bool]]:
    """Findings at the end of a run on the pages that it judged, in the order of their numbers, those after one.

    Each with its page, and whether a decision that holds hides it.
    """
    conditions = [Finding.site_id == site_id, Finding.id > after, Finding.page_id.in_(judged_pages(site_id, run_id))]
    conditions += [Finding.rule.in_(wanted.rules)] if wanted.rules is not None else []
    conditions += [Finding.outcome == wanted.outcome] if wanted.outcome else []
    conditions += [Finding.page_id == wanted.page_id] if wanted.page_id else []
    conditions += [Finding.cluster_id == wanted.cluster_id] if wanted.cluster_id else []
    conditions += [Finding.confirmation == wanted.confirmation] if wanted.confirmation else []
    ids = standing(Finding, run_id, *conditions, columns=(Finding.id,))
    hides = (holds(now), Decision.kind.in_([kind.value for kind in HIDES]))
    of_finding = (Decision.page_id == Finding.page_id, Decision.fingerprint == Finding.fingerprint)
    decided = or_(
        select(Decision.id).where(*of_finding, *hides).exists(),
        select(Decision.id).where(Decision.cluster_id == Finding.cluster_id, *hides).exists(),
    )
    query = (
        select(Finding, Page, decided.label("decided"))
        .join(ids, ids.c.id == Finding.id)
        .join(Page, Page.id == Finding.page_id)
        .order_by(Finding.id)
        .limit(limit)
    )
    if wanted.owner:
        query = query.where(func.lower(Page.owner) == func.lower(wanted.owner))
    if wanted.decided is not None:
        query = query.where(decided if wanted.decided else ~decided)
    return [(finding, page, bool(is_decided)) for finding, page, is_decided in session.execute(query)]
