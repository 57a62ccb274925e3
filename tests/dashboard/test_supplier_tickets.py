"""A cause becomes a ticket that a supplier can work from, once, and the clock stops while the supplier holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from crawler.mailer import Fate
from dashboard.app import create_app
from rules.site import Scope
from rules.ticket import Clock, DeliveryState, Step, TicketState, Tracker, TrackerKind, clock_of
from scheduler.tickets import TrackerSettings, file_due_tickets
from storage.blobs import put_texts
from storage.database import Database
from storage.models import Cluster, Finding, Page, PageState, Run
from storage.sites import add_site
from storage.tickets import ticket_of_site, tickets_of_site

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
OWN = {"Origin": "http://testserver"}
HOSTILE = "<button onclick=alert(1)>\n```\n# kop\n[x](javascript:alert(2))</button>\u202e"


@pytest.fixture(scope="module")
def stored_cause(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One site, one run, one cause in a component on three pages."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('tickets') / 'v.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "Stad", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW)
        add_site(session, "Anders", "https://anders.example/", Scope(("https://anders.example",)), NOW)
        run = Run(
            site_id=site.id,
            state="finished",
            started_at=NOW - DAY,
            heartbeat_at=NOW,
            norm="en301549-3.2.1",
            rule_set="x",
            engines={"axe": "4.14"},
            browser="Chromium 140",
        )
        session.add(run)
        session.flush()
        cause = Cluster(
            site_id=site.id,
            kind="component",
            key="k",
            rule="button-name",
            mender="supplier",
            region="header",
            confirmation="confirmed",
            first_run_id=run.id,
        )
        session.add(cause)
        session.flush()
        snippet = put_texts(session, "snippet", [HOSTILE])[HOSTILE]
        for number in range(3):
            address = f"https://www.example.nl/{number}"
            page = Page(site_id=site.id, identity=address, identity_hash=str(number), first_run_id=run.id)
            session.add(page)
            session.flush()
            session.add(PageState(page_id=page.id, first_run_id=run.id, status="tested", notes=[]))
            session.add(
                Finding(
                    site_id=site.id,
                    page_id=page.id,
                    fingerprint=str(number),
                    rule="button-name",
                    rule_version=1,
                    outcome="failed",
                    impact="serious",
                    engines=["axe"],
                    frames=[],
                    selector="header > button`x`",
                    snippet_blob=snippet,
                    message="failed",
                    arguments={},
                    cluster_id=cause.id,
                    first_run_id=run.id,
                )
            )
    yield database
    database.close()


def make_client(database: Database, now: datetime) -> TestClient:
    return TestClient(create_app(database, now=lambda: now, trackers=("Leverancier",)), follow_redirects=False)


def test_the_clock_stops_while_the_supplier_holds_it() -> None:
    moments = ((TicketState.OPEN, 0), (TicketState.HELD, 2), (TicketState.RETURNED, 9))
    steps = [Step(state, NOW + days * DAY) for state, days in moments]
    assert clock_of(steps, NOW + 10 * DAY) == Clock(3 * DAY, 7 * DAY)
    assert clock_of([*steps, Step(TicketState.CLOSED, NOW + 12 * DAY)], NOW + 99 * DAY) == Clock(5 * DAY, 7 * DAY)
    assert clock_of([], NOW) == Clock(timedelta(), timedelta())


def test_a_cause_is_written_down_once_with_its_evidence(stored_cause: Database) -> None:
    client = make_client(stored_cause, NOW)
    assert "Maak een melding" in client.get("/nl/sites/1/rules/button-name").text
    assert client.post("/nl/sites/1/supplier-tickets", data={"cause": 1}).status_code == 403
    written = client.post("/nl/sites/1/supplier-tickets", data={"cause": 1}, headers=OWN)
    again = client.post("/en/sites/1/supplier-tickets", data={"cause": 1}, headers=OWN)
    assert written.headers["location"] == "/nl/sites/1/supplier-tickets/1"
    assert again.headers["location"] == "/en/sites/1/supplier-tickets/1"
    text = client.get("/nl/sites/1/supplier-tickets/1/ticket.md").text
    assert text.startswith("# Stad: ")
    assert "- WCAG 4.1.2 " in text
    assert "EN 301 549 9.4.1.2" in text
    assert all(f"- `https://www.example.nl/{number}`" in text for number in range(3))
    assert "````html\n<button onclick=alert(1)>\n```\n# kop" in text  # the fence is longer than what stands in it
    assert "``header > button`x` ``".replace("``h", "`` h") in text
    assert "\u202e" not in text
    assert "met axe 4.14 in Chromium 140" in text
    mail = client.get("/en/sites/1/supplier-tickets/1/ticket.txt").text
    assert "BEWIJS" in mail
    assert "###" not in mail
    shown = client.get("/nl/sites/1/supplier-tickets/1").text
    assert "<button onclick" not in shown
    assert "Nu staat het nog op 3 pagina’s." in shown
    assert "Gemeld op 23 november 2026" in client.get("/nl/sites/1/rules/button-name").text


def test_who_holds_it_is_said_with_its_dates(stored_cause: Database) -> None:
    client = make_client(stored_cause, NOW)
    number = int(
        client.post("/nl/sites/1/supplier-tickets", data={"cause": 1}, headers=OWN).headers["location"].rpartition("/")[2]
    )
    for days, state in ((2, "held"), (2, "held"), (9, "returned")):
        later = make_client(stored_cause, NOW + days * DAY)
        answer = later.post(f"/nl/sites/1/supplier-tickets/{number}", data={"state": state, "note": HOSTILE}, headers=OWN)
        assert answer.status_code == 303
    with stored_cause.session() as session:
        held = ticket_of_site(session, 1, number)
        assert held is not None
        assert held.clock(NOW + 10 * DAY) == Clock(3 * DAY, 7 * DAY)
    shown = make_client(stored_cause, NOW + 10 * DAY).get(f"/nl/sites/1/supplier-tickets/{number}").text
    assert shown.count("bij de leverancier</strong>") == 1
    client.post(f"/nl/sites/1/supplier-tickets/{number}", data={"state": "closed"}, headers=OWN)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/nl/sites/2/supplier-tickets", {"cause": 1}),  # a cause of another site
        ("/nl/sites/1/supplier-tickets", {"cause": 999}),
        ("/nl/sites/1/supplier-tickets", {"cause": 1, "tracker": "Nergens"}),
        ("/nl/sites/2/supplier-tickets/1", {"state": "held"}),
        ("/nl/sites/1/supplier-tickets/1", {"state": "gone"}),
        ("/nl/sites/2/supplier-tickets/1/file", {}),
    ],
)
def test_what_is_not_of_the_site_is_not_there(stored_cause: Database, path: str, data: dict[str, object]) -> None:
    make_client(stored_cause, NOW).post("/nl/sites/1/supplier-tickets", data={"cause": 1}, headers=OWN)
    assert make_client(stored_cause, NOW).post(path, data=data, headers=OWN).status_code == 404


def test_a_ticket_waits_for_its_tracker_and_loses_nothing(stored_cause: Database) -> None:
    client = make_client(stored_cause, NOW)
    with stored_cause.session() as session:
        opened = [held.ticket.id for held in tickets_of_site(session, 1, 50) if held.state is not TicketState.CLOSED]
    for number in opened:
        client.post(f"/nl/sites/1/supplier-tickets/{number}", data={"state": "closed"}, headers=OWN)
    written = client.post("/nl/sites/1/supplier-tickets", data={"cause": 1, "tracker": "Leverancier"}, headers=OWN)
    number = int(written.headers["location"].rpartition("/")[2])
    assert [one.reason for one in file_due_tickets(stored_cause, TrackerSettings(), lambda: NOW)] == ["tracker-not-set"]
    assert "staat niet in de instellingen" in client.get(f"/nl/sites/1/supplier-tickets/{number}").text
    gone = Tracker("Leverancier", TrackerKind.GITHUB, "http://127.0.0.1:9/issues", secret_env="X")
    settings = TrackerSettings({"Leverancier": gone}, {"Leverancier": "geheim"})
    assert file_due_tickets(stored_cause, settings, lambda: NOW) == []  # not yet
    ((fate, reason),) = [(one.fate, one.reason) for one in file_due_tickets(stored_cause, settings, lambda: NOW + DAY)]
    assert (fate, reason) == (Fate.LATER, "private-address")
    assert client.post(f"/nl/sites/1/supplier-tickets/{number}/file", headers=OWN).status_code == 303
    with stored_cause.session() as session:
        held = ticket_of_site(session, 1, number)
        assert held is not None
        assert (held.ticket.delivery, held.state) == (DeliveryState.WAITING, TicketState.OPEN)
