"""Chains a run to the one before it: what both say of the same pages by the same rules, whatever else changed between them."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from rules.rule import duties
from storage.models import Finding, Page, PageState, Run, RunRule
from storage.questions.intervals import JUDGED

# Figures of a run: pages of both runs, of those the ones with failures before and now, and pages of one of the two only.
SAME_PAGES, BEFORE, NOW, CAME, WENT = "panel_pages", "panel_before", "panel_now", "panel_came", "panel_went"


def panel_figures(session: Session, run: Run, before: Run | None, versions: dict[str, int]) -> dict[str, float]:
    """The figures by which a run is compared with the one before it; none where there is none.

    `versions`: of the rules that this run judged by. They are written when a run ends: the details may go later.
    """
    if before is None:
        return {}
    pages_now, pages_then = _pages(session, run), _pages(session, before)
    both = pages_now & pages_then
    then: dict[str, int] = dict(
        session.execute(select(RunRule.rule, RunRule.rule_version).where(RunRule.run_id == before.id)).all()
    )
    rules = {rule for rule, version in versions.items() if then.get(rule) == version} - set(duties())
    return {
        SAME_PAGES: len(both),
        BEFORE: len(both.intersection(session.scalars(_failing(before, rules)))),
        NOW: len(both.intersection(session.scalars(_failing(run, rules)))),
        CAME: len(pages_now - pages_then),
        WENT: len(pages_then - pages_now),
    }


def _pages(session: Session, run: Run) -> set[int]:
    """The pages that stood judged at the end of a run."""
    query = (
        select(PageState.page_id)
        .join(Page, Page.id == PageState.page_id)
        .where(Page.site_id == run.site_id, PageState.status.in_(JUDGED), PageState.first_run_id <= run.id)
        .where(or_(PageState.closed_run_id.is_(None), PageState.closed_run_id > run.id))
    )
    return set(session.scalars(query))


def _failing(run: Run, rules: set[str]) -> Select[int]:
    return (
        select(Finding.page_id)
        .where(Finding.site_id == run.site_id, Finding.rule.in_(rules), Finding.outcome == "failed")
        .where(Finding.first_run_id <= run.id, or_(Finding.closed_run_id.is_(None), Finding.closed_run_id > run.id))
        .distinct()
    )
