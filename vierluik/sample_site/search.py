"""The search of the sample site: small, but it ranks and forgives plurals, accents and parts of compound words."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_TITLE_WEIGHT = 8.0
_KEYWORD_WEIGHT = 6.0
_SUMMARY_WEIGHT = 3.0
_PART_OF_WORD = 0.4  # what a hit inside a longer word is worth: "vuil" in "grofvuil"
_SHORTEST_PART = 4
_STOP_WORDS = frozenset(
    ["aan", "als", "bij", "dat", "de", "die", "dit", "een", "en", "er", "het", "hoe", "ik", "in", "is", "mijn", "naar"]
) | {"of", "om", "op", "te", "van", "voor"}


@dataclass(frozen=True)
class SearchText:
    """What the search knows of one page."""

    path: str
    title: str
    summary: str
    keywords: str
    text: str


def words(text: str) -> list[str]:
    """The words of a text in lower case, without accents, stop words and plural endings."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [_stem(word) for word in re.findall(r"[a-z0-9]+", plain) if word not in _STOP_WORDS]


def search(query: str, texts: Iterable[SearchText]) -> list[SearchText]:
    """The texts that have a word of the query, best first; a text with more of the words comes first."""
    asked = set(words(query))
    scored = [(_score(asked, text), text) for text in texts]
    hits = [(score, text) for score, text in scored if score > 0]
    hits.sort(key=lambda hit: (-hit[0], hit[1].path))
    return [text for _, text in hits]


def _score(asked: set[str], text: SearchText) -> float:
    scores = [sum(weight * _hits(word, counted) for weight, counted in _fields(text)) for word in asked]
    found = sum(score > 0 for score in scores)
    return sum(scores) * found / len(asked) if found else 0.0


@lru_cache(maxsize=1_000)
def _fields(text: SearchText) -> tuple[tuple[float, Counter[str]], ...]:
    return (
        (_TITLE_WEIGHT, Counter(words(text.title))),
        (_KEYWORD_WEIGHT, Counter(words(text.keywords))),
        (_SUMMARY_WEIGHT, Counter(words(text.summary))),
        (1.0, Counter(words(text.text))),
    )


def _hits(word: str, counted: Counter[str]) -> float:
    """How strongly a field has the word: once counts 1, more often counts ever less."""
    whole = counted[word]
    if whole:
        return 1 + math.log(whole)
    if len(word) >= _SHORTEST_PART and any(word in longer for longer in counted):
        return _PART_OF_WORD
    return 0.0


def _stem(word: str) -> str:
    for ending in ("en", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_PART:
            return word.removesuffix(ending)
    return word
