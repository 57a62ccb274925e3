"""A page can be found in more than one way.

Source: WCAG 2.2 SC 2.4.5 Multiple Ways (level AA); EN 301 549 clause 9.2.4.5; techniques G63, G64, G125, G126, G161, G185.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from checks.accessibility.sample.facts import SamplePage, bare_words
from checks.verdict import Verdict, cannot_tell, failed, passed
from rules.address import page_identity

RULE = "multiple-ways"
RULES = (RULE,)

# Links that lead to a list of all pages, and to the site's own search.
OVERVIEW = re.compile(
    r"site ?map|(de )?inhoud van (de|deze) (web)?site|alle (onderwerpen|pagina ?'?s|producten|diensten)|"
    r"((onderwerpen|producten|diensten|alles) )?(van )?a ?(-|tot en met|tot|t m|to)? ?z( index)?|(alfabetische )?index|"
    r"inhoud(sopgave)?|table of contents|contents|overzicht van alle .{1,30}|all (pages|topics|subjects|services)"
)
SEARCH = re.compile(r"zoeken?|zoek (in|op) (de |deze )?(hele )?(web)?site|(naar de )?zoekpagina|search|search (this|the) site")
# Steps of a form or an order need no second way.
STEP = re.compile(
    r"stap|step|volgende|next|bevestig|confirm|betaa?l|pay|log ?in|sign|afreken|checkout|verstuur|verzonden|bedankt|thank",
    re.IGNORECASE,
)

SMALL_SITE = 5  # pages: links from and to the home page do as a site map. Source: Understanding 2.4.5
FEWEST_PAGES = 3
MOST = 0.9  # of the pages that link to a page: a menu that stands everywhere
LISTS = 0.8  # of the pages: a page that links to so many is a table of contents, whatever it is called
MOST_LISTS = 5
PAGE_LINKS = ("a", "area")


@dataclass(frozen=True)
class _WayIn:
    """The first link that leads to a page."""

    page: str
    title: str
    has_form: bool
    words: str


NO_WAY_IN = _WayIn("", "", has_form=False, words="")


class MultipleWays:
    """Remembers which pages lead where, and whether a search or an overview stands in the site.

    `whole`: every page of the site is in the sample. `start`: the identity of its start page; "" where it is not known.
    `leads_to`: the identity of the page that an address leads to today.
    """

    def __init__(self, start: str, *, whole: bool, leads_to: Callable[[str], str]) -> None:
        self._start = start
        self._whole = whole
        self._leads_to = leads_to
        self._pages = 0
        self._with_finder = 0
        self._start_has_finder = False
        self._linking: Counter[str] = Counter()
        self._way_in: dict[str, _WayIn] = {}
        self._addresses: set[str] = set()
        self._longest: list[set[str]] = []  # where the pages with most links lead

    def add(self, page: SamplePage) -> None:
        self._pages += 1
        self._addresses.add(page.address)
        finds = _has_finder(page)
        self._with_finder += finds
        self._start_has_finder |= finds and page.address == self._start
        met = set()
        for link in page.links:
            if link.element not in PAGE_LINKS:
                continue
            address = self._leads_to(link.url)
            if address != page.address and address not in met:
                met.add(address)
                self._linking[address] += 1
                if address not in self._way_in:
                    self._way_in[address] = _WayIn(page.address, page.title, page.has_form, link.text)
        self._longest = sorted((*self._longest, met), key=len)[-MOST_LISTS:]

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """Fails only where every page was seen, nothing searches or lists them, and one link on one page leads here."""
        if self._pages < FEWEST_PAGES:
            return
        linking = self._linking[page.address]
        if page.address == self._start or linking >= MOST * (self._pages - 1) or (self._whole and self._pages <= SMALL_SITE):
            yield passed(RULE, page.root)
        elif _has_finder(page) or self._start_has_finder or self._with_finder * 2 >= self._pages:
            if linking or not self._whole:
                yield passed(RULE, page.root)
            elif not self._is_step(page):
                yield cannot_tell(RULE, page.root, "cantTell_unlinked")
        elif self._has_list:
            if linking > 1 or not self._whole:
                yield passed(RULE, page.root)
            elif not self._is_step(page):
                where = {"page": self._way_in[page.address].page} if linking else {}
                yield cannot_tell(RULE, page.root, "cantTell_once" if linking else "cantTell_unlinked", **where)
        elif self._whole and linking == 1 and not self._is_step(page):
            yield failed(RULE, page.root, page=self._way_in[page.address].page)
        else:
            yield cannot_tell(RULE, page.root)

    @cached_property
    def _has_list(self) -> bool:
        """Whether a page links to nearly all others; asked once all are added."""
        return any(len(listed & self._addresses) >= LISTS * (self._pages - 1) for listed in self._longest)

    def _is_step(self, page: SamplePage) -> bool:
        """Whether a page may be a step in a process: it or the page before it has a form, or words of one."""
        way = self._way_in.get(page.address, NO_WAY_IN)
        said = f"{page.address} {page.title} {way.words} {way.title}"
        return page.has_form or way.has_form or STEP.search(said) is not None


def _has_finder(page: SamplePage) -> bool:
    """Whether a search of the site, or an overview of its pages, is at hand on a page."""
    if page.has_search:
        return True
    return any(_finds(link.text) for link in page.links if link.element in PAGE_LINKS)


@lru_cache(maxsize=20_000)  # the same words come back on every page
def _finds(text: str) -> bool:
    name = bare_words(text)
    return bool(OVERVIEW.fullmatch(name) or SEARCH.fullmatch(name))


def identity_or_address(url: str) -> str:
    """The identity of the page at an address; the address itself where it is none."""
    try:
        return page_identity(url)
    except ValueError:
        return url
