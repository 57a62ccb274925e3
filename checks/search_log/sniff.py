"""Which program wrote a search log, seen by its first bytes."""

from __future__ import annotations

import json
import re
from itertools import islice

from checks.search_log.combined import is_combined
from checks.search_log.stream import LONGEST_LINE, ZIP, encoding_of
from checks.search_log.table import open_table, source_of_headings
from rules.search_log import SearchLogError, Source, Tally

BINARY = (b"\x89PNG", b"%PDF", b"\xff\xd8\xff", b"SQLite format", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x7fELF")
JSON_SIGNS = (
    ("actionDetails", Source.MATOMO_VISITS),
    ("user_query", Source.UBI),
    ("dimensionHeaders", Source.GA4),
    ("search_result_average", Source.SITEIMPROVE),
    ("search_exits", Source.SITEIMPROVE),
    ("nb_visits", Source.MATOMO),
    ("nb_hits", Source.MATOMO),
    ("impressions", Source.SEARCH_CONSOLE),
)
SLOW_LOG = re.compile(r"\[[\w.]*?(?:slowlog|i\.s\.s)\.(?:query|fetch)\s*\]")
LOOKED_AT = 200_000


def sniff(head: bytes) -> Source:
    """The program. Raises SearchLogError where that cannot be seen."""
    lines = head.split(b"\n")
    if len(lines) > 1 and (short := [line for line in lines if len(line) <= LONGEST_LINE]) and len(short) < len(lines):
        head = b"\n".join(short)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t"):
        raise SearchLogError("the file is empty")
    if head.startswith(ZIP):
        return Source.SEARCH_CONSOLE
    if head.startswith(BINARY):
        raise SearchLogError("it is no text; unpack it, or export it as CSV or JSON")
    if is_combined(head):
        return Source.COMBINED
    text = head[:LOOKED_AT].decode(encoding_of(head), "replace").lstrip("\ufeff").lstrip()
    if text.startswith(("{", "[{", "[\n", "[ ", "[]", "[\r")):
        return _of_json(text)
    if SLOW_LOG.search(text):
        return Source.SLOW_LOG
    if "webapp=" in text and "params={" in text:
        return Source.SOLR
    if text.count("\0") > 10:
        raise SearchLogError("it is no text; unpack it, or export it as CSV or JSON")
    table = open_table(text.splitlines(keepends=True), Tally())
    return source_of_headings(table.headings, table.comments)


def _of_json(text: str) -> Source:
    for line in islice(text.splitlines(), 20):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(record, dict):
            break
        inner = record.get("_source")
        names = inner if isinstance(inner, dict) else record
        if "user_query" in names or "action_name" in names:
            return Source.UBI
        if re.search(r"slowlog|total_shards|took_millis", line):
            return Source.SLOW_LOG
    for sign, source in JSON_SIGNS:
        if f'"{sign}"' in text:
            return source
    raise SearchLogError("its JSON is of no program that is known; say which with --source, or export it as CSV")
