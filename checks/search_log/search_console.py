"""The export of Google Search Console: searches at Google that showed a page of the site, not searches on the site.

Source: the zip of its screen "Results" (Queries.csv, Pages.csv, Dates.csv and others, named and headed in the user's language).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO
from urllib.parse import urlsplit

from checks.search_log.stream import encoding_of
from checks.search_log.table import TableOptions, open_table, read_days, read_table
from rules.search_log import QueryTotal, Row, SearchLogError, Tally

MOST_FILES = 50
LARGEST_FILE = 100_000_000  # bytes, unpacked; an export has a thousand lines
QUERIES = re.compile(r"quer|zoekopdracht|zoekterm", re.IGNORECASE)
PAGES = re.compile(r"pages?\b|pagina", re.IGNORECASE)
DATES = re.compile(r"dates?\b|datum|datums|chart|grafiek|diagram", re.IGNORECASE)


def read_search_console(stream: BinaryIO, options: TableOptions, tally: Tally) -> Iterator[Row]:
    """Impressions as searches, with clicks, over the period of the export. Raises SearchLogError where it is no such zip."""
    try:
        with zipfile.ZipFile(stream) as archive:
            files = archive.infolist()
            if len(files) > MOST_FILES:
                raise SearchLogError("the zip holds more files than an export of Search Console; bring in one export at a time")
            queries = _text(archive, files, QUERIES)
            if any(file.filename == "[Content_Types].xml" for file in files):
                raise SearchLogError("it is a workbook of a spreadsheet program; save the sheet with the queries as CSV")
            if queries is None:
                raise SearchLogError(
                    "the zip holds no list of queries (Queries.csv); export the results of Search Console as CSV"
                )
            host = _host(_text(archive, files, PAGES) or "")
            period = options.period or _period(_text(archive, files, DATES) or "")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise SearchLogError("the zip is damaged or locked; export it again") from error
    if period is None:
        raise SearchLogError("the zip does not say of which days it is; say it with --period 2026-01-01..2026-03-31")
    tally.digest.update(queries.encode("utf-8", "surrogatepass"))
    table = open_table(queries.splitlines(keepends=True), tally)
    for row in read_table(
        table, TableOptions(options.source, options.mapping or _mapping(table.headings), period, options.zone), tally
    ):
        assert isinstance(row, QueryTotal)
        yield row._replace(host=host)


def _mapping(headings: list[str]) -> dict[str, str]:
    """Its columns stand in one order in every language: query, clicks, impressions."""
    if len(headings) < 3:
        raise SearchLogError("its list of queries has other columns than Search Console's; say them with --mapping")
    return {"query": headings[0], "clicked": headings[1], "searches": headings[2]}


def _text(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], name: re.Pattern[str]) -> str | None:
    """The text of the first CSV of this name, never more than an export can hold."""
    for file in files:
        base = file.filename.rpartition("/")[2]
        if base.lower().endswith(".csv") and name.search(base):
            with archive.open(file) as packed:
                body = packed.read(LARGEST_FILE + 1)
            if len(body) > LARGEST_FILE:
                raise SearchLogError("the zip unpacks to far more than an export of Search Console")
            return body.decode(encoding_of(body), "replace").lstrip("\ufeff")
    return None


def _host(pages: str) -> str:
    """The host of the pages in the export."""
    for address in io.StringIO(pages):
        if address.startswith("http"):
            try:
                return (urlsplit(address.partition(",")[0].strip('"')).hostname or "").lower()
            except ValueError:
                return ""
    return ""


def _period(dates: str) -> tuple[date, date] | None:
    spans = [span for line in io.StringIO(dates) if (span := read_days(line.split(",")[0].strip()))]
    return (min(spans)[0], max(spans)[1]) if spans else None
