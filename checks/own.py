"""Turns the verdicts of our own checks into findings and outcomes."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from checks.topics import Topic, documents_of, topics
from checks.verdict import DocumentFacts, Verdict
from rules.finding import LONGEST_SNIPPET, Finding, Target
from rules.observation import PageSnapshot
from rules.outcome import Outcome, worst
from rules.rule import Rule, catalogue

ENGINE = "vierluik"

logger = logging.getLogger(__name__)


def looked(page: PageSnapshot) -> bool:
    """Whether any check of ours was to look at this page."""
    return ENGINE in page.evidence


def judged(page: PageSnapshot) -> Iterator[tuple[str, Outcome, Finding | None]]:
    """Of every rule of ours each outcome on this page; with the finding where it failed or a person has to look.

    A rule that met nothing to judge is inapplicable; one whose facts were not gathered to the end is untested.
    """
    for topic in topics().values():
        if topic.probe not in page.evidence:
            continue  # this run does not look at it
        documents = documents_of(topic, page)
        try:
            found = None if documents is None else [one for document in documents for one in _judged(topic, document)]
        except Exception:  # what a page holds may surprise a check in any way; the other checks go on
            logger.exception("The checks of %s stopped on %s", topic.name, page.url)
            found = None
        if found is None:
            yield from ((rule, Outcome.UNTESTED, None) for rule in sorted(topic.rules))
        else:
            yield from ((rule, Outcome.INAPPLICABLE, None) for rule in sorted(topic.rules))
            yield from found


def _judged(topic: Topic, document: DocumentFacts) -> Iterator[tuple[str, Outcome, Finding | None]]:
    for verdict in topic.judge(document):
        yield verdict.rule, *finding_of(verdict, document.frames)


def finding_of(verdict: Verdict, frames: tuple[str, ...]) -> tuple[Outcome, Finding | None]:
    """The outcome that a verdict comes to, and the finding where it failed or a person has to look. Advice only asks."""
    rule = catalogue()[verdict.rule]
    outcome = verdict.outcome
    if outcome is Outcome.FAILED and rule.is_advice:
        outcome = Outcome.CANNOT_TELL
    is_finding = outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)
    return outcome, _finding(rule, outcome, verdict, frames) if is_finding else None


def unsure_finding(verdict: Verdict) -> Finding:
    """What a verdict that nobody could give would have found."""
    return _finding(catalogue()[verdict.rule], Outcome.FAILED, verdict, ())


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
        confirmation=verdict.confirmation,
    )


def outcomes(found: Iterator[tuple[str, Outcome, Finding | None]]) -> dict[str, Outcome]:
    """The worst outcome of each rule."""
    result: dict[str, Outcome] = {}
    for rule, outcome, _ in found:
        result[rule] = worst(result.get(rule, outcome), outcome)
    return result
