"""What sitemaps say is held against what the walk met; a page's source says something of its host."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from growth import LINEAR, growth

from checks.website.host.sitemap import judge
from crawler.host_page import host_page
from crawler.sitemap_facts import MOST_EXAMPLES, SitemapFacts
from rules.observation import LinkAnswer, SitemapObservation

ORIGIN = "https://www.example.nl"


def observed(facts: SitemapFacts, **answers: LinkAnswer) -> SitemapObservation:
    known = {f"{ORIGIN}/{name}": answer for name, answer in answers.items()}
    pages = {f"{ORIGIN}/{number}": 1 for number in range(20)} | {f"{ORIGIN}/zoek?q=1": 1, f"{ORIGIN}/wees": None}
    return facts.observed(f"{ORIGIN}/", known, pages, complete=True)


def test_listed_addresses_that_are_gone_moved_or_elsewhere() -> None:
    facts = SitemapFacts()
    facts.add([f"{ORIGIN}/{name}" for name in ("goed", "weg", "om", "stil", "5")], ["https://test.example.nl/"], [])
    seen = observed(
        facts,
        goed=LinkAnswer("", 200),
        weg=LinkAnswer("", 404),
        om=LinkAnswer("", 200, "", f"{ORIGIN}/goed"),
        stil=LinkAnswer("", None, "timeout"),
        storing=LinkAnswer("", 500),
    )
    assert (seen.gone, seen.moved, seen.elsewhere) == ((f"{ORIGIN}/weg",), (f"{ORIGIN}/om",), ("https://test.example.nl/",))
    assert (seen.listed, seen.pages, seen.counts["unlisted"]) == (6, 20, 19)
    assert len(seen.unlisted) == MOST_EXAMPLES
    assert {verdict.arguments.get("kind") for verdict in judge(seen)} >= {"gone", "moved", "elsewhere"}


def test_moments_that_are_alike_or_still_to_come() -> None:
    facts = SitemapFacts()
    tomorrow, next_year = (datetime.now(UTC) + timedelta(days=days) for days in (1, 366))
    facts.add([], [], [tomorrow.date().isoformat(), next_year.isoformat(), "onzin", "2020-01-01", "2020-01-01"])
    seen = observed(facts)
    assert seen.future == (next_year.isoformat(),)  # somewhere it is tomorrow already
    assert (seen.dated, seen.same_moment) == (5, 2)


def test_what_a_page_shows_of_its_host() -> None:
    source = """<html lang="nl"><head><title> Niet  gevonden </title><link rel="shortcut icon" href="/x.ico">
        <link rel="stylesheet" href="/stijl.css"><link rel="stylesheet" href="https://cdn.example.com/x.css">
        <meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head><body><h1>Weg</h1>
        <script>veel woorden</script>
        <form role="search"></form><a href="/">Start</a><a href="#hier">Hier</a><a href="https://elders.nl/">Elders</a></body></html>"""
    page = host_page(source, f"{ORIGIN}/weg")
    assert page is not None
    assert (page.title, page.heading, page.language, page.words) == ("Niet gevonden", "Weg", "nl", 4)
    assert (page.has_search, page.leads_home, page.leads_on, page.has_icon) == (True, True, 1, True)
    assert page.style_sheets == (f"{ORIGIN}/stijl.css",)
    assert page.policy == "default-src 'self'"


@pytest.mark.parametrize("source", ["", "<"])
def test_a_source_that_is_hardly_there_is_a_page(source: str) -> None:
    page = host_page(source, f"{ORIGIN}/")
    assert page is not None
    assert (page.title, page.words, page.leads_on) == ("", len(source), 0)


@pytest.mark.parametrize("piece", ["\x00", "<div>", "<a href='/x'>", "<a href='/x'>x</a>", "<title>"])
def test_hostile_sources_cost_no_more_than_their_length(piece: str) -> None:
    assert growth(lambda count: host_page(piece * count, f"{ORIGIN}/"), 5_000) < LINEAR
