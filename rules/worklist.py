"""What an editor mends first: the people that it reaches x how hard it stops them / the minutes that it takes."""

from __future__ import annotations

from enum import StrEnum

from rules.outcome import Impact, Outcome

MOST = 10  # things on a desk at once: a list that can be finished
QUESTION = 0.25  # what a person has to judge counts for less than what fails


class PeopleSource(StrEnum):
    """What the people of a page are counted by; the best that is known of the site, and the same for all of its pages."""

    VISITS = "visits"  # a month, as somebody measured them
    SEARCHES = "searches"  # a month, that ended with a click on the page
    LINKS = "links"  # pages of the site that lead to it
    NOTHING = "nothing"


def worth(people: float | None, impact: Impact, minutes: float, outcome: Outcome) -> float:
    """The order of work. People that are not known count as one: such a page is not left out, and comes after the others."""
    certain = 1.0 if outcome is Outcome.FAILED else QUESTION
    return max(people or 0.0, 1.0) * impact.weight * certain / max(minutes, 1.0)
