"""Pages that cannot be told apart: in a list of search results, by their heading, or because they say the same.

Advice: no criterion asks for it. Sources: the estimate of what two texts share is that of A. Broder, On the resemblance and
containment of documents (1997), by the smallest hashes of three words in a row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from checks.accessibility.sample.facts import SamplePage
from checks.accessibility.sample.titles import MOST_KEPT, Titled, is_other, is_same_list, titled
from checks.accessibility.wording import bare
from checks.verdict import Verdict, cannot_tell, passed

DESCRIPTION, NO_DESCRIPTION, HEADING, COPY = "description-unique", "description-missing", "heading-unique", "near-duplicate"
RULES = (DESCRIPTION, NO_DESCRIPTION, HEADING, COPY)

USUAL = 0.5  # of the pages have a description: then one without is forgotten, else the site has none
FEWEST_PAGES = 3
FEWEST_WORDS = 80  # of a text before it is called a copy of another
NEARLY_ALL = 0.9  # of the smallest hashes of both
PAGE_WORDS = ("pagina", "page", "van", "of")
MOST_HOLDERS = 50  # pages kept of one hash: what more have is part of the frame


class Copies:
    """Remembers which pages have which description, heading and text."""

    def __init__(self) -> None:
        self._described = 0
        self._pages = 0
        self._alike: dict[tuple[str, str, str], list[Titled]] = defaultdict(list)
        self._times: Counter[tuple[str, str, str]] = Counter()
        self._holders: dict[int, list[str]] = defaultdict(list)
        self._known: dict[str, Titled] = {}

    def add(self, page: SamplePage) -> None:
        if page.said is None:
            return
        self._pages += 1
        self._described += bool(page.said.description)
        this = titled(page)
        for rule, text in _texts(page):
            self._times[rule, page.language, text] += 1
            kept = self._alike[rule, page.language, text]
            if len(kept) < MOST_KEPT:
                kept.append(this)
        if _is_compared(page):
            self._known[page.address] = this
            for one in page.content:
                if len(self._holders[one]) < MOST_HOLDERS:
                    self._holders[one].append(page.address)

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """A page beside those with the same words; two addresses of one text, and the pages of a list, are no copies."""
        if page.said is None:
            return
        this = titled(page)
        for rule, text in _texts(page):
            alike = self._alike[rule, page.language, text]
            others = [one for one in alike if is_other(this, one) and not _is_paging(this, one)]
            element = page.said.description_element if rule == DESCRIPTION else page.said.heading_element
            written = page.said.description if rule == DESCRIPTION else page.said.heading
            if others:
                pages = self._times[rule, page.language, text]
                yield cannot_tell(rule, element or page.root, text=(written or "")[:150], page=others[0].address, pages=pages)
            else:
                yield passed(rule, element or page.root)
        yield from self._description(page)
        if _is_compared(page):
            copy = self._copy(page, this)
            yield cannot_tell(COPY, page.said.root, page=copy) if copy else passed(COPY, page.said.root)

    def _description(self, page: SamplePage) -> Iterator[Verdict]:
        assert page.said
        if page.said.is_hidden or self._pages < FEWEST_PAGES or self._described < USUAL * self._pages:
            return
        if page.said.description:
            yield passed(NO_DESCRIPTION, page.said.description_element or page.root)
        else:
            yield cannot_tell(NO_DESCRIPTION, page.root, pages=self._described)

    def _copy(self, page: SamplePage, this: Titled) -> str:
        """The address of a page with nearly the same text, at another path; "" where there is none."""
        shared = Counter(address for one in page.content for address in self._holders[one])
        for address, hashes in shared.most_common(5):
            other = self._known[address]
            is_apart = urlsplit(address).path != urlsplit(page.address).path and not _is_one_page(this, other)
            if is_apart and hashes >= NEARLY_ALL * max(len(page.content), len(other.hashes)) and not _is_paging(this, other):
                return address
        return ""


def _texts(page: SamplePage) -> Iterator[tuple[str, str]]:
    """The description and the heading of a page, as they are compared."""
    assert page.said
    if page.said.description and not page.said.is_hidden and (text := bare(page.said.description)):
        yield DESCRIPTION, text
    if text := bare(page.said.heading):
        yield HEADING, text


def _is_compared(page: SamplePage) -> bool:
    return page.said is not None and page.said.is_main and page.said.words >= FEWEST_WORDS


def _is_paging(this: Titled, other: Titled) -> bool:
    """Whether two are pages of one list: their addresses and titles differ in a number at most."""
    titles = {
        " ".join(word for word in one.title.split() if not word.isdigit() and word not in PAGE_WORDS) for one in (this, other)
    }
    return is_same_list(this, other) and len(titles) == 1


def _is_one_page(this: Titled, other: Titled) -> bool:
    """Whether a canonical address says that two are one."""
    named = {one for one in (this.canonical, other.canonical) if one}
    return bool(named) and (this.canonical == other.canonical or bool(named & {this.address, other.address} - {""}))
