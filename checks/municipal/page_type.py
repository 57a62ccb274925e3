"""What kind of page a page is: as its site says, or else as its address, its structured data, its template and its content show.

The signs are asked from sure to weak, and the first that knows decides. Where none does the page is of another kind: a rule
that speaks of products only is then silent, which is better than to ask a news item what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from checks.accessibility.wording import bare
from rules.observation import PageSnapshot
from rules.page_type import PageType

FACTS = "municipal"
FEWEST_FIELDS = 3  # of a form that is what the page is for
FEWEST_PARTS = 2  # headings that only a page about a product has
MOST_OF_SUBJECT = 2  # steps of the path of a subject: deeper stand its pages
LISTS = 0.55  # of the letters of an overview stand in links

# Schema.org, by the last part of the type.
SCHEMA = {
    "GovernmentService": PageType.PRODUCT,
    "Service": PageType.PRODUCT,
    "GovernmentPermit": PageType.PRODUCT,
    "NewsArticle": PageType.NEWS,
    "ReportageNewsArticle": PageType.NEWS,
    "ContactPage": PageType.CONTACT,
    "SearchResultsPage": PageType.SEARCH,
    "CollectionPage": PageType.OVERVIEW,
}
# OWMS and Dublin Core: what the publisher calls the kind of information.
KIND_NAMES = re.compile(r"^(?:dc|dcterms|owms|overheid\w*)[.:](?:type|informatietype)$|^(?:page-?type|content-?type|type)$")
PRODUCT_NAMES = re.compile(r"^overheidproduct\w*[.:]|[.:](?:uniformeproductnaam|productid)$|^productid$")

KINDS: tuple[tuple[PageType, str], ...] = (
    (
        PageType.PRODUCT,
        r"products?|producten|productpagina|productbeschrijving(?:en)?|pdc(?:item)?|productdienst|dienst(?:verlening)?",
    ),
    (PageType.NEWS, r"news|newsitem|newsarticle|nieuws|nieuwsbericht(?:en)?|nieuwsitem|nieuwsartikel|persbericht|openpubitem"),
    (PageType.FORM, r"form|formulier|webform|eformulier|eform"),
    (PageType.CONTACT, r"contact|contactpagina|contactpage"),
    (PageType.SEARCH, r"search|zoeken|zoekpagina|zoekresultaten|searchresults|searchpage"),
    (PageType.HOME, r"home|homepage|front|frontpage|startpagina|voorpagina"),
    (PageType.OVERVIEW, r"overview|overzicht|overzichtspagina|landing|landingspagina|landingpage|themapagina|onderwerppagina"),
    (PageType.COUNCIL, r"council|raad|raadsstuk|vergaderstuk|besluitenlijst|raadsbesluit|collegebesluit|verordening"),
)
KIND = [(kind, re.compile(rf"(?:{words})\Z")) for kind, words in KINDS]
# How templates mark it: page-node-type-product, single-pdc-item, pagetype-news, path-frontpage.
TEMPLATE = re.compile(
    r"^(?:page-?node-?type|node-?type|node--type|pagetype|page-?type|paginatype|pagina-?type|contenttype|content-?type|"
    r"page-?template|template|tpl|sjabloon|single|layout|path|iprox-?pt|ipx-?pt|doktype|objecttype)[-_]+(?P<kind>[\w-]{3,40})$"
)
OF_TEMPLATE = re.compile(r"(?:-|_)?(?:page|pagina|php|detail|template|default)$")

HOMES = {"", "home", "index", "index.html", "index.htm", "index.php", "default.aspx", "startpagina", "homepage", "welkom"}
LANGUAGE = re.compile(r"(?:nl|en|de|fr)(?:-[a-z]{2})?")
ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)$|[_-]\d{2,}$|,\d+$")
PATHS: tuple[tuple[PageType, re.Pattern[str]], ...] = (
    (
        PageType.STATEMENT,
        re.compile(
            r"(?:digitale-?)?toegankelijkheid(?:s-?verklaring)?(?:-(?:van-(?:de|deze)-)?(?:web)?site)?|accessibility(?:-statement)?"
        ),
    ),
    (PageType.SEARCH, re.compile(r"zoek(?:en|resultaten|pagina)?|search(?:-results)?")),
    (PageType.CONTACT, re.compile(r"contact(?:-?(?:opnemen|gegevens|pagina|en-openingstijden|met-de-gemeente))?")),
)
PRODUCTS = re.compile(
    r"(?:digitaal-)?loket|e-?loket|product(?:en|s)?|producten?-(?:en|and)-diensten?|product(?:en)?catalogus|diensten|pdc|"
    r"services|regelen|direct-regelen|zelf-regelen|online-regelen|regelen-en-aanvragen|aanvragen-en-regelen"
)
NEWS = re.compile(r"nieuws(?:berichten|archief|items?)?|news|actueel|persberichten|nieuwsoverzicht")
COUNCIL = re.compile(
    r"bestuur(?:-en-(?:organisatie|beleid|politiek))?|gemeenteraad|raad(?:svergaderingen|sinformatie|sleden)?|de-raad|college"
    r"(?:-van-(?:b-en-w|burgemeester-en-wethouders))?|politiek|burgemeester(?:-en-wethouders)?|wethouders|council"
)
SUBJECTS = re.compile(r"onderwerpen|themas?|thema-?s|subjects|topics")
FORMS = re.compile(r"formulier(?:en)?|form|forms|e-?formulieren|webforms?")
LISTED = re.compile(
    r"\d{1,4}|[a-z]|a-?(?:tot-en-met|tot|t-?m)?-?z|archief|archive|overzicht|categorie|category|thema|tags?|pagina|"
    r"page|alle(?:-.*)?|onderwerpen|zoeken|rss"
)
DATE_IN_PATH = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/")

# A product by its content: what its title does, and headings that nothing else on a municipal site has together.
DOES = re.compile(
    r"\b(?:aanvragen|aanvraag|melden|melding|doorgeven|aangeven|aangifte|verlengen|vernieuwen|opzeggen|inschrijven|uitschrijven|"
    r"wijzigen|bezwaar maken|vergunning|ontheffing|subsidie|uittreksel|paspoort|rijbewijs|identiteitskaart|\w*belasting|toeslag|"
    r"uitkering|\w*kaart|\w*pas|\w*verklaring|\w*vergunning|\w*aangifte|huwelijk|trouwen|verhuizing|verhuizen)\b"
)
PARTS = tuple(
    re.compile(words)
    for words in (
        r"^(?:de )?kosten\b|^wat (?:kost|zijn de kosten|moet ik betalen|betaalt u)|^tarie(?:f|ven)\b|^leges\b|^prij(?:s|zen)\b",
        r"^(?:levertijd|doorlooptijd|\w*termijn|duur)\b|^hoe ?lang duurt|^wanneer (?:krijg|hoor|ontvang)",
        r"^voorwaarden\b|^voor wie\b|^wie (?:kan|mag)\b|^wanneer (?:kunt|mag|moet) |^uitzonderingen\b",
        r"^(?:zo werkt het|aanpak|hoe werkt het|aanvragen|regelen|direct regelen|meteen regelen|hoe (?:vraagt|regelt|doet) u)\b|"
        r"^(?:zelf|online|direct|meteen) (?:regelen|aanvragen)\b",
        r"^(?:meenemen|nodig|benodigdheden|dit (?:hebt|heeft) u nodig)\b|"
        r"^wat (?:neemt u|neem ik|moet u|heb ik|hebt u|heeft u) (?:mee|meenemen|nodig)\b",
    )
)
STATEMENTS = re.compile(
    r"(?:(?:digitale )?toegankelijkheid(?:sverklaring)?(?: (?:van )?(?:onze|de|deze)? ?(?:web)?site)?|"
    r"accessibility(?: statement)?)\Z"
)


def page_type_of(page: PageSnapshot) -> PageType:
    """The type that the site gives to a page; else the one that is detected."""
    return PageType(page.page_type) if page.page_type else detected(page.response.url, municipal_facts(page))


def municipal_facts(page: PageSnapshot) -> dict[str, Any] | None:
    """What this area's gather.js brought from the page itself; None where it did not run to its end."""
    evidence = page.evidence.get("vierluik")
    if evidence is None or not evidence.complete or not evidence.data["documents"]:
        return None
    facts: dict[str, Any] | None = evidence.data["documents"][0]["topics"].get(FACTS, {}).get("facts")
    return facts


