"""Help stands in the same place in the order of every page that has it.

Source: WCAG 2.2 SC 3.2.6 Consistent Help (level A); EN 301 549 v4.1.1 clause 9.3.2.6; technique G220.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checks.accessibility.sample.facts import Block, Item, SamplePage
from checks.accessibility.sample.order import Orders
from checks.verdict import Verdict, cannot_tell, failed, passed

RULE = "help-order"
RULES = (RULE,)

CONTACT = re.compile(
    r"(naar )?contact(gegevens|formulier|pagina)?|"
    r"(neem )?contact (op|opnemen|met ons|us|form|details|page)( met (ons|de gemeente))?|"
    r"contact met .{1,40}|contact us|get in touch|bel ons|mail ons|stel (uw|een|je) vraag|ask a question"
)
SELF_HELP = re.compile(
    r"help|hulp|hulp nodig|veelgestelde vragen|meest gestelde vragen|faq|help ?cent(er|re)|frequently asked questions|support"
)
CHAT = re.compile(r"(start (de |een )?)?chat(bot|ten)?( met (ons|gem|een medewerker))?|live ?chat|chat with us")

FEWEST_PAGES = 3
SURE = 0.8  # of the pages that have it
SAME_FRAME = 3  # links that a page's frame shares with half of the site

Mechanism = tuple[str, str]  # kind, and where it leads


@dataclass(frozen=True)
class Help:
    """One way to get help, and the link that gives it."""

    mechanism: Mechanism
    item: Item
    block: Block


class HelpOrder:
    """Remembers on which side of the content, and in which order, each way to get help stands."""

    def __init__(self) -> None:
        self._orders = Orders(2)
        self._sides: dict[tuple[str, Mechanism], Counter[str]] = defaultdict(Counter)
        self._pages: Counter[tuple[str, Mechanism]] = Counter()
        self._example: dict[tuple[str, Mechanism, str], str] = {}
        self._frame: dict[str, Counter[str]] = defaultdict(Counter)
        self._of_language: Counter[str] = Counter()

    def add(self, page: SamplePage) -> None:
        self._of_language[page.language] += 1
        self._frame[page.language].update(_frame(page))
        found = list(_helps(page))
        for mechanism, sides in _sides(found).items():
            self._pages[page.language, mechanism] += 1
            for side in sides:
                self._sides[page.language, mechanism][side] += 1
                self._example.setdefault((page.language, mechanism, side), page.address)
        self._orders.add(_orders(page, found), page.address)

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """Only pages with the frame of the site are judged: a part with a frame of its own is another set of pages."""
        found = list(_helps(page))
        if not found or not self._has_frame_of_site(page):
            return
        first_of = {one.mechanism: one for one in reversed(found)}
        for mechanism, sides in _sides(found).items():
            this = first_of[mechanism]
            element = this.block.element_of(this.item)
            usual, pages = self._usual_side(page.language, mechanism)
            if usual is None or usual in sides:
                yield passed(RULE, element)
            else:
                other = self._example[page.language, mechanism, usual]
                message = "failed_later" if usual == "before" else "failed_earlier"
                yield failed(RULE, element, message, name=this.item.name, page=other, pages=pages)
        for key, order in _orders(page, found):
            turned = self._orders.out_of_step(key, order)
            if turned is not None:
                first, second = first_of[turned.first], first_of[turned.second]
                say = failed if turned.sure else cannot_tell
                element = first.block.element_of(first.item)
                arguments: dict[str, Any] = {
                    "first": first.item.name,
                    "second": second.item.name,
                    "page": turned.page,
                    "pages": turned.pages,
                }
                yield say(RULE, element, **arguments)

    def _usual_side(self, language: str, mechanism: Mechanism) -> tuple[str | None, int]:
        for side, pages in self._sides[language, mechanism].most_common(1):
            if pages >= FEWEST_PAGES and pages >= SURE * self._pages[language, mechanism]:
                return side, pages
        return None, 0

    def _has_frame_of_site(self, page: SamplePage) -> bool:
        half = self._of_language[page.language] / 2
        return sum(self._frame[page.language][target] >= half for target in _frame(page)) >= SAME_FRAME


def _frame(page: SamplePage) -> set[str]:
    return {item.target for block in page.blocks if block.is_compared for item in block.items}


def _helps(page: SamplePage) -> Iterator[Help]:
    """What helps a visitor in the frame of the page; a number in the text of one page is content."""
    for block in page.blocks:
        if not block.is_compared:
            continue
        for item in block.items:
            if item.target.startswith("tel:"):
                yield Help(("phone", re.sub(r"\D", "", item.target)), item, block)
            elif item.target.startswith("mailto:"):
                yield Help(("mail", item.target.partition("?")[0].casefold()), item, block)
            elif CONTACT.fullmatch(item.said):
                yield Help(("contact", item.target), item, block)
            elif SELF_HELP.fullmatch(item.said):
                yield Help(("help", item.target), item, block)
            elif CHAT.fullmatch(item.said):
                yield Help(("chat", item.target), item, block)


def _sides(found: list[Help]) -> dict[Mechanism, set[str]]:
    sides: dict[Mechanism, set[str]] = defaultdict(set)
    for one in found:
        if one.block.side:
            sides[one.mechanism].add(one.block.side)
    return sides


def _orders(page: SamplePage, found: list[Help]) -> Iterator[tuple[tuple[str, str, str], tuple[Mechanism, ...]]]:
    """The order of what helps in each block that has several, each once; what stands there twice is left out."""
    for kind in ("navigation", "header", "footer"):
        for region in ("header", "footer", "aside", ""):
            there = [one.mechanism for one in found if (one.block.kind, one.block.region) == (kind, region)]
            order = tuple(one for one, times in Counter(there).items() if times == 1)
            if len(order) > 1:
                yield (page.language, kind, region), order
