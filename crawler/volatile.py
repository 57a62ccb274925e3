"""Learns which parts of a site are another each time it is asked, by asking one page twice.

A part is only left out of the hash where that makes the two answers the same, and never a whole page or its main content:
a page that stays another each time is tested each time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rules.incremental import PERIOD_DAYS, VolatilePart

LARGEST = 500  # characters of text that may come and go
MOST_PARTS = 200  # of one site
SEVERAL = 3  # pages
AROUND = frozenset({"header", "footer", "nav", "aside"})
TOO_WIDE = frozenset({"html", "head", "body", "main", "article", "form", "title", "h1"})
NAME = re.compile(r"[A-Za-z][A-Za-z_-]{2,60}")  # of an id or class that a machine did not make
WORD = re.compile(r"\w[\w+/=.:%-]*")
CONTEXT = 40  # characters before a word in a script
KNOWING = re.compile(r"[A-Za-z_]\w*\W+$")  # a context names what follows


class NotAlike(Exception):
    """Two answers differ in a way that no small part explains."""


def learn(one: str, other: str, page: str, today: date) -> list[VolatilePart]:
    """The parts in which two answers of one page differ, both normalised; none where something larger does."""
    was, now = LexborHTMLParser(one).root, LexborHTMLParser(other).root
    if was is None or now is None:
        return []
    try:
        return [replace(part, page=part.page and page, seen_on=today.isoformat()) for part in dict.fromkeys(_differing(was, now))]
    except (NotAlike, RecursionError):
        return []


def joined(known: tuple[VolatilePart, ...], learned: list[VolatilePart], today: date) -> tuple[VolatilePart, ...]:
    """What is known with what is learned; what was not seen to differ for 28 days is forgotten.

    What was met in the text of several pages is so on all of them.
    """
    since = (today - timedelta(days=PERIOD_DAYS)).isoformat()
    both = [part for part in (*known, *learned) if part.seen_on >= since]
    pages: dict[str, set[str]] = defaultdict(set)
    for part in both:
        pages[part.selector].add(part.page)
    on_all = {selector for selector, names in pages.items() if "" in names or len(names) >= SEVERAL}
    parts: dict[VolatilePart, str] = {}
    for part in both:
        key = replace(part, page="" if part.selector in on_all else part.page, seen_on="")
        parts[key] = max(part.seen_on, parts.get(key, ""))
    newest = sorted(parts, key=lambda part: parts[part], reverse=True)[:MOST_PARTS]
    return tuple(replace(part, seen_on=parts[part]) for part in newest)


def _differing(one: LexborNode, other: LexborNode) -> Iterator[VolatilePart]:
    if one.html == other.html:
        return
    if one.tag != other.tag:
        yield _content_of(one.parent, other.parent)
        return
    yield from _attributes(one, other)
    if one.tag in ("script", "style"):
        yield from _words(one, other)
        return
    children, others = _children(one), _children(other)
    if [child.tag for child in children] != [child.tag for child in others]:
        yield _content_of(one, other)
        return
    for child, its_other in zip(children, others, strict=True):
        if child.tag == "-text":
            if child.text() != its_other.text():
                yield _content_of(one, other)
        else:
            yield from _differing(child, its_other)


def _children(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter(include_text=True) if child.tag != "-text" or (child.text() or "").strip()]


def _attributes(one: LexborNode, other: LexborNode) -> Iterator[VolatilePart]:
    was, now = one.attributes, other.attributes
    for name in sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name)):
        if name not in was or name not in now or not re.fullmatch(r"[\w-]+", name):
            raise NotAlike
        place = _selector(one) or (_place(one) if name.startswith("data-") else "")
        if not place:  # such as the address of any link
            raise NotAlike
        yield VolatilePart(f"{place}[{name}]", name, page=_page_of(one))


def _content_of(one: LexborNode | None, other: LexborNode | None) -> VolatilePart:
    """The nearest element around a difference that can be known again on other pages."""
    while one is not None and other is not None:
        if one.tag in TOO_WIDE or max(len(one.text()), len(other.text())) > LARGEST:
            raise NotAlike
        if selector := _selector(one):
            return VolatilePart(selector, page=_page_of(one))
        one, other = one.parent, other.parent
    raise NotAlike


def _page_of(node: LexborNode | None) -> str:
    """Something where a part is a matter of its page; empty where it stands in what surrounds all pages."""
    while node is not None:
        if node.tag in AROUND:
            return ""
        node = node.parent
    return "this one"


def _place(node: LexborNode) -> str:
    """A selector of an element without a name: its kind within something that has one."""
    around = node.parent
    while around is not None and around.tag not in TOO_WIDE:
        if selector := _selector(around):
            return f"{selector} {node.tag}"
        around = around.parent
    return node.tag or "*"


def _selector(node: LexborNode) -> str:
    """An element by its id or classes, as they are on every page; empty: it has none."""
    number = node.attributes.get("id") or ""
    if NAME.fullmatch(number):
        return f"{node.tag}#{number}"
    classes = [name for name in (node.attributes.get("class") or "").split() if NAME.fullmatch(name)]
    return f"{node.tag}.{'.'.join(classes)}" if classes else ""


def _words(one: LexborNode, other: LexborNode) -> Iterator[VolatilePart]:
    """The words of a script that differ, by what stands before them; the rest of it must be the same."""
    was, now = one.text(), other.text()
    words, others = list(WORD.finditer(was)), list(WORD.finditer(now))
    if WORD.sub("", was) != WORD.sub("", now) or len(words) != len(others):
        raise NotAlike
    end = 0  # of the word before it that differs too
    for word, its_other in zip(words, others, strict=True):
        if word[0] == its_other[0]:
            continue
        before, end = was[max(end, word.start() - CONTEXT) : word.start()], word.end()
        if not KNOWING.search(before):
            raise NotAlike
        yield VolatilePart("script", before=before)
