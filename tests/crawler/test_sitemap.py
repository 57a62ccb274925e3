"""A sitemap is read within limits, whatever is in it."""

from __future__ import annotations

import gzip

import pytest

import crawler.sitemap
from crawler.sitemap import LARGEST_FILE, SitemapError, read_sitemap

HEAD = b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def laughs(levels: int) -> bytes:
    """A sitemap of which one address grows tenfold with every level, where entities are expanded."""
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(levels))
    start = b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "ha">' + entities + b"]>"
    locations = b"<loc>https://www.example.nl/&%c;</loc></url><url><loc>https://www.example.nl/ok</loc>" % (97 + levels)
    return start + b"<urlset><url>" + locations + b"</url></urlset>"


def fault_of(body: bytes) -> str:
    with pytest.raises(SitemapError) as caught:
        read_sitemap(body)
    return str(caught.value)


def test_addresses_of_pages_and_of_further_sitemaps_are_told_apart() -> None:
    pages = (
        HEAD
        + b"<url><loc> https://www.example.nl/a </loc></url><!-- x --><url><loc>https://www.example.nl/b</loc></url></urlset>"
    )
    assert read_sitemap(pages) == (["https://www.example.nl/a", "https://www.example.nl/b"], [], [], 0)
    index = b"<sitemapindex><sitemap><loc>https://www.example.nl/s.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(gzip.compress(index, mtime=0)) == ([], ["https://www.example.nl/s.xml"], [], 0)
    assert read_sitemap(b"https://www.example.nl/a\nonzin\n") == (["https://www.example.nl/a"], [], [], 0)


def test_when_pages_were_modified_is_read_and_not_when_sitemaps_were() -> None:
    url = b"<url><loc>https://www.example.nl/a</loc><lastmod>2026-03-02</lastmod></url>"
    assert read_sitemap(HEAD + url + b"</urlset>").modified == ["2026-03-02"]
    index = (
        b"<sitemapindex><sitemap><loc>https://www.example.nl/s.xml</loc><lastmod>2026-03-02</lastmod></sitemap></sitemapindex>"
    )
    assert read_sitemap(index).modified == []


@pytest.mark.parametrize("body", [b"", b" \n", HEAD + b"</urlset>", b"<urlset/>"])
def test_an_empty_sitemap_is_fine(body: bytes) -> None:
    assert read_sitemap(body) == ([], [], [], 0)


def test_a_gzip_bomb_is_too_large_and_costs_no_more_than_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (LARGEST_FILE + 1_000_000), 6, mtime=0)
    assert fault_of(bomb) == "sitemap-too-large"
    assert fault_of(gzip.compress(bomb, mtime=0)) == "sitemap-too-large"
    assert fault_of(gzip.compress(gzip.compress(bomb), mtime=0)) == "sitemap-too-large"


def test_gzip_in_gzip_without_end_is_broken() -> None:
    body = HEAD
    for _ in range(20):
        body = gzip.compress(body, mtime=0)
    assert fault_of(body) == "sitemap-broken"


@pytest.mark.parametrize(
    "body", [gzip.compress(HEAD, mtime=0)[:20], b"\x1f\x8bonzin", HEAD + b"<url>", b"<html><br></html>", b"<" * 5_000]
)
def test_what_is_no_sitemap_is_broken(body: bytes) -> None:
    assert fault_of(body) == "sitemap-broken"


def test_entities_are_never_expanded() -> None:
    assert read_sitemap(laughs(3)).pages == ["https://www.example.nl/", "https://www.example.nl/ok"]
    assert fault_of(laughs(12)) == "sitemap-broken"


def test_an_entity_reads_no_file_of_this_machine() -> None:
    body = (
        b'<!DOCTYPE u [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://www.example.nl/&f;</loc></url></urlset>'
    )
    pages = read_sitemap(body).pages
    assert not any("root" in page for page in pages)


def test_very_many_empty_elements_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawler.sitemap, "MOST_ELEMENTS", 10_000)
    assert fault_of(b"<urlset>" + b"<a/>" * 10_100 + b"</urlset>") == "sitemap-too-large"
    assert fault_of(b"<urlset>" + b"<!---->" * 10_100 + b"</urlset>") == "sitemap-too-large"


def test_elements_nested_without_end_are_broken() -> None:
    assert fault_of(b"<urlset>" + b"<url>" * 100_000) == "sitemap-broken"
