"""Each product of the list gets the page that is most surely about it, its way to ask online, and the searches that mean it."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from checks.accessibility.sample.facts import SamplePage
from checks.municipal.product_coverage import CoverageOfProducts, CoveredPage, asked_for, searches_of_products
from checks.municipal.products import ProductNames
from rules.observation import PageLink
from rules.page_type import PageType
from rules.product_coverage import MatchedBy, OnlineForm, ProductCoverage
from rules.upl import Product, read_upl

TERMS = "http://standaarden.overheid.nl/owms/terms/"
NAMES = ("paspoort", "rijbewijs", "geboorteaangifte", "afvalpas", "afvalinzameling grofvuil", "huwelijk", "parkeervergunning")
LIST = [Product(TERMS + name.replace(" ", "_"), name, for_municipality=True, is_request=True) for name in NAMES]
NATIONAL = Product(f"{TERMS}autobelasting", "autobelasting")
REAL = Path(__file__).parents[3].parent / "shared/data/upl/UPL-actueel-2023-10-04.csv"
HOST = "https://www.example.nl"
PLACE = {"selector": "html", "path": "html", "html": "<html>"}
numbers = count(1)


def page(
    path: str,
    heading: str,
    *links: tuple[str, str],
    kind: str = PageType.PRODUCT,
    depth: int | None = 2,
    language: str = "nl",
    title: str = "",
    **municipal: Any,
) -> CoveredPage:
    facts = SamplePage(
        f"{HOST}{path}", language, title, None, PLACE, heading, "", frozenset(), False, (), (), False,
        tuple(PageLink(HOST + url if url.startswith("/") else url, text) for url, text in links), None, None, None,
        {"type": kind, "declared": [], "linked": [], "audience": [], "statement": None, "online": "", **municipal},
    )  # fmt: skip
    return CoveredPage(next(numbers), facts, kind, depth)


def coverage(*pages: CoveredPage) -> dict[str, ProductCoverage]:
    looked = CoverageOfProducts(ProductNames([*LIST, NATIONAL]))
    for one in pages:
        looked.add(one)
    return {one.uri.removeprefix(TERMS): one for one in looked.judge()}


def test_every_municipal_product_has_its_line_and_no_other() -> None:
    assert set(coverage()) == {name.replace(" ", "_") for name in NAMES}
    assert all(one.page_id is None and one.pages == 0 and not one.form for one in coverage().values())


@pytest.mark.parametrize(
    ("found", "product", "by"),
    [
        (page("/x", "Reispas", declared=[(f"{TERMS}paspoort", PLACE)]), "paspoort", MatchedBy.DECLARED),
        (page("/x", "Geboorte aangeven"), "geboorteaangifte", MatchedBy.HEADING),
        (page("/x", "Baby?", title="Geboorteaangifte | Gemeente Voorbeeld"), "geboorteaangifte", MatchedBy.TITLE),
        (page("/producten/afval-pas-aanvragen", "Uw pas"), "afvalpas", MatchedBy.ADDRESS),
        (page("/x", "Grofvuil"), "afvalinzameling_grofvuil", MatchedBy.HEADING),
    ],
)
def test_how_a_page_was_matched_is_said(found: CoveredPage, product: str, by: MatchedBy) -> None:
    one = coverage(found)[product]
    assert (one.page_id, one.matched_by, one.pages) == (found.page_id, by, 1)


def test_the_surest_page_is_the_one_that_is_named() -> None:
    deep, near = page("/a", "Paspoort", depth=4), page("/b", "Paspoort", depth=1)
    english = page("/en/passport", "Reispas", language="en", depth=0, declared=[(f"{TERMS}paspoort", PLACE)])
    dutch = page("/c", "Reispas", depth=5, declared=[("paspoort", PLACE)])
    assert coverage(deep, near)["paspoort"].page_id == near.page_id
    assert coverage(deep, near, english, dutch)["paspoort"].page_id == dutch.page_id
    assert coverage(deep, near, english, dutch)["paspoort"].pages == 4


@pytest.mark.parametrize("kind", [PageType.NEWS, PageType.COUNCIL, PageType.SEARCH])
def test_news_with_the_name_of_a_product_is_not_its_page(kind: str) -> None:
    assert coverage(page("/nieuws/paspoort", "Paspoort", kind=kind))["paspoort"].page_id is None


@pytest.mark.parametrize(
    ("link", "form"),
    [
        (("https://formulieren.example.nl/paspoort", "Verder"), OnlineForm.LINK),
        (("/formulier/paspoort", "Verder"), OnlineForm.LINK),
        (("https://leverancier.example/voorbeeld/12", "Paspoort aanvragen"), OnlineForm.LINK),
        (("/regelen", "Vraag aan met DigiD"), OnlineForm.LINK),
        (("/met-velden", "Vul in"), OnlineForm.NOT_SEEN),  # the words do not ask, and the address says nothing
        (("/met-velden", "Paspoort aanvragen"), OnlineForm.LINK),
        (("/uitleg", "Rijbewijs aanvragen"), OnlineForm.NOT_SEEN),  # another page of the site, without fields
        (("https://www.rijksoverheid.nl/paspoort", "Paspoort aanvragen"), OnlineForm.NOT_SEEN),
        (("/formulier/paspoort.pdf", "Aanvraagformulier"), OnlineForm.NOT_SEEN),
        (("mailto:balie@example.nl", "Aanvragen"), OnlineForm.NOT_SEEN),
        (("/p#aanvragen", "Aanvragen"), OnlineForm.NOT_SEEN),
        (("https://[", "Aanvragen met DigiD"), OnlineForm.NOT_SEEN),
        (("https://leverancier.example/nieuwsbrief", "Lees verder"), OnlineForm.NOT_SEEN),
    ],
)
def test_a_link_is_a_way_to_ask_where_it_leads_to_one(link: tuple[str, str], form: OnlineForm) -> None:
    others = (page("/met-velden", "Vul in", online="form"), page("/uitleg", "Uitleg"), page("/", "Welkom", kind=PageType.HOME))
    found = coverage(page("/p", "Paspoort", link), *others)["paspoort"]
    assert (found.form, bool(found.form_url)) == (form, form is OnlineForm.LINK)


def test_what_stands_on_every_page_asks_for_no_product() -> None:
    log_in = ("https://mijn.example.nl/digid", "Inloggen met DigiD")
    found = coverage(page("/p", "Paspoort", log_in), *(page(f"/{number}", "Iets anders", log_in) for number in range(5)))
    assert found["paspoort"].form is OnlineForm.NOT_SEEN


def test_a_form_on_any_of_its_pages_counts() -> None:
    found = coverage(page("/a", "Paspoort", depth=1), page("/b", "Paspoort", depth=3, online="form"))["paspoort"]
    assert found.form is OnlineForm.FORM and found.pages == 2


def test_pages_stored_by_an_older_version_say_nothing_of_forms() -> None:
    old = page("/a", "Paspoort")
    assert old.facts.municipal is not None
    old.facts.municipal.pop("online")
    assert coverage(old)["paspoort"].form is OnlineForm.NOT_SEEN


@pytest.mark.parametrize(
    ("query", "products"),
    [
        ("paspoort", ["paspoort"]),
        ("Paspoort aanvragen kosten", ["paspoort"]),
        ("baby aangeven", ["geboorteaangifte"]),
        ("trouwen", ["huwelijk"]),
        ("grofvuil ophalen", []),
        ("grofvuil", ["afvalinzameling grofvuil"]),
        ("paspoort foto", []),
        ("autobelasting", []),  # nobody asks a municipality for it
        ("[bsn]", []),
        ("", []),
    ],
)
def test_a_query_means_the_product_that_it_names(query: str, products: list[str]) -> None:
    assert [one.name for one in asked_for(ProductNames([*LIST, NATIONAL]), query)] == products


def test_searches_add_up_by_product() -> None:
    names = ProductNames(LIST)
    found = searches_of_products(names, [("paspoort", 40), ("afval", 30), ("paspoort aanvragen", 9), ("rijbewijs", 7)])
    assert {uri.removeprefix(TERMS): (one.searches, one.queries) for uri, one in found.items()} == {
        "paspoort": (49, ("paspoort", "paspoort aanvragen")),
        "rijbewijs": (7, ("rijbewijs",)),
    }


@pytest.mark.skipif(not REAL.exists(), reason="the real list is not here")
def test_every_other_name_that_we_know_is_one_of_the_real_list() -> None:
    from checks.municipal.product_coverage import CALLED

    names = ProductNames(read_upl(REAL.read_bytes()))
    for said, name in CALLED.items():
        assert asked_for(names, said), said
        assert names.named(name), name
