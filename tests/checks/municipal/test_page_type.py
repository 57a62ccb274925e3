"""The kind of a page is seen by its address, its markup, its template or its content, in the style of several systems."""

from __future__ import annotations

import asyncio
from http.server import BaseHTTPRequestHandler

import pytest
from sites.loopback import answered_by

from checks.municipal.page_type import detected, page_type_of
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.visit import driver
from rules.page_type import PageType, PageTypeError, PageTypePattern, read_page_types, said_by_site
from scheduler.check_pages import visitor_for
from scheduler.run_settings import RunSettings

SETTINGS = RunSettings(engines=("vierluik",), load_timeout_s=5.0)
TEXT = "<p>" + "De gemeente legt hier in gewone woorden uit hoe dit gaat. " * 8 + "</p>"
ARTICLE = f"<h1>Werk aan de brug</h1>{TEXT}"
PERMIT = f"<h1>Kapvergunning</h1>{TEXT}<h2>Voorwaarden</h2>{TEXT}<h2>Wat kost het?</h2><p>De vergunning kost € 90.</p>"
FIELDS = "".join(f"<p><label>Vraag {n} <input name=f{n}></label></p>" for n in range(5))
MENU = '<nav><a href="/producten">Producten</a> <a href="/nieuws">Nieuws</a></nav>'


def document(body: str, *, head: str = "", classes: str = "") -> str:
    return (
        f"<!doctype html><html lang=nl><head><title>Pagina</title>{head}</head><body class='{classes}'>{MENU}"
        f"<main>{body}</main><footer>Bel 14 0118</footer></body></html>"
    )


def data(kind: str) -> str:
    return f'<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [{{"@type": "{kind}"}}]}}</script>'


# path: what it is, and how it looks; made for this test in the style of systems that municipalities use
PAGES: dict[str, tuple[PageType, str]] = {
    "/": (PageType.HOME, document("<h1>Welkom</h1>")),
    "/nl/": (PageType.HOME, document("<h1>Welkom</h1>")),
    # the folder names it
    "/product/paspoort-aanvragen": (PageType.PRODUCT, document(f"<h1>Paspoort aanvragen</h1>{TEXT}")),
    "/inwoner/producten_41/product/gevonden-voorwerpen_118.html": (PageType.PRODUCT, document(f"<h1>Voorwerpen</h1>{TEXT}")),
    "/digitaal-loket/verhuizen": (PageType.PRODUCT, document(f"<h1>Verhuizen</h1>{TEXT}")),
    "/producten/a-tot-z": (PageType.OVERVIEW, document("<h1>Alle producten</h1>")),
    "/nieuws/2026/11/brug-dicht": (PageType.NEWS, document(ARTICLE)),
    "/nieuws/2026": (PageType.OVERVIEW, document("<h1>Nieuws van 2026</h1>")),
    "/actueel/nieuws/brug-dicht": (PageType.NEWS, document(ARTICLE)),
    "/bestuur-en-organisatie/college": (PageType.COUNCIL, document("<h1>Het college</h1>")),
    "/contact": (PageType.CONTACT, document("<h1>Contact</h1>")),
    "/zoeken": (PageType.SEARCH, document("<h1>Zoeken</h1>")),
    "/?zoekterm=paspoort": (PageType.SEARCH, document("<h1>Zoekresultaten</h1>")),
    "/digitale-toegankelijkheid": (PageType.STATEMENT, document("<h1>Digitale toegankelijkheid</h1>")),
    # metadata of OWMS and Dublin Core
    "/burgerzaken/huwelijk": (
        PageType.PRODUCT,
        document(
            ARTICLE, head='<meta name="overheidproduct:uniformeProductnaam" content="huwelijk en geregistreerd partnerschap">'
        ),
    ),
    "/berichten/brug": (
        PageType.NEWS,
        document(ARTICLE, head='<meta name="DCTERMS.type" scheme="OVERHEID.Informatietype" content="nieuwsbericht">'),
    ),
    # structured data
    "/wonen/kapvergunning": (PageType.PRODUCT, document(ARTICLE, head=data("GovernmentService"))),
    "/wonen/brug": (PageType.NEWS, document(ARTICLE, head=data("NewsArticle"))),
    # the class of a template
    "/wonen/inrit": (PageType.PRODUCT, document(ARTICLE, classes="path-node page-node-type-product sidebar-first")),
    "/wonen/bericht": (PageType.NEWS, document(ARTICLE, classes="wp-singular single single-nieuws postid-88")),
    "/wonen/pdc": (PageType.PRODUCT, document(ARTICLE, classes="single single-pdc-item postid-14")),
    "/wonen/melden": (PageType.FORM, document(f"<form action=/send>{FIELDS}</form>", classes="pagetype-formulier")),
    # content alone
    "/wonen-en-leven/bomen": (PageType.PRODUCT, document(PERMIT)),
    "/wonen-en-leven/doorgeven": (PageType.FORM, document(f"<h1>Doorgeven</h1><form action=/send>{FIELDS}</form>")),
    # look-alikes
    "/wonen-en-leven/brug": (PageType.OTHER, document(ARTICLE)),
    "/wonen-en-leven/tarieven-uitleg": (
        PageType.OTHER,
        document(f"<h1>Zo stellen wij tarieven vast</h1>{TEXT}<h2>Kosten</h2>{TEXT}"),
    ),
    "/wonen-en-leven/organisatie": (PageType.OTHER, document(ARTICLE, head=data("GovernmentOrganization"))),
    "/wonen-en-leven/gebouw": (PageType.OTHER, document("<h1>Toegankelijkheid</h1><p>Het stadhuis heeft een lift.</p>")),
    "/wonen-en-leven/reageren": (PageType.OTHER, document(f"{ARTICLE}<form class=feedback>{FIELDS}</form>")),
    "/wonen-en-leven/node": (PageType.OTHER, document(ARTICLE, classes="path-node page-node-type-page")),
    "/wonen-en-leven/kapot": (PageType.OTHER, document(ARTICLE, head='<script type="application/ld+json">{"@type": </script>')),
    "/nieuwsbrief": (PageType.OTHER, document("<h1>Nieuwsbrief</h1>")),
}


