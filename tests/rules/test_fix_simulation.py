"""The fix simulator counts: a page is free when every cause that it waits for is mended."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules.fix_simulation import Step, freed, needs, plan


def waiting_of(*pages: str) -> dict[frozenset[str], int]:
    return needs(frozenset(page) for page in pages)


def test_a_page_is_free_only_when_all_its_causes_are_mended() -> None:
    waiting = waiting_of("a", "ab", "ab", "abc", "")
    assert freed("a", waiting) == 1
    assert freed("b", waiting) == 0
    assert freed("ab", waiting) == 3
    assert freed("abcx", waiting) == 4


def test_the_plan_takes_what_frees_most_and_else_what_brings_most_pages_nearer() -> None:
    waiting = waiting_of("a", "bc", "bc", "bd")
    assert plan(waiting, most=3) == [Step("a", 1, 1), Step("b", 0, 1), Step("c", 2, 3)]
    assert plan(waiting, most=9, among="bd") == [Step("b", 0, 0), Step("d", 1, 1)]
    assert plan({}, most=3) == []


@given(st.lists(st.frozensets(st.sampled_from("abcde")), max_size=30), st.frozensets(st.sampled_from("abcde")))
def test_the_sum_of_a_plan_is_what_its_causes_free(pages: list[frozenset[str]], chosen: frozenset[str]) -> None:
    waiting = needs(pages)
    steps = plan(waiting, most=len(chosen), among=chosen)
    assert sum(step.freed for step in steps) == freed(chosen, waiting)
    assert freed(chosen, waiting) == sum(bool(page) and page <= chosen for page in pages)
    assert all(step.in_all == freed([one.cause for one in steps[: place + 1]], waiting) for place, step in enumerate(steps))
