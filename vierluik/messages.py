"""`vierluik subscriber` and `vierluik message`: who is told what, and the sending of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage

import typer

from crawler.mailer import Fate
from dashboard.letters import Letter, mail_of, parts_of
from rules.message import Channel, MessageKind, SubscriberError, content_of
from rules.norm import Language
from rules.reason import reason_text
from scheduler.message_settings import MessageSettings
from scheduler.messages import MailWriter, send_due_messages, write_digests
from scheduler.tickets import file_due_tickets
from storage.database import Database
from storage.message_models import OutboxMessage, Subscriber
from storage.messages import Wish, add_subscriber, all_subscribers, find_subscriber, remove_subscriber
from storage.questions.digest import Told, digest_of, newest
from storage.questions.findability import finished_tests
from storage.questions.runs import run_history
from storage.sites import SiteError, get_site
from vierluik.screen import Exit, say, stop
from vierluik.settings import Settings, SettingsError


def add(
    database: Database,
    name: str,
    channel: Channel,
    address: str,
    sites: Sequence[str],
    kinds: tuple[MessageKind, ...],
    sections: Sequence[str],
    language: Language,
) -> None:
    with database.session() as session:
        try:
            wishes = [Wish(get_site(session, site).id, kinds, tuple(sections)) for site in sites]
            person = add_subscriber(session, name, channel, address, language, wishes, datetime.now(UTC))
        except (SiteError, SubscriberError) as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        say(f"{person.id} {person.name} <{person.receiver}> is told: {', '.join(kinds)}.")


def list_subscribers(database: Database) -> None:
    with database.session() as session:
        for person, wish, site in all_subscribers(session):
            what = f"{','.join(wish.kinds)}\t{','.join(wish.sections) or '-'}"
            typer.echo(f"{person.id}\t{person.name}\t{person.channel}\t{person.receiver}\t{person.language}\t{site.name}\t{what}")


def remove(database: Database, name: str) -> None:
    with database.session() as session:
        try:
            person = find_subscriber(session, name)
        except SubscriberError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        remove_subscriber(session, person)
        say(f"{person.name} <{person.receiver}> is told nothing any more.")


def send_now(database: Database, settings: Settings, *, write: bool) -> Exit:
    """Send what is due. Exit 3 where something could not be sent: it waits, or its receiver will not have it."""
    try:
        how, where = settings.for_messages(), settings.for_tickets()
    except SettingsError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    if filed := file_due_tickets(database, where, lambda: datetime.now(UTC)):
        say(f"{sum(one.fate is Fate.SENT for one in filed)} of {len(filed)} tickets were filed.")
    if write:
        say(f"{write_digests(database, datetime.now(UTC), at_once=True)} digests were written.")
    sent = send_due_messages(database, how, lambda: datetime.now(UTC), mail_writer(how))
    say(f"{sent.sent} messages sent, {sent.later} wait for another try, {sent.refused} refused.")
    if sent.last:
        say(f"{reason_text(sent.last.reason, 'en')} {sent.last.said}".rstrip())
    return Exit.NOTHING_JUDGED if sent.last else Exit.FINE


def mail_writer(settings: MessageSettings) -> MailWriter:
    """Puts the words of the dashboard into a message of the outbox."""

    def write(message: OutboxMessage, person: Subscriber) -> EmailMessage:
        return mail_of(
            Letter(
                content=content_of(MessageKind(message.kind), message.content),
                language="en" if person.language == "en" else "nl",
                name=person.name,
                address=person.address,
                key=message.key,
                token=person.token,
                written_at=message.written_at,
                sender=settings.sender,
                public_url=settings.public_url,
            )
        )

    return write


def preview(
    database: Database, settings: Settings, name: str, since: int | None, sections: list[str], language: Language, *, html: bool
) -> None:
    """Print the digest that tells what changed since a run, or since the one before the newest."""
    now = datetime.now(UTC)
    with database.session() as session:
        try:
            site = get_site(session, name)
        except SiteError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        runs = [point.run.id for point in run_history(session, site.id)]
        if not runs:
            raise stop(Exit.NOTHING_JUDGED, f"'{site.name}' has no finished run yet. Start one with: vierluik run {site.id}")
        told = since if since is not None else (runs[-2] if len(runs) > 1 else 0)
        tests = [test.id for test in finished_tests(session, site.id, 2)]
        test = tests[0] if len(tests) > 1 else newest(session, site.id).test_id
        digest, _ = digest_of(session, site, Told(told, test), sections)
    if digest is None:
        raise stop(Exit.FINE, "Nothing changed: no digest would be sent.")
    sender = settings.mail_sender or "vierluik@example.nl"
    letter = Letter(digest, language, "", "webteam@example.nl", "preview", "preview", now, sender, settings.public_url)
    _, text, page = parts_of(letter)
    typer.echo(page if html else text)
