"""A custom control does with keys what it does with a click, tells its state, and a window that opens takes the focus along.

Source: WCAG 2.2 SC 2.1.1 Keyboard (A), 2.4.3 Focus Order (A), 4.1.2 Name, Role, Value (A); EN 301 549 clauses 9.2.1.1,
9.2.4.3, 9.4.1.2; ARIA Authoring Practices.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

KEYS = "control-answers-keys"
STATE = "state-is-told"
FOCUS_IN = "dialog-takes-focus"
ESCAPE = "dialog-closes-with-escape"
RULES = (KEYS, STATE, FOCUS_IN, ESCAPE)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for widget in document.facts["widgets"]:
        if "click" in widget:
            yield from _control(widget)
        if dialog := widget.get("dialog"):
            yield from _dialog(dialog)


def _control(widget: dict[str, Any]) -> Iterator[Verdict]:
    element = widget["element"]
    does_something = widget["click"]["any"]
    if widget["kind"] == "custom" and "Enter" in widget and does_something:
        answers = [key for key in ("Enter", "Space") if widget.get(key, {}).get("any")]
        if not answers:
            yield failed(KEYS, element, name=widget["name"])
        elif len(answers) == 1 and (widget["role"] == "button" or answers == ["Enter"]):
            yield cannot_tell(KEYS, element, name=widget["name"], key=answers[0])
        else:
            yield passed(KEYS, element)
    has_state = widget["kind"] == "expander" or widget["role"] in ("checkbox", "switch")
    if has_state and does_something:
        yield passed(STATE, element) if widget["click"]["state"] else cannot_tell(STATE, element, name=widget["name"])


def _dialog(dialog: dict[str, Any]) -> Iterator[Verdict]:
    element = dialog["element"]
    stays = dialog["stays"] or not dialog["modal"]
    yield passed(FOCUS_IN, element) if dialog["inside"] and stays else cannot_tell(FOCUS_IN, element)
    if dialog["closes"] and dialog["returns"]:
        yield passed(ESCAPE, element)
    else:
        yield cannot_tell(ESCAPE, element)
