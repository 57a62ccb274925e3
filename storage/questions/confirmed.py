"""Which failures are confirmed: nobody is told of what was seen only once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from rules.confirm import Confirmation
from rules.rule import answer_rules
from rules.task import PageStatus
from storage.models import Page, PageState
from storage.questions.intervals import standing


def is_confirmed(at: Any, site_id: int, run_id: int) -> ColumnElement[bool]:
    """Whether a failure that stood at the end of a run is confirmed; `at` has the columns of findings.

    It is where a second look met it, or where a later run tested its page and met it again. What an address answers is
    confirmed by its own rule only: an unsure answer leaves it open.
    """
    tested = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        PageState.status == PageStatus.TESTED,
        columns=(PageState.page_id,),
    )
    met_again = and_(at.first_run_id < run_id, at.rule.not_in(answer_rules()), at.page_id.in_(select(tested.c.page_id)))
    return or_(at.confirmation == Confirmation.CONFIRMED, met_again)
