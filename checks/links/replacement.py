"""Where a link to an address of the site that leads to nothing should lead instead: only what is nearly certain is named.

A wrong suggestion is worse than none: pages that differ in a number or a language are never each other's replacement, and
what fits several pages is no suggestion. Every page is indexed by its words once, so that nothing compares all with all.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from urllib.parse import unquote, urlsplit

NEAR = 0.8  # share of the words in common, rare words counting for more
AHEAD = 0.15  # of the runner-up
FEWEST_WORDS = 2  # in common, for what is only near
MOST_PAGES_OF_WORD = 50  # pages are looked up by words that no more of them have

BETWEEN = re.compile(r"\s+[|\-–—:·•]\s+|\s*\|\s*")
WORD = re.compile(r"[^\W_]+")
ENDING = re.compile(r"(?<=\w{3})(?:en|e|s|t)$")
LONG_VOWEL = re.compile(r"([aeou])\1")
EXTENSION = re.compile(r"\.(?:html?|php|aspx?|jsp|pdf|docx?|xlsx?|pptx?|od[tsp])$", re.IGNORECASE)
LANGUAGES = frozenset(["nl", "en", "de", "fr", "es", "fy", "pl", "tr", "ar", "uk", "it", "pt", "da", "sv", "fi", "no", "ru"])
# What a page is called in every folder of a site: such a name alone says nothing of what it is about.
SAID_EVERYWHERE = frozenset(resources.files(__package__).joinpath("said_everywhere.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class LivePage:
    """A page or document of the site that answers today."""

    address: str
    title: str


@dataclass(frozen=True)
class LostLink:
    """An address that leads to nothing, and what is known of what was there."""

    address: str
    title: str = ""  # of the page, when a run last saw it
    texts: tuple[str, ...] = ()  # the words of the links to it
    moved_to: str = ""  # where an earlier run saw it redirect to
    stands_on: frozenset[str] = frozenset()  # the pages that refer to it


@dataclass(frozen=True)
class Suggestion:
    """The address to link to instead, and why: a key of `rules.reason`."""

    address: str
    reason: str


class Replacements:
    """The pages of a site, ready to be looked through."""

    def __init__(self, live: Iterable[LivePage]) -> None:
        self._live = {page.address: page for page in live}
        parts = Counter(part for page in self._live.values() for part in set(BETWEEN.split(page.title.strip())))
        self._often = {part for part, count in parts.items() if count > max(2, len(self._live) // 10)}
        self._titles: dict[str, list[str]] = defaultdict(list)
        self._slugs: dict[str, list[str]] = defaultdict(list)
        self._words: dict[str, frozenset[str]] = {}
        self._pages_of_word: dict[str, list[str]] = defaultdict(list)
        for page in self._live.values():
            title, slug = self._main_part(page.title), slug_of(page.address)
            self._titles[_folded(title)].append(page.address)
            self._slugs[slug].append(page.address)
            self._words[page.address] = words = frozenset(_words(f"{title} {slug}"))
            for word in words:
                self._pages_of_word[word].append(page.address)

    def of(self, lost: LostLink) -> Suggestion | None:
        """The best replacement of a lost address; None where nothing is good enough."""
        title = self._main_part(lost.title)
        texts = [self._main_part(text) for text in lost.texts]
        if lost.moved_to in self._live:
            return Suggestion(lost.moved_to, "replaced-redirect")
        found = (
            ("replaced-title", self._called(title), False),
            ("replaced-slug", self._with_slug(lost.address), True),
            ("replaced-text", list(dict.fromkeys(address for text in texts for address in self._called(text))), False),
            ("replaced-near", self._nearest(lost, title, texts), True),
        )
        for reason, addresses, by_address in found:
            elsewhere = [address for address in addresses if address not in lost.stands_on]  # no page is told to link to itself
            if len(addresses) == len(elsewhere) == 1 and _may_replace(lost.address, elsewhere[0], by_address=by_address):
                return Suggestion(elsewhere[0], reason)
        return None

    def _main_part(self, title: str) -> str:
        """A title without what most titles of the site have in common."""
        return " ".join(part for part in BETWEEN.split(title.strip()) if part not in self._often)

    def _called(self, title: str) -> list[str]:
        folded = _folded(title)
        return self._titles.get(folded, []) if _says_something(folded.split()) else []

    def _with_slug(self, address: str) -> list[str]:
        slug = slug_of(address)
        return self._slugs.get(slug, []) if _says_something(slug.split("-")) else []

    def _nearest(self, lost: LostLink, title: str, texts: list[str]) -> list[str]:
        """The page that has most words in common, where no other comes near it."""
        slug = slug_of(lost.address)
        scores: dict[str, float] = {}
        for said in {f"{title} {slug}", slug, *(f"{text} {slug}" for text in texts[:3])}:
            words = frozenset(_words(said))
            rare = [word for word in words if 0 < len(self._pages_of_word.get(word, ())) <= MOST_PAGES_OF_WORD]
            for address in {address for word in rare for address in self._pages_of_word[word]}:
                scores[address] = max(scores.get(address, 0.0), self._likeness(words, self._words[address]))
        best = sorted(((score, address) for address, score in scores.items() if score >= NEAR - AHEAD), reverse=True)
        if not best or best[0][0] < NEAR:
            return []
        return [address for score, address in best if score > best[0][0] - AHEAD]

    def _likeness(self, these: frozenset[str], those: frozenset[str]) -> float:
        shared = these & those
        if len(shared) < FEWEST_WORDS or (these - those and those - these):
            return 0.0  # with one word in the place of another it is about something else
        return 2 * self._weight(shared) / (self._weight(these) + self._weight(those))

    def _weight(self, words: Iterable[str]) -> float:
        """Rare words weigh more (inverse document frequency)."""
        return sum(self._rarity(len(self._pages_of_word.get(word, ()))) for word in words)

    def _rarity(self, pages: int) -> float:
        return 1.0 + math.log((self._count + 1) / (pages + 1))

    @cached_property
    def _count(self) -> int:
        return len(self._live)


def slug_of(address: str) -> str:
    """The last part of an address's path in small letters, its words joined by "-"; without what kind of file it is."""
    parts = [part for part in urlsplit(address).path.split("/") if part]
    last = EXTENSION.sub("", unquote(parts[-1])) if parts else ""
    return "-".join(WORD.findall(last.lower()))


