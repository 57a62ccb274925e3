"""A name is only given to elements that may have one.

Source: WCAG 2.2 SC 1.3.1 and 4.1.2 (level A); WAI-ARIA 1.2 prohibited states and properties; ACT rule kb1m8s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, failed

RULE = "aria-attribute-allowed"
RULES = (RULE,)

LETTERS = re.compile(r"[^\W\d_]{2}")
# On a generic element or one without a role these say nothing, whatever the text.
PROHIBITED = {
    "aria-braillelabel": {"generic", "paragraph", "emphasis", "strong", "code", "deletion", "insertion", "none", "presentation"},
    "aria-roledescription": {"generic", "none", "presentation"},
    "aria-brailleroledescription": {"generic", "none", "presentation"},
}


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """axe-core asks about names on text; where the text is only signs, the words in the name are lost."""
    for one in document.facts:
        is_prohibited = any(one["role"] in PROHIBITED.get(name, ()) for name in one["given"])
        is_meant = LETTERS.search(one["name"]) or "aria-labelledby" in one["given"]  # the words may be lost for a second reason
        is_lost = bool(one["isPlain"] and one["text"] and is_meant and not LETTERS.search(one["text"]))
        if is_prohibited or is_lost:
            yield failed(RULE, one["element"])
