"""What every page of a public body leads to: its accessibility statement, and a way to get in touch.

Sources: Implementing Decision (EU) 2018/1523 (the statement is reachable from every page); the municipal promise that nobody is
left without a person to ask. No success criterion says so, so it is advice: it asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from checks.accessibility.sample.facts import SamplePage, bare_words
from checks.verdict import Verdict, cannot_tell, passed
from rules.observation import PageLink

STATEMENT, CONTACT = "statement-linked", "contact-linked"
RULES = (STATEMENT, CONTACT)

FEWEST_PAGES = 3
USUAL = 0.5  # of the pages have it: then one without is the exception, else the whole site lacks it

STATEMENT_WORDS = re.compile(r"\btoegankelijkheid(sverklaring)?\b|\baccessibility\b|\btagonklikens\b")
STATEMENT_PATH = re.compile(r"/(digitale-?)?toegankelijkheid|/accessibility|toegankelijkheidsverklaring", re.IGNORECASE)
CONTACT_WORDS = re.compile(r"\bcontact\b|\bbel (ons|14)\b|\bmail ons\b|\bklantenservice\b|\bklantcontact\w*")
CONTACT_PATH = re.compile(r"/contact(-?(opnemen|gegevens|formulier|pagina))?(\.\w+)?/?$", re.IGNORECASE)


class Reachable:
    """Remembers how many pages lead to each. `start`: the identity of the site's start page, "" where nobody said it."""

    def __init__(self, start: str) -> None:
        self._start = start
        self._pages = 0
        self._leading: Counter[str] = Counter()

    def add(self, page: SamplePage) -> None:
        self._pages += 1
        self._leading.update(rule for rule in RULES if _leads(page, rule))

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """A page without the link where most have it; where most have none, the start page for all."""
        if self._pages < FEWEST_PAGES:
            return
        for rule in RULES:
            leading = self._leading[rule]
            if _leads(page, rule):
                yield passed(rule, page.root)
            elif leading >= USUAL * self._pages:
                yield cannot_tell(rule, page.root, pages=leading)
            elif page.address == self._start:
                yield cannot_tell(rule, page.root, "cantTell_site", pages=leading, all=self._pages)


def _leads(page: SamplePage, rule: str) -> bool:
    """Whether a page has the link, or is what it leads to."""
    links = [PageLink(page.address, page.title), *(link for link in page.links if link.element in ("a", "area"))]
    return any(map(_is_statement, links)) if rule == STATEMENT else any(map(_is_contact, links)) or _has_number(page)


@lru_cache(maxsize=20_000)  # the same links stand on every page
def _is_statement(link: PageLink) -> bool:
    return STATEMENT_PATH.search(link.url) is not None or STATEMENT_WORDS.search(bare_words(link.text)) is not None


@lru_cache(maxsize=20_000)
def _is_contact(link: PageLink) -> bool:
    return CONTACT_PATH.search(link.url.partition("?")[0]) is not None or CONTACT_WORDS.search(bare_words(link.text)) is not None


def _has_number(page: SamplePage) -> bool:
    """Whether a number to call or an address to write to stands in the frame of a page or in its content."""
    in_frame = (item.target.startswith(("tel:", "mailto:")) for block in page.blocks for item in block.items)
    return any(in_frame) or (page.said is not None and page.said.reaches)
