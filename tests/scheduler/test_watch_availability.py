"""Watched addresses: two looks before down, intervals only where something changes, and never blamed for our own network."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select
from test_alarms import told

from rules.availability import Availability, WatchKind
from rules.findability import RightPage, SearchTask, SiteSearch, TaskState
from rules.message import AlarmKind, Channel, MessageKind
from rules.site import Scope
from scheduler.watch_availability import EVERY, watch
from storage.availability import (
    add_address,
    addresses_of_site,
    due_addresses,
    incidents_of_site,
    months_of_address,
    propose_addresses,
    states_now,
    switch_address,
    uptime,
)
from storage.availability_models import AvailabilityDay, AvailabilityInterval
from storage.database import Database
from storage.findability import keep_search, keep_tasks
from storage.messages import Wish, add_subscriber
from storage.models import Site
from storage.sites import add_site

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = b"<html lang=nl><title>Afspraak maken</title><h1>Afspraak</h1><form><input type=text name=naam></form> goede dag"


class Website(ThreadingHTTPServer):
    """Answers as it is told: a status and a body for each path, one after the other; the last one stays."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[tuple[int, bytes]]] = {}
        self.asked: list[tuple[str, str]] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Website

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        answers = self.server.answers.get(self.path, [(200, PAGE)])
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as website:
        thread = threading.Thread(target=website.serve_forever)
        thread.start()
        yield website
        website.shutdown()
        thread.join()


@pytest.fixture
def database(tmp_path: Path, website: Website) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "Voorbeeld", f"{website.origin}/", Scope((website.origin,)), NOW)
        add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", [Wish(site.id, (MessageKind.ALARMS,))], NOW)
        propose_addresses(session, site, NOW)
    yield database
    database.close()


def look(database: Database, at: datetime, *, route: bool = True) -> int:
    return asyncio.run(watch(database, lambda: at, pause_s=0.05, has_route=lambda: route))


def intervals(database: Database) -> list[tuple[str, str]]:
    with database.session() as session:
        return [
            (one.state, one.reason) for one in session.scalars(select(AvailabilityInterval).order_by(AvailabilityInterval.id))
        ]


def test_it_is_asked_every_five_minutes_by_our_name(database: Database, website: Website) -> None:
    assert look(database, NOW) == 1
    assert look(database, NOW + timedelta(minutes=4)) == 0
    assert look(database, NOW + timedelta(minutes=5)) == 1
    assert [path for path, _ in website.asked] == ["/", "/"] and website.asked[0][1].startswith("Vierluik/")
    assert intervals(database) == [("up", "")], "a look that says the same writes no interval"


def test_one_bad_look_is_not_down(database: Database, website: Website) -> None:
    website.answers["/"] = [(500, b"kapot"), (200, PAGE)]
    look(database, NOW)
    assert intervals(database) == [("up", "")]


def test_two_bad_looks_are_down_are_told_and_so_is_the_end(database: Database, website: Website) -> None:
    look(database, NOW)
    website.answers["/"] = [(500, b"kapot")]
    look(database, NOW + EVERY)
    assert intervals(database)[-1] == ("down", "server-error") and len(website.asked) == 3
    assert told(database, NOW + EVERY) == [(AlarmKind.PAGE_DOWN, False)]
    look(database, NOW + 2 * EVERY)
    assert told(database, NOW + 2 * EVERY) == []
    website.answers["/"] = [(200, PAGE)]
    look(database, NOW + 3 * EVERY)
    assert told(database, NOW + 3 * EVERY) == [(AlarmKind.PAGE_DOWN, True)]
    with database.session() as session:
        (incident,) = incidents_of_site(session, 1, 10)
        assert incident.interval.ended_at == NOW + 3 * EVERY and incident.interval.status == 500
        assert uptime(session, 1, list(WatchKind), NOW.date(), NOW.date()).share == 0.5
        months = months_of_address(session, 1, date(2026, 11, 1), date(2026, 11, 30))
        assert [(one.asked, one.up) for one in months[incident.address.id].values()] == [(4, 2)]


def test_a_form_that_is_gone_is_down(database: Database, website: Website) -> None:
    look(database, NOW)
    website.answers["/"] = [(200, PAGE.replace(b"<form>", b"<p>").replace(b"</form>", b"</p>").replace(b"<input", b"<b"))]
    look(database, NOW + EVERY)
    assert intervals(database)[-1] == ("down", "form-gone")


def test_a_time_in_which_nobody_looked_is_unknown(database: Database) -> None:
    look(database, NOW)
    look(database, NOW + timedelta(hours=6))
    assert intervals(database) == [("up", ""), ("unknown", "not-watched"), ("up", "")]
    with database.session() as session:
        assert uptime(session, 1, list(WatchKind), NOW.date(), NOW.date()).share == 1.0


