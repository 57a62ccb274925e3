"""What is known of a site's accessibility statement: what somebody said of it, and what the newest evaluation adds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.evaluation import Results
from rules.outcome import Outcome
from rules.policy import rule_named
from rules.statement_status import StatementFacts
from storage.barriers import open_barriers
from storage.evaluations import evaluations_of_site, load_evaluation
from storage.models import Finding, Link, Page, PageState, Site

DAYS = ("published_on", "reviewed_on", "research_on", "planned_research_on")
LINKS_DEAD = ("dead", "soft-404")


def keep_statement(site: Site, said: Mapping[str, Any]) -> None:
    """Keep what somebody said of the statement: DAYS as ISO days or empty, "improves", and "url" of its page."""
    kept = {name: str(said.get(name) or "") for name in (*DAYS, "url")} | {"improves": bool(said.get("improves", True))}
    site.settings = {**site.settings, "statement": kept}


def statement_said(site: Site) -> dict[str, Any]:
    return dict(site.settings.get("statement", {}))


def newest_results(session: Session, site_id: int) -> Results | None:
    """The newest evaluation of a site with a verdict of a person in it."""
    for row in evaluations_of_site(session, site_id):
        results = Results.of(load_evaluation(session, row))
        if results.figures.by_people:
            return results
    return None


def _research(session: Session, site_id: int) -> tuple[Results, date | None] | None:
    """The newest complete evaluation, while there is none the newest that people began; and the day of its oldest part."""
    rows = {row.id: row for row in evaluations_of_site(session, site_id)}
    begun = None
    for row in rows.values():
        results = Results.of(load_evaluation(session, row))
        is_complete = results.figures.judged == results.figures.asked
        if not results.figures.by_people or (begun and not is_complete):
            continue
        first = row
        while first.retest_of in rows:
            first = rows[first.retest_of]
        begun = (results, load_evaluation(session, first).on)
        if is_complete:
            break
    return begun


def statement_facts(session: Session, site: Site) -> StatementFacts:
    """The facts that the status follows from. Research is complete where people decided on every criterion."""
    said = statement_said(site)
    days: dict[str, Any] = {name: date.fromisoformat(said[name]) if said.get(name) else None for name in DAYS}
    found = _research(session, site.id)
    if found is None:
        return StatementFacts(**days, is_complete=False, improves=said.get("improves", True))
    results, oldest = found
    figures = results.figures
    measures = [one.assessment for one in results.deviations]
    return StatementFacts(
        **(days | {"research_on": days["research_on"] or oldest}),
        is_complete=figures.judged == figures.asked,
        met=figures.met,
        asked=figures.asked,
        has_measures=all(one.cause and one.effect and one.measure and one.planned_on for one in measures),
        improves=said.get("improves", True),
    )


def failing_now(session: Session, site_id: int) -> set[str]:
    """The criteria of which a machine finds a failure on the site today, confirmed or not looked at again."""
    judged = select(PageState.page_id).where(
        PageState.closed_run_id.is_(None), PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id))
    )
    query = select(Finding.rule).where(
        Finding.site_id == site_id,
        Finding.closed_run_id.is_(None),
        Finding.outcome == Outcome.FAILED,
        Finding.page_id.in_(judged),
    )
    rules = [rule_named(name) for name in session.scalars(query.distinct())]
    return {criterion for rule in rules if rule for criterion in rule.criteria}


def reported_now(session: Session, site_id: int) -> set[str]:
    """The criteria on which people met a barrier that is open."""
    return {seen.row.criterion for seen in open_barriers(session, site_id) if seen.row.criterion}


def dead_addresses(session: Session, site_id: int) -> set[str]:
    query = select(Link.url).where(Link.site_id == site_id, Link.closed_run_id.is_(None), Link.link_class.in_(LINKS_DEAD))
    return set(session.scalars(query))


def statement_page(session: Session, site: Site) -> str:
    """The address of the statement: as somebody said, else the page that was recognised; empty where there is none."""
    said: str = statement_said(site).get("url", "")
    query = select(Page.identity).where(Page.site_id == site.id, Page.page_type == "statement").order_by(Page.id)
    return said or session.scalar(query.limit(1)) or ""
