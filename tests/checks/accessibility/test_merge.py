"""What several engines say of one barrier becomes one finding, and nothing else does."""

from __future__ import annotations

from itertools import permutations

import pytest

from checks.accessibility.merge import merged
from rules.finding import Finding, Target
from rules.outcome import Impact, Outcome


def finding(
    engine: str,
    path: str,
    outcome: Outcome = Outcome.FAILED,
    rule: str = "image-alternative",
    frames: tuple[str, ...] = (),
) -> Finding:
    target = Target(frames, path.rpartition(" ")[2], "<img>", path)
    return Finding(rule, 1, outcome, Impact.SERIOUS, (engine,), target, outcome.value)


LIST = "html > body > ul"
ITEM = f"{LIST} > li:nth-child(1)"
OTHER_ITEM = f"{LIST} > li:nth-child(2)"
ASKED = Outcome.CANNOT_TELL


def engines(*findings: Finding) -> set[tuple[str, tuple[str, ...]]]:
    """Each kept finding as its path and engines; the same in whatever order the engines spoke."""
    results = {frozenset((one.target.path, one.engines) for one in merged(order)) for order in permutations(findings)}
    assert len(results) == 1
    return set(results.pop())


def test_the_same_element_by_three_engines_is_one_finding() -> None:
    found = engines(finding("axe", ITEM), finding("accesslint", ITEM), finding("vierluik", ITEM))
    assert found == {(ITEM, ("axe", "vierluik", "accesslint"))}


def test_two_rules_on_one_element_stay_two() -> None:
    assert len(merged([finding("axe", ITEM), finding("accesslint", ITEM, rule="link-name")])) == 2


def test_an_element_and_its_parent_by_two_engines_are_one_barrier() -> None:
    assert engines(finding("axe", ITEM), finding("accesslint", LIST)) == {(ITEM, ("axe", "accesslint"))}
    assert engines(finding("axe", LIST), finding("accesslint", ITEM)) == {(LIST, ("axe", "accesslint"))}


def test_neighbours_named_by_one_engine_stay_two() -> None:
    assert len(engines(finding("axe", ITEM), finding("axe", LIST))) == 2
    assert len(engines(finding("axe", ITEM), finding("axe", OTHER_ITEM))) == 2


def test_siblings_are_not_folded_into_a_parent_that_another_engine_names() -> None:
    found = engines(finding("accesslint", ITEM), finding("accesslint", OTHER_ITEM), finding("axe", LIST))
    assert len(found) == 3


def test_an_element_that_both_name_does_not_swallow_what_one_says_of_its_child() -> None:
    found = engines(finding("axe", LIST), finding("accesslint", LIST), finding("accesslint", ITEM))
    assert found == {(LIST, ("axe", "accesslint")), (ITEM, ("accesslint",))}


def test_grandparents_are_not_the_same_barrier() -> None:
    assert len(engines(finding("axe", "html > body > ul > li > img"), finding("accesslint", LIST))) == 2


@pytest.mark.parametrize("path", ["html", "html > body", "html > head", "html > head > title"])
def test_what_is_said_of_the_whole_page_is_one(path: str) -> None:
    found = merged([finding("axe", "html", rule="page-title"), finding("accesslint", path, rule="page-title")])
    assert [one.engines for one in found] == [("axe", "accesslint")]


def test_failed_wins_from_a_question_and_its_words_stand() -> None:
    found = merged([finding("axe", ITEM, ASKED), finding("vierluik", ITEM)])
    assert [(one.outcome, one.message, one.engines) for one in found] == [(Outcome.FAILED, "failed", ("axe", "vierluik"))]


def test_among_equals_the_foremost_engine_points_at_the_element() -> None:
    assert engines(finding("alfa", LIST, ASKED), finding("vierluik", ITEM, ASKED)) == {(ITEM, ("vierluik", "alfa"))}


def test_elements_in_two_frames_are_two() -> None:
    found = merged([finding("axe", ITEM, frames=("iframe",)), finding("accesslint", ITEM)])
    assert len(found) == 2
    assert len(merged([finding("axe", ITEM, frames=("iframe",)), finding("accesslint", ITEM, frames=("iframe",))])) == 1


def test_the_parent_of_the_top_of_a_shadow_tree_is_its_host() -> None:
    host = "html > body > my-card"
    assert engines(finding("axe", host), finding("accesslint", f"{host} >>> img")) == {(host, ("axe", "accesslint"))}
    assert len(engines(finding("axe", "html > body"), finding("accesslint", f"{host} >>> img"))) == 2


def test_who_only_seconds_adds_a_name_and_no_finding() -> None:
    found = merged([finding("axe", LIST, ASKED)], [finding("accesslint", ITEM), finding("accesslint", "html > body > p")])
    assert [(one.target.path, one.outcome, one.engines) for one in found] == [(LIST, ASKED, ("axe", "accesslint"))]


def test_who_seconds_the_element_itself_does_not_second_its_parent() -> None:
    found = merged([finding("axe", LIST), finding("axe", ITEM)], [finding("alfa", ITEM)])
    assert {(one.target.path, one.engines) for one in found} == {(LIST, ("axe",)), (ITEM, ("axe", "alfa"))}


def test_nothing_becomes_nothing() -> None:
    assert merged([]) == []
