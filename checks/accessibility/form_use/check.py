"""A field does not take its visitor elsewhere, and a form that was sent empty says what is missing.

Source: WCAG 2.2 SC 3.2.1 On Focus (A), 3.2.2 On Input (A), 3.3.1 Error Identification (A), 4.1.3 Status Messages (AA);
EN 301 549 clauses 9.3.2.1, 9.3.2.2, 9.3.3.1, 9.4.1.3; failures F36, F37, F55.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

FOCUS = "leaves-on-focus"
INPUT = "leaves-on-input"
ERROR = "empty-form-says-nothing"
STATUS = "message-not-announced"
RULES = (FOCUS, INPUT, ERROR, STATUS)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    for element in facts["left_on_focus"]:
        yield failed(FOCUS, element)
    for one in facts["changed"]:
        if not one["left"]:
            yield passed(INPUT, one["element"])
            yield passed(FOCUS, one["element"])
        elif one["warned"]:
            yield cannot_tell(INPUT, one["element"], label=one["label"])
        else:
            yield failed(INPUT, one["element"], label=one["label"] or one["tag"])
    for answer in facts["answers"]:
        yield from _answer(answer)


def _answer(answer: dict[str, Any]) -> Iterator[Verdict]:
    """What the page itself said of an empty form; what its server would have said cannot be known."""
    if answer["native"] or answer["sent"] or answer["dialog"]:
        yield passed(ERROR, answer["form"])
        return
    for field in answer["required"]:
        if field["told"]:
            yield passed(ERROR, field["element"])
        else:
            yield cannot_tell(ERROR, field["element"], label=field["label"])
    if answer["element"]:
        if answer["announced"]:
            yield passed(STATUS, answer["element"])
        else:
            yield cannot_tell(STATUS, answer["element"], text=answer["words"][:80])
