"""The cookies of pages that keep their result are known from the runs that opened those pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stored_story import Story

from rules.observation import Cookie
from storage.site_memory import known_cookies, remember_cookies, remember_volatile_parts

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
COUNTER, CHOICE = Cookie("_ga", "example.nl", 400), Cookie("keuze", "www.example.nl", None)


def met(story: Story, days: int, *cookies: Cookie, all_pages: bool = False) -> set[str] | None:
    """What is known after a run that met these."""
    with story.database.session() as session:
        remember_cookies(session, story.site_id, cookies, NOW + timedelta(days=days), all_pages=all_pages)
    with story.database.session() as session:
        known = known_cookies(session, story.site_id, NOW + timedelta(days=days))
        return None if known is None else {name for _, name in known}


def test_what_is_not_met_again_is_forgotten_when_every_page_was_opened(story: Story) -> None:
    with story.database.session() as session:
        remember_volatile_parts(session, story.site_id, ())
    assert met(story, 0, COUNTER) is None, "pages that nobody opened may leave others"
    assert met(story, 1, COUNTER, CHOICE, all_pages=True) == {"_ga", "keuze"}
    assert met(story, 2) == {"_ga", "keuze"}, "no page was opened"
    assert met(story, 20, CHOICE) == {"_ga", "keuze"}
    assert met(story, 30) == {"keuze"}, "every page was opened since the other was met"
    assert met(story, 31, all_pages=True) == set()
