"""What a run did not look at, and why."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.task import PageStatus
from storage.models import Page, PageState
from storage.questions.intervals import standing
from storage.remembered import remembered, run_ended

Reasons = Mapping[str, list[tuple[str, int]]]


@remembered(run_ended)
def reasons(session: Session, site_id: int, run_id: int) -> Reasons:
    """For the pages that were untested or skipped: how many for which reason, the commonest first."""
    left_out = (PageStatus.UNTESTED, PageStatus.SKIPPED)
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        PageState.status.in_(left_out),
        columns=(PageState.status, PageState.reason),
    )
    counted = func.count().label("counted")
    found: dict[str, list[tuple[str, int]]] = {status: [] for status in left_out}
    query = select(states.c.status, states.c.reason, counted).group_by(states.c.status, states.c.reason)
    for status, reason, count in session.execute(query.order_by(counted.desc(), states.c.reason)):
        found[status].append((reason, count))
    return found
