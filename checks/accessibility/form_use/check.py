"""A field does not take its visitor elsewhere, lets them paste, and says what is missing or wrong and how it is right.

Source: WCAG 2.2 SC 3.2.1 On Focus (A), 3.2.2 On Input (A), 3.3.1 Error Identification (A), 3.3.3 Error Suggestion (AA), 3.3.8
Accessible Authentication (Minimum) (AA), 4.1.3 Status Messages (AA); EN 301 549 clauses 9.3.2.1, 9.3.2.2, 9.3.3.1, 9.3.3.3,
9.3.3.8, 9.4.1.3; failures F36, F37, F55, F109.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accessibility.form_content.check import OTHER_WAY, REGISTERS
from checks.accessibility.form_words.check import tells_how
from checks.accessibility.wording import words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

FOCUS = "leaves-on-focus"
INPUT = "leaves-on-input"
ERROR = "empty-form-says-nothing"
STATUS = "message-not-announced"
WRONG = "wrong-answer-unexplained"
PASTE = "paste-blocked"
NEW_SECRET = frozenset({"new-password"})
RULES = (FOCUS, INPUT, ERROR, STATUS, WRONG, PASTE)


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
    for said in facts["wrong"]:
        if words(said["text"]):
            message = {**said, "isCalled": True, "hasField": True}
            asks = cannot_tell(WRONG, said["element"], text=said["text"][:100], label=said["field"] or "?")
            yield passed(WRONG, said["element"]) if tells_how(message) else asks
    for field in facts["pastes"]:
        yield _paste(field)


def _paste(field: dict[str, Any]) -> Verdict:
    """A secret that is remembered or copied by hand keeps people out; where a new one is chosen, that is for a person (F109)."""
    if not field["blocked"] or OTHER_WAY.search(field["text"]):
        return passed(PASTE, field["element"])
    is_new = field["fresh"] > 1 or field["token"] in NEW_SECRET or REGISTERS.search(field["about"]) is not None
    return (cannot_tell if is_new else failed)(PASTE, field["element"], label=field["label"] or "?")


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
