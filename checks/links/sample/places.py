"""Links to a place on another page of the site: is that place there, once its scripts have run?

Advice, as the same rule on the page itself. Source: HTML, "navigate to a fragment".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from urllib.parse import unquote, urldefrag

from checks.accessibility.sample.facts import SamplePage
from checks.verdict import Verdict, cannot_tell, passed
from rules.observation import FragmentState

RULE = "link-place-elsewhere"
RULES = (RULE,)
NO_PLACE = re.compile(r"top$|!|/|:~:|.*[=&/]", re.IGNORECASE | re.DOTALL)  # the top, and routes and states of a script


class Places:
    """Remembers which places every page has."""

    def __init__(self, leads_to: Callable[[str], str]) -> None:
        self._leads_to = leads_to
        self._of: dict[str, bytes] = {}
        self.fragments: dict[str, FragmentState] = {}  # by the address of a page, of all links that were judged so far

    def add(self, page: SamplePage) -> None:
        if page.places is not None:
            self._of[page.address] = b"".join(place.to_bytes(4, "big") for place in page.places)

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """Each link to a place on a page that was seen; links to the page itself only say whether the place is there.

        Those are judged by the page's own check.
        """
        for link in page.links:
            address, place = urldefrag(link.url)
            if link.element not in ("a", "area") or not place or NO_PLACE.match(place):
                continue
            identity = self._leads_to(address)
            known = self._of.get(identity)
            if known is None:
                continue
            is_there = any(_has(known, hashed(name)) for name in (place, unquote(place)))
            if not is_there or address not in self.fragments:
                self.fragments[address] = FragmentState.FOUND if is_there else FragmentState.MISSING
            if identity == page.address:
                continue
            quoted = re.sub(r'[\\"\x00-\x1f]', lambda sign: f"\\{ord(sign[0]):x} ", place)
            path = f'a[href$="#{quoted}"]'
            html = f'<a href="{escape(link.url)}">{escape(link.text, quote=False)}</a>'
            element = {"selector": path, "path": path, "html": html}
            if is_there:
                yield passed(RULE, element)
            else:
                yield cannot_tell(RULE, element, place=unquote(place)[:100], page=address)


def hashed(text: str) -> int:
    """The hash that gather.js makes of an id: FNV-1a over its UTF-16 code units, 32 bits."""
    value = 0x811C9DC5
    units = text.encode("utf-16-le", "surrogatepass")
    for low, high in zip(units[::2], units[1::2], strict=True):
        value = ((value ^ (high << 8 | low)) * 0x01000193) & 0xFFFFFFFF
    return value


def _has(places: bytes, place: int) -> bool:
    sought = place.to_bytes(4, "big")
    at = places.find(sought)
    while at % 4 and at >= 0:  # it straddles two others
        at = places.find(sought, at + 1)
    return at >= 0
