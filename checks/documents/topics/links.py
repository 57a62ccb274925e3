"""Links are known to assistive technology and say where they lead; the tab key goes by them in the order of reading.

Source: WCAG 2.2 SC 1.3.1, 2.4.3, 2.4.4; EN 301 549 clauses 10.1.3.1, 10.2.4.3, 10.2.4.4; techniques PDF3, PDF11, PDF13;
ISO 14289-1 clause 7.18; Matterhorn 28.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from checks.accessibility.links.check import SAYS_NOTHING
from checks.accessibility.wording import bare
from checks.documents.snapshot import DocumentSnapshot, Link
from checks.documents.verdict import Verdict, cannot_tell, failed, passed

TAGGED = "document-link-tagged"
PURPOSE = "document-link-purpose"
TAB_ORDER = "document-tab-order"
RULES = (TAGGED, PURPOSE, TAB_ORDER)
NEEDS = ("structure",)

FEWEST_FIELDS = 2  # one alone has no order


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    if document.tagged is False:
        return  # what has no tags at all is said once, by another rule
    links = [link for link in document.links if link.target or document.tagged]
    if links:
        outside = [link for link in links if not link.tagged]
        if outside:
            yield failed(TAGGED, **_places(outside, len(links)))
        elif document.tagged:
            yield passed(TAGGED)
        yield from _purpose([link for link in links if link.tagged and link.target])
    yield from _tab_order(document)


def _places(links: list[Link], total: int) -> dict[str, Any]:
    return {
        "arguments": {"count": len(links), "total": total, "example": (links[0].text or unquote(links[0].target))[:80]},
        "pages": tuple(link.page for link in links),
        "examples": tuple(f"{link.text} → {unquote(link.target)}".strip(" →") for link in links),
        "element": "Link",
    }


def _purpose(links: list[Link]) -> Iterator[Verdict]:
    wordless = [link for link in links if not re.search(r"\w", link.text + link.description)]
    vague = [link for link in links if link not in wordless and _says_nothing(link)]
    if wordless:
        yield failed(PURPOSE, **_places(wordless, len(links)))
    if vague:
        yield cannot_tell(PURPOSE, **_places(vague, len(links)))
    if links and not wordless and not vague:
        yield passed(PURPOSE)


def _says_nothing(link: Link) -> bool:
    """The words could stand on any link, and no description adds to them."""
    return bare(link.text) in SAYS_NOTHING and (not link.description.strip() or bare(link.description) in SAYS_NOTHING)


def _tab_order(document: DocumentSnapshot) -> Iterator[Verdict]:
    """Where a page has fields, the order in which the tab key meets them decides whether the form can be filled in."""
    on_page: dict[int, int] = {}
    for one in document.fields:
        on_page[one.page] = on_page.get(one.page, 0) + 1
    pages = [page for page in document.contents if on_page.get(page.number, 0) >= FEWEST_FIELDS]
    wrong = [page.number for page in pages if not page.in_structure_order]
    if wrong:
        yield cannot_tell(TAB_ORDER, arguments={"count": len(wrong)}, pages=tuple(wrong), element="Tabs")
    elif pages:
        yield passed(TAB_ORDER)
