"""The screen Planning: what is done when, changed and steered by forms; the scheduler does the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from dashboard_seed import NOW
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from rules.run import RunState
from rules.schedule import Plan, WorkKind
from rules.site import Scope
from storage import lease, runs
from storage.database import Database
from storage.models import Request, Run
from storage.requests import ask
from storage.runs import RunMadeWith, start_run
from storage.schedule_models import Schedule
from storage.schedules import find_schedule, note_due, set_schedule
from storage.sites import add_site

OURS = {"sec-fetch-site": "same-origin"}


def new_site(database: Database, cron: str = "") -> int:
    with database.session() as session:
        scope = Scope(("https://www.example.nl",))
        return add_site(session, "Proef", "https://www.example.nl/", scope, NOW, cron=cron).id


def text_of(answer: Any) -> str:
    return " ".join(" ".join(html.fromstring(answer.text).find("body").itertext()).split())


def schedule_of(database: Database, site: int, kind: WorkKind = WorkKind.FULL) -> Schedule | None:
    with database.session() as session:
        return find_schedule(session, site, kind)


def going_run(database: Database, site: int, **progress: int) -> int:
    with database.session() as session:
        run = start_run(session, site, RunMadeWith("en301549-3.2.1", "0" * 64), "here:1", "schedule", NOW)
        runs.add_found(session, run.id, [(f"https://www.example.nl/{number}", "", 1) for number in range(30)])
        runs.beat(session, run.id, "here:1", progress, NOW)
        return run.id


def test_a_schedule_is_written_shown_changed_and_removed(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    address = f"/nl/sites/{site}/planning"
    assert "Niet gepland." in text_of(empty.get(address))
    form = {"kind": "full", "cron": "0 3 * * *", "time_zone": "Europe/Amsterdam", "spread": "20", "quiet_hours": "7:00-19:00"}
    assert empty.post(address, data=form, headers=OURS).status_code == 303
    shown = text_of(empty.get(address))
    assert "elke nacht om 3.00 uur" in shown
    assert "Volgende keer: 23 november 2026, 03.00 uur" in shown
    assert "Begint niet tussen 07:00-19:00 uur. Begint tot 20 minuten later" in shown
    change = html.fromstring(empty.get(f"{address}?change=full").text)
    assert change.xpath("//input[@id='cron']/@value") == ["0 3 * * *"]
    assert "every night at 3:00" in text_of(empty.get(f"/en/sites/{site}/planning?change=full"))
    empty.post(f"{address}/schedules/full", data={"what": "pause"}, headers=OURS)
    assert "Staat stil." in text_of(empty.get(address))
    empty.post(f"{address}/schedules/full", data={"what": "resume"}, headers=OURS)
    assert "Volgende keer:" in text_of(empty.get(address))
    empty.post(f"{address}/schedules/full", data={"what": "remove"}, headers=OURS)
    assert schedule_of(database, site) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cron": "elke nacht"}, "cron"),
        ({"cron": "0 3 31 2 *"}, "cron"),
        ({"quiet_hours": "07:00-07:00"}, "quiet_hours"),
        ({"spread": "veel"}, "jitter_s"),
        ({"spread": "99999999"}, "jitter_s"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    empty: TestClient, database: Database, change: dict[str, str], field: str
) -> None:
    site = new_site(database)
    answer = empty.post(f"/nl/sites/{site}/planning", data={"kind": "full", "cron": "0 3 * * *"} | change, headers=OURS)
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert page.xpath(f"//input[@id='{field}']/@aria-invalid") == ["true"]
    [described] = page.xpath(f"//input[@id='{field}']/@aria-describedby")
    assert all(page.get_element_by_id(one) is not None for one in described.split())
    assert schedule_of(database, site) is None


@pytest.mark.parametrize("path", ["", "/schedules/full", "/run"])
def test_a_form_of_another_site_changes_nothing(empty: TestClient, database: Database, path: str) -> None:
    site = new_site(database, cron="0 3 * * *")
    data = {"kind": "full", "cron": "0 4 * * *", "what": "remove"}
    assert empty.post(f"/nl/sites/{site}/planning{path}", data=data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    schedule = schedule_of(database, site)
    assert schedule is not None
    assert schedule.cron == "0 3 * * *"


def test_work_is_asked_for_now_and_taken_back(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    for _ in range(2):
        empty.post(f"/nl/sites/{site}/planning/schedules/incremental", data={"what": "now"}, headers=OURS)
    with database.session() as session:
        assert [(one.kind, one.arguments) for one in session.scalars(select(Request))] == [("run", {})]
    assert "1 opdracht wacht op haar beurt." in text_of(empty.get(f"/nl/sites/{site}/planning"))
    empty.post(f"/nl/sites/{site}/planning/run", data={"what": "take-back"}, headers=OURS)
    with database.session() as session:
        assert [one.state for one in session.scalars(select(Request))] == ["cancelled"]


def test_a_run_that_goes_on_shows_how_far_it_is_and_can_be_stopped(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    number = going_run(database, site, found=30, done=10, earlier=0, seconds=300, links=44)
    for screen in (f"/nl/sites/{site}/planning", f"/nl/sites/{site}"):
        shown = text_of(empty.get(screen))
        assert "0 van 30 gevonden pagina’s zijn klaar" in shown
        assert "Nog ongeveer 10 minuten" in shown
        assert "44 links gevraagd." in shown
    empty.post(f"/nl/sites/{site}/planning/run", data={"what": "pause"}, headers=OURS)
    with database.session() as session:
        assert session.get_one(Run, number).stop_asked == "paused"
    assert "Zij houdt binnen enkele seconden op." in text_of(empty.get(f"/nl/sites/{site}/planning"))


def test_a_run_that_stands_still_goes_on_or_is_cancelled(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    number = going_run(database, site)
    with database.session() as session:
        runs.interrupt_run(session, number, "paused", NOW, process="here:1")
    assert "staat stil omdat iemand dat wilde" in text_of(empty.get(f"/nl/sites/{site}"))
    empty.post(f"/nl/sites/{site}/planning/run", data={"what": "resume"}, headers=OURS)
    with database.session() as session:
        assert session.scalars(select(Request.arguments)).all() == [{"resume": True}]
    empty.post(f"/nl/sites/{site}/planning/run", data={"what": "cancel"}, headers=OURS)
    with database.session() as session:
        assert session.get_one(Run, number).state == RunState.CANCELLED
    assert "De nieuwste controle is afgebroken" in text_of(empty.get(f"/nl/sites/{site}"))


def test_the_last_result_of_a_schedule_is_that_of_its_run(empty: TestClient, database: Database) -> None:
    site = new_site(database, cron="0 3 * * *")
    number = going_run(database, site)
    with database.session() as session:
        request = ask(session, site, "run", {"full": True}, "schedule", NOW)
        request.state, request.result = "done", {"exit_code": 0, "run": number}
        schedule = find_schedule(session, site, WorkKind.FULL)
        assert schedule is not None
        note_due(session, schedule, NOW, request.id)
        runs.finish_run(session, session.get_one(Run, number), complete=True, documents=0, now=NOW)
    assert "Laatste keer: klaar" in text_of(empty.get(f"/nl/sites/{site}/planning"))


def test_that_the_scheduler_is_off_is_said(empty: TestClient, database: Database) -> None:
    address = f"/nl/sites/{new_site(database)}/planning"
    assert "De planner staat uit" in text_of(empty.get(address))
    with database.session() as session:
        assert lease.hold(session, "here:1:a", NOW - timedelta(seconds=30))
    assert "De planner staat uit" not in text_of(empty.get(address))


def test_a_schedule_that_somebody_broke_is_still_shown(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    with database.session() as session:
        set_schedule(session, site, WorkKind.FULL, Plan("0 3 * * *")).cron = "0 99 * * *"
    assert "0 99 * * *" in text_of(empty.get(f"/nl/sites/{site}/planning"))
