"""A table of a screen as a file, as it is seen: the screen is made as always, with all its rows, and the table is taken out.

So the file holds what the address asks for, its filters included; whoever may see the screen may have it; no column can differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from babel.numbers import NumberFormatError, parse_decimal
from fastapi.responses import Response
from lxml import html

from dashboard.crawled import clean
from dashboard.table_file import TableKind, table_file
from rules.norm import Language

MOST_ROWS = 10_000  # of a list that the screen shows in parts
BLOCKS = {"br", "div", "p", "li", "ul", "ol", "dl", "dt", "dd", "details", "summary", "h2", "h3", "h4"}
CONTROLS = {"form", "button", "select", "input", "textarea"}  # what one can do with a row is no part of it
NAME = re.compile(r"[a-z0-9-]{1,40}")


class TableAsked(Exception):
    """A file was asked for in place of the screen: its name, its kind, and the screen it is taken from."""

    def __init__(self, name: str, kind: TableKind, screen: str, cut: str) -> None:
        super().__init__(name)
        self.name, self.kind, self.screen, self.cut = name, kind, screen, cut


def asked(name: str, kind: str) -> TableKind | None:
    """The kind of file that an address asks for; None: the screen itself."""
    return cast("TableKind", kind) if kind in ("csv", "xlsx") and NAME.fullmatch(name) else None


def as_file(wanted: TableAsked, language: Language) -> Response | None:
    """The table before the links that name it; None where the screen has no such table."""
    page = html.fromstring(wanted.screen)
    tables: Any = page.xpath("//*[@data-table=$name]/preceding::table[1]", name=wanted.name)
    if not tables:
        return None
    heads, *rows = [[_cell(cell, language) for cell in row.iter("th", "td")] for row in tables[0].iter("tr")]
    if wanted.cut:
        rows.append([wanted.cut])
    return table_file(f"vierluik-{wanted.name}", wanted.kind, [str(head) for head in heads], rows, language)


def _cell(cell: Any, language: Language) -> object:
    """What stands in a cell; a number where it is one and its column holds numbers."""
    text = clean("".join(_texts(cell)))
    if "vl-number" in cell.get("class", "").split() and re.fullmatch(r"[-−]?[\d.,]+", text):
        try:
            number = parse_decimal(text.replace("−", "-"), locale=language, strict=True)
        except NumberFormatError:
            return text
        return int(number) if number == int(number) else float(number)
    return text


def _texts(element: Any) -> Iterator[str]:
    """The text of an element; parts that stand on a line of their own get a space around them."""
    around = " " if element.tag in BLOCKS else ""
    yield around + (element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in CONTROLS:
            yield from _texts(child)
        yield child.tail or ""
    yield around
