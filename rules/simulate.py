"""What mending some causes would bring: the pages that are then free of confirmed failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One more cause that is mended."""

    cause: int
    freed: int  # pages that this step frees
    total: int  # pages that are free after it


def freed_by(causes_on: Mapping[int, Collection[int]], mended: Collection[int]) -> int:
    """How many pages are free once these causes are mended. `causes_on`: a page, and all causes that stand on it."""
    return sum(set(causes) <= set(mended) for causes in causes_on.values())


def best_first(causes_on: Mapping[int, Collection[int]], most: int) -> list[Step]:
    """The causes that free the most pages, one after the other: each time the one that frees most.

    Where none frees a page by itself, the one that brings the most pages nearer to it: greedy, so perhaps not the best of all
    orders, and the same for the same pages.
    """
    left = {page: set(causes) for page, causes in causes_on.items() if causes}
    steps: list[Step] = []
    total = 0
    while left and len(steps) < most:
        alone = Counter(next(iter(causes)) for causes in left.values() if len(causes) == 1)
        near: dict[int, float] = {}
        for causes in left.values():
            for cause in causes:
                near[cause] = near.get(cause, 0.0) + 1 / len(causes)
        cause = min(near, key=lambda one: (-alone[one], -near[one], one))
        freed = alone[cause]
        for causes in left.values():
            causes.discard(cause)
        left = {page: causes for page, causes in left.items() if causes}
        total += freed
        steps.append(Step(cause, freed, total))
    return steps
