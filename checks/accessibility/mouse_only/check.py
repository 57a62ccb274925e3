"""What can be clicked can also be worked with the keyboard, and says what it is.

Source: WCAG 2.2 SC 2.1.1 Keyboard (A), 2.5.2 Pointer Cancellation (A), 2.5.7 Dragging Movements (AA), 4.1.2 Name, Role,
Value (A); EN 301 549 clauses 9.2.1.1, 9.2.5.2, 9.4.1.2; failures F42, F54, F59.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accessibility.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

KEYBOARD = "mouse-only"
ROLE = "clickable-without-role"
DOWN = "action-on-press"
DRAG = "drag-only"
RULES = (KEYBOARD, ROLE, DOWN, DRAG)
NO_ROLE = (None, "generic", "none", "presentation")


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