def detected(url: str, facts: dict[str, Any] | None) -> PageType:
    """The type that the signs of a page show, the surest first."""
    steps = _steps(url)
    if not steps or (len(steps) == 1 and steps[0] in HOMES):
        return PageType.SEARCH if _asks_search(url) else PageType.HOME
    return (
        _by_last_step(steps[-1])
        or (facts and (_statement(facts) or _by_markup(facts) or _by_template(facts["names"])))
        or _by_path(url, steps, facts)
        or (facts and _by_content(facts))
        or PageType.OTHER
    )


def _steps(url: str) -> list[str]:
    """The parts of a path in lower case, without the language in front and what a server adds behind."""
    parts = [unquote(part).lower() for part in urlsplit(url).path[:2000].split("/") if part]
    if parts and LANGUAGE.fullmatch(parts[0]):
        parts = parts[1:]
    return [ENDING.sub("", part) if part not in HOMES else part for part in parts]


def _asks_search(url: str) -> bool:
    return re.search(r"(?:^|&)(?:zoek\w*|search\w*|trefwoord|q|query)=[^&]", urlsplit(url).query.lower()) is not None


def _by_last_step(step: str) -> PageType | None:
    return next((kind for kind, path in PATHS if path.fullmatch(step)), None)


def _statement(facts: dict[str, Any]) -> PageType | None:
    return PageType.STATEMENT if STATEMENTS.match(bare(facts["heading"])) and speaks_of_statement(facts["text"]) else None


