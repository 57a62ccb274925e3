"""Words as they are compared: in small letters, without accents, cut to their stem. Source: Snowball, Dutch (Kraaij-Pohlmann)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Protocol

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 60  # letters; what is longer is no word
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
    """The stem of one plain word, without the s that ties a compound together."""
    snowball = _snowball()
    found = snowball.stemWord(word)
    return snowball.stemWord(found.removesuffix("s")) if len(found) >= SHORTEST_COMPOUND else found


def stems(text: str) -> list[str]:
    """The stems of a text's words and numbers, in their order."""
    return [stem(word) for word in WORD.findall(plain(text)) if len(word) <= LONGEST_WORD]
