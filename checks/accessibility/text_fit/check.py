"""Text fits in its box, also when it is twice as large.

Source: WCAG 2.2 SC 1.4.4 Resize Text (level AA); EN 301 549 clause 9.1.4.4; ACT rule 59br37; failure F69.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

RULE = "text-cut-off"
RULES = (RULE,)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """A line cut through its letters fails, where no link or button leads to the whole of it; where one may, it is asked."""
    for box in document.facts:
        cut = box["cut"]
        if cut is None or box["elsewhere"] == "yes":
            yield passed(RULE, box["element"])
        elif cut["direct"] and cut.get("sure", True) and not box["elsewhere"]:
            yield failed(RULE, box["element"], "larger" if cut["way"] == "half" else "", text=box["text"])
        else:
            yield cannot_tell(RULE, box["element"], text=box["text"])
