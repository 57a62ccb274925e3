"""The ways to a page without the search: counted by menu and by content, and walked by somebody who reads labels."""

from __future__ import annotations

from checks.findability.navigation import Navigation
from checks.findability.words import fit
from rules.findability import RightPage, SearchTask, SiteLinks

MENU = [("/", "Home"), ("/burgerzaken", "Paspoort en rijbewijs"), ("/contact", "Contact")]
LINKS = {
    "/": [*MENU, ("/nieuws", "Nieuws"), ("/afval", "Afval")],
    "/burgerzaken": [*MENU, ("/paspoort", "Paspoort aanvragen"), ("/rijbewijs", "Rijbewijs")],
    "/paspoort": [*MENU, ("/kosten", "Wat kost een paspoort"), ("https://elders.example/", "Rijksoverheid")],
    "/kosten": [*MENU],
    "/rijbewijs": [*MENU],
    "/contact": [*MENU],
    "/nieuws": [*MENU, ("/nieuws/1", "Lees meer")],
    "/nieuws/1": [*MENU, ("/ophalen", "Maak een afspraak")],
    "/ophalen": [*MENU],
    "/afval": [*MENU, ("/zakken", "Vuilniszakken")],
    "/zakken": [*MENU],
    "/wees": [*MENU],
}
SITE = Navigation(SiteLinks("/", LINKS, frozenset(LINKS)))


def task(*queries: str) -> SearchTask:
    return SearchTask(queries[0], queries, (RightPage("/x"),))


def test_menu_is_what_stands_on_most_pages() -> None:
    assert SITE.menu == frozenset(MENU)


def test_clicks_are_counted_by_menu_and_by_content_apart() -> None:
    way = SITE.way_to("/paspoort", task("paspoort"))
    assert way.shortest and [step.label for step in way.shortest] == ["Paspoort en rijbewijs", "Paspoort aanvragen"]
    assert [step.in_menu for step in way.shortest] == [True, False]
    assert (way.by_menu, way.by_content) == (None, None)
    assert SITE.way_to("/contact", task("contact")).by_menu == 1
    assert SITE.way_to("/ophalen", task("grofvuil")).by_content == 3


def test_who_follows_the_label_that_fits_arrives_directly() -> None:
    way = SITE.way_to("/paspoort", task("paspoort aanvragen"))
    assert way.arrives and way.is_direct and len(way.walk) == 2
    assert way.fits > 0.5


def test_labels_that_say_nothing_hide_a_page() -> None:
    way = SITE.way_to("/ophalen", task("grofvuil"))
    assert way.shortest and len(way.shortest) == 3
    assert not way.arrives
    assert way.fits == 0


def test_wrong_turn_is_not_direct() -> None:
    way = SITE.way_to("/rijbewijs", task("paspoort verlengen", "rijbewijs"))
    assert way.arrives
    site = Navigation(
        SiteLinks(
            "/",
            {
                "/": [("/a", "Afval ophalen"), ("/b", "Afval")],
                "/a": [("/c", "Zakken")],
                "/c": [],
                "/b": [("/d", "Afval brengen")],
                "/d": [],
            },
            frozenset(["/", "/a", "/b", "/c", "/d"]),
        )
    )
    back = site.way_to("/d", task("afval ophalen"))
    assert back.arrives and not back.is_direct
    assert [step.url for step in back.walk] == ["/a", "/b", "/d"]


def test_page_without_a_link_to_it_is_only_in_the_sitemap() -> None:
    way = SITE.way_to("/wees", task("wees"))
    assert way.shortest is None and way.only_in_sitemap
    assert not SITE.way_to("/bestaat-niet", task("x")).only_in_sitemap


def test_shape_of_the_site() -> None:
    shape = SITE.shape()
    assert shape.depths == {0: 1, 1: 4, 2: 4, 3: 2}
    assert shape.unlinked == ("/wees",)
    assert shape.counts == {"unlinked": 1, "dead_ends": 6}
    assert "/kosten" in shape.dead_ends and "/paspoort" not in shape.dead_ends


def test_label_fits_by_its_words() -> None:
    assert fit("Bomen kappen", ["boom kappen"]) == 1.0
    assert fit("Vergunningen", ["vergunning aanvragen"]) > 0.4
    assert fit("Grof huishoudelijk afval", ["huisvuil"]) == 0.0
    assert fit("Afvalcontainer", ["container"]) > 0.5
    assert fit("Over ons", ["paspoort"]) == 0.0
