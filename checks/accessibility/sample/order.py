"""Orders in which the same things stand on several pages, and which of them is out of step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

MOST_ORDERS = 100  # different ones that are kept of one block; a site's menu has a handful
MOST_KEYS = 500  # blocks by kind, place and name
MOST_PARTS = 20
FEWEST_SURE = 3  # pages that must show the same other order before it is called the usual one
SURE_SHARE = 4  # so many times as many pages show the other order


Order = tuple[Any, ...]


@dataclass
class _Seen:
    pages: int = 0
    example: str = ""
    parts: set[str] = field(default_factory=set)  # of the site that it stands in
    beside: set[Order] = field(default_factory=set)  # orders that stand on one page with it: a menu for small screens


@dataclass(frozen=True)
class OutOfStep:
    """Two things that stand the other way round on other pages."""

    first: Any  # stands before `second` here
    second: Any
    page: str  # a page with the usual order
    pages: int  # how many have it
    sure: bool


class Orders:
    """How many pages show the same things in which order. `fewest`: things that two orders must share to be compared."""

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self._seen: dict[Hashable, dict[Order, _Seen]] = {}
        self._judged: dict[tuple[Hashable, Order], OutOfStep | None] = {}

    def add(self, orders: Iterable[tuple[Hashable, Order]], address: str) -> None:
        """The orders of one page, each with the key of what it stands in: only orders under one key are compared."""
        on_page: dict[Hashable, set[Order]] = defaultdict(set)
        for key, order in orders:
            on_page[key].add(order)
        for key, together in on_page.items():
            if key not in self._seen and len(self._seen) >= MOST_KEYS:
                continue
            known = self._seen.setdefault(key, {})
            for order in together:
                if order not in known and len(known) >= MOST_ORDERS:
                    continue
                seen = known.setdefault(order, _Seen(example=address))
                seen.pages += 1
                if len(seen.parts) < MOST_PARTS:
                    seen.parts.add(part_of(address))
                if len(seen.beside) < MOST_ORDERS:
                    seen.beside |= together - {order}

    def out_of_step(self, key: Hashable, order: Order) -> OutOfStep | None:
        """What stands in another order here than on most pages that have it; None: nothing does."""
        if (key, order) not in self._judged:
            self._judged[key, order] = self._judge(key, order)
        return self._judged[key, order]

    def _judge(self, key: Hashable, order: Order) -> OutOfStep | None:
        place = {thing: number for number, thing in enumerate(order)}
        alike = _Seen(pages=-1)  # this page itself is among them
        other = _Seen()
        usual: tuple[_Seen, tuple[Any, Any]] | None = None
        for known, seen in self._seen.get(key, {}).items():
            if order in seen.beside:
                continue
            if place.keys().isdisjoint(known):
                continue
            common = [thing for thing in known if thing in place]
            if len(common) < self._fewest and known != order:
                continue
            turned = next((pair for pair in pairwise(common) if place[pair[0]] > place[pair[1]]), None)
            group = other if turned else alike
            group.pages += seen.pages
            group.parts |= seen.parts
            if turned and (usual is None or seen.pages > usual[0].pages):
                usual = seen, turned
        if usual is None or other.pages < 2 or alike.pages >= other.pages:
            return None
        best, (second, first) = usual
        # What only stands in a part of the site where the usual order does not may be a menu of that part's own.
        apart = len(alike.parts) == 1 and not alike.parts & best.parts and alike.pages > 0
        sure = best.pages >= FEWEST_SURE and (alike.pages + 1) * SURE_SHARE <= other.pages + SURE_SHARE and not apart
        return OutOfStep(first, second, best.example, best.pages, sure)


def part_of(address: str) -> str:
    """The first folder of an address: a part of a site may have a menu of its own."""
    path = address.partition("://")[2].partition("/")[2]
    return path.partition("/")[0] if "/" in path else ""
