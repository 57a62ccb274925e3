"""Turns the verdicts of our own checks into findings and outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from checks.accessibility.topics import Topic, documents_of, topics
from checks.accessibility.verdict import DocumentFacts, Verdict
from rules.finding import LONGEST_SNIPPET, Finding, Target
from rules.observation import PageSnapshot
from rules.outcome import Outcome, worst
from rules.rule import Rule, catalogue

ENGINE = "vierluik"


def judged(page: PageSnapshot) -> Iterator[tuple[str, Outcome, Finding | None]]:
    """Of every rule of ours each outcome on this page; with the finding where it failed or a person has to look.

    A rule that met nothing to judge is inapplicable; one whose facts were not gathered to the end is untested.
    """
    for topic in topics().values():
        if topic.probe not in page.evidence:
            continue  # this run does not look at it
        documents = documents_of(topic, page)
        if documents is None:
            yield from ((rule, Outcome.UNTESTED, None) for rule in sorted(topic.rules))
            continue
        yield from ((rule, Outcome.INAPPLICABLE, None) for rule in sorted(topic.rules))
        for document in documents:
            yield from _judged(topic, document)


def _judged(topic: Topic, document: DocumentFacts) -> Iterator[tuple[str, Outcome, Finding | None]]:
    for verdict in topic.judge(document):
        rule = catalogue()[verdict.rule]
        outcome = verdict.outcome
        if outcome is Outcome.FAILED and rule.is_advice:
            outcome = Outcome.CANNOT_TELL
        is_finding = outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)
        yield verdict.rule, outcome, _finding(rule, outcome, verdict, document.frames) if is_finding else None


def _finding(rule: Rule, outcome: Outcome, verdict: Verdict, frames: tuple[str, ...]) -> Finding:
    element = verdict.element
    return Finding(
        rule=rule.id,
        rule_version=rule.version,
        outcome=outcome,
        impact=rule.impact,
        engines=(ENGINE,),
        target=Target(frames, element["selector"], element["html"][:LONGEST_SNIPPET], element["path"]),
        message=verdict.message or outcome.value,
        arguments=verdict.arguments,
    )


def outcomes(found: Iterator[tuple[str, Outcome, Finding | None]]) -> dict[str, Outcome]:
    """The worst outcome of each rule."""
    result: dict[str, Outcome] = {}
    for rule, outcome, _ in found:
        result[rule] = worst(result.get(rule, outcome), outcome)
    return result
