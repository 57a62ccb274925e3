"""A reminder tells each promise once before its day and once after it, to whom it is up to, and only while it is not done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from stored_story import Story, failure, page_tested

from dashboard.letters import Letter, mail_of
from rules.decision import DecisionKind, Wanted
from rules.message import FOR_PEOPLE, Channel, MessageKind, Reminder, as_stored, content_of
from scheduler.messages import write_reminders
from storage.decisions import Thing, decide
from storage.message_models import OutboxMessage
from storage.messages import Wish, add_subscriber
from storage.models import Page, Site

NOW = datetime.now(UTC)
ZONE = ZoneInfo("Europe/Amsterdam")
DAY = (NOW.astimezone(ZONE) + timedelta(days=3)).date()
MONDAY = datetime.combine(
    DAY - timedelta(days=DAY.weekday()), time(8), ZONE
)  # of the week of that day, an hour after the digests
WEEK = timedelta(days=7)


def promise(story: Story, path: str, rule: str, person: str, to: str = "") -> None:
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        page = session.scalars(select(Page.id).where(Page.identity == f"https://www.example.nl{path}")).one()
        kind = DecisionKind.GIVEN if to else DecisionKind.LATER
        wanted = Wanted(kind, "" if to else "planned", until=DAY, to=to)
        decide(session, site, [Thing(page, rule)], wanted, person, 1, NOW)


def messages(story: Story) -> list[tuple[str, Reminder]]:
    with story.database.session() as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        found = [(row.key, content_of(MessageKind.REMINDER, row.content)) for row in rows]
        return [(key, content) for key, content in found if isinstance(content, Reminder)]


def test_each_promise_once_before_and_once_after_its_day(story: Story) -> None:
    story.run(page_tested("/a", failure("image-alternative"), failure("link-name")), page_tested("/b", failure("link-name")))
    with story.database.session() as session:
        every = [Wish(story.site_id, FOR_PEOPLE)]
        an = add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", every, NOW)
        bo = add_subscriber(session, "Bo", Channel.MAIL, "Bo@example.nl", "nl", every, NOW)
        no = [Wish(story.site_id, (MessageKind.DIGEST, MessageKind.ALARMS))]
        add_subscriber(session, "Cas", Channel.MAIL, "cas@example.nl", "nl", no, NOW)
        keys = {name: f"reminder-{person.id}-{story.site_id}" for name, person in (("an", an), ("bo", bo))}
    promise(story, "/a", "image-alternative", "an")
    promise(story, "/a", "link-name", "An", to="bo@EXAMPLE.nl")
    promise(story, "/b", "link-name", "Cas")
    assert write_reminders(story.database, MONDAY - WEEK) == 0  # of the week after is told nothing yet
    assert write_reminders(story.database, MONDAY) == 2
    assert write_reminders(story.database, MONDAY) == write_reminders(story.database, MONDAY + timedelta(days=5)) == 0
    first = dict(messages(story))
    week = MONDAY.date().isoformat()
    assert first.keys() == {f"{keys['an']}-{week}", f"{keys['bo']}-{week}"}
    (one,) = first[f"{keys['an']}-{week}"].this_week
    assert (one.rule, one.findings, one.due_on) == ("image-alternative", 1, DAY) and one.url.endswith("/a")
    assert [one.rule for one in first[f"{keys['bo']}-{week}"].this_week] == ["link-name"]

    story.run(page_tested("/a", failure("image-alternative")), page_tested("/b"))  # Bo's is done
    assert write_reminders(story.database, MONDAY + WEEK) == 1
    key, late = messages(story)[-1]
    assert key.startswith(keys["an"]) and [one.rule for one in late.too_late] == ["image-alternative"] and not late.this_week
    assert write_reminders(story.database, MONDAY + WEEK) == write_reminders(story.database, MONDAY + 2 * WEEK) == 0
    assert content_of(MessageKind.REMINDER, as_stored(MessageKind.REMINDER, late)) == late


def test_the_mail_says_it_in_words_and_has_a_way_out(story: Story) -> None:
    story.run(page_tested("/a", failure("image-alternative")))
    with story.database.session() as session:
        wish = [Wish(story.site_id, (MessageKind.REMINDER,))]
        add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", wish, NOW)
    promise(story, "/a", "image-alternative", "An")
    write_reminders(story.database, MONDAY)
    (_, content), *_ = messages(story)
    letter = Letter(
        replace(content, too_late=content.this_week, site="<b>Stad\r\nX-A: 1</b>"), "nl", "An", "an@example.nl", "key", "token",
        NOW, "vierluik@example.nl", "https://vierluik.example.nl",
    )  # fmt: skip
    mail = mail_of(letter)
    assert mail["Subject"].endswith("1 belofte is te laat, 1 ding voor deze week") and mail["X-A"] is None
    assert "/unsubscribe/token" in mail["List-Unsubscribe"]
    text, html = (mail.get_body((form,)).get_content() for form in ("plain", "html"))  # type: ignore[union-attr]
    for body in (text, html):
        assert "https://vierluik.example.nl/nl/pages/1" in body and "unsubscribe/token" in body and "1 plek, klaar op" in body
    assert "TE LAAT" in text and "DEZE WEEK" in text and "<b>Stad" not in html
