"""Search tasks that a site suggests by itself: its products, by the words of their titles. A person confirms or changes them."""

from __future__ import annotations

from collections.abc import Iterable

from rules.findability import RightPage, SearchTask
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


def title_without_site(title: str) -> str:
    """The words of a page's title before the name of its site."""
    places = [place for part in PARTS_OF_A_TITLE if (place := title.find(part)) > 0]
    return " ".join(title[: min(places, default=len(title))].split())[:LONGEST]


def proposed_tasks(pages: Iterable[tuple[str, str]]) -> list[SearchTask]:
    """A task for each page about a product, of its address and title; the first page of two with one title."""
    tasks: dict[str, SearchTask] = {}
    for url, title in pages:
        name = title_without_site(title)
        if name and name.isprintable():
            tasks.setdefault(name, SearchTask(name, (short_query(name),), (RightPage(url),)))
    return list(tasks.values())


def short_query(title: str) -> str:
    """What somebody would type of a title: without the action, where something is left without it."""
    words = [word.strip(",:;()") for word in title.lower().split()]
    kept = [word for word in words if word not in ACTIONS]
    while kept and kept[-1] in EMPTY:  # "of" of "aanvragen of verlengen"
        kept.pop()
    return " ".join(kept or words)
