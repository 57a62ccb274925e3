"""Reads a small table that people make in a spreadsheet: CSV with a first line that names its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

MOST_BYTES = 10_000_000


class TableError(ValueError):
    """The table cannot be read as a whole; the sentence says why and what to do."""


def spelled_out(headings: Mapping[str, str]) -> dict[str, str]:
    """Each way to write a heading, with the column that it names; ways stand with bars between."""
    return {heading: name for name, ways in headings.items() for heading in ways.split("|")}


class PlainTable:
    """A table of which the first line is read. `columns`: the name of each column, empty where it is not known."""

    def __init__(self, content: bytes, headings: Mapping[str, str]) -> None:
        """Raises TableError for what is no text, and for what is too large."""
        if len(content) > MOST_BYTES:
            raise TableError(f"it is larger than {MOST_BYTES // 1_000_000} MB; is this the right file?")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise TableError("it is no UTF-8 text; save it as CSV UTF-8") from error
        if "\x00" in text:
            raise TableError("it is no text; save it as CSV UTF-8")
        first = text.partition("\n")[0]
        self._rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
        self.columns: Sequence[str] = [headings.get(" ".join(one.lower().split()), "") for one in self._next() or []]

    def _next(self) -> list[str] | None:
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise TableError(f"line {self._rows.line_num} cannot be read: {error}") from error

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The number of each line that says something, and its cells by column."""
        while (row := self._next()) is not None:
            cells = {name: " ".join(row[place].split()) for place, name in enumerate(self.columns) if name and place < len(row)}
            if any(cells.values()):
                yield self._rows.line_num, cells
