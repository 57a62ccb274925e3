"""Pages are found by their words, in whatever form, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from stored_story import Story, page_tested, page_untested

from rules.stemming import stems
from rules.task import PageResult, PageText
from storage.database import Database
from storage.models import Page, Site
from storage.page_texts import find_pages

PASSPORT = ("/paspoort", "Paspoort aanvragen", "Kosten", "Een paspoort kost 75 euro. Neem uw oude paspoort mee.")
MOVING = (
    "/verhuizen",
    "Verhuizing doorgeven",
    "Wanneer doorgeven",
    "Geef uw verhuizing door. Neem uw paspoort mee.",
)
WASTE = ("/afval", "Grof huishoudelijk afval", "Afspraak maken", "Wij halen grote spullen bij u thuis op.\nDat kost niets.")


def page(path: str, title: str, heading: str, words: str) -> PageResult:
    return replace(page_tested(path), title=title, text=PageText((title, heading), f"{title}\n{heading}\n{words}"))


@pytest.fixture
def told(story: Story) -> Story:
    story.run(*(page(*one) for one in (PASSPORT, MOVING, WASTE)))
    return story


def found(database: Database, site_id: int, said: str) -> list[str]:
    with database.session() as session:
        return [hit.title for hit in find_pages(session, site_id, [{stem} for stem in stems(said)])]


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ("paspoorten", ["Paspoort aanvragen", "Verhuizing doorgeven"]),  # the title counts for more than the text
        ("PASPOORT kosten", ["Paspoort aanvragen"]),
        ("afspraken afval", ["Grof huishoudelijk afval"]),
        ("rijbewijs", []),
        ("paspoort rijbewijs", []),
        ("", []),
        ("' OR \" ) NEAR(", []),
        ("title_stems", []),
    ],
)
def test_pages_are_found_by_their_words(told: Story, said: str, titles: list[str]) -> None:
    assert found(told.database, told.site_id, said) == titles


def test_one_of_several_words_is_enough_where_they_stand_for_each_other(told: Story) -> None:
    with told.database.session() as session:
        hits = find_pages(session, told.site_id, [{"grofvuil", "afval"}, {"thui", "thuis"}])
        assert [(hit.title, hit.headings) for hit in hits] == [
            ("Grof huishoudelijk afval", ("Grof huishoudelijk afval", "Afspraak maken"))
        ]


def test_a_page_is_found_by_what_it_says_today(told: Story) -> None:
    told.run(
        page("/paspoort", "Reisdocumenten", "Kosten", "Een reisdocument kost 75 euro."), page(*MOVING), page_untested("/afval")
    )
    assert found(told.database, told.site_id, "paspoort") == ["Verhuizing doorgeven"]
    assert found(told.database, told.site_id, "reisdocument") == ["Reisdocumenten"]
    assert found(told.database, told.site_id, "afval") == []  # what it says now is not known


def test_another_site_is_not_searched(told: Story) -> None:
    assert found(told.database, told.site_id + 1, "paspoort") == []


def test_what_is_removed_is_not_found(told: Story) -> None:
    with told.database.session() as session:
        session.delete(session.get_one(Site, told.site_id))
    with told.database.session() as session:
        assert session.query(Page).count() == 0
        name = "page_search" if session.get_bind().dialect.name == "sqlite" else "page_text"
        assert session.scalar(text(f"SELECT count(*) FROM {name}")) == 0
    if told.database.engine.dialect.name == "sqlite":
        with told.database.session() as session:
            session.execute(text("INSERT INTO page_search(page_search) VALUES ('integrity-check')"))
