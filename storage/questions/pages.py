"""Which pages a site has, and how each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.outcome import Outcome
from rules.task import PageStatus
from storage.blobs import short_hash
from storage.checks import carried_over, carried_since
from storage.models import Finding, Page, PageState
from storage.owners import owners_changed
from storage.questions.intervals import JUDGED, standing
from storage.remembered import remembered, run_ended


@dataclass(frozen=True)
class PageFilter:
    """Which pages of a site are asked for."""

    status: str = ""  # a rules.task.PageStatus; empty: any
    with_failures: bool = False
    text: str = ""  # in the title or the address
    page_type: str = ""  # a rules.page_type.PageType; empty: any
    owner: str = ""  # empty: any


@dataclass(frozen=True)
class PageRow:
    """One page in a list."""

    page_id: int
    address: str
    title: str
    language: str
    status: str
    reason: str
    page_type: str
    failed: int
    cannot_tell: int
    owner: str = ""


@dataclass(frozen=True)
class PageList:
    """Part of the pages that fit a filter, and the number of all of them."""

    rows: list[PageRow]
    total: int


def pages_of_site(
    session: Session, site_id: int, run_id: int, wanted: PageFilter, uncounted: Sequence[str], limit: int, offset: int
) -> PageList:
    """Pages as they were at the end of a run, the most failures first.

    Neither findings of the rules `uncounted` are counted, nor those that stayed open on a page that could not be tested.
    """
    order = _in_order(session, site_id, run_id, replace(wanted, text=""), tuple(uncounted))
    if wanted.text:
        named = _with_text(session, site_id, run_id, wanted.text)
        order = [one for one in order if one[0] in named]
    return PageList(_shown(session, site_id, run_id, order[offset : offset + limit]), len(order))


def pages_after(
    session: Session, site_id: int, run_id: int, wanted: PageFilter, uncounted: Sequence[str], limit: int, after: int
) -> list[PageRow]:
    """The same pages in the order of their numbers, those after one: reading on misses none, whatever came since."""
    order = _in_order(session, site_id, run_id, replace(wanted, text=""), tuple(uncounted))
    named = _with_text(session, site_id, run_id, wanted.text) if wanted.text else None
    left = sorted(one for one in order if one[0] > after and (named is None or one[0] in named))
    return _shown(session, site_id, run_id, left[:limit])


def _shown(session: Session, site_id: int, run_id: int, part: Sequence[tuple[int, int, int]]) -> list[PageRow]:
    """Some pages of an order, with what they are called."""
    shown = _rows(session, run_id, [page_id for page_id, _, _ in part])
    since = carried_since(session, site_id, run_id, list(shown))
    rows = []
    for page_id, failed, cannot_tell in part:
        address, title, language, status, reason, page_type, owner = shown[page_id]
        status = PageStatus.CARRIED_OVER if page_id in since else status
        rows.append(PageRow(page_id, address, title, language, status, reason, page_type, failed, cannot_tell, owner))
    return rows


@remembered(owners_changed)
def _in_order(
    session: Session, site_id: int, run_id: int, wanted: PageFilter, uncounted: Sequence[str]
) -> list[tuple[int, int, int]]:
    """The pages that fit a filter without words in it, the most failures first: number, failed and cannot tell."""
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        *_with_status(wanted.status, site_id, run_id),
        columns=(PageState.page_id, PageState.status),
    )
    counts = _counts(site_id, run_id, uncounted)
    is_judged = states.c.status.in_(JUDGED)
    failed = case((is_judged, func.coalesce(counts.c.failed, 0)), else_=0)
    cannot_tell = case((is_judged, func.coalesce(counts.c.cannot_tell, 0)), else_=0)
    query = (
        select(Page.id, failed, cannot_tell)
        .join(states, states.c.page_id == Page.id)
        .outerjoin(counts, counts.c.page_id == Page.id)
        .where(*([Page.page_type == wanted.page_type] if wanted.page_type else []))
        .where(*([func.lower(Page.owner) == func.lower(wanted.owner)] if wanted.owner else []))
        .where(*([failed > 0] if wanted.with_failures else []))
        .order_by(failed.desc(), cannot_tell.desc(), Page.identity)
    )
    return [(page_id, broken, asked) for page_id, broken, asked in session.execute(query)]


@remembered(run_ended)
def _with_text(session: Session, site_id: int, run_id: int, text: str) -> frozenset[int]:
    """The pages that have these words in their address, or in the title that they had at the end of a run."""
    titled = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        PageState.title.icontains(text, autoescape=True),
        columns=(PageState.page_id,),
    )
    in_address = select(Page.id).where(Page.site_id == site_id, Page.identity.icontains(text, autoescape=True))
    return frozenset(session.scalars(in_address.union(select(titled.c.page_id))))


def _rows(session: Session, run_id: int, pages: Sequence[int]) -> dict[int, Any]:
    """Address, title, language, status, reason, type and owner of some pages, as they were at the end of a run."""
    columns = (PageState.page_id, PageState.title, PageState.language, PageState.status, PageState.reason)
    states = standing(PageState, run_id, PageState.page_id.in_(pages), columns=columns)
    at = states.c
    query = select(Page.id, Page.identity, at.title, at.language, at.status, at.reason, Page.page_type, Page.owner)
    return {row[0]: row[1:] for row in session.execute(query.join(states, at.page_id == Page.id).where(Page.id.in_(pages)))}


def _with_status(status: str, site_id: int, run_id: int) -> list[ColumnElement[bool]]:
    """What a stored state has to be. One that was tested stands for as long as it lasts: what a run carried over is derived."""
    carried = PageState.page_id.in_(select(carried_over(site_id, run_id).c.page_id))
    match status:
        case "":
            return []
        case PageStatus.CARRIED_OVER:
            return [PageState.status == PageStatus.TESTED, carried]
        case PageStatus.TESTED:
            return [PageState.status == status, ~carried]
    return [PageState.status == status]


def _counts(site_id: int, run_id: int, uncounted: Sequence[str]) -> Subquery:
    findings = standing(
        Finding,
        run_id,
        Finding.site_id == site_id,
        Finding.rule.not_in(uncounted),
        columns=(Finding.page_id, Finding.outcome),
    )
    failed = func.sum(case((findings.c.outcome == Outcome.FAILED, 1), else_=0))
    return (
        select(findings.c.page_id, failed.label("failed"), (func.count() - failed).label("cannot_tell"))
        .group_by(findings.c.page_id)
        .subquery()
    )


@remembered(run_ended)
def status_counts(session: Session, site_id: int, run_id: int) -> dict[str, int]:
    """How many pages had each status at the end of a run."""
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        columns=(PageState.status,),
    )
    query = select(states.c.status, func.count()).group_by(states.c.status)
    counts: dict[str, int] = dict(session.execute(query).all())
    carried = len(carried_since(session, site_id, run_id))
    counts |= {PageStatus.TESTED: counts.get(PageStatus.TESTED, 0) - carried, PageStatus.CARRIED_OVER: carried}
    return {status: count for status, count in counts.items() if count}


@remembered(run_ended)
def type_counts(session: Session, site_id: int, run_id: int) -> dict[str, int]:
    """How many of the pages that a run knew are of each type; those of which it is not known are left out."""
    known = standing(
        PageState, run_id, PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)), columns=(PageState.page_id,)
    )
    query = (
        select(Page.page_type, func.count())
        .join(known, known.c.page_id == Page.id)
        .where(Page.page_type != "")
        .group_by(Page.page_type)
    )
    return dict(session.execute(query).all())


def depths_of_pages(session: Session, site_id: int, addresses: Sequence[str]) -> dict[str, int]:
    """The click depth of pages by their address, as far as a run has seen a way of links to them."""
    hashes = {short_hash(page_identity(url).encode()): url for url in addresses}
    query = (
        select(Page.identity_hash, PageState.depth)
        .join(PageState, PageState.page_id == Page.id)
        .where(Page.site_id == site_id, Page.identity_hash.in_(list(hashes)))
        .where(PageState.closed_run_id.is_(None), PageState.depth.is_not(None))
    )
    return {hashes[digest]: depth for digest, depth in session.execute(query) if depth is not None}


def page_by_id(session: Session, page_id: int) -> Page | None:
    return session.get(Page, page_id)


def state_of_page(session: Session, page_id: int, run_id: int) -> PageState | None:
    """How the page was at the end of a run; None where that run did not know it."""
    ids = standing(PageState, run_id, PageState.page_id == page_id, columns=(PageState.id,))
    return session.scalars(select(PageState).join(ids, ids.c.id == PageState.id)).first()


def last_state_of_page(session: Session, page_id: int) -> PageState | None:
    """The newest state of a page that is not on the site any more."""
    newest_first = select(PageState).where(PageState.page_id == page_id).order_by(PageState.id.desc())
    return session.scalars(newest_first.limit(1)).first()
