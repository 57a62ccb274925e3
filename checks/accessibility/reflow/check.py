"""A narrow window, twice the size or wider spacing: all text can still be read, without scrolling sideways.

Source: WCAG 2.2 SC 1.4.4 Resize Text, 1.4.10 Reflow, 1.4.12 Text Spacing (AA); EN 301 549 clauses 9.1.4.4, 9.1.4.10,
9.1.4.12; failures F69, F102, F104.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

NARROW = "narrow-window"
ZOOM = "zoom-cuts-text"
SPACING = "spacing-cuts-text"
RULES = (NARROW, ZOOM, SPACING)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    narrow = facts["narrow"]
    if not facts["texts"]:
        return
    for cause in narrow["causes"]:
        element = _element(cause)
        # A few pixels too many may hide no word; a single long word is for a person.
        is_plain = narrow["over"] >= 40 and cause["text"] and not cause["block"]
        if is_plain:
            yield failed(NARROW, element, over=narrow["over"], text=cause["text"])
        else:
            yield cannot_tell(NARROW, element, over=narrow["over"], text=cause["text"])
    if not narrow["causes"]:
        yield passed(NARROW, facts["body"])
    for cause in facts["zoomed"]:
        if cause["elsewhere"] == "yes":
            yield passed(ZOOM, _element(cause))
        else:
            is_lost = cause["through"] and not cause["elsewhere"]
            yield (failed if is_lost else cannot_tell)(ZOOM, _element(cause), text=cause["text"])
    for cause in facts["spaced"]:
        yield cannot_tell(SPACING, _element(cause), text=cause["text"])
    yield from (passed(rule, facts["body"]) for rule, found in ((ZOOM, facts["zoomed"]), (SPACING, facts["spaced"])) if not found)


def _element(cause: dict[str, Any]) -> dict[str, str]:
    return {name: cause[name] for name in ("selector", "path", "html")}
