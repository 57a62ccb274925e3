"""Reads sitemaps: XML, text, gzip and indexes, with a limit on everything a hostile one could blow up.

Source: sitemaps.org protocol 0.9 (50,000 addresses and 50 MB a file).
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

LARGEST_FILE = 50_000_000  # bytes, after decompression
MOST_FILES = 200
DEEPEST_INDEX = 3
LONGEST_MOMENT = 40  # characters
MOST_ELEMENTS = 5_000_000  # in one file; 50,000 documents have some eighty each, with their metadata
DESCRIBED, DIWOO = "Document", "standaarden.overheid.nl/diwoo"  # the element that holds the metadata, its namespace
GZIP = b"\x1f\x8b"


class SitemapError(ValueError):
    """The file is no sitemap, or is too large; a key of `rules.reason` says which."""


class SitemapFile(NamedTuple):
    """What one file says."""

    pages: list[str]
    sitemaps: list[str]  # further ones
    modified: list[str]  # when pages were last modified, as written
    described: int = 0  # pages with metadata by the DiWoo standard


def read_sitemap(body: bytes, *, lines: bool = True) -> SitemapFile:
    """The page addresses and the addresses of further sitemaps in one file. `lines`: a text with one address a line is one too.

    Entities are never expanded and nothing outside the file is read. Raises SitemapError.
    """
    body = unzip(body)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        if not lines:
            raise SitemapError("sitemap-broken")
        written = (line.strip() for line in body.decode("utf-8", "replace").splitlines())
        return SitemapFile([line for line in written if line.startswith(("http://", "https://"))], [], [])
    pages: list[str] = []
    sitemaps: list[str] = []
    modified: list[str] = []
    described = 0
    try:
        for parent, name, text in _said(body):
            if name == "loc":
                (sitemaps if parent == "sitemap" else pages).append(text)
            elif name == DESCRIBED:
                described += 1
            elif parent in ("url", DESCRIBED):
                modified.append(text[:LONGEST_MOMENT])
    except etree.XMLSyntaxError as error:
        raise SitemapError("sitemap-broken") from error
    return SitemapFile(pages, sitemaps, modified, described)


def unzip(body: bytes) -> bytes:
    """The body, decompressed as often as it was compressed; at most LARGEST_FILE bytes of it."""
    for _ in range(DEEPEST_INDEX):
        if not body.startswith(GZIP):
            break
        try:
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(LARGEST_FILE + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise SitemapError("sitemap-broken") from error
        if len(body) > LARGEST_FILE:
            raise SitemapError("sitemap-too-large")
    if body.startswith(GZIP):
        raise SitemapError("sitemap-broken")
    return body


def _said(body: bytes) -> Iterator[tuple[str, str, str]]:
    """Every address, moment and description, with the names of its element and of the one around it; what was read is dropped."""
    events = etree.iterparse(
        io.BytesIO(body),
        events=("end", "comment", "pi"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for count, (event, element) in enumerate(events):
        if count > MOST_ELEMENTS:
            raise SitemapError("sitemap-too-large")
        parent = element.getparent()
        if event == "end":
            name = etree.QName(element).localname
            if name == DESCRIBED and parent is not None and DIWOO in (etree.QName(element).namespace or ""):
                yield etree.QName(parent).localname, name, ""
            elif name in ("loc", "lastmod") and element.text and parent is not None:
                yield etree.QName(parent).localname, name, element.text.strip()
            element.clear()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
