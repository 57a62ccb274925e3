"""A list of sites to be watched, as a table: an address, and perhaps a name and a cron line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

MOST_SITES = 1_000
MOST_BYTES = 1_000_000
EXAMPLE = "adres;naam;cron"
HEADINGS = {
    heading: name
    for name, headings in {
        "url": "adres|url|website|site|address|domein|domain",
        "name": "naam|name|gemeente|organisatie|municipality|organisation",
        "cron": "cron|schema|schedule",
    }.items()
    for heading in headings.split("|")
}


class SiteListError(ValueError):
    """The list cannot be brought in as a whole; the sentence says why and what to do."""


@dataclass(frozen=True)
class ListedSite:
    """One line of the list."""

    line: int
    url: str
    name: str = ""  # empty: its host
    cron: str = ""  # empty: it runs when somebody asks


def read_site_list(content: bytes) -> list[ListedSite]:
    """The sites of a CSV file. Raises SiteListError with the line and what to write there."""
    if len(content) > MOST_BYTES:
        raise SiteListError(f"it is larger than {MOST_BYTES // 1_000_000} MB; this is no list of sites")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SiteListError("it is no UTF-8 text; save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    found: dict[str, ListedSite] = {}
    try:
        names = [HEADINGS.get(" ".join(heading.lower().split()), "") for heading in next(rows, [])]
        if "url" not in names:
            raise SiteListError(f"its first line has to name a column with addresses, such as: {EXAMPLE}")
        for row in rows:
            cells = {name: " ".join(row[place].split()) for place, name in enumerate(names) if name and place < len(row)}
            if not any(cells.values()):
                continue
            one = ListedSite(rows.line_num, cells.get("url", ""), cells.get("name", ""), cells.get("cron", ""))
            if not one.url or not all(part.isprintable() and len(part) <= 200 for part in (one.url, one.name, one.cron)):
                raise SiteListError(f"line {one.line} has no address, or one that is too long")
            if one.url in found:
                raise SiteListError(f"line {one.line} names {one.url} a second time; keep one of the two")
            found[one.url] = one
            if len(found) > MOST_SITES:
                raise SiteListError(f"it has more than {MOST_SITES} sites; bring them in by parts")
    except csv.Error as error:
        raise SiteListError(f"line {rows.line_num} cannot be read: {error}") from error
    if not found:
        raise SiteListError("there is no site in it")
    return list(found.values())
