"""A broken link gets the page that it should lead to, where that is nearly certain; look-alikes are nobody's replacement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from growth import LINEAR, growth

from checks.links.replacement import LivePage, LostLink, Replacements

ORIGIN = "https://www.voorbeeldstad.nl"
TITLES = {
    "/": "Home - Gemeente Voorbeeldstad",
    "/contact": "Contact - Gemeente Voorbeeldstad",
    "/producten/hond-registreren": "Hond aanmelden of afmelden - Gemeente Voorbeeldstad",
    "/producten/paspoort-aanvragen": "Paspoort aanvragen - Gemeente Voorbeeldstad",
    "/producten/rijbewijs-aanvragen": "Rijbewijs aanvragen - Gemeente Voorbeeldstad",
    "/bibliotheek/openingstijden": "Openingstijden bibliotheek - Gemeente Voorbeeldstad",
    "/raad/verslag-2024-05-15": "Raadsvergadering 15 mei 2024 - Gemeente Voorbeeldstad",
    "/en/passport": "Applying for a passport - Gemeente Voorbeeldstad",
    "/wonen/afval/grofvuil-laten-ophalen": "Grofvuil laten ophalen - Gemeente Voorbeeldstad",
    "/sport/subsidie": "Subsidie - Gemeente Voorbeeldstad",
}


def test_a_page_is_not_told_to_link_to_itself() -> None:
    page = LivePage(f"{ORIGIN}/producten/hondenbelasting", "Hondenbelasting aanmelden")
    lost = LostLink(f"{ORIGIN}/belasting/hondenbelasting-aanmelden", texts=("Hondenbelasting aanmelden",))
    assert Replacements([page]).of(lost) is not None
    assert Replacements([page]).of(replace(lost, stands_on=frozenset({page.address}))) is None


def suggested(path: str, title: str = "", texts: tuple[str, ...] = (), moved_to: str = "") -> tuple[str, str] | None:
    live = [LivePage(f"{ORIGIN}{path}", title) for path, title in TITLES.items()]
    found = Replacements(live).of(LostLink(f"{ORIGIN}{path}", title, texts, f"{ORIGIN}{moved_to}" if moved_to else ""))
    return (found.address.removeprefix(ORIGIN), found.reason) if found else None


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (("/oud/x", "", (), "/producten/paspoort-aanvragen"), ("/producten/paspoort-aanvragen", "replaced-redirect")),
        (("/p/17", "Paspoort aanvragen - Gemeente Voorbeeldstad"), ("/producten/paspoort-aanvragen", "replaced-title")),
        (("/afval/grofvuil-laten-ophalen.html",), ("/wonen/afval/grofvuil-laten-ophalen", "replaced-slug")),
        (("/p/18", "", ("Rijbewijs aanvragen",)), ("/producten/rijbewijs-aanvragen", "replaced-text")),
        (("/producten/aanvraag-paspoort",), ("/producten/paspoort-aanvragen", "replaced-near")),
    ],
)
def test_a_lost_page_is_found_again(lost: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert suggested(*lost) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "lost",
    [
        ("/zwembad/openingstijden",),
        ("/cultuur/subsidie", "Subsidie - Gemeente Voorbeeldstad"),
        ("/raad/verslag-2024-05-22", "Raadsvergadering 22 mei 2024 - Gemeente Voorbeeldstad"),
        ("/nl/passport",),
        ("/producten/identiteitskaart-aanvragen", "Identiteitskaart aanvragen - Gemeente Voorbeeldstad"),
        ("/organisatie/contact", "Contact - Gemeente Voorbeeldstad", ("Contact",)),
        ("/p/19", "", ("Lees meer",)),
        ("/oud/y", "", (), "/weg"),
        ("/",),
    ],
)
def test_look_alikes_are_not_suggested(lost: tuple[str, ...]) -> None:
    assert suggested(*lost) is None  # type: ignore[arg-type]


def test_one_word_in_the_place_of_another_is_another_subject() -> None:
    live = [LivePage(f"{ORIGIN}/vergunning-evenement-kleine-groep-binnen-aanvragen", "Vergunning evenement kleine groep binnen")]
    others = [LivePage(f"{ORIGIN}/{number}", f"Pagina {number}") for number in range(90)]
    lost = LostLink(f"{ORIGIN}/vergunning-evenement-kleine-groep-buiten-aanvragen", "Vergunning evenement kleine groep buiten")
    assert Replacements([*live, *others]).of(lost) is None


def test_what_fits_two_pages_is_no_suggestion() -> None:
    live = [LivePage(f"{ORIGIN}/{folder}/grofvuil-laten-ophalen", "Grofvuil laten ophalen") for folder in ("a", "b")]
    assert Replacements(live).of(LostLink(f"{ORIGIN}/grofvuil-laten-ophalen", "Grofvuil laten ophalen")) is None


def test_no_lost_link_is_held_against_every_page() -> None:
    words = [f"woord{number:03}".translate(str.maketrans("0123456789", "abcdefghij")) for number in range(200)]

    def looked_up(count: int) -> None:
        some = words[: count // 4]  # as many pages have each of them, however large the site is; every page is a permit
        names = [f"vergunning-{some[n % len(some)]}-{some[n * 7 % len(some)]}" for n in range(count)]
        replacements = Replacements(LivePage(f"{ORIGIN}/{n}/{name}", name.replace("-", " ")) for n, name in enumerate(names))
        for number in range(count):
            replacements.of(LostLink(f"{ORIGIN}/oud/vergunning-{some[number * 3 % len(some)]}"))

    assert growth(looked_up, 200) < LINEAR
