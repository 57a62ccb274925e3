"""A table says which cells are headers, and which cells belong to each of them.

Source: WCAG 2.2 SC 1.3.1 Info and Relationships (level A); EN 301 549 clause 9.1.3.1; ACT rules d0f69e and a25f45; techniques
H39, H43, H51, H63; failure F91.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

HEADER_CELLS = "table-header-cells"
CELL_HEADER = "table-cell-header"
HEADER_LEVELS = "table-header-levels"
CAPTION = "faked-table-caption"
HEADERS_ATTRIBUTE = "table-headers-attribute"
RULES = (HEADER_CELLS, CELL_HEADER, HEADER_LEVELS, CAPTION, HEADERS_ATTRIBUTE)

LONGEST_DATA = 120  # characters; cells that lay out a page hold more
LONGEST_HEADER = 60


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for table in document.facts:
        yield from _headers_attribute(table)
        if table["headers"]:
            yield from _header_cells(table)
            yield from _header_levels(table)
            yield from _caption(table)
        elif "look" in table:
            yield from _without_headers(table)


def _headers_attribute(table: dict[str, Any]) -> Iterator[Verdict]:
    """What `headers` names is another cell of the table; beside one that is, a name that leads nowhere loses a part (H43)."""
    if not table["native"]:
        return
    if table["dangling"]:
        yield (cannot_tell if all(table["dangling"]) else failed)(HEADERS_ATTRIBUTE, table["element"])
    elif table["headersUsed"]:
        yield passed(HEADERS_ATTRIBUTE, table["element"])


def _header_cells(table: dict[str, Any]) -> Iterator[Verdict]:
    """A header with nothing below it or beside it; one at the top is proven, elsewhere it may be a line in between."""
    headers = [one for one in table["headers"] if one["exposed"]]
    if not headers or not table["data"]:
        return
    alone = [one for one in headers if not one["cells"] and one["text"]]
    header_rows = _header_rows(table)
    proven = [one for one in alone if one["y"] in header_rows]
    if proven:
        yield failed(HEADER_CELLS, table["element"], header=proven[0]["text"])
    elif alone:
        yield cannot_tell(HEADER_CELLS, table["element"], header=alone[0]["text"])
    else:
        yield passed(HEADER_CELLS, table["element"])


def _header_rows(table: dict[str, Any]) -> set[int]:
    """The rows at the top that hold headers and nothing else, or nothing but headers of columns."""
    columns = {one["y"] for one in table["headers"] if one["way"] == "column"}
    return set(takewhile(lambda row: row in columns, range(table["rows"])))


def _header_levels(table: dict[str, Any]) -> Iterator[Verdict]:
    """Headers over headers, as in a time-table: `scope` with a group, or `headers`, says which belongs to what (H43, H63)."""
    columns = [one for one in table["headers"] if one["way"] == "column" and one["text"]]
    over = [
        one
        for one in columns
        if 1 < one["width"] < table["columns"]
        and any(
            other["y"] == one["y"] + one["height"]
            and one["x"] <= other["x"] < one["x"] + one["width"]
            and other["width"] < one["width"]
            for other in columns
        )
    ]
    if not over:
        return
    if table["headersUsed"] or all(one["group"] for one in over):
        yield passed(HEADER_LEVELS, table["element"])
    else:
        yield cannot_tell(HEADER_LEVELS, table["element"], header=over[0]["text"])


def _caption(table: dict[str, Any]) -> Iterator[Verdict]:
    """A title in a cell over all columns, right above the row with the headers of those columns."""
    if not table["native"]:
        return
    first = table["firstRow"]
    is_title = len(first) == 1 and first[0]["columns"] >= table["columns"] >= 2 and bool(first[0]["text"])
    if table["caption"]:
        yield passed(CAPTION, table["element"])
    elif is_title and table["rows"] >= 3 and table["secondRowHeaders"] and table["data"] >= 2:
        yield failed(CAPTION, table["element"])


def _without_headers(table: dict[str, Any]) -> Iterator[Verdict]:
    """Data in rows and columns, and no cell is a header. A first row that only looks like headers proves it (F91)."""
    look = table["look"]
    rows = look["rows"]
    lengths = [cell["length"] for row in rows for cell in row]
    if table["related"] or look["isNested"] or look["hasBlocks"] or look["images"] > table["rows"]:
        return
    if max(lengths) > LONGEST_DATA or lengths.count(0) > len(lengths) / 3 or len(set(look["widths"])) > 2:
        return
    first, rest = rows[0], rows[1:]
    if _looks_like_headers(first, rest, table["columns"]):
        yield failed(CELL_HEADER, table["element"], "bold")
    elif table["caption"] or all(cell["border"] for row in rows for cell in row) or _first_column_bold(rows):
        yield cannot_tell(CELL_HEADER, table["element"], "none")


def _looks_like_headers(first: list[dict[str, Any]], rest: list[list[dict[str, Any]]], columns: int) -> bool:
    filled = [cell for cell in first if cell["length"]]
    if len(first) != columns or len(filled) < max(2, columns - 1) or any(cell["length"] > LONGEST_HEADER for cell in filled):
        return False
    # The first column may be bold all the way down.
    others = [cell for row in rest for cell in row[1:] if cell["length"]]
    return all(cell["bold"] for cell in filled) and len(others) >= 2 and not any(cell["bold"] for cell in others)


def _first_column_bold(rows: list[list[dict[str, Any]]]) -> bool:
    firsts = [row[0] for row in rows if row and row[0]["length"]]
    others = [cell for row in rows for cell in row[1:] if cell["length"]]
    return bool(firsts and others) and all(cell["bold"] for cell in firsts) and not any(cell["bold"] for cell in others)
