"""Feedback is kept exactly once, summed by page and month, and removed when its time is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from stored_story import ORIGIN, Story, page_tested

from checks.feedback.read import FeedbackOptions
from rules.feedback import FeedbackError
from scheduler.import_feedback import FeedbackImported, import_feedback
from storage.feedback import feedback_of_page, least_liked, purge_feedback
from storage.models import FeedbackAnswer, FeedbackImport, Page

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HEAD = "Pagina;Datum;Cijfer;Opmerking\n"
JANUARY = "/paspoort;05-01-2026;5;fijn\n/paspoort;06-01-2026;1;\n/paspoort;06-01-2026;1;\n"
MARCH = "/paspoort;01-03-2026;4;bel 06-12345678\n/paspoort;02-03-2026;2;\n/grofvuil;02-03-2026;5;\n"


def bring_in(story: Story, text: str, now: datetime = NOW) -> FeedbackImported:
    options = FeedbackOptions(confirmed=True)
    return import_feedback(story.database, "Voorbeeld", BytesIO((HEAD + text).encode()), options, now)


def kept(story: Story) -> list[tuple[date, float | None, str]]:
    with story.database.session() as session:
        rows = session.execute(select(FeedbackAnswer.day, FeedbackAnswer.rating, FeedbackAnswer.comment))
        return sorted((day, rating, comment) for day, rating, comment in rows)


def test_the_same_answers_are_kept_once_in_whatever_file_they_come(story: Story) -> None:
    assert bring_in(story, JANUARY).added == 3  # two of them are alike, and both count
    again = bring_in(story, JANUARY)
    assert (again.again, again.added) == (True, 0)
    assert bring_in(story, JANUARY + MARCH).added == 3
    assert len(kept(story)) == 6


def test_a_page_says_what_its_visitors_find(story: Story) -> None:
    story.run(page_tested("/paspoort"), page_tested("/grofvuil"))
    bring_in(story, JANUARY + MARCH)
    with story.database.session() as session:
        pages = {page.identity: page for page in session.scalars(select(Page))}
        found = feedback_of_page(session, pages[f"{ORIGIN}/paspoort"], 10)
        assert found and found.share and (found.share.count, found.share.of) == (2, 5)
        assert found.mean == pytest.approx((1 + 0 + 0 + 0.75 + 0.25) / 5)
        assert [(one.month, one.share.count, one.share.of) for one in found.months] == [
            (date(2026, 1, 1), 1, 3),
            (date(2026, 3, 1), 1, 2),
        ]
        assert [one.text for one in found.comments] == ["bel [telefoon]", "fijn"]
        rows, total = least_liked(session, story.site_id, 10, 0)
        assert total == 1 and [(row.address, row.page_id) for row in rows] == [  # the other page has too few answers
            (f"{ORIGIN}/paspoort", pages[f"{ORIGIN}/paspoort"].id)
        ]
        assert least_liked(session, story.site_id + 1, 10, 0) == ([], 0)


def test_comments_go_after_ninety_days_and_answers_after_two_years(story: Story) -> None:
    bring_in(story, JANUARY + MARCH)
    with story.database.session() as session:
        assert purge_feedback(session, NOW + timedelta(days=40)) == (1, 0)
    assert [comment for _, _, comment in kept(story) if comment] == ["bel [telefoon]"]
    assert bring_in(story, JANUARY + "/a;02-03-2026;3;\n", NOW + timedelta(days=40)).added == 1  # what is purged is known still
    with story.database.session() as session:
        purge_feedback(session, NOW + timedelta(days=900))
    assert kept(story) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("https://elders.example/;05-01-2026;5;\n", "another --site"),
        ("/a;05-01-2036;5;\n", "future"),
        ("/a;gisteren;5;\n", "line 2 has no day"),
        ("/a;05-01-2026;;\n", "no answer of a visitor"),
    ],
)
def test_a_file_without_an_answer_leaves_everything_as_it_was(story: Story, text: str, sentence: str) -> None:
    with pytest.raises(FeedbackError, match=sentence):
        bring_in(story, text)
    with story.database.session() as session:
        assert session.scalars(select(FeedbackImport)).all() == []
