"""Six, three and one months before the status of a statement changes somebody is told: once each, on the right day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from dashboard.letters import Letter, parts_of
from rules.message import Channel, MessageKind, StatementNotice, content_of
from rules.site import Scope
from scheduler.statement_warnings import write_statement_warnings
from storage.database import Database
from storage.message_models import OutboxMessage
from storage.messages import Wish, add_subscriber
from storage.models import Site
from storage.sites import add_site
from storage.statements import keep_statement

BEGIN = date(2026, 1, 1)
DAYS = 3 * 365 + 1
# What is known of a statement, and the days on which somebody is told: one a change, 6, 3 and 1 months ahead.
FACTS = {
    # published and never looked at again: after a year the review is late
    "review": ({"published_on": "2026-03-31"}, ["2026-10-01", "2027-01-01", "2027-03-01"]),
    # research planned within half a year of the publication, that does not come
    "planned": (
        {"published_on": "2026-02-10", "planned_research_on": "2026-07-01", "reviewed_on": "2026-02-10"},
        ["2026-01-02", "2026-04-02", "2026-06-02", "2026-08-11", "2026-11-11", "2027-01-11"],
    ),
    # nothing is published: nothing can lapse
    "none": ({}, []),
}


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'v.db'}")
    database.migrate()
    with database.session() as session:
        for name, (facts, _) in FACTS.items():
            site = add_site(session, name, "https://www.example.nl/", Scope(("https://www.example.nl",)), at(BEGIN))
            keep_statement(site, facts)
            wish = Wish(site.id, (MessageKind.STATEMENT,))
            add_subscriber(session, name, Channel.MAIL, f"{name}@example.nl", "nl", [wish], at(BEGIN))
    yield database
    database.close()


def told(database: Database) -> dict[str, list[str]]:
    with database.session() as session:
        names = dict(session.execute(select(Site.id, Site.name)).all())
        found: dict[str, list[str]] = {name: [] for name in names.values()}
        for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
            found[names[row.site_id]].append(row.written_at.date().isoformat())
    return found


def test_moved_day_by_day_over_three_years_each_warning_is_told_once_on_its_day(database: Database) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False))
    for number in range(DAYS):
        now = at(BEGIN + timedelta(number))
        write_statement_warnings(database, now)
        if number % 50 == 0:  # a second scheduler, another minute, and a restart with the outbox purged
            write_statement_warnings(other, now)
            write_statement_warnings(database, now + timedelta(minutes=1))
            other.close()
            other = Database(database.engine.url.render_as_string(hide_password=False))
    other.close()
    assert told(database) == {name: days for name, (_, days) in FACTS.items()}


def test_what_was_told_stays_told_when_the_message_is_long_gone(database: Database) -> None:
    day = date(2026, 10, 1)
    assert write_statement_warnings(database, at(day)) > 0
    with database.session() as session:
        session.execute(delete(OutboxMessage))
    assert write_statement_warnings(database, at(day + timedelta(1))) == 0
    assert told(database)["review"] == []


def test_nobody_is_told_before_seven_and_who_comes_later_is_told_what_stands_then(database: Database) -> None:
    assert write_statement_warnings(database, datetime(2026, 10, 1, 4, 59, tzinfo=UTC)) == 0  # 6:59 in Amsterdam
    with database.session() as session:
        site = add_site(session, "stil", "https://stil.example.nl/", Scope(("https://stil.example.nl",)), at(BEGIN))
        keep_statement(site, {"published_on": "2026-03-31"})
        number = site.id
    write_statement_warnings(database, at(date(2026, 10, 1)))
    with database.session() as session:
        wish = Wish(number, (MessageKind.STATEMENT,))
        add_subscriber(session, "later", Channel.MAIL, "later@example.nl", "en", [wish], at(date(2026, 10, 9)))
    write_statement_warnings(database, at(date(2026, 10, 10)))
    assert told(database)["stil"] == ["2026-10-10"]


def test_the_mail_says_what_changes_when_and_what_to_do(database: Database) -> None:
    write_statement_warnings(database, at(date(2026, 2, 10)))
    with database.session() as session:
        row = session.scalars(select(OutboxMessage)).one()
        content = content_of(MessageKind(row.kind), row.content)
    assert isinstance(content, StatementNotice)
    for language, subject, words in (
        ("nl", "planned: de toegankelijkheidsverklaring vraagt aandacht voor 2 juli 2026", "van C naar D"),
        ("en", "planned: the accessibility statement needs attention before 2 July 2026", "from C to D"),
    ):
        letter = Letter(
            content,
            "en" if language == "en" else "nl",
            "Anne",
            "a@example.nl",
            "k",
            "t",
            at(BEGIN),
            "v@example.nl",
            "https://v.example.nl",
        )
        said, text, page = parts_of(letter)
        assert said == subject
        for form in (text, page):
            assert words in " ".join(form.split()) and f"https://v.example.nl/{language}/sites/2/statement" in form