def unreachable(database: Database, host: str) -> None:
    with database.session() as session:
        site = session.get_one(Site, 1)
        site.origins = [*site.origins, f"http://{host}"]
        assert add_address(session, site, f"http://{host}/", NOW)


def test_our_own_network_is_never_the_sites_fault(database: Database, website: Website) -> None:
    unreachable(database, "nergens.invalid")
    with database.session() as session:
        switch_address(session, 1, 1, on=False, now=NOW)
    look(database, NOW, route=False)
    assert intervals(database)[-1] == ("unknown", "own-network"), "there is no way to anywhere"
    look(database, NOW + EVERY, route=True)
    assert intervals(database)[-1] == ("down", "unknown-host"), "there is a way: the name is gone"
    unreachable(database, "ook-nergens.invalid")
    look(database, NOW + 2 * EVERY, route=True)
    assert intervals(database)[-1] == ("unknown", "own-network"), "hosts of two names fell silent at once"
    with database.session() as session:
        switch_address(session, 1, 1, on=True, now=NOW + 2 * EVERY)
    look(database, NOW + 3 * EVERY, route=True)
    assert [one for one in intervals(database)[-2:] if one[0] == "down"], "another host answers: the network is there"


def test_a_clock_that_is_set_back_silences_nothing(database: Database) -> None:
    look(database, NOW)
    assert look(database, NOW - timedelta(days=3)) == 1
    with database.session() as session:
        assert not due_addresses(session, NOW - timedelta(days=3), EVERY)


def test_single_times_are_kept_for_today_only(database: Database) -> None:
    for number in range(3):
        look(database, NOW + number * EVERY)
    look(database, NOW + timedelta(days=1))
    with database.session() as session:
        first, second = session.scalars(select(AvailabilityDay).order_by(AvailabilityDay.day))
        assert first.times == [] and first.median_ms is not None and first.slowest_ms >= first.median_ms  # type: ignore[operator]
        assert (first.asked, first.up, len(second.times)) == (3, 3, 1)


def test_what_is_watched_is_proposed_from_tasks_and_search(database: Database, website: Website) -> None:
    website.answers["/robots.txt"] = [(200, b"User-agent: *\nDisallow: /zoeken")]
    with database.session() as session:
        site = session.get_one(Site, 1)
        pages = (RightPage(f"{website.origin}/uitleg", 1), RightPage(f"{website.origin}/paspoort", 3))
        keep_tasks(session, 1, [SearchTask("Paspoort", ("pas",), pages)], TaskState.CONFIRMED, "file", NOW)
        search = SiteSearch(template=f"{website.origin}/zoeken?q={{query}}")
        keep_search(session, 1, search, TaskState.CONFIRMED, NOW)
        assert propose_addresses(session, site, NOW) == 2 and propose_addresses(session, site, NOW) == 0
        kinds = {one.kind: one.url.removeprefix(website.origin) for one in addresses_of_site(session, 1)}
        assert kinds == {"start": "/", "task": "/paspoort", "search": "/zoeken?q=contact"}
        assert not add_address(session, site, "https://elders.example/", NOW)
    look(database, NOW)
    assert "/zoeken?q=contact" not in [path for path, _ in website.asked], "robots.txt forbids it"
    with database.session() as session:
        assert [one.state for one in states_now(session, 1).values()].count(Availability.UNKNOWN) == 1


MADE_BY_SCRIPT = b"""<html lang=nl><title>Afspraak maken</title><h1>Afspraak</h1><p>Kies een moment.</p><script>
document.body.insertAdjacentHTML("beforeend", "<form><input name=naam></form>")</script>"""
BROKEN_SCRIPT = MADE_BY_SCRIPT.replace(b"document.body.insert", b"document.nothing.insert")


@pytest.mark.slow
def test_once_an_hour_it_is_opened_in_a_browser_which_sees_what_a_script_makes(database: Database, website: Website) -> None:
    def look_in(minutes: int) -> tuple[str, str]:
        moment = NOW + timedelta(minutes=minutes)
        asyncio.run(watch(database, lambda: moment, pause_s=0.05, has_route=lambda: True, opens=True))
        return intervals(database)[-1]

    website.answers["/"] = [(200, MADE_BY_SCRIPT)]
    assert look_in(0) == ("up", "")
    asked = len(website.asked)
    website.answers["/"] = [(200, BROKEN_SCRIPT)]
    assert look_in(5) == ("up", ""), "the server is well, and no browser looks"
    assert len(website.asked) == asked + 1
    assert look_in(60) == ("down", "form-gone")
    assert look_in(65) == ("down", "form-gone"), "that the server is well does not make it up"
    website.answers["/"] = [(200, MADE_BY_SCRIPT)]
    assert look_in(70) == ("up", "")
    asked = len(website.asked)
    assert look_in(75) == ("up", "") and len(website.asked) == asked + 1
