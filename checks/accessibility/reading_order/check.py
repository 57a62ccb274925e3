"""Text is read out in the order in which it is shown.

Source: WCAG 2.2 SC 1.3.2 Meaningful Sequence (level A); EN 301 549 clause 9.1.3.2; technique C27; failure F1.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

RULE = "reading-order"
RULES = (RULE,)

LONG_ENOUGH = 60  # characters; a date or a label above its heading may well be read out after it
MOST = 3


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """Whether the order matters to the meaning only a person can see; and only pieces of real text are compared."""
    asked = 0
    for container in document.facts:
        pieces = [piece for piece in container["pieces"] if piece["length"] >= LONG_ENOUGH]
        if len(pieces) < 2:
            continue
        turned = next(((first, second) for first, second in pairwise(pieces) if _is_shown_before(second, first)), None)
        if turned is None or asked >= MOST:
            yield passed(RULE, container["element"])
        else:
            asked += 1
            yield cannot_tell(RULE, container["element"], first=turned[1]["text"], second=turned[0]["text"])


def _is_shown_before(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Above it, or on the same height and to the left of it, as Dutch and English are read."""
    is_above = one["bottom"] <= other["top"] + 2
    is_beside = one["top"] < other["bottom"] and other["top"] < one["bottom"]
    return bool(is_above or (is_beside and one["right"] <= other["left"] + 2))
