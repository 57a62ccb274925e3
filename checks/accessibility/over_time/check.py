"""What moves or changes by itself can be stopped, and nothing flashes.

Source: WCAG 2.2 SC 2.2.2 Pause, Stop, Hide (A), 2.3.1 Three Flashes or Below Threshold (A); EN 301 549 clauses 9.2.2.2,
9.2.3.1; ACT rule efbfc7; failures F4, F16, F47, F50.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

TEXT = "text-changes-by-itself"
MOVING = "movement-can-stop"
FLASH = "flashes"
RULES = (TEXT, MOVING, FLASH)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    for text in facts["texts"]:
        if text["stopped"] or (text["slow"] and facts["controls"]):
            yield passed(TEXT, text["element"])
        elif text["timed"] or text["slow"]:
            # A clock or timer may be what it is all about; two changes may have been the last ones.
            yield cannot_tell(TEXT, text["element"], text=text["text"])
        else:
            yield failed(TEXT, text["element"], text=text["text"])
    for element in facts["marquees"]:
        yield cannot_tell(MOVING, element) if facts["controls"] else failed(MOVING, element)
    for element in facts["moving"]:
        yield passed(MOVING, element) if facts["controls"] else cannot_tell(MOVING, element)
    for element in facts["flashing"]:
        yield cannot_tell(FLASH, element)
