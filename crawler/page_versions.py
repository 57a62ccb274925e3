"""What the pages of a site were when they were last tested, held against what they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from crawler.dom_hash import dom_hash, hash_of_source, normalised
from crawler.link_asker import conditions
from crawler.references import is_tangled, references_of_tree
from crawler.volatile import joined, learn
from rules.address import page_identity
from rules.crawl import CrawlOrder
from rules.document import Version
from rules.incremental import PageVersion, VolatilePart
from rules.observation import PageLink

MOST_ASKED_TWICE = 100  # pages of one walk


@dataclass(frozen=True)
class ReadPage:
    """The source of a page, as it came."""

    source: str
    url: str
    headers: Mapping[str, str]  # by name in lower case
    at: datetime
    links: tuple[PageLink, ...] = ()
    dom_hash: str = ""  # empty: nobody compares it


class PageVersions:
    """The versions of the pages of one walk."""

    def __init__(self, order: CrawlOrder) -> None:
        self.compares = order.compares
        self.known = {version.identity: version for version in order.versions}
        self.volatile = order.volatile
        self._asked_twice: set[str] = set()

    def conditions(self, url: str) -> dict[str, str]:
        """Headers that ask for a page only where it is another than the one that is known; none for other spellings of it."""
        known = self.known.get(page_identity(url), PageVersion(""))
        return conditions(Version(known.etag, known.last_modified)) if known.identity == url else {}

    def read(self, source: str, url: str, headers: Mapping[str, str]) -> ReadPage:
        """What a page refers to, and its hash."""
        now = datetime.now(UTC)
        if is_tangled(source):
            return ReadPage(source, url, headers, now, (), hash_of_source(source) if self.compares else "")
        tree = LexborHTMLParser(source)
        links = references_of_tree(tree, url)
        return ReadPage(source, url, headers, now, links, self._hash(tree, url, headers, now) if self.compares else "")

    def _hash(self, tree: LexborHTMLParser, url: str, headers: Mapping[str, str], at: datetime) -> str:
        return dom_hash(normalised(tree, at, self._parts(url)), headers)

    def _parts(self, url: str) -> tuple[VolatilePart, ...]:
        return tuple(part for part in self.volatile if part.page in ("", url))

    def asks_twice(self, page: ReadPage) -> bool:
        """Whether to ask a page once more at once: it is another than it was, or is tested in any case."""
        known = self.known.get(page_identity(page.url))
        same = known is not None and known.dom_hash == page.dom_hash and not known.is_tested
        if same or not page.dom_hash or page.url in self._asked_twice or len(self._asked_twice) >= MOST_ASKED_TWICE:
            return False
        self._asked_twice.add(page.url)
        return True

    def learn(self, page: ReadPage, again: ReadPage) -> str:
        """Learn what differs by itself between two answers of one page; gives the hash of the page without it."""
        if page.dom_hash == again.dom_hash or is_tangled(page.source) or is_tangled(again.source):
            return page.dom_hash
        before, today = self.volatile, page.at.date()
        # Without what is known already, so that it is seen to differ still.
        one, other = (normalised(LexborHTMLParser(one.source), one.at) for one in (page, again))
        self.volatile = joined(before, learn(one, other, page.url, today), today)
        now, then = (self._hash(LexborHTMLParser(one.source), one.url, one.headers, one.at) for one in (page, again))
        if now != then:  # it did not help
            self.volatile = before
            return page.dom_hash
        return now
