"""A table as a file for a spreadsheet program, in which no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi.responses import Response

from dashboard.crawled import clean
from rules.norm import Language

FORMULA = ("=", "+", "-", "@")


def table_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], language: Language) -> Response:
    """A CSV file. Dutch spreadsheet programs expect semicolons; the mark at its begin says that it is UTF-8."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";" if language == "nl" else ",", lineterminator="\r\n")
    table.writerow(heads)
    table.writerows([safe_cell(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def safe_cell(cell: object) -> object:
    """A number as it is; text without control characters, and with an apostrophe before what would be a formula.

    Source: OWASP, CSV Injection.
    """
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
