"""How far each rule came on the pages that were judged."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.outcome import Outcome
from storage.models import Page, PageState
from storage.outcome_lists import get_many_outcomes, get_outcomes
from storage.questions.intervals import JUDGED, standing
from storage.remembered import remembered, run_ended


@remembered(run_ended)
def outcomes_per_rule(session: Session, site_id: int, run_id: int) -> dict[str, Counter[Outcome]]:
    """On how many judged pages each rule gave which worst outcome. A rule that was never tried is not in it.

    Pages with the same outcomes share one stored list, so the lists are read once each and not once a page.
    """
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        PageState.status.in_(JUDGED),
        columns=(PageState.outcomes_blob,),
    )
    query = select(states.c.outcomes_blob, func.count()).group_by(states.c.outcomes_blob)
    pages = {digest: count for digest, count in session.execute(query) if digest}
    counts: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
    for digest, outcomes in get_many_outcomes(session, pages).items():
        for rule, outcome in outcomes.items():
            counts[rule][outcome] += pages[digest]
    return dict(counts)


def outcomes_of_page(session: Session, state: PageState) -> dict[str, Outcome]:
    """The worst outcome of each rule on one page; empty where it was not judged."""
    return get_outcomes(session, state.outcomes_blob) if state.status in JUDGED else {}
