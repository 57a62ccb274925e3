"""When a page is carried over: each of the planner's reasons by itself, and the 28 days."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.incremental import LastCheck
from rules.reason import REASONS
from scheduler.planner import Why, is_due, why_tested

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
LAST = LastCheck(1, "https://www.example.nl/a", 7, NOW, "rules", "dom", "assets", ("https://www.example.nl/s.css",))


def why(
    last: LastCheck | None = LAST, *, not_modified: bool = False, dom_hash: str = "dom", assets: str = "assets"
) -> Why | None:
    return why_tested(last, "rules", NOW, not_modified=not_modified, dom_hash=dom_hash, assets_hash=assets)


def test_a_page_that_has_not_changed_is_carried_over() -> None:
    assert why() is None
    assert why(not_modified=True, dom_hash="") is None


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (None, Why.NEW),
        (replace(LAST, judged_with=""), Why.NOT_WHOLE),
        (replace(LAST, dom_hash=""), Why.NOT_WHOLE),
        (replace(LAST, is_broken=True), Why.NOT_WHOLE),
        (replace(LAST, judged_with="other rules"), Why.OTHER_RULES),
        (replace(LAST, is_waiting=True), Why.WAITING),
        (replace(LAST, checked_at=NOW - timedelta(days=28)), Why.DUE),
    ],
)
def test_what_is_known_of_a_page_can_have_it_tested(last: LastCheck | None, reason: Why) -> None:
    assert why(last) is reason
    assert why(last, not_modified=True) is reason


def test_a_304_says_nothing_of_style_sheets_and_scripts() -> None:
    assert why(not_modified=True, assets="others") is Why.ASSETS_CHANGED
    assert why(not_modified=True, assets="") is Why.ASSETS_CHANGED  # one could not be asked
    assert why(replace(LAST, assets_hash=""), assets="") is Why.ASSETS_CHANGED
    assert why(dom_hash="another") is Why.PAGE_CHANGED


def test_each_night_one_page_in_28_is_due_and_no_page_waits_longer() -> None:
    pages = [f"https://www.example.nl/{number}" for number in range(2_800)]
    checked = dict.fromkeys(pages, NOW)
    times: Counter[str] = Counter()
    for night in range(1, 57):
        now = NOW + timedelta(days=night)
        due = [page for page in pages if is_due(page, checked[page], now)]
        assert 60 < len(due) < 145  # a hundred, as chance has it
        for page in due:
            assert now - checked[page] <= timedelta(days=28)
            checked[page] = now
            times[page] += 1
    assert set(times.values()) == {2}


def test_a_site_that_is_visited_once_a_week_spreads_its_pages_too() -> None:
    pages = [f"https://www.example.nl/{number}" for number in range(2_800)]
    due = [sum(is_due(page, NOW, NOW + timedelta(days=days)) for page in pages) for days in (7, 14, 21, 28)]
    assert due[-1] == len(pages)
    assert 600 < due[0] < 800


def test_every_reason_has_its_words() -> None:
    assert set(Why) <= REASONS.keys()