def speaks_of_statement(text: str) -> bool:
    return re.search(r"toegankelijkheidsverklaring|wcag|en 301 ?549|accessibility statement", text.lower()) is not None


def _by_markup(facts: dict[str, Any]) -> PageType | None:
    """By structured data, and by the metadata of Dublin Core and OWMS."""
    if any(PRODUCT_NAMES.search(name) and content.strip() for name, content in facts["metas"]):
        return PageType.PRODUCT
    said = [content for name, content in facts["metas"] if KIND_NAMES.match(name)]
    return _kind_of(said) or next((SCHEMA[name] for name in facts["types"] if name in SCHEMA), None)


def _by_template(names: str) -> PageType | None:
    """By the classes of the outermost elements."""
    found = (TEMPLATE.match(name) for name in names.lower().split())
    return _kind_of(OF_TEMPLATE.sub("", match["kind"]) for match in found if match)


def _kind_of(names: Iterable[str]) -> PageType | None:
    for name in names:
        word = re.sub(r"[\W_]+", "", name.lower().rpartition("/")[2])
        for kind, words in KIND:
            if words.match(word):
                return kind
    return None


def _by_path(url: str, steps: list[str], facts: dict[str, Any] | None) -> PageType | None:
    """By the folders that a page stands in. The folder itself, its years, letters and subjects are lists."""
    for kind, folders in (
        (PageType.NEWS, NEWS),
        (PageType.COUNCIL, COUNCIL),
        (PageType.FORM, FORMS),
        (PageType.PRODUCT, PRODUCTS),
    ):
        places = [place for place, step in enumerate(steps) if folders.fullmatch(step)]
        if not places:
            continue
        below = steps[places[-1] + 1 :]
        is_list = all(LISTED.fullmatch(step) for step in below) or (
            below and LISTED.fullmatch(below[0]) and not DATE_IN_PATH.search(url)
        )
        if kind is PageType.COUNCIL:
            return kind
        if is_list or (kind is PageType.PRODUCT and facts is not None and _is_list(facts)):
            return PageType.OVERVIEW
        return kind
    return PageType.OVERVIEW if SUBJECTS.fullmatch(steps[0]) and len(steps) <= MOST_OF_SUBJECT else None


def _is_list(facts: dict[str, Any]) -> bool:
    """Nearly all that a page says is links to other pages."""
    return len(facts["links"]) > 4 and facts["linked"] >= LISTS * max(len(facts["text"]), 1)


def _by_content(facts: dict[str, Any]) -> PageType | None:
    heads = {bare(heading) for heading in facts["headings"]}
    parts = sum(any(part.search(head) for head in heads) for part in PARTS)
    if parts >= FEWEST_PARTS and (parts > FEWEST_PARTS or DOES.search(bare(facts["heading"]))):
        return PageType.PRODUCT
    if facts["fields"] >= FEWEST_FIELDS:
        return PageType.FORM
    return PageType.OVERVIEW if _is_list(facts) else None
