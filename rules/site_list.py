"""A list of sites to watch, as a CSV file: one line a site, commas or semicolons between, heads in Dutch or English."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.address import resolve, without_credentials, without_fragment
from rules.schedule import CronLine, ScheduleError

HEADS = {
    "name": ("name", "naam", "site", "gemeente"),
    "address": ("address", "adres", "url", "webadres", "website", "start_url"),
    "owner": ("owner", "eigenaar", "beheerder"),
    "schedule": ("schedule", "rooster", "planning", "cron"),
}
NEEDED = ("name", "address")
WORDS = {  # of a schedule, in place of a cron line
    **dict.fromkeys(("daily", "nightly", "dagelijks", "elke nacht"), "0 3 * * *"),
    **dict.fromkeys(("weekly", "wekelijks"), "0 3 * * 0"),
    **dict.fromkeys(("monthly", "maandelijks"), "0 3 1 * *"),
    **dict.fromkeys(("none", "geen", "-"), ""),
}
LONGEST_NAME = 200  # signs, as the database has it
LONGEST_ADDRESS = 2_000
LARGEST = 10_000_000  # bytes
LONGEST_CELL = 10_000
MOST_SITES = 5_000
MOST_FAULTS = 20  # that are said at once


class SiteListError(ValueError):
    """The file cannot be brought in; one sentence a fault, each with the number of its line."""

    def __init__(self, faults: Sequence[str]) -> None:
        more = [f"and {len(faults) - MOST_FAULTS} lines more"] if len(faults) > MOST_FAULTS else []
        super().__init__("\n".join([*faults[:MOST_FAULTS], *more]))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class ListedSite:
    """One site of the list."""

    line: int  # in the file, from 1
    name: str
    address: str  # of its start page
    owner: str = ""  # a person or a department; empty: not said
    cron: str | None = None  # of full runs; empty: none by itself; None: not said


def read_site_list(body: bytes) -> list[ListedSite]:
    """The sites of a file. Raises SiteListError, which names every line that cannot be."""
    text = _decoded(body)
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    csv.field_size_limit(LONGEST_CELL)  # of the whole process: each reader says its own
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    sites: list[ListedSite] = []
    faults: list[str] = []
    try:
        places = _places(next(reader, []))
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            try:
                sites.append(_site(reader.line_num, {head: _cell(row, place) for head, place in places.items()}))
            except ValueError as error:
                faults.append(f"line {reader.line_num}: {error}")
    except csv.Error as error:
        raise SiteListError([f"line {reader.line_num}: this is no line of a CSV file ({error})."]) from error
    faults += _doubles(sites)
    if not sites and not faults:
        faults.append("line 2: there is no site. Write a line for each, such as: Voorbeeld,https://www.example.nl/")
    if len(sites) > MOST_SITES:
        faults.append(f"line {sites[MOST_SITES].line}: a file holds at most {MOST_SITES} sites. Split it.")
    if faults:
        raise SiteListError(faults)
    return sites


def _decoded(body: bytes) -> str:
    if len(body) > LARGEST or b"\x00" in body:
        raise SiteListError(["line 1: the file is no CSV, or too large. Save the list as CSV (UTF-8)."])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _places(heads: Sequence[str]) -> dict[str, int]:
    """In which column each thing stands."""
    known = [head.strip().lower() for head in heads]
    places = {
        name: next(place for place, head in enumerate(known) if head in words)
        for name, words in HEADS.items()
        if any(head in words for head in known)
    }
    if missing := [name for name in NEEDED if name not in places]:
        raise SiteListError(
            [f"line 1: there is no column '{missing[0]}'. Begin the file with: name,address,owner,schedule (or: naam;adres;…)"]
        )
    return places


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _site(line: int, cells: dict[str, str]) -> ListedSite:
    """Raises ValueError with a sentence."""
    name, address = cells["name"], cells["address"]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"a name has 1 to {LONGEST_NAME} plain signs. Write what the site is called.")
    if name.isdigit():
        raise ValueError(f"'{name}' is a number, and sites have numbers of their own. Write a name.")
    written = address if "://" in address else f"https://{address}"
    found = resolve(written, written) if address and len(address) <= LONGEST_ADDRESS else None
    if found is None:
        raise ValueError(f"'{address[:80]}' is no web address. Write for example: https://www.example.nl/")
    owner = cells.get("owner", "")
    if len(owner) > LONGEST_NAME or not (owner.isprintable() or not owner):
        raise ValueError(f"an owner has at most {LONGEST_NAME} plain signs.")
    return ListedSite(line, name, without_fragment(without_credentials(found)), owner, _cron(cells.get("schedule", "")))


def _cron(text: str) -> str | None:
    if not text:
        return None
    line = WORDS.get(text.lower(), text)
    if line:
        try:
            CronLine.read(line)
        except ScheduleError as error:
            raise ValueError(f"{error} Or write: daily, weekly, monthly, none.") from error
    return line


def _doubles(sites: Sequence[ListedSite]) -> Iterator[str]:
    """What stands in the file twice."""
    names: dict[str, int] = {}
    addresses: dict[str, int] = {}
    for site in sites:
        for kind, known, value in (("name", names, site.name), ("address", addresses, site.address)):
            if value in known:
                yield f"line {site.line}: the {kind} '{value[:80]}' stands on line {known[value]} too. Keep one of them."
            known.setdefault(value, site.line)
