"""What was so at the end of a run: findings, page states and links are intervals between runs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from rules.task import PageStatus
from storage.models import Finding, Link, Page, PageState

JUDGED = (PageStatus.TESTED, PageStatus.CARRIED_OVER)

Interval = type[Finding] | type[PageState] | type[Link]


def standing(
    table: Interval, run_id: int, *conditions: ColumnElement[bool], columns: tuple[InstrumentedAttribute[Any], ...]
) -> Subquery:
    """The rows that held at the end of a run, however far later runs have come.

    Two halves instead of one OR: what is still open is read from the small indexes of open rows, and only what was
    closed after this run comes from the history.
    """
    begun = table.first_run_id <= run_id
    still_open = select(*columns).where(*conditions, begun, table.closed_run_id.is_(None))
    closed_later = select(*columns).where(*conditions, begun, table.closed_run_id > run_id)
    return union_all(still_open, closed_later).subquery()


def judged_pages(site_id: int, run_id: int) -> Select[int]:
    """The ids of the pages that a run judged, or whose verdict it carried over.

    Findings of a page that could not be tested stay open, but are not counted: nobody saw whether they are still there.
    """
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        PageState.status.in_(JUDGED),
        columns=(PageState.page_id,),
    )
    return select(states.c.page_id)
