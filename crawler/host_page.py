"""Reads from the source of a page what says something of its host: its search, its ways on, its icon, its policies."""

from __future__ import annotations

from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from crawler.references import is_tangled
from rules.address import host_of, path_of, resolve, without_fragment
from rules.observation import HostPage

LONGEST = 300  # characters of a text that is kept
LONGEST_POLICY = 4_000  # characters
MOST_LINKS = 500
MOST_STYLE_SHEETS = 20
SEARCH = 'input[type="search" i], [role="search" i], search, form[action*="zoek" i], form[action*="search" i], input[name="q" i]'
NO_TEXT = ["script", "style", "template", "noscript"]


def host_page(source: str, url: str) -> HostPage | None:
    """What a page's source shows; None where it is too tangled to read."""
    if is_tangled(source):
        return None
    tree = LexborHTMLParser(source)
    tree.strip_tags(NO_TEXT)
    links = [resolve(url, node.attributes.get("href") or "") for node in islice(tree.css("a[href]"), MOST_LINKS)]
    own = {without_fragment(link) for link in links if link and host_of(link) == host_of(url)} - {url}
    icons = [node for node in tree.css("link[rel][href]") if "icon" in (node.attributes.get("rel") or "").lower()]
    sheets = [resolve(url, node.attributes.get("href") or "") for node in tree.css('link[rel~="stylesheet" i][href]')]
    root = tree.css_first("html")
    return HostPage(
        title=_text(tree, "title"),
        heading=_text(tree, "h1"),
        language=((root.attributes.get("lang") or "") if root else "")[:35],
        words=len(tree.body.text(separator=" ").split()) if tree.body else 0,
        has_search=tree.css_first(SEARCH) is not None,
        leads_on=len(own),
        leads_home=any(path_of(link) in ("/", "") for link in own),
        has_icon=bool(icons),
        style_sheets=tuple(sheet for sheet in sheets if sheet and host_of(sheet) == host_of(url))[:MOST_STYLE_SHEETS],
        policy=_content(tree, 'meta[http-equiv="content-security-policy" i]'),
        referrer=_content(tree, 'meta[name="referrer" i]'),
    )


def _text(tree: LexborHTMLParser, tag: str) -> str:
    node = tree.css_first(tag)
    return " ".join(node.text(separator=" ").split())[:LONGEST] if node else ""


def _content(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return (node.attributes.get("content") or "")[:LONGEST_POLICY] if node else ""
