"""What a page about a product of the national list (UPL) owes: the name that it gives is in the list, and some owe English.

Sources: Uniforme Productnamenlijst and Samenwerkende Catalogi 4.0; Regulation (EU) 2018/1724 (single digital gateway), articles 9
to 13: what is listed with a code of the gateway is explained in a language that people from other member states understand too.
No success criterion says so, and the English text may stand on a national website, so it is advice: it asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from checks.accessibility.sample.facts import SamplePage
from checks.accessibility.wording import bare
from checks.municipal.products import ProductNames
from checks.verdict import Verdict, cannot_tell, passed
from rules.address import without_fragment
from rules.page_type import PageType
from rules.upl import STAND_IN, TERM, Product

LISTED, ENGLISH = "product-name-listed", "product-english"
RULES = (LISTED, ENGLISH)

CITIZEN, BUSINESS = "particulier", "ondernemer"  # the audiences of Samenwerkende Catalogi
TO_ENGLISH = re.compile(r"(?:in |naar |to |lees (?:dit )?in het |switch to )?(?:english|engels|en)(?: version| page| en)?")
OWN = 0.5  # of the pages: a link to English that more of them have is one of the template, and leads to no translation


class ProductPages:
    """Remembers where the pages lead for English. `names`: of the list, as it was brought in."""

    def __init__(self, names: ProductNames) -> None:
        self._names = names
        self._pages = 0
        self._leading: Counter[str] = Counter()

    def add(self, page: SamplePage) -> None:
        self._pages += 1
        self._leading.update(_to_english(page))

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        if page.municipal is None:
            return
        declared = [said for said, _ in page.municipal["declared"]] or page.municipal["linked"]
        for said, element in page.municipal["declared"]:
            yield from self._listed(page, said, element)
        if page.language.lower().startswith("en") or not (declared or page.municipal["type"] == PageType.PRODUCT):
            return
        products = [
            product
            for product in self._names.of_page(declared, page.heading, page.title, page.address)
            if product.sdg and product.for_municipality
        ]
        if products:
            yield self._english(page, products[0])

    def _listed(self, page: SamplePage, said: str, element: dict[str, str]) -> Iterator[Verdict]:
        if STAND_IN.search(said) or ("/" in said and not TERM.fullmatch(said)):
            return  # no name at all: product-name asks about that
        product = self._names.named(said)
        if product is None:
            yield cannot_tell(LISTED, element, name=said, date=self._names.since)
        elif not product.for_municipality:
            yield cannot_tell(LISTED, element, "cantTell_other", name=product.name)
        elif audience := _wrong_audience(page, product):
            yield cannot_tell(LISTED, element, "cantTell_audience", name=product.name, audience=audience)
        else:
            yield passed(LISTED, element)

    def _english(self, page: SamplePage, product: Product) -> Verdict:
        alternates = page.website["alternates"] if page.website else []
        own = any(url == page.address or self._leading[url] <= max(OWN * self._pages, 1) for url in _to_english(page))
        if own or any(str(one["language"]).lower().startswith("en") for one in alternates):
            return passed(ENGLISH, page.root)
        return cannot_tell(ENGLISH, page.root, name=product.name, code=product.sdg)


def _to_english(page: SamplePage) -> set[str]:
    """The addresses of the links on a page whose words say that they lead to English."""
    links = (link for link in page.links if link.element in ("a", "area"))
    return {without_fragment(link.url) for link in links if TO_ENGLISH.fullmatch(bare(link.text))}


def _wrong_audience(page: SamplePage, product: Product) -> str:
    """The audience that a page names and the list does not; empty where they agree or either says nothing."""
    said = " ".join(page.municipal["audience"] if page.municipal else []).lower()
    if (CITIZEN in said) == (BUSINESS in said) or not (product.for_citizen or product.for_business):
        return ""
    audience, is_right = (CITIZEN, product.for_citizen) if CITIZEN in said else (BUSINESS, product.for_business)
    return "" if is_right else audience
