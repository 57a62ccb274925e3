"""Asks a watched address as a visitor would, and reads what its page says. One request, small, at the host's pace."""

from __future__ import annotations

import time

from selectolax.lexbor import LexborHTMLParser

from crawler.host_page import host_page
from crawler.link_asker import LinkAsker
from crawler.robots import LARGEST as LARGEST_ROBOTS
from crawler.robots import Robots
from crawler.soft_answers import HTML
from rules.address import origin_of
from rules.availability import Answer

LARGEST_PAGE = 1_000_000  # bytes that are read
FIELDS = (
    "form textarea",
    "form select",
    'form input:not([type="hidden" i]):not([type="search" i]):not([type="submit" i]):not([type="button" i])',
)
SEARCHES = (
    'form[role="search" i], search form, form[action*="zoek" i], form[action*="search" i], form:has(input[type="search" i])'
)


async def ask_address(asker: LinkAsker, url: str) -> Answer:
    """One look. Never raises: no answer is one too."""
    begun = time.monotonic()
    answer, body = await asker.read(url, LARGEST_PAGE)
    took = round(1000 * (time.monotonic() - begun))
    known = Answer(url, answer.status, answer.error, answer.final_url, milliseconds=took, size=len(body))
    if answer.status != 200 or answer.content_type not in HTML:
        return known
    source = body.decode("utf-8", "replace")
    page = host_page(source, answer.final_url or url)
    if page is None:
        return known
    return Answer(
        url,
        answer.status,
        answer.error,
        answer.final_url,
        page.title,
        page.heading,
        page.words,
        _has_form(source),
        len(body),
        True,
        took,
    )


async def robots_allow(asker: LinkAsker, url: str) -> bool:
    """Whether robots.txt lets this address be asked."""
    answer, body = await asker.read(f"{origin_of(url)}/robots.txt", LARGEST_ROBOTS)
    return Robots.of(answer.status, body).allows(url)


def _has_form(source: str) -> bool:
    """Whether the page's own source has a form with something to fill in, other than a search."""
    tree = LexborHTMLParser(source)
    for search in tree.css(SEARCHES):
        search.decompose()
    return any(tree.css_first(fields) for fields in FIELDS)
