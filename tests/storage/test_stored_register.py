"""The register is brought in whole, and exactly once however often it is brought in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from stored_story import Story

from rules.register import RegisterStatement
from storage.models import Site, Statement
from storage.register import keep_register, statements_of_site

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ONE = RegisterStatement("86", "example.nl", "Voorbeeld", "B", date(2026, 1, 4), "https://register.example/86")


def test_an_export_takes_the_place_of_the_one_before(story: Story) -> None:
    for status in ("C", "B", "B"):
        with story.database.session() as session:
            keep_register(session, [replace(ONE, status=status), replace(ONE, host="elders.nl")], NOW)
    with story.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Statement)) == 2
        [found] = statements_of_site(session, session.get_one(Site, story.site_id))
        assert (found.status, found.agreed_on) == ("B", date(2026, 1, 4))
