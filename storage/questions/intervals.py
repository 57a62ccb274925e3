"""What was so at the end of a run: findings, page states and links are intervals between runs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from storage.models import Finding, Link, PageState

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
