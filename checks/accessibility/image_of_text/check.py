"""Words are text, not a picture of text.

Source: WCAG 2.2 SC 1.4.5 Images of Text (level AA); EN 301 549 clause 9.1.4.5; ACT rule 0va7u6; technique C22.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accessibility.verdict import DocumentFacts, Verdict, cannot_tell, passed

RULE = "image-of-text"
RULES = (RULE,)

# What people call a picture with words in it.
CALLED = re.compile(
    r"(^|[^a-z])(text(?!ile|ure|uur|iel)|tekst|quote|citaat|poster|flyer|slogan|welkom|welcome|uitnodiging|invitation|affiche|advertentie|"
    r"infographic|button|knop|heading|title|titel)",
    re.IGNORECASE,
)
LOGO = re.compile(r"logo|brand|merk|beeldmerk|woordmerk|icon|icoon|avatar|qr", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]{2}")
MOST = 3  # a page: one question about its pictures is enough


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """No machine of ours reads pictures: a person looks at those whose name, shape or drawing says that they hold words."""
    asked = 0
    for image in document.facts:
        is_logo = LOGO.search(f"{image['file']} {image['alt']} {image['about']}")
        is_wide = image["width"] >= 1.5 * image["height"] >= 18
        holds_words = LETTERS.search(image["words"])
        is_called = CALLED.search(image["file"]) and image["width"] >= 60 and image["height"] >= 16
        is_button = image["kind"] == "button" and is_wide and LETTERS.search(image["alt"])
        if asked < MOST and not is_logo and (holds_words or is_called or is_button):
            asked += 1
            yield cannot_tell(RULE, image["element"], "drawn" if holds_words else "", words=image["words"][:80])
        else:
            yield passed(RULE, image["element"])
