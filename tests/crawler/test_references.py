"""References are read from a source however tangled it is, in time that grows no faster than the source."""

from __future__ import annotations

import time

import pytest

from crawler.frontier import shape_of
from crawler.references import MOST_CHARACTERS, MOST_REFERENCES, references_of_page, references_of_style

LINK = '<a href="/x">Naar x</a>'
URL = "https://www.example.nl/"
TIME_S = 10.0


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 500_000 + LINK,
        "<div></x>" * 500_000 + LINK,
        "".join(f"<b id={number}>" for number in range(3_000)) + "<p>" * 20_000 + LINK,
        "<div " + " ".join(f"a{number}" for number in range(200_000)) + ">" + LINK,
    ],
    ids=["deep", "deep-with-stray-ends", "formatting", "attributes"],
)
def test_a_tangled_page_is_left_to_the_browser(html: str) -> None:
    started = time.monotonic()
    assert references_of_page(html, URL) == ()
    assert time.monotonic() - started < TIME_S


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 300_000 + LINK,
        "<table>" + "<p>x" * 50_000 + LINK,
        "\0" * 100_000 + LINK,
        "<div>" * 900 + LINK,
        "<!--" * 50_000 + "-->" + LINK,
    ],
    ids=["wide", "misplaced", "zeroes", "nested", "comments"],
)
def test_a_large_page_is_read(html: str) -> None:
    started = time.monotonic()
    assert [link.url for link in references_of_page(html, URL)] == [f"{URL}x"]
    assert time.monotonic() - started < TIME_S


@pytest.mark.parametrize("content", ["0;url=/x", "5; URL='/x'", '0, url = "/x"', " ;url=/x"])
def test_a_refresh_leads_to_its_page(content: str) -> None:
    html = (
        f"<meta http-equiv=Refresh content='{content}'>" if '"' in content else f'<meta http-equiv=Refresh content="{content}">'
    )
    assert [(link.url, link.element) for link in references_of_page(html, URL)] == [(f"{URL}x", "refresh")]
    assert references_of_page('<meta http-equiv="refresh" content="300"><meta http-equiv="x" content="0;url=/x">', URL) == ()


def test_references_of_one_page_are_limited() -> None:
    many = "".join(f'<a href="/{number}">y</a>' for number in range(MOST_REFERENCES + 500))
    assert len(references_of_page(many, URL)) == MOST_REFERENCES
    long = "".join(f'<a href="/{number}/{"a" * 7_000}">y</a>' for number in range(1_000))
    assert sum(len(link.url) for link in references_of_page(long, URL)) < MOST_CHARACTERS + 8_000


@pytest.mark.parametrize("piece", ["/*/", 'url("', "url( ", "url(", "@font-face{", "@import '", "@import  ", "url(')"])
def test_a_style_sheet_that_leaves_everything_open_is_read_at_once(piece: str) -> None:
    started = time.monotonic()
    list(references_of_style(piece * (2_000_000 // len(piece)), URL))
    assert time.monotonic() - started < TIME_S


def test_references_of_a_style_sheet() -> None:
    css = """@import "a.css"; @import url(b.css); p { background: url( 'c.png' ), URL(d.png ) }
        /* url(comment.png) */ @font-face { src: url(font.woff2) } q { mask: url(#self); src: url(data:,x) } url("open"""
    assert list(references_of_style(css, URL)) == [f"{URL}{name}" for name in ("a.css", "b.css", "c.png", "d.png")]


def test_endless_addresses_have_one_shape() -> None:
    assert shape_of(f"{URL}agenda/2026/11?dag=1") == shape_of(f"{URL}agenda/2035/01?dag=30")
    assert shape_of(f"{URL}a/b/a/b/a/b") == shape_of(f"{URL}a/b")
    started = time.monotonic()
    shape_of(URL + "/a" * 4_000 + "/b")
    assert time.monotonic() - started < 1
