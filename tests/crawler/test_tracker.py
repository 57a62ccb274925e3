"""Tickets reach a real server in the form of each tracker, authorised; and never one in our own network unasked."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crawler.mailer import Fate
from crawler.tracker import Filed, TicketText, file_ticket
from crawler.webhook import signature
from rules.ticket import Tracker, TrackerError, TrackerKind, read_trackers

TICKET = TicketText("Stad: deze knop heeft geen naam", "## Wat\n\n- <b>één</b> & `x`\n" + "lang " * 20)
ANSWERS = {
    "/repos/o/r/issues": (201, {"number": 7, "html_url": "https://github.example/o/r/issues/7"}),
    "/api/v4/projects/12/issues": (201, {"iid": 3, "web_url": "javascript:alert(1)"}),
    "/rest/api/2/issue": (201, {"id": "100", "key": "WEB-24"}),
    "/tas/api/incidents": (201, {"id": "x", "number": "I 2611 001\u202e"}),
    "/hook": (200, None),
    "/refused": (422, {"message": "Validation Failed"}),
    "/busy": (503, {}),
    "/away": (302, {}),
}
SECRET = "geheim-token"


class Taker(ThreadingHTTPServer):
    """Keeps what it was sent."""

    taken: list[tuple[str, dict[str, str], bytes]]


class Handler(BaseHTTPRequestHandler):
    server: Taker

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        status, answer = ANSWERS[self.path]
        said = b"<html>fine" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/hook")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def taker() -> Iterator[Taker]:
    server = Taker(("127.0.0.1", 0), Handler)
    server.taken = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def post(taker: Taker, kind: TrackerKind, path: str, *, may_be_private: bool = True, **facts: Any) -> Filed:
    taker.taken.clear()
    tracker = Tracker("Leverancier", kind, f"http://127.0.0.1:{taker.server_port}{path}", secret_env="X", **facts)
    return asyncio.run(
        file_ticket(
            tracker,
            SECRET,
            TICKET,
            key="ticket-1-2",
            timestamp=1_700_000_000,
            user_agent="Vierluik/0",
            may_be_private=may_be_private,
        )
    )


def basic(user: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    ("kind", "path", "facts", "headers", "body", "filed"),
    [
        (
            TrackerKind.GITHUB,
            "/repos/o/r/issues",
            {"labels": ("a11y",)},
            {"authorization": f"Bearer {SECRET}", "accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"},
            {"title": TICKET.title, "body": TICKET.body, "labels": ["a11y"]},
            ("7", "https://github.example/o/r/issues/7"),
        ),
        (
            TrackerKind.GITLAB,
            "/api/v4/projects/12/issues",
            {"labels": ("a11y", "web")},
            {"private-token": SECRET},
            {"title": TICKET.title, "description": TICKET.body, "labels": "a11y,web"},
            ("3", ""),
        ),
        (
            TrackerKind.JIRA,
            "/rest/api/2/issue",
            {"project": "WEB", "user": "web@example.nl", "labels": ("hoge nood",)},
            {"authorization": basic("web@example.nl")},
            {
                "fields": {
                    "project": {"key": "WEB"},
                    "issuetype": {"name": "Bug"},
                    "summary": TICKET.title,
                    "description": TICKET.body,
                    "labels": ["hoge-nood"],
                }
            },
            ("WEB-24", ""),
        ),
        (
            TrackerKind.TOPDESK,
            "/tas/api/incidents",
            {"user": "vierluik", "caller": "web@example.nl"},
            {"authorization": basic("vierluik")},
            {
                "briefDescription": TICKET.title,
                "request": "## Wat<br><br>- &lt;b&gt;één&lt;/b&gt; &amp; `x`<br>" + "lang " * 20,
                "status": "firstLine",
                "callerLookup": {"email": "web@example.nl"},
            },
            ("I 2611 001", ""),
        ),
    ],
)
def test_each_tracker_gets_its_own_form(
    taker: Taker,
    kind: TrackerKind,
    path: str,
    facts: dict[str, Any],
    headers: dict[str, str],
    body: dict[str, Any],
    filed: tuple[str, str],
) -> None:
    done = post(taker, kind, path, **facts)
    assert done.delivery.fate is Fate.SENT
    assert (done.reference, done.address) == filed
    ((asked, sent, written),) = taker.taken
    assert asked == path
    assert json.loads(written) == body
    assert headers.items() <= sent.items()
    assert sent["vierluik-key"] == "ticket-1-2"


def test_our_own_form_is_signed(taker: Taker) -> None:
    assert post(taker, TrackerKind.WEBHOOK, "/hook").delivery.fate is Fate.SENT
    ((_, sent, written),) = taker.taken
    assert sent["vierluik-signature"] == signature(SECRET, 1_700_000_000, written)
    assert SECRET not in str(sent) + written.decode()


@pytest.mark.parametrize(("path", "fate"), [("/refused", Fate.REFUSED), ("/busy", Fate.LATER), ("/away", Fate.LATER)])
def test_what_is_not_taken_has_its_fate_and_no_redirect_is_followed(taker: Taker, path: str, fate: Fate) -> None:
    done = post(taker, TrackerKind.GITHUB, path)
    assert (done.delivery.fate, done.reference, done.address) == (fate, "", "")
    assert [asked for asked, _, _ in taker.taken] == [path]


def test_our_own_network_is_not_reached_unless_that_is_allowed(taker: Taker) -> None:
    done = post(taker, TrackerKind.GITLAB, "/api/v4/projects/12/issues", may_be_private=False)
    assert (done.delivery.fate, done.delivery.reason) == (Fate.LATER, "private-address")
    assert taker.taken == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ("gitlab", "trackers.A is no table"),
        ({"kind": "trello", "url": "https://x.example/"}, "kind is 'trello'"),
        ({"kind": "github", "url": "file:///etc/passwd", "secret_env": "X"}, "is no address that issues can be posted to"),
        ({"kind": "github", "url": "https://me:pw@x.example/", "secret_env": "X"}, "is no address that issues can be posted to"),
        ({"kind": "github", "url": "https://x.example/"}, "name either secret_env or secret_file"),
        ({"kind": "github", "url": "https://x.example/", "secret_env": "X", "token": "y"}, "has no setting 'token'"),
        ({"kind": "jira", "url": "https://x.example/", "secret_env": "X"}, "Jira needs the key of a project"),
        ({"kind": "topdesk", "url": "https://x.example/", "secret_env": "X"}, "TOPdesk needs the user name"),
        ({"kind": "github", "url": "https://x.example/", "secret_env": "X", "labels": "a"}, "labels is a list"),
        ({"kind": "github", "url": "https://x.example/", "secret_env": 3}, "secret_env is no text"),
    ],
)
def test_a_tracker_that_cannot_be_says_what_to_write(facts: Any, sentence: str) -> None:
    with pytest.raises(TrackerError) as caught:
        read_trackers({"A": facts})
    assert sentence in str(caught.value)
