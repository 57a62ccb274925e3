"""Regular expressions of people who set Vierluik up. RE2 answers in time linear to the text: none can make a run hang."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import re2

MOST_MEMORY = 1 << 23  # bytes of one compiled expression


class PatternError(ValueError):
    """This is no regular expression, or one that RE2 has not; the sentence says which part."""


@cache
def _compiled(pattern: str, *, capitals: bool = False) -> Any:
    """`capitals`: whether they make a difference."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    options.case_sensitive = capitals
    return re2.compile(pattern, options)


def check_pattern(pattern: str) -> None:
    """Raise PatternError for what cannot be used as a regular expression."""
    try:
        _compiled(pattern)
    except re2.error as error:
        why = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        hint = " Looking ahead or behind, and references back, are not there." if "(?" in why or "escape" in why else ""
        raise PatternError(f"'{pattern}' is no regular expression that can be used: {why}.{hint}") from error


def first_match(pattern: str, text: str) -> str | None:
    """The words that an expression fits first, capitals or not; None where it fits nothing."""
    found = _compiled(pattern).search(text)
    return found.group(0) if found else None


def found_in(pattern: str, text: str) -> bool:
    """Whether an expression fits somewhere in a text."""
    return first_match(pattern, text) is not None


def fits_address(pattern: str, url: str) -> bool:
    """Whether an expression of a scope fits somewhere in an address; capitals make a difference, as they do in addresses."""
    return _of_scope(pattern).search(url) is not None


@cache
def _of_scope(pattern: str) -> Any:
    """What was stored before only RE2 was taken, and RE2 has not, is asked as it was then."""
    try:
        return _compiled(pattern, capitals=True)
    except re2.error:
        return re.compile(pattern)