class Handler(BaseHTTPRequestHandler):
    """Answers with the page of a path."""

    def do_GET(self) -> None:
        _, html = PAGES.get(self.path, (None, ""))
        self.send_response(200 if html else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(html.encode())))
        self.end_headers()
        self.wfile.write(html.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


async def types_of_pages(origin: str) -> dict[str, PageType]:
    guard = AddressGuard.for_origins((origin,), offline=True)
    async with driver() as playwright, visitor_for(playwright, find_browser(), guard, SETTINGS) as visitor:
        return {path: page_type_of(await visitor.visit(f"{origin}{path}")) for path in PAGES}


@pytest.mark.slow
def test_pages_in_the_style_of_many_systems_are_known_for_what_they_are() -> None:
    with answered_by(Handler) as origin:
        found = asyncio.run(types_of_pages(origin))
    assert {path: kind for path, kind in found.items() if kind is not PAGES[path][0]} == {}


def test_an_address_alone_says_what_it_can() -> None:
    """Where nothing could be gathered of a page."""
    assert detected("https://a.example/nieuws/brug", None) is PageType.NEWS
    assert detected("https://a.example/wonen/brug", None) is PageType.OTHER


def test_what_the_site_says_goes_before_what_is_detected() -> None:
    patterns = (PageTypePattern(PageType.PRODUCT, "/regelen/"), PageTypePattern(PageType.OTHER, "/regel"))
    assert said_by_site("https://a.example/Regelen/paspoort", patterns) is PageType.PRODUCT
    assert said_by_site("https://a.example/nieuws", patterns) is None


@pytest.mark.parametrize(
    "line",
    [
        {"type": "produkt", "pattern": "/a"},
        {"type": "news", "pattern": "("},
        {"type": "news"},
        {"type": "news", "pattern": 3},
        {},
    ],
)
def test_a_wrong_line_is_answered_with_what_to_write(line: dict[str, object]) -> None:
    with pytest.raises(PageTypeError):
        read_page_types([line])


@pytest.mark.parametrize("address", ["/" * 100_000, "/" + "-a" * 500_000, "/nieuws/" + "1" * 1_000_000, "/%ff%00/\ud800"])
def test_hostile_addresses_are_read_at_once(address: str) -> None:
    assert detected(f"https://a.example{address}", None) in set(PageType)
