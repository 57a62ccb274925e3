"""What a page about a listed product owes is judged by the list, the page's own words and where its pages lead for English."""

from __future__ import annotations

from typing import Any

import pytest
from test_reachable import PLACE, page

from checks.accessibility.sample.facts import SamplePage
from checks.municipal.product_pages import ENGLISH, LISTED, ProductPages
from checks.municipal.products import ProductNames
from rules.outcome import Outcome
from rules.upl import Product

TERMS = "http://standaarden.overheid.nl/owms/terms/"
PASSPORT = Product(f"{TERMS}paspoort", "paspoort", "A1", for_municipality=True, for_citizen=True)
LEVY = Product(f"{TERMS}bizBijdr", "biz-bijdrage", for_municipality=True, for_business=True)
NAMES = ProductNames([PASSPORT, LEVY, Product(f"{TERMS}kinderbijslag", "kinderbijslag", for_citizen=True)], "2026-03-02")
A_PAGE = {"type": "product", "declared": [], "linked": [], "audience": [], "statement": None}


def about(name: str, *links: tuple[str, str], language: str = "nl", **facts: Any) -> SamplePage:
    kept = {"language": language, "heading": name.capitalize(), "municipal": {**A_PAGE, **facts}}
    return SamplePage(**{**vars(page(name, *links)), **kept})


def judged(*pages: SamplePage) -> dict[str, tuple[Outcome, str]]:
    """Of the last page each rule's verdict, the last one."""
    sample = ProductPages(NAMES)
    for one in pages:
        sample.add(one)
    return {verdict.rule: (verdict.outcome, verdict.message) for verdict in sample.judge(pages[-1])}


def declares(said: str, **facts: Any) -> dict[str, Any]:
    return {"declared": [(said, PLACE)], **facts}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (declares(PASSPORT.uri), (Outcome.PASSED, "")),
        (declares("Paspoort"), (Outcome.PASSED, "")),
        (declares(f"{TERMS}reispas"), (Outcome.CANNOT_TELL, "")),
        (declares("kinderbijslag"), (Outcome.CANNOT_TELL, "cantTell_other")),
        (declares(LEVY.uri, audience=["Particulier"]), (Outcome.CANNOT_TELL, "cantTell_audience")),
        (declares(LEVY.uri, audience=["particulier", "ondernemer"]), (Outcome.PASSED, "")),
        (declares(LEVY.uri, audience=["https://example.nl/doelgroep"]), (Outcome.PASSED, "")),
        (declares(f"{TERMS}UPL-naam_nog_niet_beschikbaar"), None),  # what is no name is for another rule
        (declares("https://www.example.nl/paspoort"), None),
        ({"linked": [f"{TERMS}Voorbeeldstad_(gemeente)"]}, None),  # an address of something else
        ({}, None),
    ],
)
def test_a_name_that_a_page_gives_is_looked_up(facts: dict[str, Any], expected: tuple[Outcome, str] | None) -> None:
    assert judged(about("formulier", **facts)).get(LISTED) == expected


def test_an_address_of_the_list_tells_the_product_whatever_the_heading_says() -> None:
    assert judged(about("reispas", linked=[PASSPORT.uri]))[ENGLISH] == (Outcome.CANNOT_TELL, "")
    assert ENGLISH not in judged(about("reispas"))


def test_only_a_page_about_a_product_of_the_gateway_owes_english() -> None:
    assert judged(about("paspoort"))[ENGLISH][0] is Outcome.CANNOT_TELL
    for one in (about("biz-bijdrage"), about("paspoort", type="news"), about("paspoort", language="en-GB"), page("paspoort")):
        assert ENGLISH not in judged(one)


def test_a_link_to_english_counts_where_it_is_of_the_page_itself() -> None:
    def on(name: str, url: str, words: str = "English") -> SamplePage:
        return about(name, (url, words))

    others = [on(name, "https://a.example/en") for name in ("a", "b", "c", "d")]
    assert judged(*others, on("paspoort", "https://a.example/en"))[ENGLISH][0] is Outcome.CANNOT_TELL
    for words in ("English", "EN", "Engels", "Read this in Spanish"):
        outcome = judged(*others, on("paspoort", "https://a.example/en/passport", words))[ENGLISH][0]
        assert outcome is (Outcome.CANNOT_TELL if "Spanish" in words else Outcome.PASSED)
    assert judged(*others, on("paspoort", "https://a.example/paspoort#english"))[ENGLISH][0] is Outcome.PASSED
