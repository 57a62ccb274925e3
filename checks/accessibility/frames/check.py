"""Frames that bear one name show one thing.

Source: WCAG 2.2 SC 4.1.2 Name, Role, Value (level A); EN 301 549 clause 9.4.1.2; ACT rule 4b1c6c.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from checks.accessibility.wording import bare, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

RULE = "frame-title-unique"
RULES = (RULE,)

SAME, DIFFERENT = 0.8, 0.5  # of the words that two frames show together
FEWEST_WORDS = 2

Frame = dict[str, Any]


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    groups: dict[str, list[Frame]] = defaultdict(list)
    for frame in document.facts:
        groups[bare(frame["name"]) or frame["name"]].append(frame)
    for first, *others in groups.values():
        yield passed(RULE, first["element"])
        for frame in others:
            yield _compared(first, frame)


def _compared(first: Frame, second: Frame) -> Verdict:
    """What lies on another site cannot be read: whether two players show the same is for a person."""
    if first["address"] and first["address"] == second["address"]:
        return passed(RULE, second["element"])
    if first["text"] is None or second["text"] is None:
        return cannot_tell(RULE, second["element"])
    one, other = set(words(first["text"])), set(words(second["text"]))
    share = len(one & other) / max(len(one | other), 1)
    if share >= SAME and one:
        return passed(RULE, second["element"])
    proven = min(len(one), len(other)) >= FEWEST_WORDS and share < DIFFERENT
    return (failed if proven else cannot_tell)(RULE, second["element"])
