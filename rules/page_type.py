"""What a page of a municipal website is for: a product, news, a form. Some rules only speak of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.pattern import PatternError, check_pattern, found_in


class PageType(StrEnum):
    """The kinds of pages of a municipal website."""

    HOME = "home"
    PRODUCT = "product"  # one thing that somebody can ask for, report or arrange
    OVERVIEW = "overview"  # a list of products, news or subjects
    NEWS = "news"
    FORM = "form"
    CONTACT = "contact"
    SEARCH = "search"
    STATEMENT = "statement"  # on accessibility
    COUNCIL = "council"  # council, mayor and aldermen, and how the municipality is governed
    OTHER = "other"


@dataclass(frozen=True)
class PageTypePattern:
    """What a site says itself of the pages whose address a regular expression fits; it goes before what is detected."""

    type: PageType
    pattern: str


def said_by_site(url: str, patterns: tuple[PageTypePattern, ...]) -> PageType | None:
    """The type that a site gives to an address: the first that fits; None where it says nothing."""
    return next((one.type for one in patterns if found_in(one.pattern, url)), None)


class PageTypeError(ValueError):
    """A line that gives addresses a type is wrong; the sentence says what to write."""


def read_page_types(lines: Iterable[Mapping[str, Any]]) -> tuple[PageTypePattern, ...]:
    """The lines of a site's settings. Raises PageTypeError for what is not one of {type, pattern}."""
    return tuple(_read(line) for line in lines)


def _read(line: Mapping[str, Any]) -> PageTypePattern:
    if set(line) != {"type", "pattern"} or not all(isinstance(value, str) and value for value in line.values()):
        raise PageTypeError('each page type has a type and a pattern, for example { type = "product", pattern = "/regelen/" }')
    if line["type"] not in set(PageType):
        raise PageTypeError(f"there is no page type '{line['type']}'; choose from {', '.join(PageType)}")
    try:
        check_pattern(line["pattern"])
    except PatternError as error:
        raise PageTypeError(str(error)) from error
    return PageTypePattern(PageType(line["type"]), line["pattern"])
