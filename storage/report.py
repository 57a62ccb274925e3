"""The report of a run, in the form that other programs rely on (`docs/schemas/`); and of pages that were only checked.

Changes to this form are only ever additions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.confirm import Confirmation
from rules.document import DocumentFacts, DocumentResult
from rules.finding import Finding as JudgedFinding
from rules.finding import Target
from rules.norm import Language, Norm, norms
from rules.observation import FragmentState, is_document
from rules.outcome import CriterionOutcome, Impact, Outcome
from rules.policy import know, read_stored_policies, rule_named
from rules.reason import reason_text
from rules.rule import catalogue, was_operated
from rules.run import Coverage
from rules.task import PageResult, PageStatus
from storage.barriers import open_barriers
from storage.blobs import get_texts
from storage.checks import carried_since
from storage.decisions import decided_causes, decided_findings, not_seconded
from storage.documents import finding_of
from storage.models import Finding, Link, LinkSource, Page, PageState, Run, RunFigure, Site
from storage.outcome_lists import get_many_outcomes
from storage.policies import policies_of
from storage.questions.clusters import causes_of_run
from storage.questions.documents import DocumentRow, add_sources, documents_of_run
from storage.results import during, links_of_pages
from storage.retention import detail_removed_before

SCHEMA = 1
Report = dict[str, Any]


class DetailGone(ValueError):
    """The detail of a run was removed when its retention period was over; the sentence says so."""


def report_of_run(session: Session, run: Run, tool: dict[str, Any]) -> Report:
    """Everything a run found, as plain data. Raises DetailGone where that is not kept any more."""
    before = detail_removed_before(session)
    if before and run.started_at.date() < before:
        raise DetailGone(
            f"The detail of run {run.id} is not kept any more: that of runs before {before} was removed. Its figures are kept."
        )
    norm = norms()[run.norm]
    site = session.get_one(Site, run.site_id)
    know((*policies_of(session, site), *read_stored_policies(run.settings.get("policies", ()))))
    pages = _pages_of_run(session, run, norm)
    coverage = run.coverage or asdict(Coverage())
    return {
        "schema": SCHEMA,
        "tool": {**tool, "engines": run.engines, "browser": run.browser},
        "norm": norm.id,
        "site": {"name": site.name, "start_url": site.start_url, "origins": site.origins},
        "run": {
            "id": run.id,
            "kind": run.kind,
            "state": run.state,
            "reason": run.reason,
            "started_at": run.started_at.isoformat(),
            "finished_at": run.finished_at.isoformat() if run.finished_at else None,
            "rule_set": run.rule_set,
            "settings": run.settings,
        },
        "coverage": {
            **coverage,
            "untested_pages": [_with_reason(page) for page in pages if page["status"] == PageStatus.UNTESTED],
            "skipped_pages": [_with_reason(page) for page in pages if page["status"] == PageStatus.SKIPPED],
        },
        "pages": pages,
        "documents": _documents(session, run, norm),
        "links": _links(session, run),
        "clusters": _clusters(session, run),
        "reported": _reported(session, run),
        "kpis": _figures(session, run),
    }


def report_of_check(
    results: Iterable[PageResult], norm: Norm, tool: dict[str, Any], documents: Iterable[DocumentResult]
) -> Report:
    """The same form for pages and documents that were judged without storing anything."""
    return {
        "schema": SCHEMA,
        "tool": tool,
        "norm": norm.id,
        "pages": [
            {
                "url": result.final_url or result.url,
                "status": result.status.value,
                "reason": result.reason,
                "since": None,
                "title": result.title,
                "notes": list(result.notes),
                "findings": [finding_entry(finding, norm) for finding in result.findings],
                "criteria": criteria_of(result.outcomes, norm),
                "outcomes": outcomes_entry(result.outcomes),
                "touched": result.touched,
            }
            for result in results
        ],
        "documents": [document_entry(result, norm) for result in documents],
    }


def document_entry(result: DocumentResult, norm: Norm) -> Report:
    """One document: its facts, what was found, and what that says of each criterion."""
    facts = result.facts
    return {
        "url": result.url,
        "type": result.kind or "application/octet-stream",
        "status": result.status.value,
        "reason": result.reason,
        "notes": list(result.notes),
        "findings": [finding_entry(finding, norm) for finding in result.findings],
        "outcomes": outcomes_entry(result.outcomes),
        "criteria": criteria_of(result.outcomes, norm, documents=True),
        "facts": facts_entry(facts) if facts else None,
    }


def facts_entry(facts: DocumentFacts) -> Report:
    entry = asdict(facts)
    links = entry.pop("links")
    return {**entry, "text": facts.text.value, "links": [link["url"] for link in links]}


def finding_entry(finding: JudgedFinding, norm: Norm) -> Report:
    """One finding, with the words of its rule put in."""
    rule = rule_named(finding.rule)
    criteria = [number for number in rule.criteria if norm.asks(number)] if rule else []
    languages: tuple[Language, ...] = ("nl", "en")
    return {
        "rule": finding.rule,
        "version": finding.rule_version,
        "outcome": finding.outcome.value,
        "criteria": criteria,
        "clauses": [norm.document_clause(number) if rule and rule.of_documents else norm.clause(number) for number in criteria],
        "duty": rule.duty if rule else "",
        "impact": finding.impact.value,
        "engines": list(finding.engines),
        "confirmation": finding.confirmation or None,
        "target": {
            "frames": list(finding.target.frames),
            "selector": finding.target.selector,
            "html": finding.target.html,
        },
        "message": {
            language: rule.message(language, finding.message, finding.arguments) if rule else finding.rule
            for language in languages
        },
    }


def outcomes_entry(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """How far each rule came on a page: its worst outcome there."""
    return {rule: outcome.value for rule, outcome in sorted(outcomes.items())}


def criteria_of(outcomes: dict[str, Outcome], norm: Norm, *, documents: bool = False) -> dict[str, str]:
    """What a page says about each criterion of the norm; a document, of each that has a clause for documents.

    "No failure found" needs every rule of that criterion to have run to its end; one untested rule is enough to say
    that the criterion was not tested.
    """
    per_criterion: dict[str, list[Outcome]] = defaultdict(list)
    for rule in catalogue().values():
        for number in rule.criteria:
            if norm.asks(number) and rule.id in outcomes:
                per_criterion[number].append(outcomes[rule.id])
    asked = [number for number in norm.criteria if not documents or norm.document_clause(number)]
    return {number: _criterion(per_criterion.get(number, [])).value for number in asked}


def _criterion(outcomes: list[Outcome]) -> CriterionOutcome:
    if Outcome.FAILED in outcomes:
        return CriterionOutcome.FAILED
    if Outcome.CANNOT_TELL in outcomes:
        return CriterionOutcome.CANNOT_TELL
    if not outcomes or Outcome.UNTESTED in outcomes:
        return CriterionOutcome.NOT_TESTED
    return CriterionOutcome.NO_FAILURE_FOUND


def _pages_of_run(session: Session, run: Run, norm: Norm) -> list[Report]:
    states = session.execute(
        select(PageState, Page)
        .join(Page, Page.id == PageState.page_id)
        .where(Page.site_id == run.site_id, *during(PageState, run.id))
        .order_by(Page.identity)
    ).all()
    findings: dict[int, list[Finding]] = defaultdict(list)
    for finding in session.scalars(
        select(Finding).where(Finding.site_id == run.site_id, *during(Finding, run.id)).order_by(Finding.id)
    ):
        findings[finding.page_id].append(finding)
    told = get_many_outcomes(session, [state.outcomes_blob for state, _ in states])
    snippets = get_texts(session, [one.snippet_blob for rows in findings.values() for one in rows])
    nothing = criteria_of({}, norm)
    entries = []
    since = carried_since(session, run.site_id, run.id)
    decided = decisions_in_report(session, run.site_id)
    for state, page in states:
        tested = state.status in (PageStatus.TESTED, PageStatus.CARRIED_OVER)
        rows = findings[page.id] if tested else []
        outcomes = _with_verdicts(told.get(state.outcomes_blob or "", {}), rows) if tested else {}
        entries.append(
            {
                "url": page.identity,
                "status": PageStatus.CARRIED_OVER if page.id in since else state.status,
                "reason": state.reason,
                "since": since.get(page.id),
                "title": state.title,
                "notes": state.notes,
                "findings": [{**_stored_finding(row, norm, snippets), "decision": decided(row)} for row in rows],
                "criteria": criteria_of(outcomes, norm) if outcomes else nothing,
                "outcomes": outcomes_entry(outcomes),
                "touched": was_operated(outcomes),
            }
        )
    return entries


def decisions_in_report(session: Session, site_id: int) -> Callable[[Finding], Report | None]:
    """What people decided about a finding and holds now; what one person alone waved away is marked as such."""
    now = datetime.now(UTC)
    findings, causes = decided_findings(session, site_id, now), decided_causes(session, site_id, now)

    def of(finding: Finding) -> Report | None:
        decision = findings.get((finding.page_id, finding.fingerprint)) or causes.get(finding.cluster_id or 0)
        if decision is None:
            return None
        return {
            "kind": decision.kind,
            "reason": decision.reason,
            "decided_at": decision.decided_at.isoformat(),
            "until": decision.expires_at.isoformat() if decision.expires_at else None,
            "seconded": not not_seconded(decision),
        }

    return of


def _stored_finding(row: Finding, norm: Norm, snippets: dict[str, str]) -> Report:
    html = snippets.get(row.snippet_blob or "", "")
    judged = JudgedFinding(
        rule=row.rule,
        rule_version=row.rule_version,
        outcome=Outcome(row.outcome),
        impact=Impact(row.impact),
        engines=tuple(row.engines),
        target=Target(tuple(row.frames), row.selector, html, row.path),
        message=row.message,
        arguments=row.arguments,
        confirmation=row.confirmation or "",
    )
    entry = finding_entry(judged, norm)
    return {**entry, "fingerprint": row.fingerprint, "first_run": row.first_run_id, "cluster": row.cluster_id}


def _with_verdicts(outcomes: dict[str, Outcome], rows: list[Finding]) -> dict[str, Outcome]:
    """A rule whose every failure a second look did not meet only asks."""
    unstable = {row.rule for row in rows if row.confirmation == Confirmation.UNSTABLE}
    failed = {row.rule for row in rows if row.outcome == Outcome.FAILED}
    return {**outcomes, **dict.fromkeys(unstable - failed, Outcome.CANNOT_TELL)}


def _clusters(session: Session, run: Run) -> list[Report]:
    """What one repair mends, the most pages first."""
    return [
        {
            "id": cause.id,
            "kind": cause.kind.value,
            "rule": cause.rule,
            "region": cause.region,
            "mender": cause.mender,
            "confirmation": cause.confirmation,
            "failed": cause.failed,
            "cantTell": cause.cannot_tell,
            "pages": cause.pages,
        }
        for cause in causes_of_run(session, run.site_id, run.id)
    ]


def _reported(session: Session, run: Run) -> list[Report]:
    """What people met or saw and is open today: no run opens or closes it."""
    return [
        {
            "number": one.number,
            "url": one.address,
            "criterion": one.criterion,
            "what": one.what,
            "who": one.who,
            "needs": [need.value for need in one.needs],
            "source": one.source.value,
            "on": one.on.isoformat(),
            "impact": one.impact.value,
            "mender": one.mender.value,
        }
        for one in (seen.value for seen in open_barriers(session, run.site_id))
    ]


def _with_reason(page: Report) -> Report:
    reason = page["reason"]
    return {"url": page["url"], "reason": reason, "sentence": {"nl": reason_text(reason, "nl"), "en": reason_text(reason, "en")}}


def _links(session: Session, run: Run) -> list[Report]:
    sources: dict[str, list[Report]] = defaultdict(list)
    identities = dict(session.execute(select(Page.id, Page.identity).where(Page.site_id == run.site_id)).all())
    for page_id, link in links_of_pages(session, run.site_id, run.id):
        sources[link.url.partition("#")[0]].append({"page": identities[page_id], "text": link.text})
    elsewhere = select(Link.url, LinkSource.via, LinkSource.text).join(LinkSource)
    for url, via, text in session.execute(elsewhere.where(Link.site_id == run.site_id, LinkSource.via != "")):
        sources[url].append({"page": via, "text": text})
    return [
        {
            "url": link.url,
            "class": link.link_class,
            "status": link.status,
            "reason": link.reason,
            "final_url": link.final_url,
            "permanent": link.permanent,
            "suggestion": {"url": link.suggestion, "reason": link.suggestion_reason} if link.suggestion else None,
            "fragment": link.fragment or FragmentState.NOT_CHECKED,
            "sources": sources.get(link.url, []),
        }
        for link in session.scalars(
            select(Link).where(Link.site_id == run.site_id, *during(Link, run.id)).order_by(Link.link_class, Link.url)
        )
    ]


def _documents(session: Session, run: Run, norm: Norm) -> list[Report]:
    """The documents that were judged; and those that pages refer to, and that this run did not look at."""
    rows = documents_of_run(session, run.site_id, run.id)
    add_sources(session, run.site_id, rows, most=50)
    entries = {row.document.url: _document(row, norm) for row in rows}
    links = session.scalars(
        select(Link).where(Link.site_id == run.site_id, Link.link_class.in_(["ok", "moved"]), *during(Link, run.id))
    )
    for link in links:
        if is_document(link.content_type) and link.url not in entries:
            result = DocumentResult(link.url, link.content_type, PageStatus.UNTESTED, "document-not-judged")
            entries[link.url] = document_entry(result, norm)
    return [entries[url] for url in sorted(entries)]


def _document(row: DocumentRow, norm: Norm) -> Report:
    outcomes = {rule: Outcome(value) for rule, value in row.state.outcomes.items()}
    return {
        "url": row.document.url,
        "type": row.state.kind or "application/octet-stream",
        "status": row.state.status,
        "reason": row.state.reason,
        "notes": row.state.notes,
        "findings": [finding_entry(finding_of(finding), norm) for finding in row.findings],
        "outcomes": outcomes_entry(outcomes),
        "criteria": criteria_of(outcomes, norm, documents=True),
        "facts": row.state.facts or None,
        "linked_from": [address for _, address, _ in row.sources],
    }


def _figures(session: Session, run: Run) -> list[Report]:
    rows = session.execute(select(RunFigure.name, RunFigure.value).where(RunFigure.run_id == run.id).order_by(RunFigure.name))
    return [{"id": name, "value": value} for name, value in rows]
