"""Writes what people are told, and sends what is due. The two are apart: a mail server that is down loses nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from crawler.mailer import Delivery, Fate, MailLine
from crawler.webhook import Webhook, post
from rules.message import Channel, MessageKind
from rules.schedule import WorkKind
from scheduler.alarms import write_alarms
from scheduler.message_settings import MessageSettings
from storage.database import Database
from storage.message_models import OutboxMessage, Subscriber
from storage.messages import (
    digest_wishes,
    due_messages,
    keep_told,
    note_later,
    note_refused,
    note_sent,
    reminder_wishes,
    take_message,
    take_reminder,
    take_wish,
    told_of,
    write_message,
)
from storage.models import Site
from storage.questions.digest import digest_of
from storage.questions.promised import reminder_of
from storage.requests import finish_request, take_requests
from storage.schedules import sites_with

DIGEST_WEEKDAY, DIGEST_HOUR = 0, 7  # Monday morning, in the site's own time; where no schedule says otherwise

logger = logging.getLogger(__name__)

MailWriter = Callable[[OutboxMessage, Subscriber], EmailMessage]  # puts the words in


@dataclass
class Sent:
    """What became of the messages that were due."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    last: Delivery | None = None  # of the last one that was not sent

    def count(self, delivery: Delivery) -> None:
        self.sent += delivery.fate is Fate.SENT
        self.later += delivery.fate is Fate.LATER
        self.refused += delivery.fate is Fate.REFUSED
        if delivery.fate is not Fate.SENT:
            self.last = delivery


def digest_moment(now: datetime, zone: str) -> datetime:
    """The last moment at or before now at which digests are written."""
    here = now.astimezone(ZoneInfo(zone))
    moment = (here - timedelta(days=(here.weekday() - DIGEST_WEEKDAY) % 7)).replace(
        hour=DIGEST_HOUR, minute=0, second=0, microsecond=0
    )
    return (moment if moment <= here else moment - timedelta(days=7)).astimezone(UTC)


def write_digests(database: Database, now: datetime, *, at_once: bool = False, of_site: int | None = None) -> int:
    """Write the digest of everybody who is due for one, where there is something to tell. Gives how many.

    Up to where somebody was told is written together with the message: nothing is told twice, and nothing is left out.
    `at_once`: do not wait for Monday, nor for the site's own schedule. `of_site`: of this site only.
    """
    with database.session() as session:
        wishes = digest_wishes(session)
        planned = sites_with(session, WorkKind.DIGEST)
    written = 0
    for subscriber_id, site_id, zone, looked_at in wishes:
        if of_site not in (None, site_id) or (site_id in planned and not at_once):
            continue
        before = now if at_once else digest_moment(now, zone)
        if looked_at >= before:
            continue
        with database.session() as session:
            wish = take_wish(session, subscriber_id, site_id, before, now)
            if wish is None:
                continue
            digest, told = digest_of(session, session.get_one(Site, site_id), told_of(wish), wish.sections)
            keep_told(wish, told)
            if digest is not None:
                key = f"digest-{subscriber_id}-{site_id}-{told.run_id}-{told.test_id}"
                written += write_message(session, key, subscriber_id, MessageKind.DIGEST, digest, now)
    return written


def write_reminders(database: Database, now: datetime) -> int:
    """Write to everybody what they promised for this week, and what of last week did not come. Gives how many messages.

    Once a week, at the moment of the digests; a week in which nobody looked is written as soon as somebody does.
    """
    with database.session() as session:
        wishes = reminder_wishes(session)
    written = 0
    for subscriber_id, site_id, zone, done in wishes:
        monday = digest_moment(now, zone).astimezone(ZoneInfo(zone)).date()
        if done is not None and done >= monday:
            continue
        with database.session() as session:
            person = take_reminder(session, subscriber_id, site_id, monday)
            if person is None:
                continue
            reminder = reminder_of(session, session.get_one(Site, site_id), (person.name, person.address), monday, now)
            if reminder is not None:
                key = f"reminder-{subscriber_id}-{site_id}-{monday.isoformat()}"
                written += write_message(session, key, subscriber_id, MessageKind.REMINDER, reminder, now)
    return written


def answer_requests(database: Database, now: datetime) -> None:
    """Write the digests that a schedule or a person asked for."""
    with database.session() as session:
        asked = [(request.id, request.site_id) for request in take_requests(session, WorkKind.DIGEST, now)]
    for number, site_id in asked:
        written = write_digests(database, now, at_once=True, of_site=site_id)
        with database.session() as session:
            finish_request(session, number, "done", {"written": written}, now)


def write_messages(database: Database, now: datetime) -> bool:
    """Write all that people are to be told by now. Gives whether a message waits to be sent."""
    write_alarms(database, now)
    answer_requests(database, now)
    write_digests(database, now)
    write_reminders(database, now)
    with database.session() as session:
        return bool(due_messages(session, now, limit=1))


def send_due_messages(database: Database, settings: MessageSettings, now: Callable[[], datetime], write: MailWriter) -> Sent:
    """Send every message that is due. What cannot be sent now is tried later, after a pause that grows."""
    with database.session() as session:
        due = due_messages(session, now())
    sent = Sent()
    with ExitStack() as stack:
        line = stack.enter_context(MailLine(settings.mail, settings.sender)) if settings.mail else None
        for number in due:
            with database.session() as session:
                taken = take_message(session, number, now())
            if taken is None:
                continue
            message, subscriber = taken
            delivery = _deliver(line, message, subscriber, settings, write, now())
            _note(database, number, delivery, now())
            sent.count(delivery)
    return sent


def _deliver(
    line: MailLine | None,
    message: OutboxMessage,
    subscriber: Subscriber,
    settings: MessageSettings,
    write: MailWriter,
    now: datetime,
) -> Delivery:
    if subscriber.channel == Channel.WEBHOOK:
        return _post(message, subscriber, settings, now)
    if line is None:
        return Delivery(Fate.LATER, "mail-not-set")
    try:
        mail = write(message, subscriber)
    except Exception:  # one message that cannot be put into words holds up no other
        logger.exception("Message %s could not be written", message.key)
        return Delivery(Fate.LATER, "message-not-written")
    return line.deliver(mail, subscriber.address)


def _post(message: OutboxMessage, subscriber: Subscriber, settings: MessageSettings, now: datetime) -> Delivery:
    """A program gets the facts of a message, without words."""
    secret = settings.webhook_secrets.get(subscriber.name)
    if not secret:
        return Delivery(Fate.LATER, "webhook-no-secret")
    webhook = Webhook(subscriber.address, secret, settings.user_agent, settings.webhook_private)
    facts = {"key": message.key, "kind": message.kind, "written_at": message.written_at.isoformat(), "content": message.content}
    return asyncio.run(post(webhook, facts, message.key, int(now.timestamp())))


def _note(database: Database, number: int, delivery: Delivery, now: datetime) -> None:
    with database.session() as session:
        if delivery.fate is Fate.SENT:
            note_sent(session, number, now)
        elif delivery.fate is Fate.REFUSED:
            note_refused(session, number, delivery.reason, delivery.said)
        else:
            note_later(session, number, delivery.reason, delivery.said, now)
