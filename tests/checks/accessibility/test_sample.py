"""What the pages of a sample say of one another: accused where it is proven, and never for what only looks like it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from html import escape
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from checks.accessibility.sample.facts import SamplePage, sample_page
from checks.sample import Sample
from rules.norm import norms
from rules.observation import PageLink
from rules.outcome import Outcome

NORM = norms()["en301549-4.1.1"]
ORIGIN = "https://www.example.nl"
MENU = ("Nieuws", "Producten", "Bestuur", "Contact")
TURNED = ("Nieuws", "Contact", "Producten", "Bestuur")
PLACE = {"selector": "nav", "path": "html > body > nav", "html": "<nav>"}

Item = tuple[str, str, str, int]


def links_to(*names: str, depth: int = 1) -> list[Item]:
    return [(f"/{name.lower()}", name, f"/{name.lower()}", depth) for name in names]


def block(*items: Item, kind: str = "navigation", region: str = "header", name: str = "Hoofdmenu", side: str = "before") -> Any:
    return {"kind": kind, "region": region, "side": side, "name": name, "hint": "", "element": PLACE, "items": list(items)}


def search(button: str, *, region: str = "header", action: str = "get /zoeken") -> Any:
    return {
        "action": action,
        "region": region,
        "name": "Waar bent u naar op zoek?",
        "element": PLACE,
        "button": {"name": button, "element": PLACE},
    }


def page(path: str, *blocks: Any, links: Iterable[str] = (), **facts: Any) -> SamplePage:
    """A page of the sample; its content is its own unless it is said."""
    known = {
        "language": "nl",
        "title": f"{path} - Voorbeeldstad",
        "titleElement": PLACE,
        "root": PLACE,
        "heading": path,
        "canonical": "",
        "content": [hash((path, number)) & 0xFFFFFFFF for number in range(24)],
        "form": False,
        "blocks": list(blocks),
        "searches": [],
        "controls": [],
    }
    leads = [PageLink(f"{ORIGIN}{link}", link) for link in links]
    return sample_page(f"{ORIGIN}{path}", {**known, **facts}, leads)


def verdict(rule: str, pages: list[SamplePage], number: int = -1, *, start: str = "/", whole: bool = True) -> Outcome:
    """What a rule says of one page of a sample."""
    return Sample.of(pages, NORM, f"{ORIGIN}{start}", whole=whole).judge(pages[number]).outcomes[rule]


def usual(*menu: str, count: int = 4, **more: Any) -> list[SamplePage]:
    return [page(f"/p{number}", block(*links_to(*(menu or MENU))), **more) for number in range(count)]


# --- navigation ------------------------------------------------------------------------------------------------------


def test_a_menu_in_another_order_than_everywhere_fails_there_and_nowhere_else() -> None:
    pages = [*usual(), page("/anders", block(*links_to(*TURNED)))]
    outcomes = [verdict("navigation-order", pages, number) for number in range(len(pages))]
    assert outcomes == [Outcome.PASSED] * 4 + [Outcome.FAILED]


@pytest.mark.parametrize(
    "blocks",
    [
        [block(*links_to("Nieuws", "Bestuur", "Contact"))],
        [block(*links_to("Actueel", *MENU, "Zoeken"))],
        [block(*links_to("Nieuws", "Producten"), *links_to("Contact", depth=2), *links_to("Bestuur", "Contact"))],
        [block(*links_to(*TURNED), name="Gerelateerd")],
        [block(*links_to(*TURNED), name="Kruimelpad")],
        [block(*links_to(*TURNED), name="Menu van het museum")],
        [block(*links_to(*TURNED), region="footer")],
        [block(*links_to("Nieuws", "Contact", "Musea", "Winkel"))],
        [],
        # A menu for small screens beside the usual one.
        [block(*links_to(*TURNED)), block(*links_to(*MENU))],
    ],
    ids=[
        "one-missing",
        "some-added",
        "submenu",
        "related",
        "breadcrumb",
        "own-menu",
        "footer",
        "few-shared",
        "none",
        "two-menus",
    ],
)
def test_what_only_looks_like_another_order_does_not_fail(blocks: list[Any]) -> None:
    # Where two menus stand on each page, each agrees with one of them.
    pages = [page(f"/p{number}", *(blocks if len(blocks) > 1 else [block(*links_to(*MENU))])) for number in range(4)]
    pages.append(page("/anders", *blocks))
    assert verdict("navigation-order", pages) in (Outcome.PASSED, Outcome.INAPPLICABLE)


def test_pages_in_another_language_are_not_compared() -> None:
    assert verdict("navigation-order", [*usual(), page("/en", block(*links_to(*TURNED)), language="en")]) is Outcome.PASSED


def test_a_part_of_the_site_with_its_own_order_is_asked_about() -> None:
    own = [page(f"/museum/{number}", block(*links_to(*TURNED))) for number in range(3)]
    assert verdict("navigation-order", [*usual(count=12), *own]) is Outcome.CANNOT_TELL


def test_orders_that_differ_on_every_page_accuse_nobody() -> None:
    orders = [("A1", "B1", "C1", "D1"), ("D1", "C1", "B1", "A1"), ("B1", "D1", "A1", "C1"), ("C1", "A1", "D1", "B1")]
    pages = [page(f"/p{number}", block(*links_to(*order))) for number, order in enumerate(orders)]
    assert Outcome.FAILED not in {verdict("navigation-order", pages, number) for number in range(4)}


# --- names -----------------------------------------------------------------------------------------------------------


def test_a_search_button_with_another_word_fails() -> None:
    pages = [page(f"/p{number}", searches=[search("Zoeken")]) for number in range(4)]
    assert verdict("name-consistent", [*pages, page("/anders", searches=[search("Ga")])]) is Outcome.FAILED


@pytest.mark.parametrize(
    "other",
    [
        search("Zoek"),
        search("Zoeken in de site"),
        search("Submit"),
        search(""),
        search("Vind een taalcafé", region="main"),
        search("Ga", action="get /vacatures"),
        search("Ga", action="get /zoeken&soort=nieuws"),
    ],
)
def test_names_that_are_alike_or_of_another_function_pass(other: Any) -> None:
    pages = [page(f"/p{number}", searches=[search("Zoeken")]) for number in range(4)]
    found = verdict("name-consistent", [*pages, page("/anders", searches=[other])])
    assert found in (Outcome.PASSED, Outcome.INAPPLICABLE)


@pytest.mark.parametrize("href", ["/bestuur", 'b"e\\s\ntuur&x=1'])
def test_a_link_that_is_asked_about_is_the_one_that_is_found_on_the_page(href: str) -> None:
    """Its picture, and what a screen reader says of it, are those of the element that the path leads to."""
    others = links_to("Nieuws", "Producten")
    other = page("/x", block(*others, ("/bestuur", "Gemeenteraad", href, 1)))
    sample = Sample.of([*usual("Nieuws", "Producten", "Bestuur", count=6), other], NORM)
    [target] = [one.target for one in sample.judge(other).findings if one.rule == "name-consistent"]
    menu = "".join(f'<a href="{escape(own)}">{name}</a>' for _, name, own, _ in (*others, ("", "Gemeenteraad", href, 1)))
    document = LexborHTMLParser(f"<!doctype html><body><nav>{menu}</nav>")
    assert [link.text() for link in document.css(target.path)] == ["Gemeenteraad"]


def test_a_link_with_a_nul_gets_a_path_that_any_database_can_hold() -> None:
    [item] = page("/x", block(("/b", "Bestuur", "/b\0", 1))).blocks[0].items
    assert "\0" not in page("/x", block()).blocks[0].element_of(item)["path"]


def test_a_link_of_the_menu_with_another_name_is_asked_about() -> None:
    other = [*links_to("Nieuws", "Producten", "Bestuur"), ("/contact", "Stadhuis", "/contact", 1)]
    assert verdict("name-consistent", [*usual(), page("/anders", block(*other))]) is Outcome.CANNOT_TELL


# --- help ------------------------------------------------------------------------------------------------------------

PHONE: Item = ("tel:140999", "14 0999", "tel:140999", 1)
MAIL: Item = ("mailto:info@example.nl", "info@example.nl", "mailto:info@example.nl", 1)


def footer(*items: Item) -> Any:
    return block(*items, *links_to("Privacy", "Proclaimer", "Cookies"), kind="footer", region="footer", name="", side="after")


def test_help_in_another_order_or_on_the_other_side_of_the_content_fails() -> None:
    pages = [page(f"/p{number}", block(*links_to(*MENU)), footer(PHONE, MAIL)) for number in range(4)]
    turned = page("/anders", block(*links_to(*MENU)), footer(MAIL, PHONE))
    moved = page("/anders", block(PHONE, *links_to(*MENU)), footer(MAIL))
    assert verdict("help-order", [*pages, turned]) is Outcome.FAILED
    assert verdict("help-order", [*pages, moved]) is Outcome.FAILED


def test_help_that_is_missing_or_stands_there_twice_passes() -> None:
    pages = [page(f"/p{number}", block(*links_to(*MENU)), footer(PHONE, MAIL)) for number in range(4)]
    assert verdict("help-order", [*pages, page("/anders", block(*links_to(*MENU)), footer(MAIL))]) is Outcome.PASSED
    assert verdict("help-order", [*pages, page("/anders", block(PHONE, *links_to(*MENU)), footer(PHONE, MAIL))]) is Outcome.PASSED


def test_a_part_of_the_site_with_its_own_frame_is_not_compared() -> None:
    pages = [page(f"/p{number}", block(*links_to(*MENU)), footer(PHONE, MAIL)) for number in range(6)]
    own = page("/museum", block(PHONE, MAIL, *links_to("Kaartjes", "Winkel"), name="Museum"))
    assert verdict("help-order", [*pages, own]) is Outcome.INAPPLICABLE


# --- titles ----------------------------------------------------------------------------------------------------------


def test_one_title_for_different_pages_is_asked_about() -> None:
    pages = [page("/a", title="Voorbeeldstad"), page("/b", title="Voorbeeldstad")]
    assert verdict("page-title-unique", pages) is Outcome.CANNOT_TELL


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"content": [1, 2, 3]}, {"content": [1, 2, 3]}),
        ({"language": "nl"}, {"language": "en"}),
        ({}, {"canonical": f"{ORIGIN}/a"}),
        ({"title": ""}, {"title": ""}),
    ],
    ids=["same-page", "other-language", "canonical", "no-title"],
)
def test_one_title_is_fine_for_one_page(one: Any, other: Any) -> None:
    pages = [page("/a", **{"title": "Contact", **one}), page("/b", **{"title": "Contact", **other})]
    assert verdict("page-title-unique", pages) in (Outcome.PASSED, Outcome.INAPPLICABLE)


@pytest.mark.parametrize(
    ("one", "other"), [("/nieuws", "/nieuws?pagina=2"), ("/nieuws/", "/nieuws/page/2"), ("/n?p=1", "/n?p=2")]
)
def test_the_parts_of_a_list_are_advice(one: str, other: str) -> None:
    pages = [page(path, title="Nieuws", heading="Nieuws") for path in (one, other)]
    assert verdict("page-title-unique", pages) is Outcome.PASSED
    assert verdict("page-title-paging", pages) is Outcome.CANNOT_TELL


@pytest.mark.parametrize(("one", "other"), [("/artikel/12345", "/artikel/12346"), ("/foto-a1.html", "/foto-a2.html")])
def test_numbers_that_name_a_page_are_no_parts_of_a_list(one: str, other: str) -> None:
    pages = [page(path, title="Nieuws", heading="Nieuws") for path in (one, other)]
    assert verdict("page-title-unique", pages) is Outcome.CANNOT_TELL
    assert verdict("page-title-paging", pages) is Outcome.INAPPLICABLE


# --- ways ------------------------------------------------------------------------------------------------------------


def ring(count: int = 8, **facts: Any) -> list[SamplePage]:
    """Each page links to the next and back; the last one is only linked from the one before it."""
    paths = ["/", *(f"/p{number}" for number in range(1, count))]
    return [
        page(path, links=[*paths[max(number - 1, 0) : number], *paths[number + 1 : number + 2]], **facts)
        for number, path in enumerate(paths)
    ]


def test_a_page_with_one_way_in_fails_where_the_whole_site_was_seen() -> None:
    assert verdict("multiple-ways", ring()) is Outcome.FAILED
    assert verdict("multiple-ways", ring(), whole=False) is Outcome.CANNOT_TELL
    assert verdict("multiple-ways", ring(), 3) is Outcome.CANNOT_TELL
    assert verdict("multiple-ways", ring(), 0) is Outcome.PASSED


def test_a_search_or_an_overview_is_a_second_way() -> None:
    assert verdict("multiple-ways", ring(searches=[search("Zoek")])) is Outcome.PASSED
    assert verdict("multiple-ways", ring(opensSearch=True)) is Outcome.PASSED  # behind a button
    with_map = [
        page(path, links=["/sitemap", *links]) for path, links in (("/", ["/a"]), ("/a", ["/b"]), ("/b", ["/c"]), ("/c", []))
    ]
    named = [SamplePage(**{**vars(one), "links": (*one.links, PageLink(f"{ORIGIN}/kaart", "Sitemap"))}) for one in with_map]
    assert verdict("multiple-ways", named) is Outcome.PASSED


def test_a_page_that_lists_all_others_is_an_overview_whatever_it_is_called() -> None:
    paths = [f"/p{number}" for number in range(9)]
    pages = [page("/", links=paths), *(page(path, links=["/", paths[number - 1]]) for number, path in enumerate(paths))]
    assert verdict("multiple-ways", pages, 4) is Outcome.PASSED


def test_a_step_of_a_form_needs_no_second_way() -> None:
    pages = ring()
    step = SamplePage(**{**vars(pages[-1]), "has_form": True})
    assert verdict("multiple-ways", [*pages[:-1], step]) is Outcome.CANNOT_TELL
    searched = ring(searches=[search("Zoek")])
    assert verdict("multiple-ways", [*searched, page("/aanvraag/2", form=True)]) is Outcome.INAPPLICABLE
    assert verdict("multiple-ways", [*searched, page("/oud-nieuws")]) is Outcome.CANNOT_TELL


# --- size ------------------------------------------------------------------------------------------------------------


def test_thousands_of_pages_with_menus_of_their_own_are_judged_within_bounds() -> None:
    """What is kept is bounded, whatever the pages hold."""
    pages = [page(f"/p{number}", block(*links_to(*(f"l{number}-{link}" for link in range(50))))) for number in range(1000)]
    sample = Sample.of(pages[:500], NORM)
    tracemalloc.start()
    try:
        for one in pages[500:]:
            sample.add(one)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 6_000 * 500
    assert all(sample.judge(one).outcomes["navigation-order"] is Outcome.PASSED for one in pages)


def test_a_page_alone_is_not_said_to_pass() -> None:
    judgement = Sample.of([page("/a")], NORM).judge(page("/a"))
    assert set(judgement.outcomes.values()) == {Outcome.UNTESTED}
    assert judgement.notes == ("not-compared",)


def test_two_long_addresses_that_differ_at_their_end_are_two() -> None:
    """The link that is asked about is found by the beginning of its address."""
    href = "/zoeken?" + "x" * 300
    item = page("/x", block(("/zoeken~1", "Bestuur", href[:200], 1))).blocks[0].items[0]
    path = page("/x", block()).blocks[0].element_of(item)["path"]
    document = LexborHTMLParser(f'<!doctype html><body><nav><a href="{href}">Bestuur</a></nav>')
    assert [link.text() for link in document.css(path)] == ["Bestuur"]
