"""Links and images that lead to nothing: the address answered so twice, or says so itself with status 200.

What was asked is judged once, in `checks.links.classify`; here each page gets what its own links came to. Sources: RFC 9110,
15.5.5 (404) and 15.5.11 (410).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from checks.accessibility.sample.facts import SamplePage
from checks.verdict import Element, Verdict, passed
from rules.address import without_credentials, without_fragment
from rules.confirm import Confirmation
from rules.observation import LinkClass, PageLink
from rules.outcome import Outcome

DEAD, SOFT_404 = "link-dead", "link-soft-404"
RULES = (DEAD, SOFT_404)

WORKS = frozenset({LinkClass.OK, LinkClass.MOVED})
BROKEN = {LinkClass.DEAD: DEAD, LinkClass.SOFT_404: SOFT_404}
LINKS = frozenset({"a", "area"})
SHOWN = frozenset({"img", "iframe", "frame", "embed", "object", "video", "audio", "source"})  # what a visitor sees is missing
ATTRIBUTES = {"a": "href", "area": "href", "object": "data"}


@dataclass(frozen=True)
class Answers:
    """What the addresses came to that pages refer to."""

    classes: Mapping[str, LinkClass] = field(default_factory=dict)  # of each that was met, without its fragment
    found_before: Mapping[str, bool] = field(default_factory=dict)  # found broken by an earlier run; whether long enough ago


class BrokenLinks:
    """The links of every page by the answers of their addresses."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def add(self, page: SamplePage) -> None:
        """Nothing is compared: each page has its own links."""

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """Each link that leads to nothing; where it is not known today, what was found earlier stands."""
        works: PageLink | None = None
        for link in page.links:
            if link.element not in LINKS | SHOWN:
                continue
            url = without_credentials(link.url)
            address = without_fragment(url)
            kind = self._answers.classes.get(address)
            if kind in WORKS:
                works = works or link
            elif kind in BROKEN:
                yield self._broken(BROKEN[kind], Outcome.FAILED, link, url)
            elif kind is not None and url in self._answers.found_before:
                yield from (self._broken(rule, Outcome.UNTESTED, link, url) for rule in RULES)
        if works:
            yield from (passed(rule, element_of(works, works.url)) for rule in RULES)

    def _broken(self, rule: str, outcome: Outcome, link: PageLink, url: str) -> Verdict:
        was_long_ago = self._answers.found_before.get(url, False)
        message = "" if link.element in LINKS else "file"
        return Verdict(
            rule, outcome, element_of(link, url), message, {"url": url}, Confirmation.CONFIRMED if was_long_ago else ""
        )


def element_of(link: PageLink, url: str) -> Element:
    """The element, found by the last part of its address: a page may write the rest of it in many ways."""
    name = ATTRIBUTES.get(link.element, "src")
    last = url[url.rstrip("/").rfind("/") + 1 :]
    quoted = re.sub(r'[\\"\x00-\x1f]', lambda sign: f"\\{ord(sign[0]):x} ", last)
    path = f'{link.element}[{name}$="{quoted}"]'
    text = f">{escape(link.text, quote=False)}</a>" if link.element == "a" else ">"
    return {"selector": path, "path": path, "html": f'<{link.element} {name}="{escape(url)}"{text}'}
