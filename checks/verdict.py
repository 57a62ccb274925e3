"""What a check of our own says about one element, and what it judges: the facts that its gatherer brought from a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rules.observation import PageSnapshot
from rules.outcome import Outcome

Element = dict[str, str]  # as `page.target(element)` in page.js gives it: selector, path, html


@dataclass(frozen=True)
class DocumentFacts:
    """What one topic's gatherer brought back from one document of a page: the page itself, or a frame in it."""

    facts: Any  # what the topic's gather.js returned
    frames: tuple[str, ...]  # CSS paths of the frames it stands in, outermost first; empty: the page itself
    page: PageSnapshot


@dataclass(frozen=True)
class Verdict:
    """The outcome of a rule for one element. `message` is a key of the rule's page; empty: the outcome's own sentence."""

    rule: str
    outcome: Outcome
    element: Element
    message: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    confirmation: str = ""  # a rules.confirm.Confirmation, where an earlier run has looked before


def passed(rule: str, element: Element) -> Verdict:
    return Verdict(rule, Outcome.PASSED, element)


def failed(rule: str, element: Element, message: str = "", **arguments: Any) -> Verdict:
    """Only where the facts alone prove it, in a rule whose precision was measured."""
    return Verdict(rule, Outcome.FAILED, element, message, arguments)


def cannot_tell(rule: str, element: Element, message: str = "", **arguments: Any) -> Verdict:
    """A person has to look; the message asks what."""
    return Verdict(rule, Outcome.CANNOT_TELL, element, message, arguments)


Judgement = Callable[[DocumentFacts], Iterator[Verdict]]
