"""Judges one page for accessibility: what every engine and check of our own says, as findings and outcomes of our rules."""

from __future__ import annotations

from checks import own
from checks.accessibility.engines.axe import check as axe
from checks.accessibility.engines.opinions import OPINIONS
from checks.accessibility.merge import merged
from checks.policies import judge as policies
from checks.topics import topics
from rules.finding import Finding
from rules.norm import Norm
from rules.observation import PageSnapshot
from rules.outcome import Outcome, worst
from rules.policy import Policy
from rules.rule import catalogue
from rules.task import Judgement


def judge(page: PageSnapshot, norm: Norm, own_rules: tuple[Policy, ...] = ()) -> Judgement:
    """The findings on a page, of every rule that should have run its worst outcome, and which rules did not run whole. Pure."""
    found = list(axe.findings(page))
    parts = [axe.outcomes(page, norm)] if axe.ENGINE in page.evidence else []
    seconds: list[Finding] = []
    for engine in OPINIONS.values():
        if engine.name in page.evidence:
            found += engine.findings(page)
            seconds += engine.seconds(page)
            parts.append(engine.outcomes(page, norm))
    looked = own.looked(page)
    ours = [one for one in own.judged(page) if catalogue()[one[0]].belongs_to(norm)] if looked else []
    parts += [{rule: outcome} for rule, outcome, _ in ours]
    by_policy = list(policies.judged(page, own_rules))
    parts += [{rule: outcome} for rule, outcome, _ in by_policy]
    found += [finding for _, _, finding in (*ours, *by_policy) if finding]
    outcomes: dict[str, Outcome] = {}
    partly: set[str] = set()
    for part in parts:
        for rule, outcome in part.items():
            outcomes[rule] = worst(outcomes.get(rule, outcome), outcome)
            if outcome is Outcome.UNTESTED:
                partly.add(rule)
    if looked:  # a probe that was not to look at this page knows nothing of what it found here before
        partly.update(rule for topic in topics().values() if topic.probe not in page.evidence for rule in topic.rules)
    stopped = any(outcome is Outcome.UNTESTED and _looked(rule, page) for rule, outcome, _ in ours)
    notes = ("check-failed",) if stopped else ()
    return Judgement(tuple(merged(found, seconds)), outcomes, frozenset(partly), notes)


def _looked(rule: str, page: PageSnapshot) -> bool:
    """Whether the evidence of a rule of our own came in whole."""
    return any(
        page.evidence[topic.probe].complete for topic in topics().values() if rule in topic.rules and topic.probe in page.evidence
    )
