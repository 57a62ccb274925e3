"""The national list of product names (UPL), as its official export has it: one line per legal ground of each name.

Source: Uniforme Productnamenlijst, https://standaarden.overheid.nl/owms/oquery/UPL-actueel.csv. A flag is an X; the column SDG
holds the code of the single digital gateway (Regulation (EU) 2018/1724).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

FLAGS = {
    "Gemeente": "for_municipality",
    "Burger": "for_citizen",
    "Bedrijf": "for_business",
    "Aanvraag": "is_request",
    "Subsidie": "is_subsidy",
    "Melding": "is_notification",
    "Verplichting": "is_duty",
    "DigiDMacht": "by_digid",
}
NEEDED = ("UniformeProductnaam", "URI", "SDG", *FLAGS)
STAND_IN = re.compile(r"upl-?naam[ _](?:nog[ _])?niet[ _]beschikbaar", re.IGNORECASE)  # the list's word for "no name yet"
TERM = re.compile(r"https?://standaarden\.overheid\.nl/owms/terms/([^\s/?#]+)", re.IGNORECASE)
LARGEST = 50_000_000  # bytes of a file; that of 2023 has half a million
LONGEST_CELL = 100_000
LONGEST_NAME, LONGEST_URI, LONGEST_CODE = 300, 300, 40


class UplError(ValueError):
    """The file is no export of the list; the sentence says what is wrong and what to do."""


@dataclass(frozen=True)
class Product:
    """One name of the list."""

    uri: str
    name: str
    sdg: str = ""  # code of the single digital gateway; empty: none
    for_municipality: bool = False
    for_citizen: bool = False
    for_business: bool = False
    is_request: bool = False
    is_subsidy: bool = False
    is_notification: bool = False
    is_duty: bool = False
    by_digid: bool = False  # somebody may be authorised to ask for it with DigiD


def read_upl(body: bytes) -> list[Product]:
    """The products of the list, each once, in its order. Raises UplError: a list of which a part is missing would say that
    products do not exist."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(_decoded(body), newline=""), strict=True))
    except csv.Error as error:
        raise UplError(f"it is no list with commas, or not all of it: {error}") from error
    heads = [head.strip() for head in rows[0]] if rows else []
    if missing := [name for name in NEEDED if name not in heads]:
        hint = "; it has semicolons, so it was saved by a spreadsheet" if heads[0:1] and f"{NEEDED[0]};" in heads[0] else ""
        raise UplError(f"the first line lacks the column {missing[0]!r}{hint}; take UPL-actueel.csv as it is, with commas")
    products: dict[str, Product] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(heads):
            raise UplError(f"row {number} has {len(row)} cells and not {len(heads)}: the file is not whole, fetch it again")
        product = _product(number, dict(zip(heads, (cell.strip() for cell in row), strict=True)))
        if not STAND_IN.search(product.uri):
            products.setdefault(product.uri, product)
    if not any(product.for_municipality for product in products.values()):
        raise UplError("it holds no product of municipalities")
    return list(products.values())


def _decoded(body: bytes) -> str:
    if len(body) > LARGEST or b"\x00" in body:
        raise UplError("the file is no text, or too large; take UPL-actueel.csv as it is")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UplError("its letters are not in UTF-8, so another program has saved it; take UPL-actueel.csv as it is") from error


def _product(number: int, cells: dict[str, str]) -> Product:
    uri, name, code = cells["URI"], cells["UniformeProductnaam"], cells["SDG"]
    sound = TERM.fullmatch(uri) and name and max(len(uri) - LONGEST_URI, len(name) - LONGEST_NAME, len(code) - LONGEST_CODE) <= 0
    if not sound:
        raise UplError(f"row {number} has no name with an address of standaarden.overheid.nl; fetch the file again")
    return Product(uri, name, code, **{field: bool(cells[column]) for column, field in FLAGS.items()})
