"""What changed on a site since somebody was last told, from the same questions as the screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from rules.cause import CauseKind
from rules.findability import TaskVerdict, is_found
from rules.message import Digest, FixedRule, NewCause, OpenNumbers
from rules.outcome import Outcome
from rules.policy import rule_named
from rules.rule import duties
from storage.models import Cluster, Finding, Page, Run, Site
from storage.questions.confirmed import is_confirmed
from storage.questions.findability import finished_tests, found_and_lost_since, results_of_test
from storage.questions.intervals import judged_pages, standing
from storage.questions.links import broken, class_counts
from storage.questions.rules import fixed_since, page_heads
from storage.questions.runs import latest_run

MOST_NEW = 10  # causes that a digest tells of
MOST_WITHHELD = 1_000


@dataclass(frozen=True)
class Told:
    """Up to where somebody was told: the newest run and test of findability, and causes that waited for confirmation."""

    run_id: int = 0
    test_id: int = 0
    withheld: tuple[int, ...] = ()


def newest(session: Session, site_id: int) -> Told:
    """Where somebody begins who is told nothing of what is there already."""
    run = latest_run(session, site_id)
    tests = finished_tests(session, site_id, 1)
    return Told(run.id if run else 0, tests[-1].id if tests else 0)


def digest_of(session: Session, site: Site, told: Told, sections: Sequence[str]) -> tuple[Digest | None, Told]:
    """What there is to tell of a site, or of the pages in some sections of it; and up to where it is told then.

    None: nothing changed, or no run has ended. Only confirmed failures are told; what is not confirmed yet is told once
    it is.
    """
    now = newest(session, site.id)
    run = session.get(Run, now.run_id)
    if run is None or (now.run_id, now.test_id) == (told.run_id, told.test_id):
        return None, told
    pages = in_sections(site, sections) if sections else None
    before = session.get(Run, told.run_id)
    fixed = fixed_since(session, site.id, told.run_id, run.id, pages) if before else []
    causes, withheld = _new_causes(session, site.id, told, run.id, pages)
    found, lost = found_and_lost_since(session, site.id, told.test_id) if told.test_id else ([], [])
    causes.sort(key=_worth, reverse=True)
    digest = Digest(
        site_id=site.id,
        site=site.name,
        time_zone=site.time_zone,
        since=before.started_at if before else None,
        until=run.started_at,
        sections=list(sections),
        fixed=[FixedRule(change.rule, change.findings, change.pages) for change in fixed],
        tasks_found=found,
        tasks_lost=lost,
        new=_with_examples(session, causes[:MOST_NEW], run.id),
        new_in_all=len(causes),
        still_open=_open_numbers(session, site.id, run.id, now.test_id, pages),
    )
    return (digest if digest.tells_something else None), Told(now.run_id, now.test_id, withheld)


def in_sections(site: Site, sections: Sequence[str]) -> Select[int]:
    """The pages of a site whose paths begin in one of these ways."""
    begins: list[ColumnElement[bool]] = [
        func.substr(Page.identity, 1, len(start)) == start  # LIKE would take capitals for small letters on SQLite
        for origin in site.origins
        for start in (f"{origin}{section}" for section in sections)
    ]
    return select(Page.id).where(Page.site_id == site.id, or_(*begins))


@dataclass
class _Cause:
    """The new failures of one cause."""

    cluster: Cluster
    findings: int
    pages: int
    example: int  # number of a finding


def _worth(cause: _Cause) -> tuple[float, int]:
    rule = rule_named(cause.cluster.rule)
    return rule.worth(cause.pages) if rule else 0.0, -cause.cluster.id


def _new_causes(
    session: Session, site_id: int, told: Told, run_id: int, pages: Select[int] | None
) -> tuple[list[_Cause], tuple[int, ...]]:
    """Confirmed failures that were not there, grouped by cause; and the causes of those that nobody has confirmed yet."""
    before = aliased(Finding)
    stood = (
        select(before.id)
        .where(
            before.page_id == Finding.page_id,
            before.fingerprint == Finding.fingerprint,
            before.outcome == Outcome.FAILED,
            before.first_run_id <= told.run_id,
            or_(before.closed_run_id.is_(None), before.closed_run_id > told.run_id),
        )
        .exists()
    )
    is_new = and_(Finding.first_run_id > told.run_id, ~stood)
    standing_now = standing(
        Finding,
        run_id,
        Finding.site_id == site_id,
        Finding.outcome == Outcome.FAILED,
        Finding.cluster_id.is_not(None),
        or_(is_new, Finding.cluster_id.in_(told.withheld)),
        Finding.page_id.in_(judged_pages(site_id, run_id)),
        *([Finding.page_id.in_(pages)] if pages is not None else []),
        columns=(Finding.id, Finding.cluster_id, Finding.page_id, Finding.rule, Finding.confirmation, Finding.first_run_id),
    )
    at = standing_now.c
    rows: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
    confirmed_now = is_confirmed(at, site_id, run_id)
    query = select(at.id, at.cluster_id, at.page_id, confirmed_now).order_by(at.id)
    for number, cause, page, confirmed in session.execute(query):
        rows[cause].append((number, page, bool(confirmed)))
    told_now = {cause: found for cause, found in rows.items() if any(confirmed for _, _, confirmed in found)}
    clusters = {cluster.id: cluster for cluster in _clusters(session, list(told_now))}
    causes = [
        _Cause(clusters[cause], len(of_cause), len({page for _, page, _ in of_cause}), next(row[0] for row in of_cause if row[2]))
        for cause, of_cause in told_now.items()
    ]
    return causes, tuple(sorted(rows.keys() - told_now.keys()))[:MOST_WITHHELD]


def _clusters(session: Session, numbers: Sequence[int]) -> list[Cluster]:
    found: list[Cluster] = []
    for start in range(0, len(numbers), 500):
        found += session.scalars(select(Cluster).where(Cluster.id.in_(numbers[start : start + 500])))
    return found


def _with_examples(session: Session, causes: Sequence[_Cause], run_id: int) -> list[NewCause]:
    """The causes with a page that shows each."""
    numbers = [cause.example for cause in causes]
    examples = {finding.id: finding for finding in session.scalars(select(Finding).where(Finding.id.in_(numbers)))}
    heads = page_heads(session, [finding.page_id for finding in examples.values()], run_id)
    told = []
    for cause in causes:
        example = examples[cause.example]
        url, title, language = heads[example.page_id]
        told.append(
            NewCause(
                rule=cause.cluster.rule,
                kind=CauseKind(cause.cluster.kind).value,
                region=cause.cluster.region,
                mender=cause.cluster.mender,
                findings=cause.findings,
                pages=cause.pages,
                page_id=example.page_id,
                url=url,
                title=title,
                language=language,
                message=example.message,
                arguments=example.arguments,
            )
        )
    return told


def _open_numbers(session: Session, site_id: int, run_id: int, test_id: int, pages: Select[int] | None) -> OpenNumbers:
    """What the site's screen shows: pages with failures without the duties that are no matter of WCAG, broken links, tasks."""
    judged = judged_pages(site_id, run_id)
    shown = judged if pages is None else judged.intersect(pages)
    failures = standing(
        Finding,
        run_id,
        Finding.site_id == site_id,
        Finding.outcome == Outcome.FAILED,
        Finding.page_id.in_(judged),
        *([Finding.page_id.in_(pages)] if pages is not None else []),
        columns=(Finding.page_id, Finding.rule),
    ).c
    counted = failures.rule.not_in(duties())
    results = [one for one in results_of_test(session, test_id).values() if one.verdict != TaskVerdict.UNTESTED]
    return OpenNumbers(
        pages=session.scalar(select(func.count()).select_from(shown.subquery())) or 0,
        pages_with_failure=session.scalar(select(func.count(failures.page_id.distinct())).where(counted)) or 0,
        failures=session.scalar(select(func.count()).select_from(failures.page_id.table)) or 0,
        broken_links=broken(class_counts(session, site_id, run_id)) if pages is None else None,
        tasks=len(results),
        tasks_not_found=sum(not is_found(one.rank) for one in results),
    )
