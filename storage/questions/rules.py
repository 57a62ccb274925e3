"""How often each rule was broken, where, and what has gone since the run before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from rules.outcome import Outcome
from rules.run import RunState
from storage.models import Finding, Page, PageState, Run, RunRule
from storage.questions.intervals import judged_pages, standing
from storage.questions.runs import WHOLE
from storage.remembered import remembered, run_ended


@dataclass(frozen=True)
class RuleChange:
    """Findings of one rule that came or went with a run."""

    rule: str
    findings: int
    pages: int


@dataclass(frozen=True)
class PageWithRule:
    """How often one page breaks a rule."""

    page_id: int
    address: str
    title: str
    language: str
    failed: int
    cannot_tell: int


@dataclass(frozen=True)
class RulePages:
    """Part of the pages that break a rule, and the number of all of them."""

    rows: list[PageWithRule]
    total: int


def tallies(session: Session, run_id: int) -> dict[str, RunRule]:
    """The roll-up of each rule after a run, by the rule's id."""
    return {row.rule: row for row in session.scalars(select(RunRule).where(RunRule.run_id == run_id))}


def fixed(session: Session, site_id: int, run_id: int) -> list[RuleChange]:
    """Failures that this run saw gone, the most pages first."""
    return _changes(session, site_id, Finding.closed_run_id == run_id)


@remembered(run_ended)
def fixed_since(session: Session, site_id: int, since: int, run_id: int, pages: Select[int] | None = None) -> list[RuleChange]:
    """Failures that stood after one run and were gone after a later one, the most pages first; only on some pages, or on all."""
    on_pages = [Finding.page_id.in_(pages)] if pages is not None else []
    return _changes(session, site_id, and_(gone_since(since, run_id), *on_pages))


def gone_since(since: int, run_id: int) -> ColumnElement[bool]:
    """Of findings: it stood after one run, and was gone after a later one."""
    again = aliased(Finding)
    stands_again = exists().where(
        again.page_id == Finding.page_id,
        again.fingerprint == Finding.fingerprint,
        again.first_run_id > since,
        again.first_run_id <= run_id,
        or_(again.closed_run_id.is_(None), again.closed_run_id > run_id),
    )
    return and_(Finding.first_run_id <= since, Finding.closed_run_id > since, Finding.closed_run_id <= run_id, ~stands_again)


def appeared(session: Session, site_id: int, run_id: int) -> list[RuleChange]:
    """Failures that this run saw first, the most pages first."""
    return _changes(session, site_id, Finding.first_run_id == run_id)


def _changes(session: Session, site_id: int, when: ColumnElement[bool]) -> list[RuleChange]:
    pages = func.count(func.distinct(Finding.page_id)).label("pages")
    query = (
        select(Finding.rule, func.count(), pages)
        .where(when, Finding.site_id == site_id, Finding.outcome == Outcome.FAILED)
        .group_by(Finding.rule)
        .order_by(pages.desc(), Finding.rule)
    )
    return [RuleChange(rule, count, on_pages) for rule, count, on_pages in session.execute(query)]


def failures_new_and_gone(session: Session, site_id: int, run_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For some runs: how many failures each saw first, and how many it saw gone."""
    failures = (Finding.site_id == site_id, Finding.outcome == Outcome.FAILED)
    counts = []
    for moment in (Finding.first_run_id, Finding.closed_run_id):
        query = select(moment, func.count()).where(*failures, moment.in_(run_ids)).group_by(moment)
        counts.append({run_id: count for run_id, count in session.execute(query) if run_id})
    new, gone = counts
    return {run_id: (new.get(run_id, 0), gone.get(run_id, 0)) for run_id in run_ids}


def rule_history(session: Session, site_id: int, rule: str, limit: int = 24) -> list[tuple[Run, RunRule | None]]:
    """The newest finished runs, oldest first, each with the rule's roll-up; None where the rule was not in that run."""
    runs = (
        select(Run, RunRule)
        .outerjoin(RunRule, (RunRule.run_id == Run.id) & (RunRule.rule == rule))
        .where(Run.site_id == site_id, Run.state == RunState.FINISHED, WHOLE)
        .order_by(Run.id.desc())
        .limit(limit)
    )
    return [(run, row) for run, row in reversed(session.execute(runs).all())]


@remembered(run_ended)
def pages_with_rule(session: Session, site_id: int, rule: str, run_id: int, limit: int, offset: int) -> RulePages:
    """The judged pages that had a finding of the rule at the end of a run, the most failures first."""
    open_findings = standing(
        Finding,
        run_id,
        Finding.site_id == site_id,
        Finding.rule == rule,
        Finding.page_id.in_(judged_pages(site_id, run_id)),
        columns=(Finding.page_id, Finding.outcome),
    )
    failed = func.sum(case((open_findings.c.outcome == Outcome.FAILED, 1), else_=0))
    counts = select(open_findings.c.page_id, failed.label("failed"), func.count().label("all")).group_by(open_findings.c.page_id)
    total = session.scalar(select(func.count()).select_from(counts.subquery())) or 0
    part = counts.order_by(failed.desc(), func.count().desc(), open_findings.c.page_id).limit(limit).offset(offset)
    rows = session.execute(part).all()
    pages = page_heads(session, [row.page_id for row in rows], run_id)
    return RulePages(
        [PageWithRule(row.page_id, *pages[row.page_id], failed=row.failed, cannot_tell=row.all - row.failed) for row in rows],
        total,
    )


@remembered(run_ended)
def count_pages_with_any(session: Session, site_id: int, rules: Sequence[str], run_id: int) -> int:
    """On how many of the judged pages at least one of these rules failed, or asks a person to look."""
    open_findings = standing(
        Finding, run_id, Finding.rule.in_(rules), Finding.page_id.in_(judged_pages(site_id, run_id)), columns=(Finding.page_id,)
    )
    return session.scalar(select(func.count(open_findings.c.page_id.distinct()))) or 0


def pages_with_any(session: Session, page_ids: Sequence[int], rules: Sequence[str]) -> set[int]:
    """Those of some pages on which one of these rules fails today, or asks a person to look."""
    query = select(Finding.page_id).where(
        Finding.page_id.in_(page_ids),
        Finding.rule.in_(rules),
        Finding.closed_run_id.is_(None),
        Finding.outcome.in_((Outcome.FAILED, Outcome.CANNOT_TELL)),
    )
    return set(session.scalars(query))


def page_heads(session: Session, page_ids: Sequence[int], run_id: int) -> dict[int, tuple[str, str, str]]:
    """Address, title and language of some pages, as they were at the end of a run."""
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(page_ids),
        columns=(PageState.page_id, PageState.title, PageState.language),
    )
    query = (
        select(Page.id, Page.identity, func.coalesce(states.c.title, ""), func.coalesce(states.c.language, ""))
        .outerjoin(states, states.c.page_id == Page.id)
        .where(Page.id.in_(page_ids))
    )
    return {page_id: (address, title, language) for page_id, address, title, language in session.execute(query)}
