"""What axe-core calls a violation becomes a finding of ours: failed, or a question where the rule may only ask."""

from __future__ import annotations

import pytest

from checks.accessibility.engines.axe import check
from checks.accessibility.engines.axe.mapping import mapping
from rules.norm import norms
from rules.observation import Evidence, PageSnapshot, Response
from rules.outcome import Outcome

NORM = norms()["en301549-3.2.1"]


def snapshot(axe_rule: str) -> PageSnapshot:
    """A page on which axe found one violation, of the rule that is named."""
    node = {"target": ["table"], "ancestry": ["html > body > table"], "html": "<table>", "impact": "serious", "data": {}}
    found = {"rule": axe_rule, "list": "violations", "total": 1, "nodes": [node]}
    data = {"version": "4", "rules": {axe_rule: "violations"}, "findings": [found]}
    evidence = {"axe": Evidence("axe", complete=True, data=data)}
    return PageSnapshot("http://a.example/", Response("http://a.example/", 200), "x", "nl", (), evidence)


@pytest.mark.parametrize(
    ("axe_rule", "outcome"),
    [
        ("image-alt", Outcome.FAILED),
        ("table-fake-caption", Outcome.CANNOT_TELL),  # experimental, and wrong about tables that lay out a page
        ("heading-order", Outcome.CANNOT_TELL),  # advice
    ],
)
def test_a_violation_fails_only_where_the_rule_may_accuse(axe_rule: str, outcome: Outcome) -> None:
    page = snapshot(axe_rule)
    assert [finding.outcome for finding in check.findings(page)] == [outcome]
    assert check.outcomes(page, NORM)[mapping()[axe_rule]] is outcome