def _may_replace(lost: str, other: str, *, by_address: bool) -> bool:
    """Not the same thing of another year or in another language; nor, where only the addresses are alike, another number."""
    if lost == other or _language(lost) != _language(other):
        return False
    years = _years(lost), _years(other)
    return (years[0] == years[1] or not all(years)) and (not by_address or _numbers(lost) == _numbers(other))


def _years(address: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", unquote(address)))


def _numbers(address: str) -> frozenset[str]:
    """The numbers in an address's last part, and what its query asks for: one thing of a list."""
    query = urlsplit(address).query
    return frozenset([*re.findall(r"\d+", slug_of(address)), *([query] if query else [])])


def _language(address: str) -> str:
    return next((part for part in urlsplit(address).path.lower().split("/") if part in LANGUAGES), "")


def _says_something(words: list[str]) -> bool:
    telling = [word for word in words if len(word) > 2 and not word.isdigit() and word not in SAID_EVERYWHERE]
    return bool(telling) and "-".join(words) not in SAID_EVERYWHERE and len("".join(words)) > 4


def _folded(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


def _words(text: str) -> list[str]:
    """Words without their endings, so that "aanvragen" meets "aanvraag"."""
    return [LONG_VOWEL.sub(r"\1", ENDING.sub("", word)) for word in WORD.findall(text.lower())]
