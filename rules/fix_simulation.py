"""What mending some causes would free: a page is free when all its confirmed failures are of causes that are mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One cause of a plan, and what its turn brings."""

    cause: str
    freed: int  # pages that become free with it
    in_all: int  # pages that are free then, of those that were not


def needs(causes_of_pages: Iterable[frozenset[str]]) -> Counter[frozenset[str]]:
    """How many pages wait for exactly the same causes; pages that wait for none are free already."""
    return Counter(causes for causes in causes_of_pages if causes)


def freed(chosen: Collection[str], waiting: Mapping[frozenset[str], int]) -> int:
    """How many pages are free once all of the chosen causes are mended. Exact: nothing is estimated."""
    mended = frozenset(chosen)
    return sum(count for causes, count in waiting.items() if causes <= mended)


def plan(waiting: Mapping[frozenset[str], int], *, most: int, among: Collection[str] | None = None) -> list[Step]:
    """The causes to mend, the one that frees most pages each time first; `among`: of these only.

    Where no single cause frees a page, the one that most waiting pages need goes first: it brings them a step nearer.
    """
    mended: frozenset[str] = frozenset()
    left = {causes: count for causes, count in waiting.items() if causes}
    steps: list[Step] = []
    in_all = 0
    while len(steps) < most:
        frees: Counter[str] = Counter()
        needed: Counter[str] = Counter()
        for causes, count in left.items():
            missing = causes - mended
            for cause in missing:
                needed[cause] += count
            if len(missing) == 1:
                frees[next(iter(missing))] += count
        candidates = [cause for cause in needed if among is None or cause in among]
        if not candidates:
            return steps
        best = min(candidates, key=lambda cause: (-frees[cause], -needed[cause], cause))
        mended |= {best}
        in_all += frees[best]
        steps.append(Step(best, frees[best], in_all))
        left = {causes: count for causes, count in left.items() if not causes <= mended}
    return steps
