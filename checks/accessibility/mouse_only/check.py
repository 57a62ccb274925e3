"""What can be clicked can also be worked with the keyboard, and says what it is.

Source: WCAG 2.2 SC 2.1.1 Keyboard (A), 2.5.1 Pointer Gestures (A), 2.5.2 Pointer Cancellation (A), 2.5.7 Dragging
Movements (AA), 4.1.2 Name, Role, Value (A); EN 301 549 clauses 9.2.1.1, 9.2.5.1, 9.2.5.2, 9.4.1.2; techniques G215 and G216;
failures F42, F54, F59, F105.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

KEYBOARD = "mouse-only"
ROLE = "clickable-without-role"
DOWN = "action-on-press"
DRAG = "drag-only"
GESTURE = "pointer-gesture"
RULES = (KEYBOARD, ROLE, DOWN, DRAG, GESTURE)
NO_ROLE = (None, "generic", "none", "presentation")

# Controls that do with a tap what a finger does by moving, by their name, class or id.
BY_TAP = {
    "map": re.compile(r"zoom|\bin-?\b.*\bout\b|inzoomen|uitzoomen|vergroot|verklein|^\s*[+−-]", re.IGNORECASE),
    "row": re.compile(
        r"prev|next|vorige|volgende|arrow|pijl|\bnav|links|rechts|\bleft|\bright|dots?\b|bullet|pager|paginat|indicator|"
        r"(slide|dia|foto|afbeelding|item|pagina|photo|image|page)\s*\d|^\s*\d+\b|terug|verder|[‹›«»<>←→]",
        re.IGNORECASE,
    ),
    "canvas": re.compile(r"zoom|typ|upload|toetsenbord|keyboard|naam|name|prev|next|vorige|volgende", re.IGNORECASE),
}


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for group in document.facts["groups"]:
        does_something = group.get("clicked", False)
        for element in group["elements"]:
            if not does_something or group["keys"]:
                yield passed(KEYBOARD, element)
            else:
                yield failed(KEYBOARD, element, text=group["text"] or element["html"][:60])
            if group["focusable"]:
                is_nameless = does_something and group["role"] in NO_ROLE
                yield failed(ROLE, element) if is_nameless else passed(ROLE, element)
        if group["onlyDown"]:
            first = group["elements"][0]
            yield cannot_tell(DOWN, first) if does_something else passed(DOWN, first)
    for element in document.facts["drags"]:
        yield cannot_tell(DRAG, element)
    for gesture in document.facts["gestures"]:
        yield _gesture(gesture)


def _gesture(gesture: dict[str, Any]) -> Verdict:
    """Swiping, pinching or drawing; passed where controls do the same with a tap (G215, G216)."""
    if any(BY_TAP[gesture["kind"]].search(control) for control in gesture["controls"]):
        return passed(GESTURE, gesture["element"])
    return cannot_tell(GESTURE, gesture["element"], gesture["kind"])
