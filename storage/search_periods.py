"""What the totals of a source over one period add up to, all queries together: a trend over years reads a row for each day.

It is summed anew whenever the totals of a period are written, and goes with them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, select
from sqlalchemy.orm import Session

from storage.models import SearchPeriod, SearchTotal, table_of

MEASURES: tuple[str, ...] = ("searches", "sessions", "known_results", "zero_results", "clicked", "abandoned", "exits")
MEASURES += ("spelling", "added", "removed", "replaced", "positioned", "reciprocal_ranks")
KNOWN_OF_SOME = ("clicked", "abandoned", "exits")
SUMMED = (*MEASURES, *(f"{name}_of" for name in KNOWN_OF_SOME))  # the columns of SearchPeriod


def sums() -> list[ColumnElement[Any]]:
    """The sum of each measure of totals, with of how many searches it is known at all."""
    known = [
        func.sum(case((getattr(SearchTotal, name).is_not(None), SearchTotal.searches), else_=0)).label(f"{name}_of")
        for name in KNOWN_OF_SOME
    ]
    return [*(func.sum(getattr(SearchTotal, name)).label(name) for name in MEASURES), *known]


def sum_up(session: Session, source_id: int, first: date, last: date) -> None:
    """Sum the totals of each period that lies between two days; what was summed of them before goes."""
    between = [
        (table.source_id == source_id, table.first_day >= first, table.last_day <= last) for table in (SearchPeriod, SearchTotal)
    ]
    session.execute(delete(SearchPeriod).where(*between[0]))
    period = (SearchTotal.source_id, SearchTotal.first_day, SearchTotal.last_day)
    summed = select(*period, *sums()).where(*between[1]).group_by(*period)
    session.execute(insert(table_of(SearchPeriod)).from_select([column.name for column in summed.selected_columns], summed))
