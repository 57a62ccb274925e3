"""The name of a button says what it does.

Source: WCAG 2.2 SC 2.4.6 Headings and Labels (level AA); EN 301 549 clause 9.2.4.6; technique G131.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accessibility.wording import bare, phrases, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

RULE = "button-name-descriptive"
RULES = (RULE,)

SAYS_NOTHING = phrases("buttons/says_nothing.txt")
LETTERS_THAT_CLOSE = frozenset({"x"})


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for button in document.facts or ():
        name = bare(button["name"])
        if not button["name"]:
            continue  # a button without a name is another rule's
        is_mark = not words(name) and not any(one.isalnum() for one in name)
        says_nothing = name in SAYS_NOTHING or name in LETTERS_THAT_CLOSE or is_mark
        if says_nothing and not words(button["description"]):
            yield cannot_tell(RULE, button["element"], name=button["name"])
        else:
            yield passed(RULE, button["element"])
