"""What appears under the mouse also appears with the keyboard, can be pointed at, and can be put away.

Source: WCAG 2.2 SC 1.4.13 Content on Hover or Focus (AA), 2.1.1 Keyboard (A); EN 301 549 clauses 9.1.4.13, 9.2.1.1; F95.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

KEYBOARD = "hover-without-focus"
STAYS = "hover-content-stays"
RULES = (KEYBOARD, STAYS)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for one in document.facts["found"]:
        if not one["shown"]:
            continue
        element = one["element"]
        has_keys = one["focus"] or one["button"]
        yield passed(KEYBOARD, element) if has_keys else cannot_tell(KEYBOARD, element, text=one["text"])
        # That Escape does not hide it is for a person only where it also will not stay to be read.
        yield passed(STAYS, element) if one["stays"] else cannot_tell(STAYS, element, text=one["text"])
