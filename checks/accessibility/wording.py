"""How our checks compare words: what remains of a name or a text when case, marks and white space do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def bare(text: str) -> str:
    """Lower case, without punctuation, arrows and the like; words are one space apart."""
    kept = "".join(one if unicodedata.category(one)[0] in "LNM" or one in "'’-" else " " for one in text.casefold())
    return " ".join(part for part in (word.strip("'’-") for word in kept.split()) if part)


def words(text: str) -> list[str]:
    """The words of letters in a text, in lower case."""
    return [found.group().casefold() for found in WORD.finditer(text)]


def are_akin(word: str, other: str) -> bool:
    """Forms of one word, or one inside the other: open and opening, paspoort and paspoorten, afval and afvalkalender."""
    if len(word) <= 2 or len(other) <= 2:
        return other.startswith(word) if len(word) == 1 else word == other
    return word[:4] == other[:4] or (len(word) >= 4 and word in other) or (len(other) >= 4 and other in word)


@cache
def phrases(file: str) -> frozenset[str]:
    """The phrases of a list beside a check, such as "links/says_nothing.txt": one a line; a line with # is a heading."""
    lines = resources.files("checks.accessibility").joinpath(*file.split("/")).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
