"""The sample of a run: what each of its pages is compared by, and what the comparison said of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from rules.observation import PageLink
from rules.outcome import Outcome, worst
from rules.task import Judgement, PageResult, PageStatus
from storage.blobs import get_texts, short_hash
from storage.models import LOADED, Finding, Page, PageState, Run, RunPage
from storage.outcome_lists import get_many_outcomes, get_outcomes
from storage.results import set_outcomes, stands_as_judged, store_findings
from storage.runs import WHOLE_SITE, open_states, tested_so_far


@dataclass(frozen=True)
class StoredPage:
    """A page that a run tested, with the facts by which it is compared."""

    page_id: int
    identity: str
    facts: dict[str, Any]
    links: tuple[PageLink, ...]
    page_type: str = ""
    depth: int | None = None  # clicks from the start page


def sample_of(session: Session, run_id: int) -> list[int]:
    """The pages that a run tested, before its stop too; those of which nothing was gathered are left out."""
    query = (
        select(Page.id)
        .join(Run, Run.site_id == Page.site_id)
        .join(RunPage, (RunPage.run_id == Run.id) & (RunPage.identity_hash == Page.identity_hash))
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(
            Run.id == run_id,
            RunPage.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]),
            PageState.sample_blob.is_not(None),
        )
        .order_by(Page.id)
    )
    return list(session.scalars(query))


def pages_with_facts(session: Session, site_id: int) -> list[int]:
    """The pages that stand on a site today and of which something was gathered."""
    query = (
        select(Page.id)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(
            Page.site_id == site_id,
            PageState.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]),
            PageState.sample_blob.is_not(None),
        )
        .order_by(Page.id)
    )
    return list(session.scalars(query))


def pages_of_sample(session: Session, pages: Sequence[int]) -> list[StoredPage]:
    """Some pages of the sample, with their facts and links."""
    query = (
        select(Page.id, Page.identity, PageState.sample_blob, PageState.links_blob, Page.page_type, PageState.depth)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(Page.id.in_(pages))
        .order_by(Page.id)
    )
    rows = session.execute(query).all()
    texts = get_texts(session, [digest for _, _, facts, links, _, _ in rows for digest in (facts, links)])
    return [
        StoredPage(
            page_id,
            identity,
            json.loads(texts[facts or ""]),
            tuple(PageLink(*link) for link in json.loads(texts.get(links or "", "[]"))),
            page_type,
            depth,
        )
        for page_id, identity, facts, links, page_type, depth in rows
    ]


def has_every_page(session: Session, run_id: int, sampled: int) -> bool:
    """Whether a run saw all that it found, and `sampled` pages are all of that: else a link may stand on a page not seen."""
    unseen = (
        select(RunPage.id)
        .where(
            RunPage.run_id == run_id,
            or_(RunPage.status == PageStatus.UNTESTED, RunPage.status.is_(None), RunPage.reason == "robots"),
        )
        .limit(1)
    )
    return sampled == tested_so_far(session, run_id) and session.scalar(unseen) is None


def is_whole(session: Session, site_id: int, run_id: int, *, complete: bool) -> bool:
    """Whether the sample of a run is no smaller than that of the run before it: else nothing found earlier is over.

    It is smaller where a page that was tested before could not be tested now, where nothing could be gathered of one to
    compare it by, or where a walk that was cut short reached fewer pages.
    """
    lost = select(PageState.id).where(PageState.closed_run_id == run_id, PageState.sample_blob.is_not(None)).limit(1)
    if session.scalar(lost) is not None:
        return False
    missed = (
        select(RunPage.id)
        .join(Page, (Page.identity_hash == RunPage.identity_hash) & (Page.site_id == site_id))
        .join(PageState, PageState.page_id == Page.id)
        .where(
            RunPage.run_id == run_id,
            or_(RunPage.status == PageStatus.UNTESTED, RunPage.status.is_(None)),
            PageState.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]),
            or_(PageState.closed_run_id.is_(None), PageState.closed_run_id == run_id),
        )
        .limit(1)
    )
    if session.scalar(missed) is not None:
        return False
    before = (
        select(Run.coverage)
        .where(Run.site_id == site_id, Run.id < run_id, Run.kind.in_(WHOLE_SITE), Run.finished_at.is_not(None), Run.reason == "")
        .order_by(Run.id.desc())
        .limit(1)
    )
    coverage = session.scalar(before) or {}
    return complete or tested_so_far(session, run_id) >= coverage.get("tested", 0) + coverage.get("carried_over", 0)


def start_page_of(session: Session, site_id: int, identity: str) -> StoredPage | None:
    """The start page, on which stands what is said of the website as a whole; None: no run has met it."""
    query = (
        select(Page.id)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(Page.site_id == site_id, Page.identity_hash == short_hash(identity.encode()))
    )
    number = session.scalar(query)
    return None if number is None else StoredPage(number, identity, {}, ())


def store_comparison(session: Session, site_id: int, run_id: int, page: StoredPage, judgement: Judgement, *, whole: bool) -> None:
    """Store what the sample, or a look at its hosts, says of one page. Where it is not whole, what was found earlier stays."""
    result = _result_of(page, judgement, whole=whole)
    store_findings(session, site_id, run_id, page.page_id, page.identity, result)
    state = open_states(session, [page.page_id])[page.page_id]
    set_outcomes(session, run_id, state, _joined(get_outcomes(session, state.outcomes_blob), result))


def store_comparisons(
    session: Session, site_id: int, run_id: int, judged: Collection[tuple[StoredPage, Judgement]], *, whole: bool
) -> None:
    """Store what the sample says of some pages. Of most it says every night the same: that is seen for all at once."""
    numbers = [page.page_id for page, _ in judged]
    rules = {rule for _, judgement in judged for rule in judgement.outcomes}
    query = select(
        Finding.page_id,
        Finding.fingerprint,
        Finding.rule,
        Finding.rule_version,
        Finding.outcome,
        Finding.impact,
        Finding.confirmation,
    ).where(Finding.page_id.in_(numbers), Finding.state == LOADED, Finding.closed_run_id.is_(None), Finding.rule.in_(rules))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.page_id].append(row)
    lists = dict(
        session.execute(
            select(PageState.page_id, PageState.outcomes_blob).where(
                PageState.page_id.in_(numbers), PageState.closed_run_id.is_(None)
            )
        ).all()
    )
    outcomes = get_many_outcomes(session, lists.values())
    for page, judgement in judged:
        result = _result_of(page, judgement, whole=whole)
        before = outcomes.get(lists.get(page.page_id) or "", {})
        if _joined(before, result) != before or not stands_as_judged(page.identity, result, found[page.page_id]):
            store_comparison(session, site_id, run_id, page, judgement, whole=whole)


def _result_of(page: StoredPage, judgement: Judgement, *, whole: bool) -> PageResult:
    partly = judgement.partly if whole else frozenset(judgement.outcomes)
    result = PageResult(page.identity, PageStatus.TESTED, findings=judgement.findings, outcomes=judgement.outcomes, partly=partly)
    return replace(result, unsure=judgement.unsure)


def _joined(before: Mapping[str, Outcome], result: PageResult) -> dict[str, Outcome]:
    """What every rule says of a page, when what the comparison says is added."""
    now = dict(result.outcomes)
    for rule in result.partly & before.keys():
        now[rule] = worst(now[rule], before[rule])
    return {**before, **now}
