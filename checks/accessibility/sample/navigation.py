"""The links of a menu stand in the same order on every page that has the menu.

Source: WCAG 2.2 SC 3.2.3 Consistent Navigation (level AA); EN 301 549 clause 9.3.2.3; technique G61, failure F66.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from checks.accessibility.sample.facts import Block, SamplePage
from checks.accessibility.sample.order import Orders
from checks.verdict import Verdict, cannot_tell, failed, passed

RULE = "navigation-order"
RULES = (RULE,)

FEWEST_LINKS = 3  # that two menus must share to be the same menu

Key = tuple[str, str, str, str]
Order = tuple[tuple[str, str], ...]


class NavigationOrder:
    """Remembers in which orders the menus of the sample stand."""

    def __init__(self) -> None:
        self._orders = Orders(FEWEST_LINKS)

    def add(self, page: SamplePage) -> None:
        self._orders.add(((key, order) for key, order, _ in _menus(page)), page.address)

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """A menu out of step with several pages fails; one of a part of the site, or an even split, is asked about."""
        for key, order, block in _menus(page):
            found = self._orders.out_of_step(key, order)
            if found is None:
                yield passed(RULE, block.element)
                continue
            names = {item.function: item.name for item in block.items}
            arguments: dict[str, Any] = {
                "first": names[found.first],
                "second": names[found.second],
                "page": found.page,
                "pages": found.pages,
            }
            is_sure = found.sure and block.kind == "navigation" and block.region != "aside"
            yield (failed if is_sure else cannot_tell)(RULE, block.element, **arguments)


def _menus(page: SamplePage) -> Iterator[tuple[Key, Order, Block]]:
    """Each block of the page's frame with the order of its own top links; a submenu that is open here is left out."""
    for block in page.blocks:
        links = [item for item in block.items if item.name and not item.target.startswith(("tel:", "mailto:"))]
        top = min((item.depth for item in links), default=0)
        times = Counter(item.function for item in links)
        order = tuple(item.function for item in links if item.depth == top and times[item.function] == 1)
        if block.is_compared and len(order) >= FEWEST_LINKS:
            yield (page.language, block.kind, block.region, block.name.casefold()), order, block
