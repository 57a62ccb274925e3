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


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        ("<p>Grijze tekst</p>", Outcome.FAILED),
        ("<p>&euro; 5</p>", Outcome.FAILED),
        ("<p></p>", Outcome.FAILED),  # its text stands in a shadow tree
        ("<span>&raquo;</span>", Outcome.CANNOT_TELL),
        ("<p>-----=====****</p>", Outcome.CANNOT_TELL),
    ],
)
def test_signs_that_are_no_words_are_asked_about_and_not_accused(html: str, outcome: Outcome) -> None:
    page = snapshot("color-contrast")
    page.evidence["axe"].data["findings"][0]["nodes"][0]["html"] = html
    assert [finding.outcome for finding in check.findings(page)] == [outcome]
    assert check.outcomes(page, NORM)["text-contrast"] is outcome
