"""Live progress over real connections: what is told, when it ends, how many there may be; and clients that are slow."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import httpx2
import pytest
from dashboard_seed import NOW
from fastapi import FastAPI
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import update
from test_dashboard_in_browser import browser_path

from dashboard.app import create_app
from dashboard.streams import Event, Streams
from rules.run import RunState
from storage.database import Database
from storage.models import Page, Request, Run, RunPage
from vierluik.web_server import PatientProtocol, WebServer

needs_browser = pytest.mark.skipif(browser_path() is None, reason="no browser: set VIERLUIK_BROWSER or install chromium")


House = tuple[FastAPI, int, Database, dict[str, int]]


class Impatient(PatientProtocol):
    looks_every_s = 0.1
    headers_within_s = 0.5
    idle_looks = 3


@contextmanager
def served(app: Any) -> Iterator[int]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = WebServer(app, "127.0.0.1", port, app.state.streams.close)
    server.config.http = Impatient
    app.state.server = server
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield port
    server.handle_exit(2, None)  # as Ctrl+C does: whatever is still open ends by itself
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def house(filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A dashboard over a copy, as these tests make its run go on and end."""
    copy = tmp_path_factory.mktemp("live") / "vierluik.db"
    with closing(sqlite3.connect(filled[0].url.removeprefix("sqlite:///"))) as from_, closing(sqlite3.connect(copy)) as to:
        from_.backup(to)
    database, ids = Database(f"sqlite:///{copy}"), filled[1]
    app = create_app(database, now=lambda: NOW)
    app.state.streams = Streams(most=3, most_each=2, reads_every_s=0.05, beats_every_s=0.2)
    with served(app) as port:
        yield app, port, database, ids
    database.close()


def events(answer: httpx2.Response) -> Iterator[tuple[str, dict[str, str]]]:
    name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_run_is_followed_until_it_ends(house: House) -> None:
    app, port, database, ids = house
    address = f"http://127.0.0.1:{port}/nl/sites/{ids['running_site']}"
    with database.session() as session:
        run = session.query(Run).filter_by(site_id=ids["running_site"], state=RunState.RUNNING).one()
        pages = session.query(RunPage).filter_by(run_id=run.id).count()
    first = httpx2.get(address).text
    with httpx2.stream("GET", f"{address}/progress", timeout=20) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store" and "content-encoding" not in answer.headers
        told = events(answer)
        name, event = next(told)
        # What is told is what the screen shows without script.
        assert name == "progress" and event["html"].strip() in first and f"van {pages} gevonden" in event["html"]
        with database.session() as session:
            session.execute(update(RunPage).where(RunPage.run_id == run.id).values(step="done"))
        name, event = next(told)
        assert name == "progress" and f"{pages} van {pages}" in event["html"] and event["words"].startswith("100%")
        with database.session() as session:
            session.execute(update(Run).where(Run.id == run.id).values(progress={"to_judge": 4, "judged": 1}))
        assert next(told)[1]["words"] == "Nu de documenten."
        with database.session() as session:
            session.execute(update(Run).where(Run.id == run.id).values(state=RunState.INTERRUPTED))
        name, event = next(told)
        assert name == "end" and f"/nl/sites/{ids['running_site']}" in event["html"]
        assert not list(told)  # nothing after the end
    with database.session() as session:
        session.execute(update(Run).where(Run.id == run.id).values(state=RunState.RUNNING, progress={}))
    assert app.state.streams.open.total() == 0


def test_there_are_only_so_many_and_a_silent_one_beats(house: House) -> None:
    app, port, _, ids = house
    address = f"http://127.0.0.1:{port}/en/sites/{ids['running_site']}"
    with httpx2.stream("GET", f"{address}/progress", timeout=20) as one, httpx2.stream("GET", f"{address}/progress") as two:
        assert (one.status_code, two.status_code) == (200, 200)
        third = httpx2.get(f"{address}/progress")
        assert third.status_code == 503 and third.headers["x-content-type-options"] == "nosniff"
        assert httpx2.get(address).status_code == 200  # the screen itself is there
        assert any(line == ":" for line in one.iter_lines())
    while app.state.streams.open.total():  # ends with its client
        time.sleep(0.05)


