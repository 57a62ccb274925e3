"""The detail of old runs goes when its time is over; figures, and what is open, stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from stored_story import Story, failure, page_tested, rows

from rules.message import Alarms, Channel, MessageKind
from rules.page_picture import PagePicture
from storage.blobs import get_picture
from storage.message_models import Alarm, OutboxMessage
from storage.messages import Wish, add_subscriber, note_sent, write_message
from storage.models import DetailPurge, Page, Run, RunFigure, RunRule
from storage.page_pictures import keep_picture, kept_picture
from storage.report import DetailGone, report_of_run
from storage.retention import detail_removed_before, purge_detail

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def aged(story: Story, run_id: int, days: int) -> None:
    with story.database.session() as session:
        session.execute(update(Run).where(Run.id == run_id).values(started_at=NOW - timedelta(days=days)))


def test_closed_detail_goes_and_open_detail_and_figures_stay(story: Story) -> None:
    first, _ = story.run(page_tested("/", failure(), failure(name="blijft")), page_tested("/weg", failure(name="weg")))
    second, _ = story.run(page_tested("/", failure(name="blijft")))
    third, _ = story.run(page_tested("/", failure(name="blijft"), failure(name="nieuw")))
    for run, days in ((first, 900), (second, 850), (third, 10)):
        aged(story, run, days)
    before = rows(story.database)
    with story.database.session() as session:
        proof = purge_detail(session, NOW)
        assert proof is not None
        assert proof.removed["findings"] == 2
        assert proof.removed["page_states"] >= 1
        assert proof.removed["contents"] >= 1
        figures = session.scalars(select(RunFigure.run_id)).all(), session.scalars(select(RunRule.run_id)).all()
    after = rows(story.database)
    assert {first, second, third} == set(figures[0])
    assert (after["run_rule"], after["run_figure"]) == (before["run_rule"], before["run_figure"])
    assert {finding.selector for finding in story.open_findings()} == {"img.blijft", "img.nieuw"}
    with story.database.session() as session:
        assert len(report_of_run(session, session.get_one(Run, third), {})["pages"][0]["findings"]) == 2
        with pytest.raises(DetailGone, match="Its figures are kept"):
            report_of_run(session, session.get_one(Run, first), {})


def test_a_picture_of_a_whole_page_is_renewed_and_goes_after_half_a_year(story: Story) -> None:
    run, _ = story.run(page_tested("/", failure()))
    with story.database.session() as session:
        (page,) = session.scalars(select(Page.id)).all()
        for days, jpeg in ((400, b"old"), (200, b"new")):
            picture = PagePicture(jpeg, 1280, 800, 900, {"f": (1, 2, 3, 4)})
            keep_picture(session, run, page, picture, NOW - timedelta(days=days))
        kept = kept_picture(session, page)
        assert kept is not None and (kept.boxes["f"], get_picture(session, kept.digest)) == ((1, 2, 3, 4), b"new")
        proof = purge_detail(session, NOW)
        assert proof is not None and (proof.removed["page_pictures"], proof.removed["contents"]) == (1, 2)
        assert kept_picture(session, page) is None


def test_a_night_with_nothing_to_remove_writes_nothing(story: Story) -> None:
    story.run(page_tested("/", failure()))
    story.run(page_tested("/"))
    with story.database.session() as session:
        purge_detail(session, NOW)
        assert purge_detail(session, NOW) is None
        assert detail_removed_before(session) is None
        assert len(session.scalars(select(DetailPurge)).all()) <= 1


def test_messages_and_alarms_go_when_nobody_needs_them_any_more(story: Story) -> None:
    def write(session: Session, key: str, months: int) -> None:
        write_message(session, key, person, MessageKind.ALARMS, Alarms(story.site_id, "Proef", "UTC", []), ago(months))

    def ago(months: int) -> datetime:
        return NOW - timedelta(days=31 * months)

    with story.database.session() as session:
        wishes = [Wish(story.site_id, tuple(MessageKind))]
        person = add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", wishes, ago(40)).id
        for key, months in (("old", 4), ("new", 1), ("waits", 4)):
            write(session, key, months)
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.key != "waits")):
            note_sent(session, message.id, NOW)
        for key, ended in (("lasts", None), ("over", ago(2)), ("long-over", ago(30))):
            facts = {"kind": "page-down", "subject": key, "began_at": ago(40), "seen_at": ago(40), "told_at": ago(40)}
            session.add(Alarm(site_id=story.site_id, key=key, ended_at=ended, **facts))
    with story.database.session() as session:
        proof = purge_detail(session, NOW)
        assert proof is not None and (proof.removed["messages"], proof.removed["alarms"]) == (1, 1)
        assert proof.before is None, "the detail of runs is whole"
    with story.database.session() as session:
        assert set(session.scalars(select(OutboxMessage.key))) == {"new", "waits"}
        assert set(session.scalars(select(Alarm.key))) == {"lasts", "over"}
