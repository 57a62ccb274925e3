"""The fix simulator's table: causes as people know them, and what mending some of them would free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dashboard.causes import Cause
from rules.fix_simulation import Step, freed, plan
from storage.questions.simulation import number_of_judged, waiting_pages

PROPOSED = 3  # causes
MOST_SHOWN = 40  # causes to choose from; more stand on one or two pages each


@dataclass(frozen=True)
class Choice:
    """A cause that can be chosen."""

    key: str
    cause: Cause
    pages: int  # that wait for it


@dataclass(frozen=True)
class Simulation:
    """What a site's pages wait for, and what some choice of causes would free."""

    judged: int
    failing: int  # pages with a confirmed failure
    choices: list[Choice]  # the most pages first
    hidden: int  # causes that are left out of the choices
    chosen: frozenset[str]
    freed: int
    steps: list[Step]  # of the chosen, the best order
    proposed: list[Step]

    def choice(self, key: str) -> Choice:
        return next(choice for choice in self.choices if choice.key == key)


def simulate(session: Session, site_id: int, run_id: int, causes: Collection[Cause], chosen: Collection[str]) -> Simulation:
    """From the stored findings of a run; what is chosen and is no cause of it counts for nothing."""
    waiting = waiting_pages(session, site_id, run_id)
    pages: Counter[str] = Counter()
    for of_page, count in waiting.items():
        for key in of_page:
            pages[key] += count
    known = _by_key(causes)
    proposed = plan(waiting, most=PROPOSED, among=known.keys())
    wanted = frozenset(chosen) & pages.keys() & known.keys()
    keep = {*wanted, *(step.cause for step in proposed)}
    every = sorted((key for key in pages if key in known), key=lambda key: (-pages[key], key))
    shown = [key for place, key in enumerate(every) if place < MOST_SHOWN or key in keep]
    return Simulation(
        judged=number_of_judged(session, site_id, run_id),
        failing=sum(waiting.values()),
        choices=[Choice(key, known[key], pages[key]) for key in shown],
        hidden=len(pages) - len(shown),
        chosen=wanted,
        freed=freed(wanted, waiting),
        steps=plan(waiting, most=len(wanted), among=wanted) if wanted else [],
        proposed=proposed,
    )


def _by_key(causes: Collection[Cause]) -> Mapping[str, Cause]:
    """Causes by what the stored findings know them by: the number of the cause, or the rule's id where there is none."""
    return {str(cause.place.id) if cause.place else cause.id: cause for cause in causes}
