"""Search tasks that a search log or a site suggests by itself. A person confirms, changes or refuses them.

From a log: what residents ask most, with the page that most of them clicked, else the page that says it best. Without one: the
products of the site, by the words of their titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.content_gap import FoundPage
from rules.findability import ProposalReason, ProposedTask, RightPage, SearchTask
from rules.search_log import RARE
from rules.stemming import EMPTY

PARTS_OF_A_TITLE = (" | ", " - ", " – ", " — ", " :: ")
LONGEST = 120  # characters
# What products are called after, and what residents leave out.
ACTIONS = (
    "aanvragen",
    "aanvraag",
    "regelen",
    "melden",
    "doorgeven",
    "aangeven",
    "aangifte",
    "verlengen",
    "wijzigen",
    "informatie",
)


DOMINANT = 0.5  # more of the visits that clicked than this went to one page
FEWEST_PEOPLE = 5  # visits a month
MOST_QUERIES = 5  # of one task


@dataclass(frozen=True)
class AskedThing:
    """What residents ask for: the most usual words, with where that led them."""

    query: str
    people: int  # visits a month
    clicked: Mapping[FoundPage, int]  # visits that clicked a page of the site after it
    said: FoundPage | None  # the page that says it best; None: no page does
    product: str = ""


def tasks_of_log(things: Iterable[AskedThing], most: int) -> list[ProposedTask]:
    """A task for each page that residents ask for, those for most people first; the words of one page are put together."""
    found: dict[FoundPage, list[tuple[AskedThing, ProposalReason]]] = {}
    for thing in sorted(things, key=lambda one: (-one.people, one.query)):
        page, reason = _right_page(thing)
        if page and thing.people >= FEWEST_PEOPLE:
            found.setdefault(page, []).append((thing, reason))
    tasks: dict[str, ProposedTask] = {}
    for page, asked in found.items():
        queries = tuple(thing.query for thing, _ in asked)[:MOST_QUERIES]
        product = next((thing.product for thing, _ in asked if thing.product), "")
        title = title_without_site(page.title)
        if not title or not title.isprintable() or title in tasks:
            title = queries[0]
        tasks.setdefault(
            title,
            ProposedTask(
                SearchTask(title, queries, (RightPage(page.identity),), product),
                asked[0][1],
                sum(thing.people for thing, _ in asked),
            ),
        )
    return sorted(tasks.values(), key=lambda one: (-(one.people or 0), one.task.title))[:most]


def _right_page(thing: AskedThing) -> tuple[FoundPage | None, ProposalReason]:
    """The page that most visits clicked, where they were enough; else the one that says it."""
    if thing.clicked:
        page, visits = max(thing.clicked.items(), key=lambda one: (one[1], one[0].identity))
        if visits >= RARE and visits > DOMINANT * sum(thing.clicked.values()):
            return page, ProposalReason.CLICKED
    return thing.said, ProposalReason.SAID


def title_without_site(title: str) -> str:
    """The words of a page's title before the name of its site."""
    places = [place for part in PARTS_OF_A_TITLE if (place := title.find(part)) > 0]
    return " ".join(title[: min(places, default=len(title))].split())[:LONGEST]


def tasks_of_products(pages: Iterable[tuple[str, str]]) -> list[ProposedTask]:
    """A task for each page about a product, of its address and title; the first page of two with one title."""
    tasks: dict[str, ProposedTask] = {}
    for url, title in pages:
        name = title_without_site(title)
        if name and name.isprintable():
            task = SearchTask(name, (short_query(name),), (RightPage(url),))
            tasks.setdefault(name, ProposedTask(task, ProposalReason.PRODUCT))
    return list(tasks.values())


def short_query(title: str) -> str:
    """What somebody would type of a title: without the action, where something is left without it."""
    words = [word.strip(",:;()") for word in title.lower().split()]
    kept = [word for word in words if word not in ACTIONS]
    while kept and kept[-1] in EMPTY:  # "of" of "aanvragen of verlengen"
        kept.pop()
    return " ".join(kept or words)
