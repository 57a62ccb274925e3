"""Who is told what, and the outbox: a message is written once, and leaves when its receiver has taken it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from rules.message import (
    Channel,
    Content,
    MessageKind,
    MessageState,
    SubscriberError,
    as_stored,
    read_address,
    read_section,
    read_webhook,
)
from rules.norm import Language
from storage.message_models import OutboxMessage, Subscriber, Subscription
from storage.models import Site
from storage.questions.digest import Told, newest

HELD_FOR = timedelta(minutes=15)  # whoever took a message tells within this time what became of it, or has died
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told of a site."""

    site_id: int
    kinds: tuple[MessageKind, ...]
    sections: tuple[str, ...] = ()


def add_subscriber(
    session: Session, name: str, channel: Channel, address: str, language: Language, wishes: Iterable[Wish], now: datetime
) -> Subscriber:
    """Tell somebody things from now on; who is known already is changed. Raises SubscriberError.

    A new wish begins today: a digest tells what changes from here on.
    """
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > 200:
        raise SubscriberError("Give a name of one line, at most 200 characters long.")
    written = read_address(address) if channel is Channel.MAIL else read_webhook(address)
    found = session.scalar(select(Subscriber).where(Subscriber.channel == channel, Subscriber.address == written))
    if found is None:
        found = Subscriber(channel=channel, address=written, token=secrets.token_urlsafe(24), created_at=now)
        session.add(found)
    found.name, found.language = name, language
    session.flush()
    for wish in wishes:
        row = session.get(Subscription, (found.id, wish.site_id))
        if row is None:
            told = newest(session, wish.site_id)
            row = Subscription(
                subscriber_id=found.id,
                site_id=wish.site_id,
                told_run_id=told.run_id,
                told_test_id=told.test_id,
                withheld=[],
                looked_at=now,
            )
            session.add(row)
        row.kinds = [kind.value for kind in wish.kinds]
        row.sections = [read_section(section) for section in wish.sections]
    session.flush()
    return found


def all_subscribers(session: Session, limit: int = 1_000) -> Sequence[tuple[Subscriber, Subscription, Site]]:
    query = (
        select(Subscriber, Subscription, Site)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .join(Site, Site.id == Subscription.site_id)
        .order_by(Subscriber.name, Subscriber.id, Site.name)
    )
    return [(person, wish, site) for person, wish, site in session.execute(query.limit(limit))]


def subscribers_of_site(session: Session, site_id: int, kind: MessageKind | None = None) -> list[tuple[Subscriber, Subscription]]:
    """Who is told of a site; of one kind of message, or of any."""
    query = (
        select(Subscriber, Subscription)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(Subscription.site_id == site_id)
        .order_by(Subscriber.name, Subscriber.id)
    )
    return [(person, wish) for person, wish in session.execute(query) if kind is None or kind in wish.kinds]


def subscriber_by_token(session: Session, token: str) -> Subscriber | None:
    return session.scalar(select(Subscriber).where(Subscriber.token == token))


def find_subscriber(session: Session, name: str) -> Subscriber:
    """Somebody by number, address or name. Raises SubscriberError where it is nobody, or more than one."""
    query = select(Subscriber).where((Subscriber.address == name) | (Subscriber.name == name))
    found = list(session.scalars(query))
    if not found and name.isdecimal() and (one := session.get(Subscriber, int(name))):
        found = [one]
    if len(found) != 1:
        many = "more than one subscriber is called" if found else "there is no subscriber"
        raise SubscriberError(f"{many.capitalize()} '{name}'. See the numbers with: vierluik subscriber list")
    return found[0]


def remove_subscriber(session: Session, subscriber: Subscriber, site_id: int | None = None) -> None:
    """Tell somebody nothing any more, of one site or at all. What waited for them goes too."""
    if site_id is not None:
        if wish := session.get(Subscription, (subscriber.id, site_id)):
            session.delete(wish)
        for message in session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.subscriber_id == subscriber.id,
                OutboxMessage.site_id == site_id,
                OutboxMessage.state == MessageState.WAITING,
            )
        ):
            session.delete(message)
        session.flush()
    left = session.scalar(select(Subscription).where(Subscription.subscriber_id == subscriber.id).limit(1))
    if site_id is None or left is None:
        session.delete(subscriber)
        session.flush()


# --- digests -----------------------------------------------------------------------------------------------------------


def digest_wishes(session: Session) -> list[tuple[int, int, str, datetime]]:
    """Who wants a digest of which site: their numbers, the site's time zone, and when it was last looked at for them."""
    query = select(Subscription, Site.time_zone).join(Site, Site.id == Subscription.site_id)
    return [
        (wish.subscriber_id, wish.site_id, zone, wish.looked_at)
        for wish, zone in session.execute(query.order_by(Subscription.subscriber_id, Subscription.site_id))
        if MessageKind.DIGEST in wish.kinds
    ]


