"""How well the words of a link fit what somebody is looking for: by the words alone, as somebody who skims a page does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

EMPTY = frozenset(
    re.findall(
        r"\w+",
        "aan als bij dat de den der die dit een en er het hoe ik in is mijn met naar of om ons onze op te tot u uit uw van via "
        "voor waar wat zijn",
    )
)
SHORTEST_PART = 4  # letters of a word that counts inside a longer one: "vuil" in "grofvuil"
PART = 0.6  # what that is worth
ENDINGS = ("ingen", "en", "ing", "er", "s", "e")
SHORTEST_STEM = 3


@lru_cache(maxsize=50_000)
def stems(text: str) -> tuple[str, ...]:
    """The words of a text that mean something, in small letters, without accents and endings."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return tuple(dict.fromkeys(_stem(word) for word in re.findall(r"[a-z0-9]+", plain) if word not in EMPTY))


def _stem(word: str) -> str:
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST_STEM:
            word = stem
            break
    if len(word) > SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    # An open syllable writes its long vowel once: bomen, boom.
    return re.sub(r"([aeou])\1(?=[^aeiou]$)", r"\1", word)


def fit(label: str, wanted: Sequence[str]) -> float:
    """How well a label fits the best of the wanted texts, 0 to 1: mostly how much of it is said, and a little that no more is."""
    found = stems(label)
    return max((_overlap(found, stems(text)) for text in wanted), default=0.0)


def _overlap(label: tuple[str, ...], text: tuple[str, ...]) -> float:
    if not label or not text:
        return 0.0
    said = sum(max(_alike(word, other) for other in label) for word in text) / len(text)
    used = sum(max(_alike(word, other) for other in text) for word in label) / len(label)
    return round(0.75 * said + 0.25 * used, 4)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    return PART if len(short) >= SHORTEST_PART and short in long else 0.0
