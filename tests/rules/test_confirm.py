"""A failure that a second look does not meet again asks, and accuses nobody."""

from __future__ import annotations

from dataclasses import replace

from rules.confirm import confirmed
from rules.finding import Finding, Target
from rules.outcome import Impact, Outcome


def finding(rule: str, outcome: Outcome = Outcome.FAILED, html: str = "<img>") -> Finding:
    target = Target((), "img", html, "html > body > img")
    return Finding(rule, 1, outcome, Impact.SERIOUS, ("axe",), target, outcome.value)


def test_what_is_met_twice_is_confirmed() -> None:
    (found,) = confirmed("/", [finding("a")], [finding("a")], ["a"])
    assert (found.outcome, found.confirmation) == (Outcome.FAILED, "confirmed")


def test_what_flips_is_unstable_and_only_asks() -> None:
    (found,) = confirmed("/", [finding("a")], [finding("a", Outcome.CANNOT_TELL)], ["a"])
    assert (found.outcome, found.confirmation) == (Outcome.CANNOT_TELL, "unstable")


def test_a_rule_that_did_not_run_again_says_nothing() -> None:
    assert confirmed("/", [finding("a")], [], ["b"]) == (finding("a"),)


def test_a_question_needs_no_second_look() -> None:
    asked = finding("a", Outcome.CANNOT_TELL)
    assert confirmed("/", [asked], [], ["a"]) == (asked,)


def test_of_two_alike_one_may_flip() -> None:
    first = [finding("a"), replace(finding("a"))]
    found = confirmed("/", first, [finding("a")], ["a"])
    assert [one.confirmation for one in found] == ["confirmed", "unstable"]
