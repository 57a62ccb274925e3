"""Turns axe-core's result into findings of our rules: a pure function, tested without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from checks.accessibility.engines.axe.mapping import mapping, only_asks
from rules.finding import Finding, Target
from rules.norm import Norm
from rules.observation import Evidence, PageSnapshot
from rules.outcome import Impact, Outcome, worst
from rules.rule import Rule, catalogue

ENGINE = "axe"
# A sentence, a quotation, an amount, or what begins with a small letter, is seldom the heading of what follows.
NO_HEADING = re.compile(r".*[.!:;,…]|[\"'“”„‘’«»].*|\W*\d[\d\W]*|[^\W\d_A-ZÀ-Þ].*", re.DOTALL)
SKIP_LINK = re.compile(r"<a\s[^>]*\bhref=[\"']?#\w", re.IGNORECASE)
OUTCOMES = {
    "violations": Outcome.FAILED,
    "incomplete": Outcome.CANNOT_TELL,
    "passes": Outcome.PASSED,
    "inapplicable": Outcome.INAPPLICABLE,
}


def findings(page: PageSnapshot) -> Iterator[Finding]:
    """Every element that axe calls a violation or wants looked at; one finding per rule of ours and element."""
    evidence = page.evidence.get(ENGINE)
    if evidence is None or not evidence.complete:
        return
    seen: set[tuple[str, str]] = set()
    for result in sorted(evidence.data["findings"], key=lambda one: one["list"] != "violations"):
        rule = _rule(result["rule"])
        if rule is None:
            continue
        for node in _nodes(result):
            target = _target(node)
            key = (rule.id, repr((target.frames, target.selector)))
            if key not in seen:
                seen.add(key)
                is_failed = result["list"] == "violations" and _may_fail(result["rule"], rule) and _proves(result["rule"], node)
                yield _finding(rule, is_failed=is_failed, node=node, target=target)


def outcomes(page: PageSnapshot, norm: Norm) -> dict[str, Outcome]:
    """The worst outcome of each of our rules that axe speaks for; untested where axe did not run to its end."""
    evidence = page.evidence.get(ENGINE)
    complete = evidence is not None and evidence.complete
    ran: dict[str, str] = evidence.data["rules"] if evidence and complete else {}
    result: dict[str, Outcome] = {}
    for axe_rule, rule_id in mapping().items():
        rule = catalogue()[rule_id]
        if not rule.belongs_to(norm):
            continue
        outcome = OUTCOMES[ran[axe_rule]] if axe_rule in ran else Outcome.UNTESTED
        if outcome in (Outcome.CANNOT_TELL, Outcome.FAILED) and not _named(evidence, axe_rule, ran[axe_rule]):
            outcome = Outcome.PASSED
        proven = outcome is Outcome.FAILED and any(_proves(axe_rule, node) for node in _named(evidence, axe_rule, "violations"))
        if outcome is Outcome.FAILED and not (proven and _may_fail(axe_rule, rule)):
            outcome = Outcome.CANNOT_TELL
        result[rule_id] = worst(result.get(rule_id, outcome), outcome)
    return result


def _may_fail(axe_rule: str, rule: Rule) -> bool:
    """Good practice that no criterion asks for is never a failure, only something to look at."""
    return not rule.is_advice and axe_rule not in only_asks()


def _proves(axe_rule: str, node: dict[str, Any]) -> bool:
    """Signs without a word or figure are no text in a human language (ACT rule afw4f7): their contrast is asked about."""
    text = _text(node)
    if axe_rule == "p-as-heading":
        return bool(text) and NO_HEADING.fullmatch(text) is None  # of a long element axe only gives the tag
    return axe_rule != "color-contrast" or not text or re.search(r"\d|[^\W_]{2}", text) is not None


def _nodes(result: dict[str, Any]) -> list[dict[str, Any]]:
    """What axe names, but for three things that stop nobody.

    Signs such as ×, X and ☰, which nobody says aloud: a name need not have them. A link to a place on the page outside
    every landmark: a way past what comes first is at its place there. A frame's own main beside that of the page.
    """
    nodes: list[dict[str, Any]] = result["nodes"]
    if result["rule"] == "region":
        return [node for node in nodes if not SKIP_LINK.match(node["html"])]
    if result["rule"] == "landmark-unique":
        return [node for node in nodes if not node["html"].startswith("<main")]
    if result["rule"] != "label-content-name-mismatch" or result["list"] != "incomplete":
        return nodes
    return [node for node in nodes if re.search(r"[^\W_xX]|\w\w", _text(node))]


def _text(node: dict[str, Any]) -> str:
    return unescape(re.sub(r"<[^>]*>?", " ", node["html"])).strip()


def _named(evidence: Evidence | None, axe_rule: str, kind: str) -> list[dict[str, Any]]:
    results = evidence.data["findings"] if evidence else ()
    return [node for one in results if one["rule"] == axe_rule and one["list"] == kind for node in _nodes(one)]


def _rule(axe_rule: str) -> Rule | None:
    ours = mapping().get(axe_rule)
    return catalogue()[ours] if ours else None


def _finding(rule: Rule, *, is_failed: bool, node: dict[str, Any], target: Target) -> Finding:
    outcome = Outcome.FAILED if is_failed else Outcome.CANNOT_TELL
    arguments = {name: value for name, value in node["data"].items() if value is not None}
    return Finding(
        rule=rule.id,
        rule_version=rule.version,
        outcome=outcome,
        impact=Impact(node["impact"]) if node["impact"] else rule.impact,
        engines=(ENGINE,),
        target=target,
        message=outcome.value,
        arguments=arguments,
    )


def _target(node: dict[str, Any]) -> Target:
    """axe names an element by selectors: one for each frame on the way; a list inside goes into shadow roots."""
    path = [" >>> ".join(step) if isinstance(step, list) else step for step in node["target"]]
    ancestry = [" >>> ".join(step) if isinstance(step, list) else step for step in node["ancestry"]]
    return Target(frames=tuple(ancestry[:-1]), selector=path[-1], html=node["html"], path=ancestry[-1])
