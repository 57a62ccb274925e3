"""The export of the national list of product names is read as it is, and what is no whole export is told with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.upl import UplError, read_upl

REAL = Path(__file__).parents[2].parent / "shared/data/upl"
HEAD = "UniformeProductnaam,URI,Rijk,Gemeente,Burger,Bedrijf,SDG,Aanvraag,Subsidie,Melding,Verplichting,DigiDMacht,Grondslag"
TERMS = "http://standaarden.overheid.nl/owms/terms/"
PASSPORT = f"paspoort,{TERMS}paspoort,,X,X,,D1,X,,,,,"
EVENT = f'"evenementenvergunning, groot",{TERMS}evenementenvergunning,,X,X,X,,X,,,,,{TERMS}Gemw_art_174'


def body(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([HEAD, *lines, ""]).encode(encoding)


def test_a_product_of_two_legal_grounds_is_one_product() -> None:
    found = read_upl(body(PASSPORT, EVENT, EVENT.replace("174", "149"), encoding="utf-8-sig"))
    assert [one.name for one in found] == ["paspoort", "evenementenvergunning, groot"]
    passport, event = found
    assert (passport.sdg, passport.for_citizen, passport.for_business, passport.is_request) == ("D1", True, False, True)
    assert (event.sdg, event.for_business, event.is_duty) == ("", True, False)


def test_the_name_that_means_no_name_yet_is_no_product() -> None:
    stand_in = f"UPL-naam nog niet beschikbaar,{TERMS}UPL-naam_nog_niet_beschikbaar,X,X,,,,,,,,,"
    assert [one.name for one in read_upl(body(stand_in, PASSPORT))] == ["paspoort"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (b"", "lacks the column 'UniformeProductnaam'"),
        (body(PASSPORT).replace(b",", b";"), "saved by a spreadsheet"),
        (HEAD.replace("Gemeente", "Gem").encode(), "lacks the column 'Gemeente'"),
        (b"ID;Naam;Status\r\n1;Site;B", "lacks the column"),
        (b"<!doctype html><title>404</title>", "lacks the column"),
        (body(PASSPORT.replace("paspoort,", "reisdocument voor één dag,"), encoding="cp1252"), "not in UTF-8"),
        (body(PASSPORT, encoding="utf-16"), "no text"),
        (b"%PDF-1.7\n\x00", "no text"),
        (body(PASSPORT, EVENT[:40]), "not whole|not all of it"),
        (body(PASSPORT, f"verhuismelding,{TERMS}verh"), "not whole"),
        (body(PASSPORT, PASSPORT.replace(TERMS, "javascript:")), "row 3 has no name"),
        (body(), "no product of municipalities"),
        (body("x" * 200_000), "no list"),
    ],
)
def test_another_file_is_told_with_a_sentence(wrong: bytes, words: str) -> None:
    with pytest.raises(UplError, match=words):
        read_upl(wrong)


@pytest.mark.parametrize(
    ("file", "products", "municipal", "with_sdg"),
    [("UPL-actueel-2021-12-24.csv", 1_016, 449, 52), ("UPL-actueel-2023-10-04.csv", 1_140, 469, 79)],
)
def test_the_real_lists_are_read_whole(file: str, products: int, municipal: int, with_sdg: int) -> None:
    if not (REAL / file).exists():
        pytest.skip("the list is not on this machine")
    found = read_upl((REAL / file).read_bytes())
    assert (len(found), sum(one.for_municipality for one in found)) == (products, municipal)
    assert sum(one.for_municipality and bool(one.sdg) for one in found) == with_sdg
