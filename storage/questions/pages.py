"""Which pages a site has, and how each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.outcome import Outcome
from rules.task import PageStatus
from storage.blobs import short_hash
from storage.checks import carried_over, carried_since
from storage.models import Finding, Page, PageState
from storage.questions.intervals import JUDGED, standing


@dataclass(frozen=True)
class PageFilter:
    """Which pages of a site are asked for."""

    status: str = ""  # a rules.task.PageStatus; empty: any
    with_failures: bool = False
    text: str = ""  # in the title or the address
    page_type: str = ""  # a rules.page_type.PageType; empty: any


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
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        *_with_status(wanted.status, site_id, run_id),
        columns=(PageState.page_id, PageState.title, PageState.language, PageState.status, PageState.reason),
    )
    counts = _counts(site_id, run_id, uncounted)
    is_judged = states.c.status.in_(JUDGED)
    failed = case((is_judged, func.coalesce(counts.c.failed, 0)), else_=0)
    cannot_tell = case((is_judged, func.coalesce(counts.c.cannot_tell, 0)), else_=0)
    query: Select[Any] = (
        select(Page.id, Page.identity, states.c.title, states.c.language, states.c.status, states.c.reason, Page.page_type)
        .add_columns(failed, cannot_tell)
        .join(states, states.c.page_id == Page.id)
        .outerjoin(counts, counts.c.page_id == Page.id)
        .where(*_conditions(wanted, states, failed))
    )
    counted = query if wanted.with_failures else _without_counts(wanted, states)
    total = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    part = query.order_by(failed.desc(), cannot_tell.desc(), Page.identity)
    rows = [PageRow(*row) for row in session.execute(part.limit(limit).offset(offset))]
    since = carried_since(session, site_id, run_id, [row.page_id for row in rows])
    return PageList(
        [replace(row, status=PageStatus.CARRIED_OVER) if row.page_id in since else row for row in rows],
        total,
    )


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


def _without_counts(wanted: PageFilter, states: Subquery) -> Select[Any]:
    """The same pages where nothing depends on their findings: no need to count those."""
    return select(Page.id).join(states, states.c.page_id == Page.id).where(*_of_page(wanted, states))


def _conditions(wanted: PageFilter, states: Subquery, failed: ColumnElement[int]) -> list[ColumnElement[bool]]:
    return [*_of_page(wanted, states), *([failed > 0] if wanted.with_failures else [])]


def _of_page(wanted: PageFilter, states: Subquery) -> list[ColumnElement[bool]]:
    of_type = [Page.page_type == wanted.page_type] if wanted.page_type else []
    if not wanted.text:
        return of_type
    in_address = Page.identity.icontains(wanted.text, autoescape=True)
    return [*of_type, in_address | states.c.title.icontains(wanted.text, autoescape=True)]


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
