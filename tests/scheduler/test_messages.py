"""Messages reach a real mail server, once; a server that is down, slow or strict loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mail_servers import PASSWORD, USER, Post, Server, certificate
from sqlalchemy import select

from crawler.mailer import MailSecurity, MailServer
from rules.message import Channel, Digest, FixedRule, MessageKind, MessageState, NewCause, OpenNumbers
from rules.site import Scope
from scheduler.message_settings import MessageSettings
from scheduler.messages import digest_moment, send_due_messages
from storage.database import Database
from storage.message_models import OutboxMessage
from storage.messages import Wish, add_subscriber, pause_after, write_message
from storage.sites import add_site
from vierluik.messages import mail_writer

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
HOSTILE = "</title><script>alert(1)</script>\r\nBcc: boef@example.com\n\u202egnp.exe"
SENDER = "vierluik@gemeente.example"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        add_site(session, "Voorbeeld", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW)
    yield database
    database.close()


def digest(site: str = "Voorbeeld", title: str = "Paspoort aanvragen") -> Digest:
    cause = NewCause(
        "image-alternative", "content", "main", "editor", 3, 2, 7, "https://www.example.nl/paspoort", title, "nl", "failed"
    )
    return Digest(
        site_id=1,
        site=site,
        time_zone="Europe/Amsterdam",
        since=NOW - timedelta(days=7),
        until=NOW,
        sections=[],
        fixed=[FixedRule("text-contrast", 12, 4)],
        tasks_found=[title],
        tasks_lost=[],
        new=[cause],
        new_in_all=14,
        still_open=OpenNumbers(120, 31, 90, 4, 10, 2),
    )


def write(database: Database, *people: str, content: Digest | None = None, language: str = "nl") -> None:
    with database.session() as session:
        for address in people:
            wish = Wish(1, (MessageKind.DIGEST,))
            words = "en" if language == "en" else "nl"
            person = add_subscriber(session, f"P. {address}", Channel.MAIL, address, words, [wish], NOW)  # type: ignore[arg-type]
            write_message(session, f"digest-{address}", person.id, MessageKind.DIGEST, content or digest(), NOW)


def send(database: Database, server: MailServer | None, now: datetime = NOW, **settings: str) -> tuple[int, int, int]:
    how = MessageSettings(server, SENDER, **settings)  # type: ignore[arg-type]
    sent = send_due_messages(database, how, lambda: now, mail_writer(how))
    return sent.sent, sent.later, sent.refused


def outbox(database: Database) -> list[OutboxMessage]:
    with database.session() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_digest_arrives_as_text_and_html_with_the_good_first(database: Database) -> None:
    write(database, "an@example.nl")
    with Server(post := Post()) as server:
        assert send(database, server.settings(), public_url="https://vierluik.example.nl") == (1, 0, 0)
        assert send(database, server.settings(), NOW + timedelta(days=400)) == (0, 0, 0)
    ((receiver, mail),) = post.arrived
    assert receiver == "an@example.nl"
    assert mail["Subject"].strip() == "Voorbeeld: 12 fouten zijn weg, 1 taak weer gevonden, 14 nieuwe oorzaken"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for body in (text, html):
        assert body.index("Wat beter werd" if body is html else "WAT BETER WERD") < body.lower().index("nieuw, en het eerst")
        assert "31 van de 120" in body and "4 adressen" in body and "12 keer weg, op 4 pagina’s" in body
        assert "https://vierluik.example.nl/nl/unsubscribe/" in body
        assert "https://www.example.nl/paspoort" in body
    assert "https://vierluik.example.nl/nl/unsubscribe/" in mail["List-Unsubscribe"]
    assert f"mailto:{SENDER}" in mail["List-Unsubscribe"] and mail["Auto-Submitted"] == "auto-generated"
    assert [one.state for one in outbox(database)] == [MessageState.SENT]


def test_without_a_public_address_the_way_out_is_an_answer(database: Database) -> None:
    write(database, "an@example.nl", language="en")
    with Server(post := Post()) as server:
        send(database, server.settings())
    mail = post.arrived[0][1]
    assert mail["List-Unsubscribe"] == f"<mailto:{SENDER}?subject=unsubscribe>"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "answer this e-mail" in text and "WHAT GOT BETTER" in text.upper()
    assert not any(word in text for word in ("pagina’s", "Wat ", "oorzaken"))


def test_what_comes_from_a_site_adds_no_header_and_runs_nothing(database: Database) -> None:
    write(database, "an@example.nl", content=digest(HOSTILE, HOSTILE))
    with Server(post := Post()) as server:
        assert send(database, server.settings()) == (1, 0, 0)
    mail = post.arrived[0][1]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["Bcc"] is None and "Bcc:" in mail["Subject"]
    assert "<script" not in html and "&lt;script&gt;" in html
    assert not any("\u202e" in part for part in (html, text, mail["Subject"]))


def test_a_server_that_is_down_loses_nothing_and_doubles_nothing(database: Database) -> None:
    write(database, "an@example.nl", "bo@example.nl")
    server = Server(post := Post())
    now = NOW
    for tries in (1, 2, 3):
        assert send(database, server.settings(), now) == (0, 2, 0)
        assert {(one.state, one.tries, one.reason) for one in outbox(database)} == {("waiting", tries, "mail-server-gone")}
        assert send(database, server.settings(), now) == (0, 0, 0), "it waits before it tries again"
        now += pause_after(tries)
    with server:
        assert send(database, server.settings(), now) == (2, 0, 0)
        assert send(database, server.settings(), now + timedelta(days=1)) == (0, 0, 0)
    assert sorted(receiver for receiver, _ in post.arrived) == ["an@example.nl", "bo@example.nl"]


def test_whoever_dies_while_sending_has_the_same_message_sent_again(database: Database) -> None:
    write(database, "an@example.nl")
    with Server(post := Post()) as server:
        send(database, server.settings())
        with database.session() as session:
            session.get_one(OutboxMessage, 1).state = MessageState.WAITING  # it was taken, and nobody noted so
        send(database, server.settings(), NOW + timedelta(hours=1))
    assert len({mail["Message-ID"] for _, mail in post.arrived}) == 1 and len(post.arrived) == 2


def test_a_receiver_who_is_refused_for_good_is_noted_and_holds_up_nobody(database: Database) -> None:
    write(database, "weg@example.nl", "vol@example.nl", "an@example.nl")
    post = Post(refused={"weg@example.nl": "550 no such user here", "vol@example.nl": "452 mailbox full"})
    with Server(post) as server:
        assert send(database, server.settings()) == (1, 1, 1)
    gone, full, fine = outbox(database)
    assert (gone.state, gone.reason, gone.said) == ("refused", "mail-receiver-refused", "550 no such user here")
    assert (full.state, full.reason) == ("waiting", "mail-receiver-refused") and fine.state == "sent"


def test_a_message_that_is_refused_for_good_is_noted(database: Database) -> None:
    write(database, "an@example.nl")
    with Server(Post(message_refused="554 looks like spam")) as server:
        assert send(database, server.settings()) == (0, 0, 1)
    assert outbox(database)[0].said == "554 looks like spam"


def test_it_goes_over_tls_with_a_log_in(database: Database, tmp_path: Path) -> None:
    write(database, "an@example.nl")
    context, authority = certificate(tmp_path)
    with Server(post := Post(), tls=context, asks_password=True) as server:
        settings = server.settings(user=USER, password=PASSWORD, ca_file=str(authority))
        assert send(database, settings) == (1, 0, 0)
    assert post.over_tls == [True] and post.logged_in == 1
    assert PASSWORD not in repr(settings)


def test_a_wrong_password_or_certificate_sends_nothing_and_loses_nothing(database: Database, tmp_path: Path) -> None:
    write(database, "an@example.nl")
    context, authority = certificate(tmp_path)
    with Server(post := Post(), tls=context, asks_password=True) as server:
        right = server.settings(user=USER, password=PASSWORD, ca_file=str(authority))
        assert send(database, replace(right, password="x")) == (0, 1, 0)
        assert outbox(database)[0].reason == "mail-log-in-refused"
        assert send(database, replace(right, ca_file=""), NOW + timedelta(hours=1)) == (0, 1, 0)
        assert outbox(database)[0].reason == "mail-not-secure"
        assert not post.arrived
        assert send(database, right, NOW + timedelta(hours=2)) == (1, 0, 0)
    assert PASSWORD not in (tmp_path / "vierluik.db").read_bytes().decode("latin-1")


def test_nothing_is_sent_in_the_open_where_tls_is_asked_for(database: Database) -> None:
    write(database, "an@example.nl")
    with Server(post := Post()) as server:
        assert send(database, server.settings(security=MailSecurity.STARTTLS)) == (0, 1, 0)
    assert outbox(database)[0].reason == "mail-not-secure" and not post.arrived


def test_a_server_that_never_answers_is_left_in_time(database: Database) -> None:
    write(database, "an@example.nl", "bo@example.nl")
    with Server(Post(seconds=60)) as server:  # patience for a step would see both delivered
        assert send(database, server.settings(answers_within_s=300.0, delivers_within_s=1.0)) == (0, 2, 0)
    assert {one.reason for one in outbox(database)} == {"mail-server-gone"}


def test_without_a_mail_server_messages_wait(database: Database) -> None:
    write(database, "an@example.nl")
    assert send(database, None) == (0, 1, 0)
    assert outbox(database)[0].reason == "mail-not-set"


def test_digests_are_written_on_monday_morning_in_the_sites_own_time() -> None:
    zone = "Europe/Amsterdam"
    assert digest_moment(datetime(2026, 11, 23, 6, 30, tzinfo=UTC), zone) == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert digest_moment(datetime(2026, 11, 23, 5, 59, tzinfo=UTC), zone) == datetime(2026, 11, 16, 6, tzinfo=UTC)
    # The clock goes from summer to winter on Sunday 25 October: the Monday before was an hour earlier in UTC.
    assert digest_moment(datetime(2026, 10, 26, 5, 30, tzinfo=UTC), zone) == datetime(2026, 10, 19, 5, tzinfo=UTC)
    assert digest_moment(datetime(2026, 10, 26, 6, 30, tzinfo=UTC), zone) == datetime(2026, 10, 26, 6, tzinfo=UTC)
