"""What a page or style sheet refers to, read from its source without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from rules.address import resolve
from rules.observation import PageLink

LONGEST_TEXT = 200  # characters kept of a link's words
MOST_REFERENCES = 5_000  # per page; a hostile page could offer millions

# Elements that lead a visitor to another page; the frontier of a crawl grows along these.
LEADS_TO_PAGES = frozenset({"a", "area", "link-page"})
RELATIONS_TO_PAGES = frozenset({"next", "prev", "up", "contents", "index", "alternate", "author", "help", "start", "home"})
RELATIONS_TO_FILES = frozenset({"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "modulepreload", "mask-icon"})
SOURCES = {"img": "src", "script": "src", "iframe": "src", "frame": "src", "embed": "src", "object": "data"} | dict.fromkeys(
    ("source", "track", "audio", "video", "input"), "src"
)
SELECTOR = "base[href], a[href], area[href], link[href], style, " + ", ".join(f"{tag}[{key}]" for tag, key in SOURCES.items())
SRCSET = "img[srcset], source[srcset]"
# A style sheet may name many font files of which a browser takes one, when it needs it; a missing one stops nobody.
CSS_REFERENCE = re.compile(
    r"""/\*.*?\*/|@font-face\s*\{[^}]*\}|url\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s"']*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""",
    re.DOTALL,
)


def references_of_page(html: str, url: str) -> tuple[PageLink, ...]:
    """Every reference of a page, in order, each address and element once."""
    found: dict[tuple[str, str], PageLink] = {}
    for link in _references(html, url):
        found.setdefault((link.url, link.element), link)
        if len(found) >= MOST_REFERENCES:
            break
    return tuple(found.values())


def _references(html: str, url: str) -> Iterator[PageLink]:
    tree = LexborHTMLParser(html)
    base = url
    for node in tree.css(SELECTOR):
        tag = node.tag or ""
        attributes = node.attributes
        if tag == "base":
            base = resolve(url, attributes.get("href") or "") or base
            continue
        if tag == "style":
            for reference in references_of_style(node.text(), base):
                yield PageLink(reference, "", "css")
            continue
        element = _element(tag, attributes.get("rel") or "", attributes.get("type") or "")
        address = resolve(base, attributes.get(SOURCES.get(tag, "href")) or "") if element else None
        if address:
            text = " ".join(node.text().split())[:LONGEST_TEXT] if tag == "a" else (attributes.get("alt") or "")
            yield PageLink(address, text[:LONGEST_TEXT], element)
    for node in tree.css(SRCSET) if "srcset" in html else ():
        for candidate in (node.attributes.get("srcset") or "").split(","):
            if address := resolve(base, candidate.strip().split(" ")[0]):
                yield PageLink(address, "", node.tag or "img")


def _element(tag: str, relation: str, media_type: str) -> str:
    """What kind of reference this is; empty: none that anyone follows (preconnect, canonical …)."""
    if tag != "link":
        return tag
    relations = set(relation.lower().split())
    if relations & RELATIONS_TO_FILES:
        return "stylesheet" if "stylesheet" in relations else "link"
    if relations & RELATIONS_TO_PAGES and media_type in ("", "text/html"):
        return "link-page"
    return ""


def references_of_style(css: str, url: str) -> Iterator[str]:
    """Addresses that a style sheet asks for: url(…) and @import; comments, data: and fonts left out."""
    for match in CSS_REFERENCE.finditer(css):
        reference = next((group for group in match.groups() if group), "")
        if reference and not reference.startswith("#") and (address := resolve(url, reference)):
            yield address
