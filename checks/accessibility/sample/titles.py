"""Pages with different content have different titles.

Source: WCAG 2.2 SC 2.4.2 Page Titled (level A); EN 301 549 clause 9.2.4.2; techniques G88, G127.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.accessibility.sample.facts import SamplePage
from checks.accessibility.wording import bare
from checks.verdict import Verdict, cannot_tell, passed

RULE, PAGING = "page-title-unique", "page-title-paging"
RULES = (RULE, PAGING)

# What the address of a further page of a list ends in; a longer number is that of an article.
PAGE_NUMBER = re.compile(r"(/(pagina|page|p|blz))?[/-]?(?<=[/-])\d{1,3}(\.html?)?/?$", re.IGNORECASE)

MOST_KEPT = 40  # pages with one title that are compared one by one
SAME_CONTENT = 0.8  # of the smallest hashes that two texts share


@dataclass(frozen=True)
class Titled:
    address: str
    canonical: str
    heading: str
    content: bytes  # its smallest hashes, four bytes each: a set of them takes twenty times as much
    title: str

    @property
    def hashes(self) -> frozenset[int]:
        return frozenset(array("I", self.content))


@dataclass
class _Group:
    pages: int = 0
    kept: list[Titled] = field(default_factory=list)


class TitleUnique:
    """Remembers which pages have which title."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], _Group] = defaultdict(_Group)

    def add(self, page: SamplePage) -> None:
        if title := bare(page.title):
            group = self._groups[page.language, title]
            group.pages += 1
            if len(group.kept) < MOST_KEPT:
                group.kept.append(titled(page))

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """Two addresses of one text are one page; the next page of a list is advice."""
        title, element = bare(page.title), page.title_element
        if not title or element is None:
            return
        this = titled(page)
        others = [other for other in self._groups[page.language, title].kept if is_other(this, other)]
        paging = [other for other in others if is_same_list(this, other)]
        different = next((other for other in others if other not in paging), None)
        pages = self._groups[page.language, title].pages
        if different:
            yield cannot_tell(RULE, element, title=page.title, page=different.address, pages=pages)
        else:
            yield passed(RULE, element)
        if paging:
            yield cannot_tell(PAGING, element, title=page.title, page=paging[0].address, pages=pages)


def titled(page: SamplePage) -> Titled:
    content = array("I", sorted(page.content)).tobytes()
    return Titled(page.address, page.canonical.partition("#")[0], bare(page.heading), content, bare(page.title))


def is_other(this: Titled, other: Titled) -> bool:
    if this.address == other.address or (this.canonical and this.canonical in (other.address, other.canonical)):
        return False
    if other.canonical == this.address:
        return False
    here, there = this.hashes, other.hashes
    fewest = min(len(here), len(there))
    # Of the smallest hashes of both texts together, those that both have: an estimate of what they share.
    smallest = set(sorted(here | there)[: max(fewest, 1)])
    return len(smallest & here & there) < SAME_CONTENT * len(smallest)


def is_same_list(this: Titled, other: Titled) -> bool:
    """Whether two addresses differ only in the number of a page or their query, and have the same heading."""
    return this.heading == other.heading != "" and _list_of(this.address) == _list_of(other.address)


def _list_of(address: str) -> str:
    return PAGE_NUMBER.sub("", address.partition("?")[0]).rstrip("/")
