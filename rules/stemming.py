"""Words as they are compared: in small letters, without accents, cut to their stem. Source: Snowball, Dutch (Kraaij-Pohlmann)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Protocol

WORD = re.compile(r"[^\W_]+")
LONG_VOWEL = re.compile(r"([aeou])\1(?=[^aeiou]$)")
LONGEST_WORD = 60  # letters; what is longer is no word
EMPTY_WORDS = (
    "aan als bij dat de den der die dit een en er het hoe ik in is mijn met naar of om ons onze op te tot u uit uw van via "
    "voor waar wat zijn"
)
EMPTY = frozenset(EMPTY_WORDS.split())
SHORTEST_COMPOUND = 5  # letters of a stem that may have lost the s of a compound


class Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


@cache
def _snowball() -> Stemmer:
    import snowballstemmer  # loaded where it is used: a start should not wait for it

    stemmer: Stemmer = snowballstemmer.stemmer("dutch")
    return stemmer


def plain(text: str) -> str:
    """Small letters without accents, full-width signs as ordinary ones."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one plain word, without the s that ties a compound together, its last long vowel written once: bomen, boom."""
    snowball = _snowball()
    found = snowball.stemWord(word)
    if len(found) >= SHORTEST_COMPOUND:
        found = snowball.stemWord(found.removesuffix("s"))
    return LONG_VOWEL.sub(r"\1", found)


def stems(text: str) -> list[str]:
    """The stems of a text's words and numbers, in their order."""
    return [stem(word) for word in WORD.findall(plain(text)) if len(word) <= LONGEST_WORD]


def meaning(text: str) -> list[str]:
    """The stems of the words that mean something, each once; of a text without those, of all its words."""
    words = [word for word in WORD.findall(plain(text)) if len(word) <= LONGEST_WORD]
    return list(dict.fromkeys(stem(word) for word in [word for word in words if word not in EMPTY] or words))
