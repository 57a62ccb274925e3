"""What a check says about one document: one verdict for all places where the same is wrong, for they are mended at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rules.finding import LONGEST_SNIPPET, Finding, Target
from rules.outcome import Outcome
from rules.rule import catalogue

ENGINE = "vierluik"
MOST_PAGES = 12  # page numbers that are named
MOST_EXAMPLES = 6


@dataclass(frozen=True)
class Verdict:
    """The outcome of a rule. `message` is a key of the rule's page; empty: the outcome's own sentence."""

    rule: str
    outcome: Outcome
    message: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    pages: tuple[int, ...] = ()  # where it was seen
    examples: tuple[str, ...] = ()  # what was seen there, a few words each
    element: str = "document"  # the kind of element that is meant, as its format calls it
    engine: str = ENGINE


def passed(rule: str) -> Verdict:
    return Verdict(rule, Outcome.PASSED)


def failed(rule: str, message: str = "", **others: Any) -> Verdict:
    """Only where the facts alone prove it."""
    return Verdict(rule, Outcome.FAILED, message, **others)


def cannot_tell(rule: str, message: str = "", **others: Any) -> Verdict:
    """A person has to look; the message asks what."""
    return Verdict(rule, Outcome.CANNOT_TELL, message, **others)


def finding_of(verdict: Verdict) -> tuple[Outcome, Finding | None]:
    """The outcome that a verdict comes to, and the finding where it failed or a person has to look. Advice only asks."""
    rule = catalogue()[verdict.rule]
    outcome = verdict.outcome
    if outcome is Outcome.FAILED and rule.is_advice:
        outcome = Outcome.CANNOT_TELL
    if outcome not in (Outcome.FAILED, Outcome.CANNOT_TELL):
        return outcome, None
    pages = page_list(verdict.pages)
    return outcome, Finding(
        rule=rule.id,
        rule_version=rule.version,
        outcome=outcome,
        impact=rule.impact,
        engines=(verdict.engine,),
        target=Target((), f"p. {pages}" if pages else verdict.element, _snippet(verdict), verdict.element),
        message=verdict.message or outcome.value,
        arguments={**verdict.arguments, "pages": pages},
    )


def page_list(pages: Iterable[int]) -> str:
    """The numbers of pages for a person: 2, 3, 9 …"""
    numbers = sorted({page for page in pages if page > 0})
    return ", ".join(map(str, numbers[:MOST_PAGES])) + (" …" if len(numbers) > MOST_PAGES else "")


def _snippet(verdict: Verdict) -> str:
    """The kind of element, and what was seen. Its first line stays the same from run to run: it is part of the fingerprint."""
    lines = [f"<{verdict.element}>", *(" ".join(example.split())[:300] for example in verdict.examples[:MOST_EXAMPLES])]
    return "\n".join(lines)[:LONGEST_SNIPPET]
