"""A site that is larger than a run may be is looked at by the same pages each time."""

from __future__ import annotations

import random

from crawler.frontier import Frontier
from rules.site import Limits, Scope

ORIGIN = "https://www.example.nl"
SCOPE = Scope((ORIGIN,))


def walked(pages: list[str], panel: set[str], most: int) -> set[str]:
    """The pages that a walk fetches which meets these addresses in this order."""
    frontier = Frontier(SCOPE, Limits(max_pages=most), lambda url: True, panel=frozenset(panel))
    fetched: set[str] = set()
    frontier.consider_all(pages, 1)
    frontier.admit_newcomers(fetched)
    while frontier.queue and len(fetched) < most:
        fetched.add(frontier.queue.popleft().identity)
    return fetched


def site(count: int) -> list[str]:
    return [f"{ORIGIN}/pagina-{number}" for number in range(count)]


def test_the_same_pages_are_chosen_in_whatever_order_they_are_met() -> None:
    pages = site(100)
    panel = walked(pages, set(), 40)
    for seed in range(5):
        again = pages.copy()
        random.Random(seed).shuffle(again)
        assert walked(again, panel, 40) == panel


def test_a_newcomer_gets_the_place_of_a_page_that_is_known_to_be_gone() -> None:
    pages = site(100)
    panel = walked(pages, set(), 40) - {f"{ORIGIN}/pagina-3"}
    first, second = (walked(order, panel, 40) for order in (pages, pages[::-1]))
    assert panel < first
    assert len(first) == 40
    assert first == second  # chance, but the same each time


def test_a_place_is_kept_for_a_page_that_may_still_be_met() -> None:
    pages = site(100)
    panel = walked(pages, set(), 40)
    assert walked([page for page in pages if not page.endswith("-3")], panel, 40) == panel - {f"{ORIGIN}/pagina-3"}


def test_a_site_that_fits_is_fetched_whole() -> None:
    pages = site(30)
    assert walked(pages, set(pages[:20]), 40) == set(pages)


def test_a_page_of_the_panel_is_not_pushed_out_by_others_of_its_shape() -> None:
    limits = Limits(max_pages_per_shape=10)
    panel = frozenset(site(10))
    frontier = Frontier(SCOPE, limits, lambda url: True, panel=panel)
    left = [
        reason for _, reason in frontier.consider_all([*(f"{ORIGIN}/pagina-{number}" for number in range(50, 90)), *panel], 1)
    ]
    assert left.count("shape-limit") == 30
    assert {candidate.identity for candidate in frontier.queue} == panel
