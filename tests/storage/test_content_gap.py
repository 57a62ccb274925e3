"""Queries that the sample site's search finds nothing for: is the content there after all, and under which words?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.orm import Session
from stored_story import Story, page_tested

from checks.findability.content_gap import explain, own_name
from rules.content_gap import FoundPage, Gap, GapVerdict
from rules.task import PageText
from storage.page_texts import find_pages, vocabulary
from vierluik.sample_site.site import search_texts

PAGES = search_texts()


@pytest.fixture(scope="module")
def sample_texts() -> list[PageText]:
    return [PageText((page.title,), f"{page.title}\n{page.summary}\n{page.text}") for page in PAGES]


@pytest.fixture
def session(story: Story, sample_texts: list[PageText]) -> Iterator[Session]:
    told = zip(PAGES, sample_texts, strict=True)
    story.run(*(replace(page_tested(page.path), title=page.title, text=words) for page, words in told))
    with story.database.session() as session:
        yield session


def asked(session: Session, query: str, went_to: dict[str, int] | None = None) -> GapVerdict:
    def page(path: str) -> FoundPage:
        [title] = [page.title for page in PAGES if page.path == path]
        return FoundPage(1, path, title, (), 0.0)

    find = partial(find_pages, session, 1)
    return explain(query, find, vocabulary(session, 1), {page(path): visits for path, visits in (went_to or {}).items()})


EXPECTED = {
    "bomen kappen": (Gap.SAID, "Boom kappen"),
    "laadpalen": (Gap.SAID, "Laadpaal in de straat aanvragen"),
    "pasport aanvragen": (Gap.MISSPELT, "Paspoort aanvragen"),
    "rijbewjis verlengen": (Gap.MISSPELT, "Rijbewijs aanvragen of verlengen"),
    "buurtparkeren": (Gap.PERHAPS, "Parkeren en verkeer"),
    "oplaadpunt": (Gap.MISSING, None),
    "inburgering": (Gap.MISSING, None),
    "huurtoeslag": (Gap.MISSING, None),
    "xqzvw": (Gap.MISSING, None),
    "de": (Gap.MENTIONED, ...),  # it is on every page, and what none is about
    "jaarrekening": (Gap.MENTIONED, ...),
    "'; DROP TABLE page": (Gap.MISSING, None),
    "": (Gap.MISSING, None),
}


def test_why_a_query_finds_nothing(session: Session) -> None:
    found = {query: asked(session, query) for query in EXPECTED}
    told = {query: (one.gap, one.page and one.page.title) for query, one in found.items()}
    assert told == {query: (gap, told[query][1] if title is ... else title) for query, (gap, title) in EXPECTED.items()}


def test_visits_that_asked_otherwise_say_what_was_meant(session: Session) -> None:
    verdict = asked(session, "oplaadpunt", {"/producten/laadpaal": 6, "/contact": 1})
    assert (verdict.gap, verdict.meant) == (Gap.OTHER_WORDS, "Laadpaal in de straat aanvragen")


@pytest.mark.parametrize(
    ("title", "headings", "name"),
    [
        ("Laadpaal aanvragen | Gemeente Voorbeeldstad", (), "Laadpaal aanvragen"),
        ("Laadpaal aanvragen - Voorbeeldstad", ("Menu", "Laadpaal aanvragen"), "Laadpaal aanvragen"),
        ("Paspoort - aanvragen", ("Hoe werkt het",), "Paspoort - aanvragen"),
    ],
)
def test_a_page_is_called_by_its_own_name_not_by_that_of_the_site(title: str, headings: tuple[str, ...], name: str) -> None:
    assert own_name(FoundPage(1, "/", title, headings, 0.0)) == name


@pytest.mark.parametrize("went_to", [{"/producten/laadpaal": 2}, {"/producten/laadpaal": 3, "/contact": 2, "/privacy": 2}])
def test_a_few_visits_prove_nothing(session: Session, went_to: dict[str, int]) -> None:
    assert asked(session, "oplaadpunt", went_to).gap is Gap.MISSING


def test_everyday_words_stand_for_those_of_the_town_hall(session: Session) -> None:
    def find(wanted: Sequence[Collection[str]]) -> list[FoundPage]:
        return [FoundPage(1, "/x", "Grof huishoudelijk afval", (), 1.0)] if len(wanted) == 3 else []

    verdict = explain("grofvuil", find, {"grof": 1, "huishoudelijk": 1, "afval": 9})
    assert (verdict.gap, verdict.meant) == (Gap.OTHER_WORDS, "grof huishoudelijk afval")
