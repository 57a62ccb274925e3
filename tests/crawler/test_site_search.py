"""The search of a site is found and read by itself, however it is built; and whatever it answers, the query ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from sites.searches import PAGES, SearchedSite, hits, searched

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.result_text import number_said, says_none
from crawler.site_search import Learned, Searcher
from crawler.visit import driver
from crawler.world import VisitFailed
from rules.address import path_of
from rules.findability import SiteSearch
from rules.site import Scope

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("search")]
T = TypeVar("T")


def with_searcher(site: SearchedSite, browser: BrowserFile, use: Callable[[Searcher], Awaitable[T]], **more: object) -> T:
    async def work() -> T:
        guard = AddressGuard.for_origins((site.url,), offline=True)
        async with (
            driver() as playwright,
            Searcher(playwright, browser, guard, [], "Vierluik test", Scope((site.url,)), load_timeout_s=3.0, **more) as searcher,  # type: ignore[arg-type]
        ):
            return await use(searcher)

    return asyncio.run(work())


def learned(site: SearchedSite, browser: BrowserFile) -> Learned:
    return with_searcher(site, browser, lambda searcher: searcher.learn(f"{site.url}/", ["afval"], SiteSearch()))


def ask(site: SearchedSite, browser: BrowserFile, search: SiteSearch, *queries: str, **more: object) -> list[object]:
    """The paths of the results of each query, or why there is no answer."""

    async def all_of_them(searcher: Searcher) -> list[object]:
        answers: list[object] = []
        for query in queries:
            try:
                answer = (await searcher.ask(search, query)).answer
                answers.append([path_of(result.url) for result in answer.results])
            except VisitFailed as failure:
                answers.append(failure.reason)
        return answers

    return with_searcher(site, browser, all_of_them, **more)


@pytest.mark.parametrize("design", ["ordinary", "drawn", "table", "overlay", "component", "helpful", "dialog"])
def test_search_is_found_and_read_by_itself(design: str, browser: BrowserFile) -> None:
    with searched(design) as site:
        search = learned(site, browser).search
        queries = ("paspoort", "verhuizing", "afval ophalen", "zzqx")
        assert ask(site, browser, search, *queries) == [[path for path, _, _ in hits(query)] for query in queries]
        assert bool(search.template) == (design != "drawn")
        assert {method for method, _ in site.asked} == {"GET"}


def test_answer_has_titles_the_number_that_is_said_and_the_time(browser: BrowserFile) -> None:
    with searched("drawn") as site:
        search = learned(site, browser).search
        begun = time.monotonic()
        asked = with_searcher(site, browser, lambda searcher: searcher.ask(search, "paspoort", look=True))
        until_the_end = time.monotonic() - begun
    assert [result.title for result in asked.answer.results] == [title for _, title, _ in hits("paspoort")]
    assert asked.answer.number_said == len(hits("paspoort"))
    assert 0.4 <= asked.answer.seconds < until_the_end
    assert asked.page is not None and asked.page.title == "Voorbeeldstad"
    assert any(path_of(link.url) == "/burgerzaken/paspoort-kwijt" for link in asked.page.links), (
        "the page as it stands with its results"
    )


def test_search_that_finds_nothing_without_a_word_is_learned(browser: BrowserFile) -> None:
    with searched("component") as site:
        assert learned(site, browser).search.is_silent
    with searched("ordinary") as site:
        assert not learned(site, browser).search.is_silent


ORDINARY = SiteSearch(results="ol.hits > li")


def test_whatever_a_search_answers_the_query_ends(browser: BrowserFile) -> None:
    with searched("harmful") as site:
        search = replace(ORDINARY, template=f"{site.url}/zoeken?q={{query}}")
        script, long, endless, error, slow, loop, elsewhere, after = ask(
            site, browser, search, "script", "megabyte", "endless", "error", "slow", "loop", "elsewhere", "paspoort"
        )
    assert script == list(PAGES)
    assert isinstance(long, list) and long[0] == "/contact"
    assert isinstance(endless, list) and len(endless) == 50
    assert (error, slow, elsewhere) == ("server-error", "load-timeout", "search-elsewhere")
    assert loop in ("page-hangs", "load-timeout")
    assert after == list(PAGES)


def test_title_of_a_megabyte_is_cut(browser: BrowserFile) -> None:
    with searched("harmful") as site:
        search = replace(ORDINARY, template=f"{site.url}/zoeken?q={{query}}")
        answer = with_searcher(site, browser, lambda searcher: searcher.ask(search, "megabyte")).answer
    assert max(len(result.title) for result in answer.results) == 200


def test_form_that_leads_to_another_host_is_not_followed(browser: BrowserFile) -> None:
    with searched("harmful") as site:
        search = replace(ORDINARY, page=f"{site.url}/", field="#w")
        assert ask(site, browser, search, "elsewhere") == ["search-elsewhere"]
        assert ask(site, browser, replace(search, template="http://127.0.0.2:9/?q={query}"), "x") == ["search-elsewhere"]


def test_search_that_posts_is_asked_only_where_a_person_said_so(browser: BrowserFile) -> None:
    with searched("posting") as site:
        with pytest.raises(VisitFailed, match="search-sends"):
            learned(site, browser)
        search = replace(ORDINARY, page=f"{site.url}/", field="#w")
        assert ask(site, browser, search, "paspoort") == ["search-sends"]
        assert "POST" not in {method for method, _ in site.asked}
        allowed = ask(site, browser, replace(search, may_post=True), "paspoort")
        assert allowed == [[path for path, _, _ in hits("paspoort")]]


def test_script_that_sends_the_query_asks_for_permission(browser: BrowserFile) -> None:
    with searched("sending") as site:
        with pytest.raises(VisitFailed, match="search-sends"):
            learned(site, browser)
        assert "POST" not in {method for method, _ in site.asked}


def test_robots_txt_keeps_the_search_closed_unless_its_owner_lets_it_in(browser: BrowserFile) -> None:
    def allows(url: str) -> bool:
        return path_of(url) != "/zoeken"

    with searched("ordinary") as site:
        search = replace(ORDINARY, template=f"{site.url}/zoeken?q={{query}}")
        assert ask(site, browser, search, "paspoort", allows=allows) == ["robots"]
        assert [target for _, target in site.asked if target.startswith("/zoeken")] == []
        assert ask(site, browser, replace(search, ignores_robots=True), "paspoort", allows=allows) != ["robots"]


def test_form_or_list_that_is_gone_is_said(browser: BrowserFile) -> None:
    with searched("ordinary") as site:
        gone = SiteSearch(page=f"{site.url}/", field="#weg", results="li")
        other = SiteSearch(template=f"{site.url}/zoeken?q={{query}}", results=".weg")
        assert ask(site, browser, gone, "paspoort") == ["search-form-gone"]
        assert ask(site, browser, other, "paspoort") == ["search-list-gone"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12 resultaten voor paspoort", 12),
        ("Er zijn 1.234 zoekresultaten gevonden", 1234),
        ("Resultaten 1 - 10 van 57", 57),
        ("1 t/m 10 van de 57 resultaten", 57),
        ("Showing 1-10 of 204 results", 204),
        ("Zoekresultaten (8)", 8),
        ("1 resultaat", 1),
        ("0 resultaten", 0),
        ("Zoeken op 12-03-2026", None),
        ("Er zijn geen resultaten", None),
    ],
)
def test_number_that_a_page_says(text: str, number: int | None) -> None:
    assert number_said(text) == number


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("Geen resultaten gevonden voor grofvuil", True),
        ("Helaas, we hebben niets kunnen vinden. Uw zoekopdracht heeft geen resultaat opgeleverd.", True),
        ("Er zijn geen pagina's gevonden", True),
        ("Uw zoekvraag leverde helaas niets op", True),
        ("Your search did not match any documents", True),
        ("0 resultaten", True),
        ("3 resultaten. Geen account? Maak er een.", False),
        ("Zoekresultaten voor geen idee", False),
    ],
)
def test_page_that_says_that_there_is_nothing(text: str, nothing: bool) -> None:
    assert says_none(text) is nothing
