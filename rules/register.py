"""The public register of accessibility statements, as its export has it: one line per statement, semicolons between.

Source: the export of the Dutch register (toegankelijkheidsverklaring.nl): dates as d-m-yyyy, each status in two spellings,
two columns of one name, and of which a line may lack the last ones.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

NEEDED = (
    "ID",
    "Naam",
    "Type",
    "Status",
    "Register URL",
    "Primair webadres",
    "Aanvullende webadressen",
    "Datum akkoord organisatie",
)
LARGEST = 200_000_000  # bytes of a file; that of 2024 has 3 million
LONGEST_CELL = 1_000_000


class RegisterError(ValueError):
    """The file is no export of the register; the sentence says what is wrong."""


@dataclass(frozen=True)
class RegisterStatement:
    """One statement, for one of the hosts that it is of."""

    number: str  # in the register
    host: str
    name: str
    status: str  # A to E
    agreed_on: date | None
    url: str  # in the register


@dataclass(frozen=True)
class RegisterSeen:
    """What the register has of the hosts of a site."""

    origin: str  # of the site's start page
    asked_at: str  # ISO 8601
    since: str  # the day on which the register was brought in
    statements: tuple[RegisterStatement, ...] = ()


def read_register(body: bytes) -> list[RegisterStatement]:
    """The statements on websites, once for each host. Raises RegisterError; other lines are left out."""
    text = _decoded(body)
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    except csv.Error as error:
        raise RegisterError(f"the file is no list with semicolons: {error}") from error
    heads = rows[0] if rows else []
    if missing := [name for name in NEEDED if name not in heads]:
        raise RegisterError(
            f"the first line lacks the column {missing[0]!r}; take the download of the register as it is, with semicolons"
        )
    places = {name: heads.index(name) for name in NEEDED}
    statements = [one for row in rows[1:] for one in _statements({name: _cell(row, place) for name, place in places.items()})]
    if not statements:
        raise RegisterError("it holds no statement on a website")
    return list({(one.number, one.host): one for one in statements}.values())


def _decoded(body: bytes) -> str:
    if len(body) > LARGEST or b"\x00" in body:
        raise RegisterError("the file is no text, or too large")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _statements(cells: dict[str, str]) -> Iterator[RegisterStatement]:
    status = cells["Status"][:1].upper()
    if cells["Type"].lower() != "website" or status not in tuple("ABCDE") or not cells["ID"]:
        return
    agreed = _day(cells["Datum akkoord organisatie"])
    addresses = [cells["Primair webadres"], *re.split(r"[\s,]+", cells["Aanvullende webadressen"])]
    for host in dict.fromkeys(filter(None, map(host_of_address, addresses))):
        yield RegisterStatement(
            cells["ID"][:20], host, cells["Naam"][:200], status, agreed, _register_address(cells["Register URL"])
        )


def host_of_address(address: str) -> str:
    """The host of an address as people write it, without www; empty where there is none."""
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    host = host.lower().removeprefix("www.")
    return host if "." in host and len(host) <= 253 else ""


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007 - a day without an hour
    except ValueError:
        return None


def _register_address(text: str) -> str:
    return text[:300] if text.startswith("https://") else ""
