"""Which page is about each product of the list, whether it can be asked for online, and who searches for it.

Pages stream past once. A page is matched as precisely as `checks.municipal.products` does it; news and what the council decides
name products that they are not about, so they count only where they declare one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from checks.accessibility.sample.facts import SamplePage
from checks.accessibility.wording import bare
from checks.findability.variants import EVERYDAY
from checks.municipal.compared import STARTS
from checks.municipal.products import SEPARATOR, ProductNames, without_words_around
from rules.address import host_of, without_fragment
from rules.observation import PageLink
from rules.page_type import PageType
from rules.product_coverage import MatchedBy, OnlineForm, ProductCoverage, ProductSearches
from rules.upl import Product

NOT_ABOUT = frozenset({PageType.NEWS, PageType.COUNCIL, PageType.SEARCH, PageType.HOME})
SURENESS = {by: place for place, by in enumerate(MatchedBy)}
IN_FRAME = 0.5  # of the pages: a link that more of them have is one of the template, and asks for no product
FEWEST_IN_FRAME = 3  # pages
MOST_QUERIES = 5  # that are named with a product
# What residents and websites call a product, without the words around, and its name of the list; from our own knowledge of
# municipal websites.
CALLED = {
    "bijstandsuitkering": "bijstand",
    "bijzondere bijstand": "bijzonderebijstandsuitkering",
    "boom kappen": "omgevingsvergunning kap",
    "bouwvergunning": "omgevingsvergunning bouw",
    "container": "afvalcontainer",
    "gevonden voorwerpen": "gevonden of verloren voorwerp",
    "grof huishoudelijk afval": "afvalinzameling grofvuil",
    "grofvuil": "afvalinzameling grofvuil",
    "hulp huishouden": "huishoudelijke hulp",
    "hulp huis": "huishoudelijke hulp",
    "inrit": "omgevingsvergunning uitweg",
    "kapvergunning": "omgevingsvergunning kap",
    "kwijtschelding": "belastingkwijtschelding",
    "laadpaal": "laadpaalverzoek",
    "milieustraat": "afvalinzamelstation",
    "oud papier": "afvalinzameling oud papier",
    "schuldhulp": "schuldhulpverlening",
    "schulden": "schuldhulpverlening",
    "standplaats": "standplaatsvergunning",
    "uitrit": "omgevingsvergunning uitweg",
    "woz": "woz-beschikking",
    "woz-waarde": "woz-beschikking",
}

ASKS = re.compile(
    r"\b(?:\w*aanvra\w*|vraag\b.{0,60}\baan\b|regel|regelen|doorgeven|aangeven|geef\b.{0,60}\b(?:door|aan)\b|meld|\w*melden|"
    r"\w*formulier|inschrijven|verlengen|apply)\b"
)
FORM_HOST = re.compile(r"(?:^|\.)(?:e?formulier(?:en)?|e-?formulier(?:en)?|forms?|digid|mijn|aanvragen|eherkenning)\.")
FORM_PATH = re.compile(
    r"/(?:e-?|online-?|web)?formulier(?:en)?(?:[/._-]|$)|/(?:e-?)?forms?/|/digid(?:[/._-]|$)|/eherkenning(?:[/._-]|$)"
)
FILE = re.compile(r"\.(?:pdf|docx?|odt|rtf|xlsx?|ods|zip)$")
# Hosts that explain and hold no form of a municipality.
EXPLAINS = re.compile(r"(?:^|\.)(?:rijksoverheid\.nl|overheid\.nl|government\.nl|youtube\.com|wikipedia\.org)$")


@dataclass(frozen=True)
class CoveredPage:
    """A page with what decides between two that are about the same product."""

    page_id: int
    facts: SamplePage
    page_type: str
    depth: int | None  # clicks from the start page


@dataclass(frozen=True)
class _Match:
    page_id: int
    by: MatchedBy
    rank: tuple[int, int, int, int, int]  # the smallest is the page that is most surely about the product
    online: OnlineForm
    links: tuple[PageLink, ...]  # those that may lead to a form


class CoverageOfProducts:
    """Remembers of each product its pages, and of the site which addresses bear a form and which links stand everywhere."""

    def __init__(self, names: ProductNames) -> None:
        self._names = names
        self._matches: defaultdict[str, list[_Match]] = defaultdict(list)
        self._pages = 0
        self._standing: Counter[str] = Counter()
        self._forms: set[str] = set()
        self._hosts: set[str] = set()

    def add(self, page: CoveredPage) -> None:
        """Take a page; the same page is given once."""
        facts = page.facts
        municipal = facts.municipal or {}
        links = {without_fragment(link.url): link for link in facts.links if link.element in ("a", "area")}
        self._pages += 1
        self._standing.update(links.keys())
        self._hosts.add(host_of(facts.address))
        is_form = page.page_type == PageType.FORM  # also where its fields stand in a frame
        online = OnlineForm.FORM if is_form else OnlineForm(municipal.get("online", OnlineForm.NOT_SEEN))
        if online is OnlineForm.FORM:
            self._forms.add(facts.address)
        declared = [said for said, _ in municipal.get("declared", ())] or municipal.get("linked", [])
        products, by = self._names.matched(declared, facts.heading, facts.title, facts.address)
        if by is None:
            products, by = self._called(facts)
        if by is None or (page.page_type in NOT_ABOUT and by is not MatchedBy.DECLARED):
            return
        is_foreign = not facts.language.startswith("nl") and bool(facts.language)
        depth = page.depth if page.depth is not None else 99
        rank = (SURENESS[by], is_foreign, page.page_type != PageType.PRODUCT, depth, len(facts.address))
        wanted = tuple(link for url, link in links.items() if url != facts.address and _may_ask(link))
        for product in products:
            if product.for_municipality:
                self._matches[product.uri].append(_Match(page.page_id, by, rank, online, wanted))

    def _called(self, page: SamplePage) -> tuple[tuple[Product, ...], MatchedBy | None]:
        """By what its heading or title calls a product that the list calls otherwise."""
        for by, said in ((MatchedBy.HEADING, page.heading), (MatchedBy.TITLE, SEPARATOR.split(page.title)[0])):
            if product := _called_product(self._names, said):
                return (product,), by
        return (), None

    def judge(self) -> Iterator[ProductCoverage]:
        """Each municipal product of the list, once."""
        for product in self._names.municipal:
            if not (matches := sorted(self._matches.get(product.uri, ()), key=lambda match: (match.rank, match.page_id))):
                yield ProductCoverage(product.uri)
                continue
            best = matches[0]
            found = ProductCoverage(product.uri, best.page_id, best.by, len(matches))
            yield next((with_form for match in matches if (with_form := self._with_form(found, match))), found)

    def _with_form(self, found: ProductCoverage, match: _Match) -> ProductCoverage | None:
        if match.online:
            return replace(found, form=match.online)
        leading = (link for link in match.links if not self._is_in_frame(link) and self._leads_to_form(link))
        link = next(leading, None)
        return replace(found, form=OnlineForm.LINK, form_url=without_fragment(link.url)) if link else None

    def _is_in_frame(self, link: PageLink) -> bool:
        count = self._standing[without_fragment(link.url)]
        return count >= FEWEST_IN_FRAME and count > IN_FRAME * self._pages

    def _leads_to_form(self, link: PageLink) -> bool:
        url, said = without_fragment(link.url), link.text.lower()
        if url in self._forms or STARTS.search(said) or _is_form_address(url):
            return True
        host = host_of(url)  # of another host the words of the link are all that is known
        return host not in self._hosts and not EXPLAINS.search(host) and ASKS.search(said) is not None


def searches_of_products(names: ProductNames, queries: Iterable[tuple[str, int]]) -> dict[str, ProductSearches]:
    """The searches for each municipal product, by its address in the list. `queries`: words and number, the most asked first."""
    counts: Counter[str] = Counter()
    said: defaultdict[str, list[str]] = defaultdict(list)
    for query, count in queries:
        for product in asked_for(names, query):
            counts[product.uri] += count
            said[product.uri].append(query)
    return {uri: ProductSearches(count, tuple(said[uri][:MOST_QUERIES])) for uri, count in counts.items()}


def asked_for(names: ProductNames, query: str) -> tuple[Product, ...]:
    """The municipal products that a query names; else the one that it means in everyday words: "baby aangeven"."""
    if found := tuple(product for product in names.asked_by(query) if product.for_municipality):
        return found
    if called := _called_product(names, query):
        return (called,)
    words = bare(query)
    for pair in EVERYDAY.items():
        for one, other in (pair, (pair[1], pair[0])):
            if words == one and (found := tuple(known for known in names.asked_by(other) if known.for_municipality)):
                return found
    return ()


def _called_product(names: ProductNames, said: str) -> Product | None:
    product = names.named(CALLED.get(without_words_around(said), ""))
    return product if product and product.for_municipality else None


def _may_ask(link: PageLink) -> bool:
    """Whether a link may lead to a form; which of them do is known when all pages are."""
    url, said = without_fragment(link.url), link.text.lower()
    try:
        is_page = url.startswith(("http://", "https://")) and not FILE.search(urlsplit(url).path.lower())
        return is_page and (_is_form_address(url) or bool(ASKS.search(said) or STARTS.search(said)))
    except ValueError:  # an address that cannot be
        return False


def _is_form_address(url: str) -> bool:
    return bool(FORM_HOST.search(host_of(url)) or FORM_PATH.search(urlsplit(url).path.lower()))
