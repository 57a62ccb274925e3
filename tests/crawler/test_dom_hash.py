"""What of a page says nothing of a change, and what does; and what is learned of a page that is asked twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.dom_hash import dom_hash, normalised
from crawler.volatile import joined, learn
from rules.incremental import VolatilePart

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
TODAY = NOW.date()


def hashed(body: str, at: datetime = NOW, parts: tuple[VolatilePart, ...] = (), **headers: str) -> str:
    source = f'<!doctype html><html lang="nl"><head><title>P</title></head><body>{body}</body></html>'
    return dom_hash(normalised(LexborHTMLParser(source), at, parts), headers)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p><p>b</p>", "<p>a</p>\n   <p>\n b</p>"),
        ("<p>a</p>", "<!-- gemaakt in 12 ms --><p>a</p>"),
        ('<script nonce="a">f()</script>', '<script nonce="b">f()</script>'),
        ('<input type="hidden" name="t" value="1">', '<input type="hidden" name="t" value="2">'),
        ('<div data-csrf-token="1"></div>', '<div data-csrf-token="2"></div>'),
        ('<a href="/x;jsessionid=A1?y=1">x</a>', '<a href="/x;jsessionid=B2?y=1">x</a>'),
        ('<a href="/x?PHPSESSID=A1&amp;y=1">x</a>', '<a href="/x?PHPSESSID=B2&amp;y=1">x</a>'),
        ('<p class="visit counter">1.204 bezoekers</p>', '<p class="visit counter">1.311 bezoekers</p>'),
        ("<p>Het is 02:30 uur</p>", "<p>Het is 02:29 uur</p>"),
        ("<p>Vandaag: 22 november 2026, 02.30 uur</p>", "<p>Vandaag: 22 november 2026, 02.28 uur</p>"),
        ("<script>var t = 1795311000123;</script>", "<script>var t = 1795311044999;</script>"),
    ],
)
def test_what_says_nothing_of_a_change(one: str, other: str) -> None:
    assert hashed(one) == hashed(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a b</p>", "<p>ab</p>"),
        ("<b>a</b> <b>b</b>", "<b>a</b><b>b</b>"),
        ("<p>Open om 09:00 uur</p>", "<p>Open om 10:00 uur</p>"),
        ("<p>Tot 21 november 2026</p>", "<p>Tot 21 december 2026</p>"),
        ('<p class="besteller">12</p>', '<p class="besteller">13</p>'),
        ('<input type="text" value="1">', '<input type="text" value="2">'),
        ("<script>var wachttijd = 3;</script>", "<script>var wachttijd = 4;</script>"),
        ("<script><!-- a() --></script>", "<script><!-- b() --></script>"),
        ('<img src="a.png" alt="">', '<img src="a.png">'),
        ("<template><p>a</p></template>", "<template><p>b</p></template>"),
    ],
)
def test_what_is_a_change(one: str, other: str) -> None:
    assert hashed(one) != hashed(other)


def test_of_headers_only_those_count_that_checks_look_at() -> None:
    assert hashed("", server="a") == hashed("", server="b")
    policy = "content-security-policy"
    assert hashed("", **{policy: "script-src 'nonce-a'"}) == hashed("", **{policy: "script-src 'nonce-b'"})
    assert hashed("", **{policy: "img-src *"}) != hashed("", **{policy: "upgrade-insecure-requests"})


def test_a_clock_of_another_day_is_a_text() -> None:
    later = NOW + timedelta(days=1, hours=3)
    assert hashed("<p>02:30</p>", later) == hashed("<p>02:30</p>", later)
    assert hashed("<p>02:30</p>", later) != hashed("<p>02:29</p>", later)


def learned(one: str, other: str) -> list[VolatilePart]:
    return learn(f"<html><body>{one}</body></html>", f"<html><body>{other}</body></html>", "https://www.example.nl/", TODAY)


def test_a_small_part_that_differs_by_itself_is_learned() -> None:
    one, other = ('<aside><p class="quote">Een</p></aside>', '<aside><p class="quote">Twee <b>drie</b></p></aside>')
    (part,) = learned(one, other)
    assert (part.selector, part.page) == ("p.quote", "")
    assert hashed(one, parts=(part,)) == hashed(other, parts=(part,))
    script = '<script>var s = {"pad":"/a","sleutel":"x%s"};</script>'
    (part,) = learned(script % 1, script % 2)
    assert hashed(script % 1, parts=(part,)) == hashed(script % 3, parts=(part,))
    assert hashed(script % 1, parts=(part,)) != hashed((script % 1).replace("/a", "/b"), parts=(part,))


def test_the_main_content_is_never_learned_away() -> None:
    assert learned("<main>Een</main>", "<main>Twee</main>") == []
    assert learned('<main class="m"><p>Een</p></main>', '<main class="m"><p>Twee</p></main>') == []
    assert learned(f'<div class="d">{"a " * 600}</div>', f'<div class="d">{"b " * 600}</div>') == []
    assert learned('<a href="/een">x</a>', '<a href="/twee">x</a>') == []


def test_what_differs_in_the_text_of_one_page_is_so_on_that_page_until_it_was_met_on_three() -> None:
    (part,) = learned('<main><p class="proef">A</p></main>', '<main><p class="proef">B</p></main>')
    assert part.page == "https://www.example.nl/"
    others = [VolatilePart("p.proef", page=f"https://www.example.nl/{name}", seen_on=part.seen_on) for name in "ab"]
    assert [one.page for one in joined((part,), others[:1], TODAY)] == ["https://www.example.nl/", "https://www.example.nl/a"]
    assert [one.page for one in joined((part,), others, TODAY)] == [""]


def test_what_was_not_seen_to_differ_for_28_days_is_forgotten() -> None:
    old = VolatilePart("p.a", seen_on=(TODAY - timedelta(days=29)).isoformat())
    new = VolatilePart("p.b", seen_on=date(2026, 11, 20).isoformat())
    assert joined((old, new), [], TODAY) == (new,)