def test_what_goes_on_nowhere_ends_at_once_and_what_is_not_there_is_not(house: House) -> None:
    _, port, database, ids = house
    address = f"http://127.0.0.1:{port}/nl"
    assert "event: end" in httpx2.get(f"{address}/sites/{ids['site']}/progress").text
    assert httpx2.get(f"{address}/sites/999999/progress").status_code == 404
    with database.session() as session:
        other = session.query(Request).filter(Request.kind != "check_page").first()
        assert other is not None
        number = other.id
    assert httpx2.get(f"{address}/pages/{ids['page']}/answer/{number}/progress").status_code == 404


@needs_browser
def test_a_screen_follows_and_says_little(house: House) -> None:
    _, port, database, ids = house
    with database.session() as session:
        run = session.query(Run).filter_by(site_id=ids["running_site"], state=RunState.RUNNING).one()
        session.execute(update(RunPage).where(RunPage.run_id == run.id).values(step="found"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page()
        blocked: list[str] = []
        page.on("console", lambda message: blocked.append(message.text) if message.type == "error" else None)
        page.goto(f"http://127.0.0.1:{port}/nl/sites/{ids['running_site']}/runs")
        said = page.locator("[data-live] [role=status]")
        assert said.inner_text() == ""  # what the screen shows when it opens is not told again
        with database.session() as session:
            session.execute(update(RunPage).where(RunPage.run_id == run.id).values(step="done"))
        expect(said).to_have_text(re.compile("^100%"), timeout=30_000)
        with database.session() as session:
            session.execute(update(Run).where(Run.id == run.id).values(state=RunState.INTERRUPTED))
        page.get_by_role("link", name="Bekijk de uitkomst").wait_for()
        with database.session() as session:
            page_id = ids["page"]
            address = session.get_one(Page, page_id).identity
            asked = Request(
                site_id=ids["site"], kind="check_page", arguments={"url": address}, state="taken", requested_by="a",
                requested_at=NOW, result={},
            )  # fmt: skip
            session.add(asked)
            session.flush()
            number = asked.id
        page.goto(f"http://127.0.0.1:{port}/nl/pages/{page_id}/answer/{number}?wait=0")
        assert page.get_by_role("heading", level=1).inner_text() == "Deze pagina wordt opnieuw gecontroleerd"
        with database.session() as session:
            session.execute(update(Request).where(Request.id == number).values(state="failed"))
        page.get_by_role("heading", level=1, name="Opnieuw gecontroleerd").wait_for()
        browser.close()
        with database.session() as session:
            session.execute(update(Run).where(Run.id == run.id).values(state=RunState.RUNNING))
    assert not blocked


def test_an_event_is_one_event_whatever_it_holds() -> None:
    text = Event("<p>\n\ndata: x\r\nevent: end</p>", "a\nb").text
    assert text.count("\n\n") == 1 and len(re.findall(r"^(?:event|data):", text, re.MULTILINE)) == 2 and "\r" not in text


@pytest.mark.parametrize("part", ["nothing", "header", "body", "second"])
def test_a_client_that_sends_slowly_is_let_go(house: House, part: str) -> None:
    """It sends a byte now and then for as long as it is let: it is the server that ends it."""
    _, port, _, _ = house
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
        if part == "header":
            line.sendall(b"GET /nl/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        elif part == "body":
            line.sendall(b"POST /nl/log-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                         b"Sec-Fetch-Site: same-origin\r\nContent-Length: 1000000\r\n\r\n")  # fmt: skip
        elif part == "second":
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHo")
        assert ended(line, sending=part != "nothing")
    assert httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200


def ended(line: socket.socket, *, sending: bool) -> bool:
    """Whether the other side hangs up, also on who sends a byte now and then."""
    line.settimeout(0.1)
    for _ in range(300):
        try:
            if sending:
                line.sendall(b"a")
            if not line.recv(1_000):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_clients_that_do_not_read_hold_nobody_up(house: House) -> None:
    """Twenty ask for much and read nothing, or a byte now and then; others are answered, and the twenty are let go."""
    app, port, _, ids = house
    asks = b"GET /static/x/vendor/nl-design-system.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40
    lines = []
    for _ in range(20):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.connect(("127.0.0.1", port))
        line.sendall(asks)
        line.settimeout(0.01)
        lines.append(line)
    assert httpx2.get(f"http://127.0.0.1:{port}/nl/sites/{ids['site']}", timeout=60).status_code == 200
    server: WebServer = app.state.server
    for _ in range(600):
        if not server.server_state.connections:
            break
        for line in lines[::2]:
            with suppress(OSError):
                line.recv(1)
        time.sleep(0.05)
    assert not server.server_state.connections  # nor what waited to be read
    for line in lines:
        line.close()
