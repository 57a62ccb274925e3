"""A webhook gets the facts, signed and once; never on our own network unless that is allowed, and a slow receiver waits."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from test_messages import NOW, database, digest, outbox  # noqa: F401

from rules.message import Channel, MessageKind, SubscriberError, read_webhook
from scheduler.message_settings import MessageSettings
from scheduler.messages import send_due_messages
from storage.database import Database
from storage.messages import Wish, add_subscriber, write_message
from vierluik.messages import mail_writer

SECRET = "een-geheim-8842"


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.leads_to = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def write(database: Database, url: str) -> None:  # noqa: F811
    with database.session() as session:
        person = add_subscriber(session, "Teams", Channel.WEBHOOK, url, "nl", [Wish(1, (MessageKind.DIGEST,))], NOW)
        write_message(session, "digest-1-1-7-0", person.id, MessageKind.DIGEST, digest(), NOW)


def send(database: Database, hours: int = 0, *, private: bool = True, secret: str = SECRET) -> tuple[int, int, int]:  # noqa: F811
    how = MessageSettings(webhook_secrets={"Teams": secret}, webhook_private=private)
    sent = send_due_messages(database, how, lambda: NOW + timedelta(hours=hours), mail_writer(how))
    return sent.sent, sent.later, sent.refused


def test_it_arrives_signed_with_its_time(database: Database, receiver: Receiver) -> None:  # noqa: F811
    write(database, receiver.url)
    assert send(database) == (1, 0, 0) and send(database, 9) == (0, 0, 0)
    ((headers, body),) = receiver.got
    made = hmac.new(SECRET.encode(), headers["Vierluik-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Vierluik-Signature"] == f"sha256={made}"
    assert headers["Vierluik-Timestamp"] == str(int(NOW.timestamp()))
    told = json.loads(body)
    assert told["kind"] == "digest" and told["content"]["still_open"]["pages_with_failure"] == 31
    assert SECRET.encode() not in body


@pytest.mark.parametrize(("status", "fate"), [(500, "waiting"), (429, "waiting"), (302, "waiting"), (410, "refused")])
def test_what_is_not_taken_is_tried_again_unless_for_good(
    database: Database,  # noqa: F811
    receiver: Receiver,
    status: int,
    fate: str,
) -> None:
    write(database, receiver.url)
    receiver.status, receiver.leads_to = status, receiver.url if status == 302 else ""
    send(database)
    (message,) = outbox(database)
    assert (message.state, message.reason, len(receiver.got)) == (fate, "webhook-refused", 1)
    receiver.status = 200
    assert send(database, 1) == ((1, 0, 0) if fate == "waiting" else (0, 0, 0))


def test_an_address_of_our_own_network_is_not_spoken_to(database: Database, receiver: Receiver) -> None:  # noqa: F811
    write(database, receiver.url.replace("127.0.0.1", "localhost"))
    assert send(database, private=False) == (0, 1, 0)
    assert outbox(database)[0].reason == "private-address" and not receiver.got


def test_without_its_secret_nothing_is_sent(database: Database, receiver: Receiver) -> None:  # noqa: F811
    write(database, receiver.url)
    assert send(database, secret="") == (0, 1, 0)
    assert outbox(database)[0].reason == "webhook-no-secret" and not receiver.got
    assert send(database, 1) == (1, 0, 0)


@pytest.mark.parametrize("url", ["", "chat.example.nl", "ftp://example.nl/", "https://u:p@example.nl/", "https://example.nl/a b"])
def test_what_is_no_address_of_a_program_is_a_sentence(url: str) -> None:
    with pytest.raises(SubscriberError, match="for example"):
        read_webhook(url)
