"""A list of sites to be watched, as a table: an address, and perhaps a name and a cron line."""

from __future__ import annotations

from dataclasses import dataclass

from rules.plain_table import PlainTable, TableError, spelled_out

MOST_SITES = 1_000
EXAMPLE = "adres;naam;cron"
HEADINGS = spelled_out(
    {
        "url": "adres|url|website|site|address|domein|domain",
        "name": "naam|name|gemeente|organisatie|municipality|organisation",
        "cron": "cron|schema|schedule",
    }
)


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
    found: dict[str, ListedSite] = {}
    try:
        table = PlainTable(content, HEADINGS)
        if "url" not in table.columns:
            raise SiteListError(f"its first line has to name a column with addresses, such as: {EXAMPLE}")
        for line, cells in table.rows():
            one = ListedSite(line, cells.get("url", ""), cells.get("name", ""), cells.get("cron", ""))
            if not one.url or not all(part.isprintable() and len(part) <= 200 for part in (one.url, one.name, one.cron)):
                raise SiteListError(f"line {line} has no address, or one that is too long")
            if one.url in found:
                raise SiteListError(f"line {line} names {one.url} a second time; keep one of the two")
            found[one.url] = one
            if len(found) > MOST_SITES:
                raise SiteListError(f"it has more than {MOST_SITES} sites; bring them in by parts")
    except TableError as error:
        raise SiteListError(str(error)) from error
    if not found:
        raise SiteListError("there is no site in it")
    return list(found.values())
