"""Targets are reckoned exactly, and the register is whole."""

from __future__ import annotations

from datetime import date

import pytest

from rules.kpi import Panel, Target, TargetError, kpis, reckon


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
