"""What a page or style sheet refers to, read from its source without a browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from rules.address import resolve
from rules.observation import PageLink

LONGEST_TEXT = 200  # characters kept of a link's words
MOST_REFERENCES = 5_000  # per page; a hostile page could offer millions
MOST_CHARACTERS = 2_000_000  # of addresses per page

# Elements that lead a visitor to another page; the frontier of a crawl grows along these.
LEADS_TO_PAGES = frozenset({"a", "area", "link-page", "refresh"})
RELATIONS_TO_PAGES = frozenset({"next", "prev", "up", "contents", "index", "alternate", "author", "help", "start", "home"})
RELATIONS_TO_FILES = frozenset({"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "modulepreload", "mask-icon"})
SOURCES = {"img": "src", "script": "src", "iframe": "src", "frame": "src", "embed": "src", "object": "data"} | dict.fromkeys(
    ("source", "track", "audio", "video", "input"), "src"
)
PLACES = ["base[href]", "a[href]", "area[href]", "link[href]", "style", "meta[http-equiv]"]
SELECTOR = ", ".join([*PLACES, *(f"{tag}[{key}]" for tag, key in SOURCES.items())])
SRCSET = "img[srcset], source[srcset]"
# A tree so deep, or so many formatting elements left open, costs a parser minutes; a browser has its own limits.
MOST_OPEN = 1_000  # elements
MOST_ATTRIBUTES = 2_000
LONG_TAG = 4 * MOST_ATTRIBUTES  # characters
HARMLESS_TAGS = 4_000  # with so few, nothing is slow
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
VOID_TAGS = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
SELF_CLOSING_TAGS = ("p", "li", "td", "th", "tr", "dt", "dd", "option", "optgroup", "tbody", "thead", "tfoot")
CLOSED_BY_OTHERS = frozenset((*VOID_TAGS, *SELF_CLOSING_TAGS))
REFRESH = re.compile(r"\s*[\d.]*\s*[;,]\s*url\s*=(.*)", re.IGNORECASE)
STYLE_TOKEN = re.compile(r"/\*|@font-face\b|url\(|@import\b", re.IGNORECASE)
SPACE = re.compile(r"\s*")


def references_of_page(html: str, url: str) -> tuple[PageLink, ...]:
    """Every reference of a page, in order, each address and element once; none where the source is too tangled to read."""
    return () if is_tangled(html) else references_of_tree(LexborHTMLParser(html), url)


def references_of_tree(tree: LexborHTMLParser, url: str) -> tuple[PageLink, ...]:
    """The same of a source that is parsed, and that is not too tangled."""
    found: dict[tuple[str, str], PageLink] = {}
    characters = 0
    for link in _references(tree, url):
        if (link.url, link.element) not in found:
            found[link.url, link.element] = link
            characters += len(link.url)
        if len(found) >= MOST_REFERENCES or characters >= MOST_CHARACTERS:
            break
    return tuple(found.values())


def is_tangled(html: str) -> bool:
    """Whether a source leaves very many elements open at once, or has a tag of very many attributes.

    Looks at tags only: a script's strings may mislead it.
    """
    if any(len(part) > LONG_TAG and len(part.partition(">")[0].split()) > MOST_ATTRIBUTES for part in html.split("<")):
        return True
    if html.count("<") < HARMLESS_TAGS:
        return False
    is_open: Counter[str] = Counter()
    total = 0
    for slash, tag in TAG.findall(html):
        name = tag.lower()
        if name in CLOSED_BY_OTHERS:
            continue
        if not slash:
            is_open[name] += 1
            total += 1
            if total > MOST_OPEN:
                return True
        elif is_open[name]:
            is_open[name] -= 1
            total -= 1
    return False


def _references(tree: LexborHTMLParser, url: str) -> Iterator[PageLink]:
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
        if tag == "meta":
            if address := resolve(base, _refreshes_to(attributes)):
                yield PageLink(address, "", "refresh")
            continue
        element = _element(tag, attributes.get("rel") or "", attributes.get("type") or "")
        address = resolve(base, attributes.get(SOURCES.get(tag, "href")) or "") if element else None
        if address:
            text = " ".join(node.text().split())[:LONGEST_TEXT] if tag == "a" else (attributes.get("alt") or "")
            yield PageLink(address, text[:LONGEST_TEXT], element)
    for node in tree.css(SRCSET):
        for candidate in (node.attributes.get("srcset") or "").split(","):
            if address := resolve(base, candidate.strip().split(" ")[0]):
                yield PageLink(address, "", node.tag or "img")


def _refreshes_to(attributes: dict[str, str | None]) -> str:
    """Where a page sends its visitor on by itself; empty: it does not, or only to itself."""
    if (attributes.get("http-equiv") or "").strip().lower() != "refresh":
        return ""
    target = REFRESH.match(attributes.get("content") or "")
    return target[1].strip(" '\"") if target else ""


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
    for reference in _style_references(css):
        if reference and not reference.startswith("#") and (address := resolve(url, reference)):
            yield address


def _style_references(css: str) -> Iterator[str]:
    """Read once from begin to end, so that nothing a style sheet leaves open can make this slow."""
    at = 0
    while token := STYLE_TOKEN.search(css, at):
        at = token.end()
        match token[0].lower():
            case "/*":
                _, at = _until("*/", css, at)
            case "@font-face":
                # It may name many font files of which a browser takes one, when it needs it; a missing one stops nobody.
                _, at = _until("}", css, at)
            case name:
                space = SPACE.match(css, at)
                at = space.end() if space else at
                quote = css[at : at + 1]
                if quote in ("'", '"'):
                    reference, at = _until(quote, css, at + 1)
                    yield reference
                elif name == "url(":
                    reference, at = _until(")", css, at)
                    yield reference.rstrip()


def _until(end: str, text: str, at: int) -> tuple[str, int]:
    """What stands before the next `end`, and the place behind it; what is never ended gives nothing and is the last."""
    found = text.find(end, at)
    return (text[at:found], found + len(end)) if found >= 0 else ("", len(text))
