"""Where a page names its product by the national list of product names (UPL), it names one of the list.

Source: Uniforme Productnamenlijst and Samenwerkende Catalogi 4.0: a product bears the address of its name in the list. What is
no such address, or is the list's own stand-in for "no name yet", leads nobody to the page. Nobody is asked who offers none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed
from rules.upl import STAND_IN, TERM

RULE = "product-name"
RULES = (RULE,)

PRODUCT_NAME = re.compile(r"uniformeproductnaam$")


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """Each name or address of a name, where it stands."""
    if not document.facts:
        return
    for said, element, _ in document.facts["terms"]:
        yield _judged(said, element, is_sound=TERM.fullmatch(unquote(said)) is not None)
    for name, content in document.facts["metas"]:
        if PRODUCT_NAME.search(name) and "/" not in content:
            yield _judged(content, document.facts["root"], is_sound=bool(content.strip()))


def _judged(said: str, element: dict[str, str], *, is_sound: bool) -> Verdict:
    if is_sound and not STAND_IN.search(unquote(said)):
        return passed(RULE, element)
    return cannot_tell(RULE, element, name=said[:120] or "–")
