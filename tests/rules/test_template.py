"""Pages of one template are known again by their structure."""

from __future__ import annotations

from rules.template import Templates, likeness


def test_three_quarters_in_common_is_the_same_template() -> None:
    templates = Templates({7: frozenset(range(100))})
    assert templates.match(frozenset(range(10, 100))) == 7
    assert templates.match(frozenset(range(50, 150))) is None


def test_the_template_that_is_most_alike_is_chosen() -> None:
    templates = Templates({1: frozenset(range(90)), 2: frozenset(range(100))})
    assert templates.match(frozenset(range(99))) == 2


def test_likeness_runs_from_nothing_to_all() -> None:
    assert likeness(frozenset(), frozenset()) == 0.0
    assert likeness(frozenset({1}), frozenset({1})) == 1.0
