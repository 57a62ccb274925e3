"""Any search log becomes masked rows: what comes out of here may be kept, what goes in may not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import BinaryIO
from zoneinfo import ZoneInfo

from checks.search_log.address import SearchAddress
from checks.search_log.combined import read_combined
from checks.search_log.json_records import json_document
from checks.search_log.json_table import records_of
from checks.search_log.mask import Masker
from checks.search_log.programs import read_matomo_visits, read_slow_log, read_solr, read_ubi
from checks.search_log.search_console import read_search_console
from checks.search_log.sniff import sniff
from checks.search_log.stream import ZIP, LogStream
from checks.search_log.table import SAMPLE, Table, TableOptions, columns_of, open_table, read_records, read_table, said
from rules.search_log import ColumnsAsked, QueryTotal, Row, SearchEvent, Source, Tally


@dataclass(frozen=True)
class ReadOptions:
    """What a person said about a file."""

    source: Source | None = None  # None: seen by itself
    addresses: tuple[SearchAddress, ...] = ()  # of searches in an access log; none: seen by themselves
    period: tuple[date, date] | None = None  # of an export that does not say it
    mapping: Mapping[str, str] = field(default_factory=dict)  # of columns
    confirmed: bool = False  # a mapping that is only guessed was looked at
    case_numbers: tuple[str, ...] = ()  # expressions for the case numbers of a municipality
    zone: str = "Europe/Amsterdam"


@dataclass
class Reading:
    """A log that is being read."""

    source: Source
    rows: Iterator[Row]  # masked
    mapping: Mapping[str, str]  # of the columns of a table, as it is read


def read_log(stream: BinaryIO, options: ReadOptions, tally: Tally) -> Reading:
    """Open a log. What is met on the way is counted in the tally.

    Raises SearchLogError where the file is of no kind that is known; reading the rows may raise it too.
    """
    log = LogStream(stream, tally)
    source = options.source or sniff(log.head())
    tally.digest.update(repr((source, options.addresses, options.period, sorted(options.mapping.items()))).encode())
    masker = Masker(options.case_numbers)
    tally.masked = masker.counts
    reading = Reading(source, iter(()), options.mapping)
    reading.rows = _masked(_rows(log, reading, options, tally, masker), masker)
    return reading


def _rows(log: LogStream, reading: Reading, options: ReadOptions, tally: Tally, masker: Masker) -> Iterator[Row]:
    zone = ZoneInfo(options.zone)
    table_options = TableOptions(reading.source, options.mapping, options.period, zone)
    is_json = log.head().lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))
    match reading.source:
        case Source.COMBINED:
            return read_combined(log, options.addresses, tally)
        case Source.MATOMO_VISITS:
            return read_matomo_visits(json_document(log, tally), tally)
        case Source.UBI:
            return read_ubi(log, zone, tally)
        case Source.SLOW_LOG:
            return read_slow_log(log, zone, tally)
        case Source.SOLR:
            return read_solr(log, zone, tally)
        case Source.SEARCH_CONSOLE if log.head().startswith(ZIP):
            return read_search_console(log.rewound(), table_options, tally)
        case _ if is_json:
            return read_records(records_of(json_document(log, tally)), table_options, options.period, tally)
    table = open_table(log.text_lines(), tally)
    if reading.source is Source.TABLE and not options.mapping:
        reading.mapping = dict(columns_of(table.headings).names)
        if not options.confirmed:
            raise _question(table, reading.mapping, masker)
    return read_table(table, table_options, tally)


def _question(table: Table, mapping: Mapping[str, str], masker: Masker) -> ColumnsAsked:
    """What a person has to look at before the columns of a table of no known program are read."""
    words = ",".join(f"{name}={said([heading])}" for name, heading in mapping.items()) or "nothing"
    rows = [[masker.query(cell) for cell in cells] for _, cells in islice(table.rows, SAMPLE)]
    sample = "\n".join(f"    {' | '.join(cells)}" for cells in rows)
    sentence = (
        f"it comes from no program that is known. Its columns are {said(table.headings)}; "
        f"they would be read as {words}. Its first lines:\n{sample}\n"
        "Where that is right, bring it in with --yes; where not, say what the columns hold: --mapping query=…,searches=…"
    )
    fields = {heading: name for name, heading in mapping.items()}
    return ColumnsAsked(
        sentence, [fields.get(heading, "") for heading in table.headings], [[said([one]) for one in table.headings], *rows]
    )


def _masked(rows: Iterator[Row], masker: Masker) -> Iterator[Row]:
    """The one place where rows pass from what people typed to what may be kept."""
    for row in rows:
        query = masker.query(row.query)
        if not query:
            continue
        if isinstance(row, QueryTotal):
            yield row._replace(query=query)
        elif row.page is None and query == row.query:
            yield row
        else:
            at_ms, _, session, page, hits, position, exits, host = row
            yield SearchEvent(at_ms, query, session, page and masker.page(page), hits, position, exits, host)
