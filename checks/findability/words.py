"""How well the words of a link fit what somebody is looking for: by the words alone, as somebody who skims a page does."""

from __future__ import annotations

from collections.abc import Sequence

from rules.stemming import meaning

SHORTEST_PART = 4  # letters of a word that counts inside a longer one: "vuil" in "grofvuil"
PART = 0.6  # what that is worth


def fit(label: str, wanted: Sequence[str]) -> float:
    """How well a label fits the best of the wanted texts, 0 to 1: mostly how much of it is said, and a little that no more is."""
    found = meaning(label)
    return max((_overlap(found, meaning(text)) for text in wanted), default=0.0)


def _overlap(label: Sequence[str], text: Sequence[str]) -> float:
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
