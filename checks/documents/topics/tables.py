"""A table says which cells are headers, and its rows and cells are put together as a table.

Source: WCAG 2.2 SC 1.3.1; EN 301 549 clause 10.1.3.1; techniques PDF6 and PDF20; ISO 14289-1 clauses 7.2 and 7.5; Matterhorn 15.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.documents.snapshot import DocumentSnapshot, Table
from checks.documents.verdict import Verdict, cannot_tell, failed, passed
from rules.document import DocumentKind

HEADERS = "document-table-headers"
RULES = (HEADERS,)
NEEDS = ("structure",)


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    """A small table, or one that is mostly empty, may only be there for its layout."""
    data = [table for table in document.tables if table.rows >= 2 and table.columns >= 2]
    if not data:
        return
    bare = [table for table in data if not table.headers]
    sheet = document.kind in (DocumentKind.XLSX, DocumentKind.ODS)  # its top row may be read as headers all the same
    sure = [table for table in bare if not sheet and table.rows >= 4 and table.columns >= 3 and _fill(table) >= 0.7]
    unsure = [table for table in bare if table not in sure and table.rows >= 3 and _fill(table) >= 0.5]
    if sure:
        yield failed(HEADERS, **_places(sure, len(data)))
    if unsure:
        yield cannot_tell(HEADERS, **_places(unsure, len(data)))
    if not sure and not unsure:
        yield passed(HEADERS)


def _fill(table: Table) -> float:
    return table.filled / (table.rows * table.columns)


def _places(tables: list[Table], total: int) -> dict[str, Any]:
    return {
        "arguments": {"count": len(tables), "total": total, "example": tables[0].first},
        "pages": tuple(table.page for table in tables),
        "examples": tuple(table.first for table in tables),
        "element": "Table",
    }
