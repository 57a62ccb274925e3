"""Which causes each page waits for, from the confirmed failures as they stood at the end of a run."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.outcome import Outcome
from rules.rule import duties
from storage.models import Finding
from storage.questions.confirmed import is_confirmed
from storage.questions.intervals import judged_pages, standing


def causes_of_pages(session: Session, site_id: int, run_id: int) -> dict[int, frozenset[str]]:
    """Of each page with a confirmed failure what has to be mended: numbers of causes, or a rule's id where none is known.

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
    ).c
    query = select(failures.page_id, failures.cluster_id, failures.rule).where(is_confirmed(failures, site_id, run_id)).distinct()
    found: dict[int, set[str]] = defaultdict(set)
    for page, cluster, rule in session.execute(query):
        found[page].add(rule if cluster is None else str(cluster))
    return {page: frozenset(causes) for page, causes in found.items()}


def number_of_judged(session: Session, site_id: int, run_id: int) -> int:
    """How many pages a run judged, or carried the verdict over of."""
    return session.scalar(select(func.count()).select_from(judged_pages(site_id, run_id).subquery())) or 0
