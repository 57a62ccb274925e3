"""A table as a file for a spreadsheet program, in which no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from fastapi.responses import Response

from dashboard.crawled import clean
from rules.norm import Language

FORMULA = ("=", "+", "-", "@")
TableKind = Literal["csv", "xlsx"]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # characters


def table_file(name: str, kind: TableKind, heads: Sequence[str], rows: Iterable[Sequence[Any]], language: Language) -> Response:
    """A CSV file or a workbook. Dutch spreadsheet programs expect semicolons; the mark at the begin says that it is UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "xlsx":
        return Response(_workbook(heads, rows), media_type=WORKBOOK, headers=headers)
    written = io.StringIO()
    table = csv.writer(written, delimiter=";" if language == "nl" else ",", lineterminator="\r\n")
    table.writerow(heads)
    table.writerows([safe_cell(cell) for cell in row] for row in rows)
    return Response(written.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _workbook(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet. A text is written as text, whatever it begins with: it needs no apostrophe to be harmless."""
    from openpyxl import Workbook  # takes a third of a second to load
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    body = [list(row) for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for place, head in enumerate(heads):
        longest = max((len(str(row[place])) for row in body), default=0)
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(max(len(head), longest) + 2, WIDEST)

    def cell(value: object, *, is_head: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, clean(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            made.data_type = "s"
        if is_head:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(head, is_head=True) for head in heads])
    for row in body:
        sheet.append([cell(value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def safe_cell(cell: object) -> object:
    """A number as it is; text without control characters, and with an apostrophe before what would be a formula.

    Source: OWASP, CSV Injection.
    """
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
