"""A single letter typed by accident does nothing: a shortcut of one character can be turned off, or needs another key.

Source: WCAG 2.2 SC 2.1.4 Character Key Shortcuts (level A); EN 301 549 clause 9.2.1.4; ACT rule ffbc54.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

RULE = "single-key-shortcut"
RULES = (RULE,)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for shortcut in document.facts["shortcuts"]:
        if shortcut["stopped"]:
            yield passed(RULE, shortcut["element"])
        elif document.facts.get("elsewhere") or document.facts["restless"]:  # it may be turned off there, or changed by itself
            yield cannot_tell(RULE, shortcut["element"], key=shortcut["key"])
        else:
            yield failed(RULE, shortcut["element"], key=shortcut["key"])
