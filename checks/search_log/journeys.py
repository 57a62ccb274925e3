"""What became of each search within its visit: clicked, asked otherwise, left, or the end of the visit.

Source: the definitions of Vierluik's metrics: a search is reformulated when the same visit asks another query within five minutes
and without a click between; it is abandoned when neither a click nor a reformulation follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from rules.search_log import DayEvent, Fact, QueryDay

REFORMULATED_WITHIN_MS = 5 * 60_000
SPELLING_DISTANCE = 2  # letters; one of a short word


def totals_of_day(events: Iterable[DayEvent], knows: frozenset[Fact], text_of: Callable[[int], str]) -> list[QueryDay]:
    """Add up the events of one day, given by visit and then by time. `text_of` gives the words of a query by its number."""
    totals: dict[int, QueryDay] = {}
    follows = Fact.SESSIONS in knows and Fact.CLICKS in knows
    for session, group in groupby(events, key=itemgetter(2)):
        visit = list(group)
        queries = _count(visit, totals)
        if session is None:
            continue
        for query in queries:
            total = totals[query]
            total.sessions = (total.sessions or 0) + 1
        if follows and queries:
            _follow(visit, totals, text_of)
    return list(totals.values())


def _count(visit: Sequence[DayEvent], totals: dict[int, QueryDay]) -> set[int]:
    """Count the searches of a visit; gives its queries."""
    queries = set()
    for _, query, _, is_click, hits, _, exits in visit:
        if is_click:
            continue
        queries.add(query)
        total = totals.get(query)
        if total is None:
            total = totals[query] = QueryDay(query)
        total.searches += 1
        if hits is not None:
            total.known_results += 1
            total.zero_results += hits == 0
        if exits is not None:
            total.exits = (total.exits or 0) + exits
    return queries


def _follow(visit: Sequence[DayEvent], totals: dict[int, QueryDay], text_of: Callable[[int], str]) -> None:
    """Each search of a visit with what comes after it, up to the next search of the same query."""
    for number, search in enumerate(visit):
        if search.is_click:
            continue
        total = totals[search.query]
        total.clicked, total.abandoned = total.clicked or 0, total.abandoned or 0
        click = first_click(visit, number)
        if click:
            total.clicked += 1
            if click.position:
                total.positioned += 1
                total.reciprocal_ranks += 1 / click.position
            continue
        other = reformulation(visit, number)
        if other:
            kind = kind_of_reformulation(text_of(search.query), text_of(other.query))
            setattr(total, kind, getattr(total, kind) + 1)
        else:
            total.abandoned += 1


def first_click(visit: Sequence[DayEvent], number: int) -> DayEvent | None:
    """The first click on a result of a search; a click belongs to the last search of its query before it."""
    query = visit[number].query
    for event in visit[number + 1 :]:
        if event.query == query:
            return event if event.is_click else None
    return None


def reformulation(visit: Sequence[DayEvent], number: int) -> DayEvent | None:
    """The next search of the visit where it asks something else soon enough."""
    search = visit[number]
    for event in visit[number + 1 :]:
        if event.at_ms - search.at_ms > REFORMULATED_WITHIN_MS:
            return None
        if not event.is_click:
            return event if event.query != search.query else None
    return None


def kind_of_reformulation(before: str, after: str) -> str:
    """How a query differs from the one before it: "spelling", "added", "removed" or "replaced"."""
    old, new = before.split(), after.split()
    if set(old) < set(new):
        return "added"
    if set(new) < set(old):
        return "removed"
    a, b = before.replace(" ", ""), after.replace(" ", "")
    allowed = 1 if min(len(a), len(b)) < 5 else SPELLING_DISTANCE
    return "spelling" if set(old) == set(new) or distance(a, b, allowed) <= allowed else "replaced"


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, remove or swap with their neighbour (optimal string alignment); most + 1 where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        previous, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
