"""How well a list of results serves a task: rank of the first right page, success@k, reciprocal rank and nDCG.

Source: TREC's measures Success@k, RR@10 and nDCG@10 as ir-measures computes them (gain = grade, discount = log2 of rank + 1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rules.findability import CUT_OFF


def first_rank(pages: Sequence[str], grades: Mapping[str, int]) -> int | None:
    """Where the first right page stands, from 1; None where none is among the results that people look at."""
    return next((rank for rank, page in enumerate(pages[:CUT_OFF], start=1) if grades.get(page, 0) > 0), None)


def success_at(cut: int, rank: int | None) -> bool:
    """Whether the first right page is among the first `cut` results. Its mean over queries is success@k."""
    return rank is not None and rank <= cut


def reciprocal_rank(pages: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 / rank of the first right page; 0.0 where there is none among the first ten. Its mean over queries is MRR@10."""
    rank = first_rank(pages, grades)
    return 1 / rank if rank else 0.0


def ndcg(pages: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG@10: what the results gain, as a share of what the best possible order would gain; 0.0 where nothing is right."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(page, 0) for page in pages]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades[:CUT_OFF], start=1))
