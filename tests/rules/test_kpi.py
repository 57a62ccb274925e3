"""Targets are reckoned exactly, the register is whole, and the simulator frees what a search of all orders frees."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.kpi import Panel, Target, TargetError, kpis, reckon
from rules.simulate import best_first, freed_by


def test_the_register_has_three_of_each_panel_in_two_languages() -> None:
    panels = [one.panel for one in kpis().values()]
    assert [panels.count(panel) for panel in Panel] == [3, 3, 3, 3]
    for one in kpis().values():
        assert all(words.title and words.definition.endswith(".") and words.unknown.endswith(".") for words in one.words.values())


def test_gap_pace_and_path_are_exact() -> None:
    more, fewer = kpis()["pages-without-failure"], kpis()["dead-links-per-thousand"]
    year = Target(date(2026, 1, 1), 50, date(2027, 1, 1), 86.5)
    half = date(2026, 7, 2)  # 182 of 365 days
    assert year.expected(half) == pytest.approx(50 + 36.5 * 182 / 365)
    told = reckon(more, 60, year, half)
    assert told.gap == pytest.approx(26.5) and not told.is_on_path and not told.is_reached
    assert told.pace == pytest.approx(26.5 / (183 / (365.25 / 12)))
    assert reckon(more, year.expected(half), year, half).is_on_path
    assert reckon(more, 86.5, year, half).pace is None and reckon(more, 90, year, half).is_reached
    down = Target(date(2026, 1, 1), 20, date(2027, 1, 1), 5)
    assert reckon(fewer, 4, down, half).is_reached and reckon(fewer, 12, down, half).is_on_path
    assert reckon(fewer, 13, down, half).gap == 8
    late = reckon(more, 60, year, date(2027, 3, 1))
    assert late.pace is None and not late.is_reached
    assert (year.expected(date(2020, 1, 1)), year.expected(date(2030, 1, 1))) == (50, 86.5)
    with pytest.raises(TargetError):
        Target(date(2027, 1, 1), 1, date(2027, 1, 1), 2)


@given(st.dictionaries(st.integers(1, 12), st.frozensets(st.integers(1, 5), min_size=1), max_size=12))
def test_the_simulator_counts_what_is_freed(causes_on: dict[int, frozenset[int]]) -> None:
    steps = best_first(causes_on, 5)
    mended: list[int] = []
    for step in steps:
        mended.append(step.cause)
        assert step.total == freed_by(causes_on, mended)
    assert sum(step.freed for step in steps) == (steps[-1].total if steps else 0) == len(causes_on)
    if steps:  # one cause alone: no other frees more
        best = max(freed_by(causes_on, one) for one in combinations({cause for some in causes_on.values() for cause in some}, 1))
        assert steps[0].freed == best
