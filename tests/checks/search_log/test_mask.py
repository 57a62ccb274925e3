"""Personal data in queries is masked in every form that people write it in, and what only looks like it survives."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from urllib.parse import quote

import pytest
from growth import LINEAR, growth
from hypothesis import given
from hypothesis import strategies as st

from checks.search_log.mask import (
    CACHE,
    LETTERS,
    LONGEST_KEPT,
    LONGEST_READ,
    PLATE,
    SHORT_NUMBER,
    Masker,
    _mask_numbers,
    mask_text,
)

KINDS = {
    "bsn": [
        "123456782",
        "12345678",
        "bsn 123456782 paspoort",
        "bsn:123.456.782",
        "123 456 782",
        "1234.56.782",
        "1234-56-789",
        "12 34 56 78",
        "１２３４５６７８２",
        "1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8\u200b2",
        "%31%32%33456782",
        "%2531%2532%2533456782",
        "&#49;23456782",
        "%3\u200d1%32%33456782",
        "%252525252531%32%33456782",
        "&amp;#49;23456782",
        "١٢٣٤٥٦٧٨٢",
        "①②③④⑤⑥⑦⑧②",
        "bsn123456782",
        "19850303",
        "2012 2013 4",
        "1\u03362\u03363456782",
        "123\u2011456\u2011782",
        "123\u00ad456782",
        "123\u00a0456\u00a0782",
    ],
    "telefoon": [
        "0612345678",
        "06-12345678",
        "06 - 12 34 56 78",
        "06.12.34.56.78",
        "+31612345678",
        "+31 (0)6 1234 5678",
        "0031 6 12345678",
        "(038) 498 12 34",
        "038-4981234",
        "31612345678",
        "%2B31612345678",
        "06/12345678",
        "06–12345678",
    ],
    "e-mail": [
        "jan@voorbeeld.nl",
        "Jan.Jansen+werk@Mail.Voorbeeld.NL",
        "jan%40voorbeeld.nl",
        "jan＠voorbeeld.nl",
        "jan @ voorbeeld.nl",
        "jan at voorbeeld punt nl",
        "jan(at)voorbeeld.nl",
        "jan [at] voorbeeld [dot] nl",
        "jan apenstaartje voorbeeld.nl",
        "jan@gmail",
        "jan&commat;voorbeeld.nl",
    ],
    "iban": [
        "NL91ABNA0417164300",
        "nl91 abna 0417 1643 00",
        "NL91.ABNA.0417.1643.00",
        "Nl91AbNa0417164300",
        "NL00INGB0001234567",
        "de89370400440532013000",
        "BE68 5390 0754 7034",
        "rekening nl91abna0417164300 wijzigen",
    ],
    "postcode": [
        "8011AB 12",
        "8011 ab 12a",
        "8011ab12",
        "8011 AB, 12",
        "8011 AB nr 12",
        "8011-ab-12",
        "8011 en 12",
        "２０１１ ab 3",
        "2011 AB 5",
        "8011AB",
        "8011 kb",
    ],
    "kenteken": [
        "xx-12-34",
        "12-34-xx",
        "12-xx-34",
        "ab-12-cd",
        "ab-cd-12",
        "12-ab-cd",
        "12-abc-3",
        "1-abc-23",
        "ab-123-c",
        "a-123-bc",
        "abc-12-d",
        "a-12-bcd",
        "1-ab-234",
        "123-ab-4",
        "12abc3",
        "ab123c",
        "GB001X",
        "kj1234",
        "12 bdf 3",
        "parkeren XB-123-K",
        "kenteken aabb11",
        "kenteken 1 abc 23",
        "12–xx–34",
    ],
    "zaaknummer": [
        "z2024-001234",
        "Z-2024-123",
        "zaak 12345",
        "zaaknummer z/24/123456",
        "zk 2024 00123",
        "2024-012345",
        "kenmerk abc/2024/12",
        "zaaknr. 98765",
        "INT-24-1234",
        "OV/2024/0123",
        "olo 7654321",
        "olo-nummer: 7654321",
    ],
    "datum": [
        "3 maart 1985",
        "03-03-1985",
        "1985-03-03",
        "3/3/85",
        "3.3.1985",
        "geboren 12 mrt 1960",
        "12 december '85",
        "03 03 1985",
        "paspoort 12-05-2011 kind",
        "3 - 4 - 1985",
        "3 / 4 / 1985",
        "03 04 85",
        "geboren 3 4 85",
        "03-04-'85",
        "15 maa 1985",
        "drie maart 1985",
        "eenentwintig maart 1985",
        "januari 3 1955",
        "January 3, 1955",
        "12 May 1980",
        "October 12th 1980",
        "geboren in maart 1985",
    ],
}
SURVIVORS = [
    "wmo2015",
    "covid19",
    "2026 is",
    "14 0118",
    "2026",
    "2025-2026",
    "begroting 2025/2026",
    "2026 2027",
    "artikel 2.12 lid 1",
    "art 6:162 bw",
    "€ 12.500.000",
    "12.500.000 euro",
    "stb 2018 141",
    "24 uur per dag",
    "50plus",
    "n307",
    "a28",
    "wet 2020",
    "top 10",
    "co2",
    "4 en 5 mei",
    "paspoort kosten 2026",
    "afval 12 13",
    "jan van galenstraat",
    "naam wijzigen",
    "tv 2026",
    "2025 en 2026",
    "1e verdieping",
    "id-kaart",
    "kind 12 jaar",
    "16+",
    "ecli:nl:rvs:2020:1234",
    "anna paulowna",
    "de heer en mevrouw",
    "7 dagen",
    "bestemmingsplan 1234",
    "anna van buren plein",
    "heer hugowaard",
    "maart 2026",
    "4 mei",
    "twee mei",
    "isde 2025",
    "14-0118",
    "112",
    "openingstijden 9-17",
    "24/7",
]
CORPUS = [(kind, text) for kind, texts in KINDS.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), CORPUS)
def test_every_form_is_masked(kind: str, text: str) -> None:
    found: Counter[str] = Counter()
    masked = mask_text(text, found)
    assert sum(found.values()) == 1, masked
    assert not [sign for sign in masked if sign.isdigit()], masked
    assert f"[{kind}]" in masked or kind in ("bsn", "telefoon", "kenteken"), masked


@pytest.mark.parametrize("text", SURVIVORS)
def test_what_only_looks_like_it_survives(text: str) -> None:
    found: Counter[str] = Counter()
    assert mask_text(text, found) == text
    assert not found


digits = st.text("0123456789", min_size=8, max_size=9)
around = st.sampled_from(["", "paspoort ", "bsn: ", "mijn nummer is ", "x"])
between = st.sampled_from([" ", ".", "-", "/", " - "])


@given(around, digits, around)
def test_a_bare_number_of_eight_or_nine_digits_never_survives(before: str, number: str, after: str) -> None:
    assert number not in mask_text(f"{before}{number} {after}")


@given(digits, st.lists(st.integers(1, 8), min_size=1, max_size=3), between)
def test_a_grouped_number_never_survives(number: str, cuts: list[int], sign: str) -> None:
    places = sorted({0, *cuts, len(number)})
    groups = [number[begin:end] for begin, end in pairwise(places)]
    if all(len(group) == 4 and group[:2] in ("19", "20") for group in groups):
        return  # a list of years
    masked = mask_text(f"nummer {sign.join(groups)}")
    assert sum(one.isdigit() for one in masked) == 0, masked


letters, nines = st.sampled_from(sorted(set(LETTERS) - set("[]"))), st.sampled_from("0123456789")
CODES = ["xx-99-99", "99-99-xx", "99-xx-99", "xx-99-xx", "xx-xx-99", "99-xx-xx", "99-xxx-9", "9-xxx-99", "xx-999-x", "x-999-xx"]
CODES += ["xxx-99-x", "x-99-xxx", "9-xx-999", "999-xx-9"]


@given(st.sampled_from(CODES), st.data(), st.booleans(), st.booleans())
def test_every_side_code_is_masked_with_dashes_and_without(code: str, data: st.DataObject, dashes: bool, capitals: bool) -> None:
    plate = "".join(data.draw(letters) if sign == "x" else data.draw(nines) if sign == "9" else sign for sign in code)
    plate = plate if dashes else plate.replace("-", "")
    masked = mask_text(f"parkeren {plate.upper() if capitals else plate}")
    assert "[" in masked and not any(sign.isdigit() for sign in masked)


@given(st.integers(1000, 9999), st.text("ABCDEFGHJKLMNPRSTUVWXYZ", min_size=2, max_size=2), st.integers(1, 999), st.booleans())
def test_a_postcode_with_a_number_is_masked(four: int, two: str, number: int, apart: bool) -> None:
    if two in ("SA", "SD", "SS"):
        return
    masked = mask_text(f"adres {four}{' ' if apart else ''}{two} {number}")
    assert not any(sign.isdigit() for sign in masked)


@given(st.text(max_size=200))
def test_masking_again_changes_nothing_and_nothing_is_too_long(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once
    assert len(once) <= LONGEST_KEPT


@given(
    digits,
    st.sampled_from([quote, lambda text: "".join(chr(ord(sign) + 0xFEE0) for sign in text), lambda text: "\u200d".join(text)]),
)
def test_disguised_digits_are_seen(number: str, disguise: object) -> None:
    assert number not in mask_text(disguise(number))  # type: ignore[operator]


NAMES = [
    "de heer Jansen",
    "mevrouw van der Berg",
    "mijn naam is Piet de Vries",
    "ik heet Fatima Yilmaz",
    "dhr. J. Bakker",
    "J.P. Jansen",
    "Jan Jansen",
    "Maria de Boer",
    "mw. Ö. Yıldız",
    "familie Hoekstra",
    "Sanne van den Heuvel",
    "Mohammed el Idrissi",
    "achternaam: Pietersen",
    "j. de vries",
    "Kees Timmermans",
    "meneer Smit",
    "naam: Anna Visser",
    "t.n.v. H. Mulder",
    "Willem van Oranje",
    "Truus Wiersma",
    "ik ben Jan de Vries",
    "Jan-Willem de Groot",
    "heer Kowalczyk",
    # These are missed: nothing about them says that they are names.
    "Obelisk Vandaag",
    "Zwanet Kroketjes",
    "jansen",
    "Priya Ramcharan",
]


def test_recall_on_names_is_what_the_privacy_page_says() -> None:
    found = sum("[naam]" in mask_text(name) for name in NAMES)
    assert (found, len(NAMES)) == (23, 27)


def test_case_numbers_of_one_municipality_can_be_added() -> None:
    assert mask_text("bezwaar DOS-123456 indienen", None, [r"dos-\d{6}"]) == "bezwaar [zaaknummer] indienen"


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "a.",
        "jan ",
        "@",
        "a",
        "1a",
        "de heer ",
        "12-ab-",
        "a@",
        "nl1",
        "mijn naam is ",
        "%",
        "&",
        "8011 ",
        "z-20",
        "( ",
        "een twintig januari ",
        "jan jan-",
        "kenteken 12 ",
    ],
)
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    assert growth(lambda length: mask_text((piece * length)[:length]), LONGEST_READ // 4) < LINEAR
    assert len(mask_text(piece * 5_000)) <= LONGEST_KEPT


def test_a_text_of_megabytes_is_cut() -> None:
    assert len(mask_text("a" * 10_000_000)) <= LONGEST_KEPT


def test_a_number_on_the_edge_of_what_is_read_is_left_out() -> None:
    masked = mask_text("woord " * 665 + "123456782" * 3)
    assert not any(sign.isdigit() for sign in masked)


def test_a_page_loses_its_query_and_what_is_personal_in_its_path() -> None:
    masker = Masker()
    assert masker.page("https://www.gemeente.example/zaken/123456782?email=jan@x.nl#naam") == "/zaken/[bsn]"
    assert masker.page("/nieuws/2026/01/15/jan-jansen") == "/nieuws/2026/01/15/[naam]"
    assert masker.page("/Paspoort-Aanvragen/") == "/paspoort-aanvragen/"
    assert masker.counts == Counter({"bsn": 1, "naam": 1})


def test_a_masker_counts_every_occurrence_and_remembers_a_bounded_number() -> None:
    masker = Masker()
    for _ in range(3):
        assert masker.query("bel 0612345678") == "bel [telefoon]"
    assert masker.counts == Counter(telefoon=3)
    for number in range(CACHE + 10):
        masker._remember(masker._queries, str(number), ("", None))
    assert len(masker._queries) <= CACHE


def test_no_side_code_is_found_in_a_word() -> None:
    assert not PLATE.search("paspoort aanvragen wmo2015 covid19")


def test_a_short_number_after_long_words_is_nobody_s_whatever_they_are() -> None:
    chance = random.Random(5)
    words = ["zaak", "zaaknummer", "zaaknr", "kenmerk", "dossier", "referentie", "aanslagnummer", "aanvraagnummer", "meldnummer"]
    words += ["bezwaarnummer", "container", "januari", "straat", "naam", "bsn", "iban", "kenteken", "aanvraag", "fiets"]
    passed = 0
    for _ in range(3_000):
        text = " ".join(chance.choices(words, k=chance.randint(1, 3))) + f" {chance.randrange(1_000)}"
        if SHORT_NUMBER.fullmatch(text):
            passed += 1
            assert _mask_numbers(text, Counter()) == text
    assert passed > 300
