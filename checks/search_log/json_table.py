"""Totals in JSON, as the programming interfaces of analytics programs answer: records of a query with its numbers.

Source: Matomo (a list, or lists by day), Siteimprove ("items"), the Data API of Google Analytics 4 (dimensions and metrics),
the API of Search Console ("rows" with "keys").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks.search_log.table import columns_of, read_days
from rules.search_log import SearchLogError

Record = tuple[int, Mapping[str, Any]]


def records_of(members: Iterator[tuple[int, Any]]) -> Iterator[Record]:
    """Records with our names for their fields. Raises SearchLogError where there are none."""
    for number, member in members:
        if not isinstance(member, dict):
            raise SearchLogError("its JSON holds no records of queries")
        for record in _records(member):
            yield number, _named(record)


def _records(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "result" in document and document.get("result") == "error":
        raise SearchLogError("the program answered with an error instead of a list; look at its rights and address")
    if "dimensionHeaders" in document:
        yield from _of_google(document)
        return
    for name in ("items", "rows", "data", "reportData"):
        if isinstance(document.get(name), list):
            for one in document[name]:
                if isinstance(one, dict):
                    yield {**one, "query": one["keys"][0]} if isinstance(one.get("keys"), list) and one["keys"] else one
            return
    days = {name: span for name in document if (span := read_days(name))}
    if days and len(days) == len(document):  # Matomo, one list for each day
        for name, span in days.items():
            for one in document[name] if isinstance(document[name], list) else ():
                if isinstance(one, dict):
                    yield {**one, "day": name if span[0] == span[1] else name[:7]}
        return
    yield document


def _of_google(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    heads = [str(one.get("name")) for part in ("dimensionHeaders", "metricHeaders") for one in document.get(part, ())]
    for row in document.get("rows", ()):
        values = [one.get("value") for part in ("dimensionValues", "metricValues") for one in row.get(part, ())]
        yield dict(zip(heads, values, strict=False))


def _named(record: Mapping[str, Any]) -> dict[str, Any]:
    columns = columns_of([name for name, value in record.items() if not isinstance(value, (dict, list))]).names
    return {field: record[name] for field, name in columns.items()}
