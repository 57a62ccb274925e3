"""What the Tab key shows: the focus can be seen, goes on, lies under nothing, and jumps past the head of the page.

Source: WCAG 2.2 SC 2.1.2 No Keyboard Trap, 2.4.1 Bypass Blocks, 2.4.3 Focus Order, 2.4.7 Focus Visible, 2.4.11 Focus Not
Obscured; EN 301 549 clauses 9.2.1.2, 9.2.4.1, 9.2.4.3, 9.2.4.7; ACT rules 80af7b, a1b64e, ebe86a, oj04fd.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks.verdict import DocumentFacts, Element, Verdict, cannot_tell, failed, passed

TRAP = "keyboard-trap"
VISIBLE = "focus-visible"
OBSCURED = "focus-obscured"
SKIP_LINK = "skip-link-works"
ORDER = "focus-order-visual"
RULES = (TRAP, VISIBLE, OBSCURED, SKIP_LINK, ORDER)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    known = {int(stop): one for stop, one in facts["elements"].items() if not one["frames"]}

    def element(stop: int) -> Element | None:
        return known[stop]["element"] if stop in known else None

    yield from _trap(facts, element(facts["trap"]["stop"]) if facts["trap"] else None, element(0))
    if not facts["trap"]:
        for stop in facts["lost"]:
            if target := element(stop):
                yield failed(VISIBLE, target, "lost", text=known[stop]["text"] or target["html"][:60])
    if facts["trap"] or not facts["stops"]:
        return
    for stop in facts["invisible"]:
        if target := element(stop):
            yield failed(VISIBLE, target, text=known[stop]["text"] or target["html"][:60])
    for stop in facts["doubtful"]:
        if target := element(stop):
            yield cannot_tell(VISIBLE, target)
    for stop in facts["covered"]:
        if target := element(stop):
            yield cannot_tell(OBSCURED, target)
    for first, second in facts["order"]:
        if (target := element(second)) and first in known:
            yield cannot_tell(ORDER, target, before=known[first]["text"], here=known[second]["text"])
    if start := element(0):
        yield from (passed(rule, start) for rule in (VISIBLE, OBSCURED, ORDER))
    if (skip := facts["skip"]) and (target := element(skip["stop"])):
        if skip["arrived"] == "not-arrived":
            yield cannot_tell(SKIP_LINK, target)
        else:
            yield passed(SKIP_LINK, target)


def _trap(facts: Mapping[str, Any], trapped: Element | None, start: Element | None) -> Iterator[Verdict]:
    trap = facts["trap"]
    if trap and trapped:
        if trap["way"]:
            yield passed(TRAP, trapped)
        elif trap["dialog"]:
            yield cannot_tell(TRAP, trapped)
        else:
            yield failed(TRAP, trapped)
    elif start:
        yield passed(TRAP, start)
