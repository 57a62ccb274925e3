"""What is compared of a page: what `gather.js` brought from it, and where its links lead."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from checks.accessibility.wording import bare
from checks.content.sample.facts import Said, read_said, said_by
from checks.municipal.compared import compared_facts
from checks.verdict import Element
from rules.observation import PageLink, PageSnapshot

TOPIC = "sample"
OF_WEBSITE = ("hosts", "canonical", "alternates")  # what checks/website/gather.js brought that pages are compared by
TOLD = "x-robots-tag"
logger = logging.getLogger(__name__)
LONGEST_HREF = 200  # characters that are kept of it

# Lists that differ from page to page by their nature: they are never compared.
OF_THIS_PAGE = re.compile(
    r"kruimel|bread ?crumb|u bent hier|you are here|paginering|paginat|pager|\bpaginas?\b|\bpages?\b|vorige|previous|"
    r"gerelateerd|relat(ed|ie)|zie ook|see also|lees ook|meer over|more about|op deze pagina|on this page|inhoud(sopgave)?\b|"
    r"table of contents|\btoc\b|populair|popular|meest|most |recent|laatste|latest|nieuwste|actueel|\btags?\b|"
    r"\bdelen\b|\bdeel\b|\bshare\b|social|taal|talen|language|stap|steps?\b|voortgang|progress|filter|sorteer|\bsort",
    re.IGNORECASE,
)
bare_words = lru_cache(maxsize=20_000)(bare)  # the same names come back on every page
CALLED = re.compile(
    r"kruimel|breadcrumb|paginat|pager\b|related|gerelateerd|\btoc\b|share|social|\btags?\b|lang(uage)?[-_]", re.IGNORECASE
)


@dataclass(frozen=True)
class Item:
    """A link in a block: where it leads, its name, and its own href, of a long one the beginning."""

    target: str
    name: str
    href: str
    depth: int  # list items that it stands in, inside the block
    said: str  # the bare words of its name

    @property
    def function(self) -> tuple[str, str]:
        """What makes two links on two pages the same one."""
        return self.target, self.said


@dataclass(frozen=True)
class Block:
    """A navigation landmark, header or footer, with the links that are its own."""

    kind: str  # navigation, header, footer
    region: str  # header, footer, aside, or "" where it stands in none
    side: str  # before or after the main content; "" where the page marks none
    name: str
    hint: str  # its id and classes
    element: Element
    items: tuple[Item, ...]

    @property
    def is_compared(self) -> bool:
        return not OF_THIS_PAGE.search(self.name) and not CALLED.search(self.hint)

    def element_of(self, item: Item) -> Element:
        """The link itself."""
        quoted = re.sub(r'[\\"\x00-\x1f]', lambda sign: f"\\{ord(sign[0]):x} ", item.href)
        path = f'{self.element["path"]} [href{"^" if len(item.href) >= LONGEST_HREF else ""}="{quoted}"]'
        return {"selector": path, "path": path, "html": f'<a href="{escape(item.href)}">{escape(item.name, quote=False)}</a>'}


@dataclass(frozen=True)
class Control:
    """A search field, its button, or a button with one line of script."""

    kind: str  # search-field, search-button, control
    function: str  # where the form is sent, or what the script does
    region: str
    name: str
    element: Element


@dataclass(frozen=True)
class SamplePage:
    """One page of the sample."""

    address: str  # its identity
    language: str
    title: str
    title_element: Element | None
    root: Element
    heading: str
    canonical: str
    content: frozenset[int]
    has_form: bool
    blocks: tuple[Block, ...]
    controls: tuple[Control, ...]
    has_search: bool  # at hand, or behind a button
    links: tuple[PageLink, ...]
    places: tuple[int, ...] | None  # hashes of the names that a link can lead to; None: too many, or not gathered
    said: Said | None  # by its content; None where that was not gathered
    website: dict[str, Any] | None = None  # what it tells machines, and the other hosts that it loads from; None: not gathered
    municipal: dict[str, Any] | None = None  # its type, the product that it names, a statement's links; None: not gathered


def facts_of(page: PageSnapshot) -> dict[str, Any] | None:
    """What was gathered of a page to compare it by; None where that failed, or was not asked for."""
    evidence = page.evidence.get("vierluik")
    if evidence is None or not evidence.complete or not evidence.data["documents"]:
        return None
    topics = evidence.data["documents"][0]["topics"]
    facts: dict[str, Any] | None = topics.get(TOPIC, {}).get("facts")
    if not facts:
        return facts
    try:
        said = said_by(topics.get("content", {}).get("facts"))
    except Exception:  # what a page says may surprise us in any way; it is compared by the rest
        logger.exception("What %s says could not be read", page.url)
        said = None
    website = topics.get("website", {}).get("facts")
    if website:
        told = [page.response.headers[TOLD]] if TOLD in page.response.headers else []
        website = {name: website[name] for name in OF_WEBSITE} | {"robots": [*website["robots"], *told]}
    return {**facts, "said": said, "website": website, "municipal": compared_facts(page)}


def sample_page(address: str, facts: dict[str, Any], links: Iterable[PageLink]) -> SamplePage:
    """A page as it is compared, out of the facts as they were gathered and stored."""
    return SamplePage(
        address=address,
        language=facts["language"],
        title=facts["title"],
        title_element=facts["titleElement"],
        root=facts["root"],
        heading=facts["heading"],
        canonical=facts["canonical"],
        content=frozenset(facts["content"]),
        has_form=facts["form"],
        blocks=tuple(_block(block) for block in facts["blocks"]),
        controls=tuple(_controls(facts)),
        has_search=bool(facts["searches"]) or facts.get("opensSearch", False),
        links=tuple(links),
        places=tuple(places) if (places := facts.get("places")) is not None else None,
        said=read_said(facts["said"]) if facts.get("said") else None,
        website=facts.get("website"),
        municipal=facts.get("municipal"),
    )


def _block(block: dict[str, Any]) -> Block:
    return Block(**{**block, "items": tuple(_item(*item) for item in block["items"])})


def _item(target: str, name: str, href: str, depth: int) -> Item:
    return Item(target, name, href or target, depth, bare_words(name))


def _controls(facts: dict[str, Any]) -> Iterable[Control]:
    for search in facts["searches"]:
        if search["action"]:
            yield Control("search-field", search["action"], search["region"], search["name"], search["element"])
            if search["button"]:
                yield Control("search-button", search["action"], search["region"], **search["button"])
    for control in facts["controls"]:
        yield Control("control", control["does"], control["region"], control["name"], control["element"])
