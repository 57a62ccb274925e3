"""What a page tells search engines of itself, held against what the website itself offers.

Sources: RFC 6596 (canonical); the robots meta element, X-Robots-Tag and hreflang as search engines document them, with the
language tags of RFC 5646. Advice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from checks.accessibility.sample.facts import SamplePage
from checks.verdict import Verdict, cannot_tell, passed
from checks.website.host.said import shown
from checks.website.sample.other_hosts import is_other
from rules.address import host_of, page_identity, path_of, resolve

CANONICAL, NOINDEX, HREFLANG = "canonical", "noindex-in-menu", "hreflang"
RULES = (CANONICAL, NOINDEX, HREFLANG)

HOMES = re.compile(r"/(?:(?:index|default|home)(?:\.\w+)?|nl|en)?/?", re.IGNORECASE)
HIDES = re.compile(r"(?:^|[,\s:])(?:noindex|none)(?:$|[,\s])", re.IGNORECASE)
# Nobody looks for these through a search engine.
FOR_NOBODY = re.compile(r"zoek|search|inlog|login|mijn|account|winkelmand|print|afspraak|formulier", re.IGNORECASE)
TAG = re.compile(r"x-default|[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?", re.IGNORECASE)
NOT_A_REGION = frozenset({"UK", "EU", "EN"})  # written for GB, for none, and for a language
FEWEST_TO_HOME = 3  # pages


class Findable:
    """Remembers which pages there are, which the menus offer, and which languages each names. `leads_to`: as in Sample."""

    def __init__(self, leads_to: Callable[[str], str]) -> None:
        self._leads_to = leads_to
        self._pages: set[str] = set()
        self._offered: dict[str, str] = {}  # identity, and the words of the menu
        self._named: dict[str, set[str]] = {}  # identity, and the identities of its other languages
        self._to_home: defaultdict[str, int] = defaultdict(int)

    def add(self, page: SamplePage) -> None:
        self._pages.add(page.address)
        if page.website is None:
            return
        for block in page.blocks:
            if block.kind == "navigation" and block.region in ("", "header") and block.is_compared:
                for item in block.items:
                    if address := resolve(page.address, item.target):
                        self._offered.setdefault(self._leads_to(address), item.name)
        if alternates := page.website["alternates"]:
            self._named[page.address] = {self._leads_to(one["url"]) for one in alternates}
        canonical = page.website["canonical"]
        if canonical and self._is_home(canonical["url"]) and not self._is_home(page.address):
            self._to_home[canonical["url"]] += 1

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        if page.website is None:
            return
        yield from self._canonical(page, page.website["canonical"])
        yield from self._noindex(page, page.website["robots"])
        yield from self._hreflang(page, page.website["alternates"])

    def _canonical(self, page: SamplePage, canonical: dict[str, object] | None) -> Iterator[Verdict]:
        if not canonical:
            return
        url, element = str(canonical["url"]), canonical["element"]
        assert isinstance(element, dict)
        identity = _identity(url)
        if not identity:
            yield cannot_tell(CANONICAL, element, "cantTell_broken", url=shown(str(canonical["written"])))
        elif identity == page.address:
            yield passed(CANONICAL, element)
        elif is_other(host_of(url), host_of(page.address)):
            yield cannot_tell(CANONICAL, element, "cantTell_elsewhere", url=shown(url))
        elif self._to_home[url] >= FEWEST_TO_HOME and not self._is_home(page.address):
            yield cannot_tell(CANONICAL, element, "cantTell_home", pages=self._to_home[url], url=shown(url))
        elif (now := self._leads_to(url)) != identity:
            yield cannot_tell(CANONICAL, element, "cantTell_moved", url=shown(url), target=shown(now))
        else:
            yield passed(CANONICAL, element)

    def _noindex(self, page: SamplePage, robots: list[str]) -> Iterator[Verdict]:
        offered = self._offered.get(page.address)
        if offered is None:
            return
        hides = any(HIDES.search(one) for one in robots)
        if hides and not FOR_NOBODY.search(f"{path_of(page.address)} {offered}"):
            yield cannot_tell(NOINDEX, page.root, menu=shown(offered))
        elif not hides:
            yield passed(NOINDEX, page.root)

    def _hreflang(self, page: SamplePage, alternates: list[dict[str, object]]) -> Iterator[Verdict]:
        for one in alternates:
            language, url, element = str(one["language"]), str(one["url"]), one["element"]
            assert isinstance(element, dict)
            other = self._leads_to(url)
            region = language.rpartition("-")[2].upper()
            if not TAG.fullmatch(language) or ("-" in language and region in NOT_A_REGION):
                yield cannot_tell(HREFLANG, element, "cantTell_tag", language=shown(language) or "-")
            elif other in self._pages and other != page.address and page.address not in self._named.get(other, set()):
                yield cannot_tell(HREFLANG, element, language=shown(language), url=shown(url))
            else:
                yield passed(HREFLANG, element)

    def _is_home(self, url: str) -> bool:
        return HOMES.fullmatch(path_of(url)) is not None


def _identity(url: str) -> str:
    try:
        return page_identity(url) if url.startswith(("http:", "https:")) else ""
    except ValueError:
        return ""
