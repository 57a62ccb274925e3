"""A line of figures is broken where it was measured in another way, and what both ways say of the same is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.panel import marks
from storage.models import Run
from storage.panel import BEFORE, CAME, NOW, SAME_PAGES, WENT
from storage.questions.runs import RunPoint

AS_BEFORE: dict[str, Any] = {
    "norm": "en301549-4.1.1",
    "rule_set": "a",
    "engines": {"axe": "4.14.1"},
    "browser": "Chromium 156.0.1 (headless shell)",
}


def history(*runs: tuple[dict[str, Any], dict[str, float]]) -> list[RunPoint]:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    made_with = [Run(id=number, started_at=at, **{**AS_BEFORE, **made}) for number, (made, _) in enumerate(runs, 1)]
    return [RunPoint(run, figures) for run, (_, figures) in zip(made_with, runs, strict=True)]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"rule_set": "b"}, "andere regels"),
        ({"norm": "en301549-3.2.1"}, "een andere norm"),
        ({"engines": {"axe": "4.15.0"}}, "andere motoren"),
        ({"browser": "Chromium 157.0.1 (headless shell)"}, "een andere browser"),
    ],
)
def test_what_a_run_was_made_with_marks_the_line(made: dict[str, Any], words: str) -> None:
    found = marks(history(({}, {}), (made, {SAME_PAGES: 26, BEFORE: 12, NOW: 9}), (made, {})))
    assert list(found) == [2]
    assert found[2].changes == (words,)
    assert (found[2].pages, found[2].before, found[2].now) == (26, 12, 9)


def test_a_small_update_of_the_browser_and_a_run_without_one_are_no_mark() -> None:
    assert marks(history(({}, {}), ({"browser": ""}, {}), ({"browser": "Chromium 156.0.9 (headless shell)"}, {}))) == {}
    assert list(marks(history(({}, {}), ({"browser": ""}, {}), ({"browser": "Chromium 157.0.9"}, {})))) == [3]


def test_many_other_pages_mark_the_line_and_a_few_do_not() -> None:
    few: dict[str, float] = {SAME_PAGES: 98, CAME: 3, WENT: 2}
    many: dict[str, float] = {SAME_PAGES: 60, CAME: 20, WENT: 30}
    found = marks(history(({}, {}), ({}, few), ({}, many)))
    assert {run: mark.changes for run, mark in found.items()} == {3: ("andere pagina’s",)}
