"""References are read from a source however tangled it is, in time that grows no faster than the source."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from growth import LINEAR, growth

from crawler.frontier import shape_of
from crawler.references import MOST_CHARACTERS, MOST_REFERENCES, references_of_page, references_of_style

LINK = '<a href="/x">Naar x</a>'
URL = "https://www.example.nl/"


@pytest.mark.parametrize(
    "source",
    [
        lambda count: "<div>" * count,
        lambda count: "<div></x>" * count,
        lambda count: "".join(f"<b id={number}>" for number in range(count // 8)) + "<p>" * count,
        lambda count: "<div " + " ".join(f"a{number}" for number in range(count)) + ">",
    ],
    ids=["deep", "deep-with-stray-ends", "formatting", "attributes"],
)
def test_a_tangled_page_is_left_to_the_browser(source: Callable[[int], str]) -> None:
    assert references_of_page(source(10_000) + LINK, URL) == ()
    assert growth(lambda count: references_of_page(source(count) + LINK, URL), 10_000) < LINEAR


@pytest.mark.parametrize(
    "source",
    [
        lambda count: "<p>" * count,
        lambda count: "<table>" + "<p>x" * count,
        lambda count: "\0" * 10 * count,
        lambda count: ("<div>" * 900 + "x" + "</div>" * 900) * (count // 1_000),
        lambda count: "<!--" * count + "-->",
    ],
    ids=["wide", "misplaced", "zeroes", "nested", "comments"],
)
def test_a_large_page_is_read(source: Callable[[int], str]) -> None:
    assert [link.url for link in references_of_page(source(10_000) + LINK, URL)] == [f"{URL}x"]
    assert growth(lambda count: references_of_page(source(count) + LINK, URL), 10_000) < LINEAR


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


@pytest.mark.parametrize(
    ("piece", "length"),
    [
        ("/*/", 25_000),
        ('url("', 25_000),
        ("@import '", 25_000),
        ("@import  ", 25_000),
        ("url(')", 25_000),
        # An end that is nowhere is looked for so fast that only in a long text it would show.
        ("url( ", 300_000),
        ("url(", 300_000),
        ("@font-face{", 300_000),
    ],
)
def test_a_style_sheet_that_leaves_everything_open_costs_no_more_than_its_length(piece: str, length: int) -> None:
    css = cache(lambda length: piece * (length // len(piece)))  # making it may cost more than reading it
    assert growth(lambda length: list(references_of_style(css(length), URL)), length) < LINEAR


def test_references_of_a_style_sheet() -> None:
    css = """@import "a.css"; @import url(b.css); p { background: url( 'c.png' ), URL(d.png ) }
        /* url(comment.png) */ @font-face { src: url(font.woff2) } q { mask: url(#self); src: url(data:,x) } url("open"""
    assert list(references_of_style(css, URL)) == [f"{URL}{name}" for name in ("a.css", "b.css", "c.png", "d.png")]


def test_endless_addresses_have_one_shape() -> None:
    assert shape_of(f"{URL}agenda/2026/11?dag=1") == shape_of(f"{URL}agenda/2035/01?dag=30")
    assert shape_of(f"{URL}a/b/a/b/a/b") == shape_of(f"{URL}a/b")
    assert growth(lambda count: shape_of(URL + "/a" * count + "/b"), 1_000) < LINEAR
