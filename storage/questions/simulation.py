"""Which causes each page waits for, from the confirmed failures as they stood at the end of a run."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from rules.fix_simulation import needs
from rules.outcome import Outcome
from rules.rule import duties
from storage.models import Finding
from storage.questions.confirmed import is_confirmed
from storage.questions.intervals import judged_pages, standing
from storage.remembered import remembered, run_ended


def causes_of_pages(session: Session, site_id: int, run_id: int) -> dict[int, frozenset[str]]:
    """Of each page with a confirmed failure what has to be mended: numbers of causes, or a rule's id where none is known."""
    at = _confirmed(site_id, run_id).c
    found: dict[int, set[str]] = defaultdict(set)
    for page, cluster, rule in session.execute(select(at.page_id, at.cluster_id, at.rule).distinct()):
        found[page].add(rule if cluster is None else str(cluster))
    return {page: frozenset(causes) for page, causes in found.items()}


@remembered(run_ended)
def waiting_pages(session: Session, site_id: int, run_id: int) -> Counter[frozenset[str]]:
    """How many pages wait for exactly the same causes."""
    return needs(causes_of_pages(session, site_id, run_id).values())


@remembered(run_ended)
def pages_of_rules(session: Session, site_id: int, run_id: int) -> dict[str, int]:
    """On how many pages each rule has a confirmed failure, the most pages first."""
    at = _confirmed(site_id, run_id).c
    pages = func.count(at.page_id.distinct())
    return dict(session.execute(select(at.rule, pages).group_by(at.rule).order_by(pages.desc(), at.rule)).all())


def _confirmed(site_id: int, run_id: int) -> Subquery:
    """Confirmed failures on judged pages.

    The duties of a website that are no matter of WCAG are left out, as they are in the number of pages with failures.
    """
    failures = standing(
        Finding,
        run_id,
        Finding.site_id == site_id,
        Finding.outcome == Outcome.FAILED,
        Finding.rule.not_in(duties()),
        Finding.page_id.in_(judged_pages(site_id, run_id)),
        columns=(Finding.page_id, Finding.cluster_id, Finding.rule, Finding.confirmation, Finding.first_run_id),
    )
    at = failures.c
    of_these = select(at.page_id, at.cluster_id, at.rule).where(is_confirmed(at, site_id, run_id))
    return of_these.subquery()


@remembered(run_ended)
def number_of_judged(session: Session, site_id: int, run_id: int) -> int:
    """How many pages a run judged, or carried the verdict over of."""
    return session.scalar(select(func.count()).select_from(judged_pages(site_id, run_id).subquery())) or 0
