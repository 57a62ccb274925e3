"""How the cost of work grows with its size: what a test asserts where a hostile input could cost minutes.

A number of seconds says as much about the machine and its neighbours as about the code; the ratio of two sizes does not.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

LINEAR = 10.0  # growth that is linear (4) or nearly so stays below it; quadratic growth is 16
TIMES = 4
FEWEST_ROUNDS, MOST_ROUNDS = 3, 6
LEAST_S = 0.005  # CPU time of one measurement: work that costs less is done more than once


def growth(work: Callable[[int], object], size: int) -> float:
    """CPU time of `work(4 * size)` over that of `work(size)`, each the least of a few.

    Work remembers nothing from one call to the next, and the larger size is below the limit at which the code cuts its input:
    else the growth would not be seen. A text for work that costs microseconds is made beforehand or is smaller than 128 kB:
    from there on the memory for it costs more than the work.
    """
    small = large = math.inf
    for done in range(1, MOST_ROUNDS + 1):
        small, large = min(small, _cost(work, size)), min(large, _cost(work, TIMES * size))
        if done >= FEWEST_ROUNDS and large < LINEAR * small:
            break  # else it is measured again: neighbours make a measurement dearer, and never cheaper
    return large / small


def _cost(work: Callable[[int], object], size: int) -> float:
    """CPU seconds of one call."""
    started, calls = time.process_time(), 0
    while (spent := time.process_time() - started) < LEAST_S:
        work(size)
        calls += 1
    return spent / calls