def take_wish(session: Session, subscriber_id: int, site_id: int, before: datetime, now: datetime) -> Subscription | None:
    """Take a wish to look whether there is something to tell; None where another process looks, or it is gone."""
    taken = session.execute(
        update(Subscription)
        .where(Subscription.subscriber_id == subscriber_id, Subscription.site_id == site_id, Subscription.looked_at < before)
        .values(looked_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    return session.get(Subscription, (subscriber_id, site_id)) if taken.rowcount == 1 else None


def reminder_wishes(session: Session) -> list[tuple[int, int, str, date | None]]:
    """Who wants to be reminded of what they promised: their numbers, the site's time zone, and the Monday that was done last."""
    query = select(Subscription, Site.time_zone).join(Site, Site.id == Subscription.site_id)
    return [
        (wish.subscriber_id, wish.site_id, zone, wish.reminded_on)
        for wish, zone in session.execute(query.order_by(Subscription.subscriber_id, Subscription.site_id))
        if MessageKind.REMINDER in wish.kinds
    ]


def take_reminder(session: Session, subscriber_id: int, site_id: int, monday: date) -> Subscriber | None:
    """Take the reminder of a week, once; None where another process has it, or it was written."""
    taken = session.execute(
        update(Subscription)
        .where(Subscription.subscriber_id == subscriber_id, Subscription.site_id == site_id)
        .where(or_(Subscription.reminded_on.is_(None), Subscription.reminded_on < monday))
        .values(reminded_on=monday)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    return session.get(Subscriber, subscriber_id) if taken.rowcount == 1 else None


def told_of(wish: Subscription) -> Told:
    return Told(wish.told_run_id, wish.told_test_id, tuple(wish.withheld))


def keep_told(wish: Subscription, told: Told) -> None:
    wish.told_run_id, wish.told_test_id, wish.withheld = told.run_id, told.test_id, list(told.withheld)


# --- the outbox --------------------------------------------------------------------------------------------------------


def write_message(session: Session, key: str, subscriber_id: int, kind: MessageKind, content: Content, now: datetime) -> bool:
    """Put a message in the outbox. False: it stands there already, by its key."""
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return False
    session.add(
        OutboxMessage(
            key=key,
            subscriber_id=subscriber_id,
            site_id=content.site_id,
            kind=kind,
            content=as_stored(content),
            state=MessageState.WAITING,
            next_try_at=now,
            written_at=now,
        )
    )
    session.flush()
    return True


def due_messages(session: Session, now: datetime, limit: int = 1_000) -> list[int]:
    """The numbers of messages that may be tried now, oldest first."""
    query = select(OutboxMessage.id).where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.next_try_at <= now)
    return list(session.scalars(query.order_by(OutboxMessage.id).limit(limit)))


def take_message(session: Session, number: int, now: datetime) -> tuple[OutboxMessage, Subscriber] | None:
    """Take a message to send it; None where another process was first. Whoever dies with it loses it to the next try."""
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == number, OutboxMessage.state == MessageState.WAITING, OutboxMessage.next_try_at <= now)
        .values(next_try_at=now + HELD_FOR, tries=OutboxMessage.tries + 1)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    if taken.rowcount != 1:
        return None
    message = session.get_one(OutboxMessage, number, populate_existing=True)
    return message, session.get_one(Subscriber, message.subscriber_id)


def note_sent(session: Session, number: int, now: datetime) -> None:
    _note(session, number, state=MessageState.SENT, sent_at=now, reason="", said="")


def note_refused(session: Session, number: int, reason: str, said: str) -> None:
    """The receiver will never take it."""
    _note(session, number, state=MessageState.REFUSED, reason=reason, said=said[:300])


def note_later(session: Session, number: int, reason: str, said: str, now: datetime) -> None:
    """It could not be sent; it is tried again after a pause that grows."""
    message = session.get(OutboxMessage, number)
    if message is not None:
        _note(session, number, next_try_at=now + pause_after(message.tries), reason=reason, said=said[:300])


def pause_after(tries: int) -> timedelta:
    """1, 2, 4, 8 … minutes, at most six hours."""
    doubled: int = 2 ** min(max(tries - 1, 0), 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def _note(session: Session, number: int, **values: object) -> None:
    session.execute(update(OutboxMessage).where(OutboxMessage.id == number).values(**values))


def messages_of_site(session: Session, site_id: int, limit: int) -> list[tuple[OutboxMessage, Subscriber]]:
    """The newest messages of a site, newest first."""
    query = (
        select(OutboxMessage, Subscriber)
        .join(Subscriber, Subscriber.id == OutboxMessage.subscriber_id)
        .where(OutboxMessage.site_id == site_id)
        .order_by(OutboxMessage.id.desc())
    )
    return [(message, person) for message, person in session.execute(query.limit(limit))]
