"""The word lists beside these checks: words between white space, or two columns; a line with # says what the list is."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def word_list(file: str) -> frozenset[str]:
    """The words of a list such as "plain_language/plain_nouns.txt"."""
    return frozenset(word for line in _lines(file) for word in line.split())


@cache
def pairs(file: str) -> dict[str, str]:
    """The first column of a list and what stands beside it."""
    return dict(line.split("\t") for line in _lines(file))


def _lines(file: str) -> list[str]:
    lines = resources.files(__package__).joinpath(*file.split("/")).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
