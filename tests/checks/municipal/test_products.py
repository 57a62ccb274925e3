"""A page is matched to a product of the national list where it says so, and an innocent title never is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checks.municipal.products import ProductNames
from rules.upl import Product, read_upl

REAL = Path(__file__).parents[3].parent / "shared/data/upl/UPL-actueel-2023-10-04.csv"
TERMS = "http://standaarden.overheid.nl/owms/terms/"
NAMES = (
    "paspoort",
    "paspoort tweede",
    "identiteitskaart",
    "rijbewijs",
    "rijbewijs aanvragen",
    "rijbewijs verlengen",
    "verhuismelding",
    "geboorteaangifte",
    "overlijdensaangifte",
    "terrasvergunning",
    "parkeervergunning",
    "evenementenvergunning",
    "gehandicaptenparkeerkaart",
    "gehandicaptenparkeerplaats",
    "gladheidbestrijding",
    "gevonden of verloren voorwerp",
    "belastingkwijtschelding",
    "onroerendezaakbelasting (ozb)",
    "onroerendezaakbelasting (ozb) kopie aanslag",
    "verklaring omtrent gedrag (vog)",
    "brp-uittreksel",
    "huwelijk",
    "subsidie",
    "bezwaar",
    "hondenbelasting",
    "afvalkalender",
    "persoonsgebonden budget",
    "persoonsgebonden budget wmo",
)
NATIONAL = Product(f"{TERMS}autobelasting", "autobelasting")
LIST = [*(Product(f"{TERMS}{re.sub(r'[ -]', '_', name)}", name, for_municipality=True) for name in NAMES), NATIONAL]
MATCHER = ProductNames(LIST)

INNOCENT = """
Afspraak maken | Openingstijden | Nieuws | Contact | Raadsvergadering van 12 maart | Burgemeester en wethouders | Werken bij
de gemeente | Paspoort kwijt | Nieuwe regels voor de verklaring (VOG) | Kosten gehandicaptenparkeerkaart | Paspoort en
rijbewijs ophalen in de kerstweek | Wat kost een paspoort? | Langere wachttijd paspoort | Tweede Kamer | Nieuwe regels voor
het rijbewijs | Rijbewijs ongeldig verklaard | Verhuizing van het stadhuis | Verhuisdozen te leen | Verhuiswagen |
Geboortebos geopend | Geboortecijfers 2025 | In memoriam: overlijden oud-burgemeester | Terrassen langer open |
Terrasverwarming | Parkeren | Parkeergarage Centrum | Parkeertarieven | Betaald parkeren in de binnenstad | Kaart van
parkeerplaatsen | Evenementenkalender | Evenementen in Voorbeeldstad | Gladheid op de fiets | Strooiwagens staan klaar |
Gevonden: oude stadsmuur | Belastingen | Belastingaanslag 2026 | Subsidieregister | Subsidie voor zonnepanelen | Bezwaren van
omwonenden | Bezwaarschriftencommissie | Hondenlosloopgebied | Hondenbeleid | Afval | Afval scheiden | Kalender | Budget 2026
| Persoonsgebonden budget wlz | Huwelijksfeest van 60 jaar | Gedrag van jongeren | Verklaring van de burgemeester |
Toegankelijkheidsverklaring | Privacyverklaring | Kopie | Melding | Aangifte | Aanvragen | Vergunning | Vergunningen |
Uittreksel | Verlengen | Autobelasting | Identiteit van de stad | Online regelen | Producten van A tot Z | Aanvraag | De |
2026 | ??? | Kwijtschelding: wie heeft er recht op? | Voorwerpen van vroeger | Zorg en inkomen | Wonen en bouwen | Ondernemen
en belastingen
"""

MATCHED = [
    ("Paspoort aanvragen", ["paspoort"]),
    ("Een nieuw paspoort", []),
    ("Paspoorten", ["paspoort"]),
    ("Paspoort of id-kaart aanvragen", ["paspoort", "identiteitskaart"]),
    ("Rijbewijs verlengen", ["rijbewijs verlengen"]),
    ("Uw rijbewijs aanvragen", ["rijbewijs"]),
    ("Verhuizing doorgeven", ["verhuismelding"]),
    ("Geboorte aangeven", ["geboorteaangifte"]),
    ("Aangifte doen van overlijden", ["overlijdensaangifte"]),
    ("Vergunning voor een terras", ["terrasvergunning"]),
    ("Gehandicapten-parkeerkaart", ["gehandicaptenparkeerkaart"]),
    ("Gladheidsbestrijding", ["gladheidbestrijding"]),
    ("Gevonden voorwerpen", ["gevonden of verloren voorwerp"]),
    ("Kwijtschelding gemeentelijke belastingen", ["belastingkwijtschelding"]),
    ("OZB", ["onroerendezaakbelasting (ozb)"]),
    ("Verklaring Omtrent het Gedrag (VOG) aanvragen", ["verklaring omtrent gedrag (vog)"]),
    ("Uittreksel uit de Basisregistratie Personen", ["brp-uittreksel"]),
    ("Trouwen", ["huwelijk"]),
    ("Bezwaar maken", ["bezwaar"]),
]


def names(found: tuple[Product, ...]) -> list[str]:
    return [product.name for product in found]


@pytest.mark.parametrize(("heading", "expected"), MATCHED)
def test_a_heading_that_says_a_name_and_nothing_else_is_matched(heading: str, expected: list[str]) -> None:
    assert names(MATCHER.of_page((), heading, "", "")) == expected


@pytest.mark.parametrize("title", [title.strip() for title in INNOCENT.split("|")])
def test_an_innocent_title_is_matched_to_nothing(title: str) -> None:
    assert names(MATCHER.of_page((), title, f"{title} | Gemeente Voorbeeldstad", "https://www.example.nl/nieuws/bericht")) == []


def test_what_a_page_declares_goes_before_its_words() -> None:
    for said in (f"{TERMS}verhuismelding", f"{TERMS.upper().replace('HTTP', 'https')}Verhuismelding", "Verhuismelding"):
        assert names(MATCHER.of_page([said], "Paspoort", "", "")) == ["verhuismelding"]
    assert names(MATCHER.of_page(["onbekend"], "Paspoort", "", "")) == ["paspoort"]


def test_title_and_address_are_asked_where_the_heading_says_nothing() -> None:
    assert names(MATCHER.of_page((), "Wat wilt u?", "Paspoort - Voorbeeldstad", "")) == ["paspoort"]
    assert names(
        MATCHER.of_page((), "Terras bij uw café", "Terras bij uw café", "https://x.nl/loket/terrasvergunning.html?a=1")
    ) == ["terrasvergunning"]


def test_strange_titles_end_soon() -> None:
    for said in ("(" * 100_000, "a of " * 50_000, "\u0000", "paspoort" * 50_000):
        assert MATCHER.of_page([said], said, said, f"https://x.nl/{said}") == ()


def test_every_municipal_name_of_the_real_list_is_matched_to_itself() -> None:
    if not REAL.exists():
        pytest.skip("the list is not on this machine")
    products = read_upl(REAL.read_bytes())
    matcher = ProductNames(products)
    municipal = [product for product in products if product.for_municipality]
    assert [one.name for one in municipal if matcher.of_page((), one.name.capitalize(), "", "") != (one,)] == []
    for said in ("Kosten {}", "{} kwijt", "Nieuwe regels voor {}", "Wachttijd {}"):
        assert [one.name for one in municipal if matcher.of_page((), said.format(one.name), "", "")] == []
    slugs = [re.sub(r"[^a-z0-9]+", "-", one.name.lower()).strip("-") for one in municipal]
    found = [matcher.of_page((), "", "", f"https://www.example.nl/{slug}") for slug in slugs]
    assert sum(got == (one,) for got, one in zip(found, municipal, strict=True)) >= 0.99 * len(municipal)
    assert [got for got, one in zip(found, municipal, strict=True) if got and got != (one,)] == []
