"""The editor's desk: my pages only, at most ten things, what pays most first; and a decision holds as long as it should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from dashboard_seed import NOW, copy_of
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from dashboard.app import create_app
from rules.decision import DecisionKind
from rules.measurement import Measurement as Measured
from rules.owners import OwnedBy, OwnerRule
from storage.database import Database
from storage.decisions import decided_findings, not_seconded
from storage.desk import desk_of
from storage.measurements import keep_measurements
from storage.models import Decision, Finding, Page, Request, Run, RunPage, Site
from storage.owners import keep_owners
from storage.requests import finish_request

OWN = {"sec-fetch-site": "same-origin"}
ANNE, BART = "anne@example.nl", "Team Afval"


@pytest.fixture(scope="module")
def desk_db(
    filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, dict[str, int]]]:
    database, ids = copy_of(filled[0], tmp_path_factory.mktemp("desk")), filled[1]
    with database.session() as session:
        said = [OwnerRule(OwnedBy.SECTION, "/trouwen/", ANNE), OwnerRule(OwnedBy.SECTION, "/grofvuil/", BART)]
        keep_owners(session, ids["site"], said, "file", "test", NOW)
    yield database, ids
    database.close()


@pytest.fixture
def site_id(desk_db: tuple[Database, dict[str, int]]) -> int:
    return desk_db[1]["site"]


@pytest.fixture
def screens(desk_db: tuple[Database, dict[str, int]]) -> TestClient:
    return TestClient(create_app(desk_db[0], now=lambda: NOW), follow_redirects=False)


def later(database: Database, days: int) -> TestClient:
    return TestClient(create_app(database, now=lambda: NOW + timedelta(days=days)), follow_redirects=False)


def things(answer: object) -> list[str]:
    return html.fromstring(answer.text).xpath("//input[@type='checkbox']/../h2//a/@href")  # type: ignore[attr-defined]


def test_a_desk_has_ten_things_at_most_and_says_how_much_there_is(screens: TestClient, site_id: int) -> None:
    answer = screens.get(f"/nl/sites/{site_id}/desk")
    assert len(things(answer)) == 10
    second = screens.get(f"/nl/sites/{site_id}/desk?part=2")
    assert things(second) and not set(things(second)) & set(things(answer))
    assert screens.get(f"/nl/sites/{site_id}/desk?part=99").status_code == 404


def test_my_desk_holds_only_my_pages_and_what_is_mine_to_mend(desk_db: tuple[Database, dict[str, int]]) -> None:
    database, ids = desk_db
    with database.session() as session:
        site = session.get_one(Site, ids["site"])
        mine = desk_of(session, site, [ANNE.upper()], NOW)
        assert {one.address for one in mine.things} == {"https://www.example.nl/trouwen"}
        assert {one.rule for one in mine.things} == {"image-alternative"}
        # Contrast is the supplier's: it is told, and is no work of an editor.
        assert mine.template_findings == 3
        assert desk_of(session, site, ["nobody@example.nl"], NOW).total == 0
        everybody = desk_of(session, site, None, NOW, most=1_000)
        assert everybody.total == len({(one.page_id, one.rule, one.outcome) for one in everybody.things})


def test_pages_of_many_people_come_first_and_the_source_is_said(filled: tuple[Database, dict[str, int]], tmp_path: Path) -> None:
    database, ids = copy_of(filled[0], tmp_path), filled[1]
    with database.session() as session:
        site = session.get_one(Site, ids["site"])
        month = (date(2026, 10, 1), date(2026, 10, 31))
        visits = {"https://www.example.nl/wmo": 9_000.0, "https://www.example.nl/gemeenteraad": 2.0}
        measured = [Measured("Bezoeken", "Matomo", *month, value, None, page, "visits") for page, value in visits.items()]
        keep_measurements(session, site.id, measured, NOW)
        found = desk_of(session, site, None, NOW, most=1_000)
        assert found.source == "visits"
        known = {one.address: one.people for one in found.things if one.people}
        assert known["https://www.example.nl/gemeenteraad"] == pytest.approx(2, abs=0.05)
        worths = [one.worth for one in found.things]
        assert worths == sorted(worths, reverse=True)
        assert found.things[0].address == "https://www.example.nl/gemeenteraad"
    database.close()


def test_later_hides_until_the_day_and_comes_back_with_its_cause(desk_db: tuple[Database, dict[str, int]], site_id: int) -> None:
    database, _ = desk_db
    screens = later(database, 0)
    key = next(
        one for one in html.fromstring(screens.get(f"/nl/sites/{site_id}/desk").text).xpath("//input[@name='thing']/@value")
    )
    page, _, rule = key.partition(":")
    until = (NOW + timedelta(days=7)).date().isoformat()
    form = {"thing": key, "act": "later", "reason": "planned", "until": until}
    assert screens.post(f"/nl/sites/{site_id}/desk", data=form, headers=OWN).status_code == 303
    mine = f"/nl/pages/{page}#failed-{rule}"
    assert mine not in things(screens.get(f"/nl/sites/{site_id}/desk"))
    assert mine not in things(later(database, 6).get(f"/nl/sites/{site_id}/desk"))
    back = later(database, 8).get(f"/nl/sites/{site_id}/desk")
    assert mine in things(back) and "Weer open" in back.text
    assert "over de datum" in back.text


def test_a_changed_element_is_open_again_though_the_old_one_was_accepted(desk_db: tuple[Database, dict[str, int]]) -> None:
    database, ids = desk_db
    screens = later(database, 0)
    with database.session() as session:
        page = session.scalars(select(Page).where(Page.identity == "https://www.example.nl/grofvuil")).one()
    form = {"thing": f"{page.id}:image-alternative", "act": "accepted", "reason": "third-party", "page_id": str(page.id)}
    assert screens.post(f"/nl/sites/{ids['site']}/desk", data=form, headers=OWN).headers["location"] == f"/nl/pages/{page.id}"
    with database.session() as session:
        site = session.get_one(Site, ids["site"])
        assert desk_of(session, site, [BART], NOW).things == []
        one = session.scalars(select(Finding).where(Finding.page_id == page.id, Finding.rule == "image-alternative")).first()
        assert one is not None
        one.fingerprint = "c" * 32  # what another markup gives
        session.flush()
        again = desk_of(session, site, [BART], NOW).things
        assert [(thing.rule, thing.count) for thing in again] == [("image-alternative", 1)]


def test_what_is_given_leaves_my_desk_and_is_on_the_other(desk_db: tuple[Database, dict[str, int]]) -> None:
    database, ids = desk_db
    screens = later(database, 0)
    with database.session() as session:
        page = session.scalars(select(Page).where(Page.identity == "https://www.example.nl/trouwen")).one()
    form = {"thing": f"{page.id}:image-alternative", "act": "given", "to": BART, "whose": ANNE}
    assert screens.post(f"/nl/sites/{ids['site']}/desk", data=form, headers=OWN).status_code == 303
    with database.session() as session:
        site = session.get_one(Site, ids["site"])
        assert desk_of(session, site, [ANNE], NOW).things == []
        assert page.id in {thing.page_id for thing in desk_of(session, site, [BART], NOW).things}
        newest = select(Decision.batch).where(Decision.kind == DecisionKind.GIVEN).order_by(Decision.id.desc())
        batch = session.scalars(newest).first()
    taken = screens.post(f"/nl/sites/{ids['site']}/decisions/{batch}", data={"act": "withdraw"}, headers=OWN)
    assert taken.status_code == 303
    with database.session() as session:
        assert desk_of(session, session.get_one(Site, ids["site"]), [ANNE], NOW).things


def test_not_correct_by_one_person_is_marked_as_not_seconded(desk_db: tuple[Database, dict[str, int]]) -> None:
    database, ids = desk_db
    screens = later(database, 0)
    with database.session() as session:
        page = session.scalars(select(Page).where(Page.identity == "https://www.example.nl/geboorte-aangeven")).one()
    form = {"thing": f"{page.id}:image-alternative", "act": "not-correct", "reason": "false-alarm", "note": "=1+1"}
    assert screens.post(f"/nl/sites/{ids['site']}/desk", data=form, headers=OWN).status_code == 303
    with database.session() as session:
        decided = [row for (number, _), row in decided_findings(session, ids["site"], NOW).items() if number == page.id]
        assert len(decided) == 2 and all(not_seconded(row) for row in decided)
        batch = decided[0].batch
    shown = screens.get(f"/nl/sites/{ids['site']}/decisions?kind=not-correct").text
    assert "niet bevestigd door een tweede persoon" in shown
    table = screens.get(f"/nl/sites/{ids['site']}/decisions.csv?kind=not-correct").text
    assert "'=1+1" in table and table.splitlines()[1].endswith(";x")
    # Nobody is their own second person.
    own = screens.post(f"/nl/sites/{ids['site']}/decisions/{batch}", data={"act": "second"}, headers=OWN)
    assert own.status_code == 403


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"act": "later", "reason": "planned"}, "Kies een dag na vandaag"),
        ({"act": "later", "reason": "planned", "until": "2020-01-01"}, "Kies een dag na vandaag"),
        ({"act": "later", "reason": "planned", "until": "morgen"}, "Kies een dag na vandaag"),
        ({"act": "accepted", "reason": "because"}, "Kies een reden"),
        ({"act": "question", "to": "adviseur"}, "Schrijf uw vraag op"),
        ({"act": "given", "to": "  "}, "Zeg aan wie"),
    ],
)
def test_a_form_that_is_not_filled_in_says_what_to_do(screens: TestClient, site_id: int, form: dict[str, str], says: str) -> None:
    answer = screens.post(f"/nl/sites/{site_id}/desk", data={"thing": "6:image-alternative", **form}, headers=OWN)
    assert answer.status_code == 422 and says in answer.text


def test_a_decision_about_nothing_is_refused(screens: TestClient, site_id: int) -> None:
    until = (NOW + timedelta(days=7)).date().isoformat()
    form = {"act": "later", "reason": "planned", "until": until}
    address = f"/nl/sites/{site_id}/desk"
    assert screens.post(address, data=form, headers=OWN).status_code == 422
    assert screens.post(address, data={**form, "thing": "6:no-such-rule"}, headers=OWN).status_code == 409
    assert screens.post(address, data={**form, "thing": "x"}, headers=OWN).status_code == 404
    assert screens.post(address, data={**form, "thing": "6:image-alternative"}).status_code == 403
    assert screens.post(address, data={"act": "with-supplier", "thing": "6:image-alternative"}, headers=OWN).status_code == 404


def test_a_page_of_another_site_is_never_decided_about(desk_db: tuple[Database, dict[str, int]], screens: TestClient) -> None:
    database, ids = desk_db
    form = {"act": "accepted", "reason": "exempt", "thing": f"{ids['last_page']}:text-contrast"}
    assert screens.post(f"/nl/sites/{ids['site']}/desk", data=form, headers=OWN).status_code == 409
    again = {"act": "check", "thing": f"{ids['last_page']}:text-contrast"}
    assert screens.post(f"/nl/sites/{ids['site']}/desk", data=again, headers=OWN).status_code == 404
    with database.session() as session:
        assert session.scalars(select(Decision).where(Decision.page_id == ids["last_page"])).first() is None


def test_check_now_waits_for_the_answer_and_says_thanks(desk_db: tuple[Database, dict[str, int]], screens: TestClient) -> None:
    database, ids = desk_db
    with database.session() as session:
        page = session.scalars(select(Page).where(Page.identity == "https://www.example.nl/overlijden-aangeven")).one()
    asked = screens.post(
        f"/nl/sites/{ids['site']}/desk", data={"act": "check", "thing": f"{page.id}:image-alternative"}, headers=OWN
    )
    where = asked.headers["location"]
    assert "Er is nog geen antwoord" in screens.get(f"{where}?wait=0").text
    with database.session() as session:
        request = session.scalars(select(Request).where(Request.kind == "check_page").order_by(Request.id.desc())).first()
        assert request is not None and request.arguments == {"url": page.identity}
        run = Run(site_id=ids["site"], kind="page", state="finished", started_at=NOW, finished_at=NOW, heartbeat_at=NOW,
                  norm="en301549-3.2.1", rule_set="a" * 64)  # fmt: skip
        session.add(run)
        session.flush()
        for finding in session.scalars(select(Finding).where(Finding.page_id == page.id, Finding.rule == "image-alternative")):
            finding.closed_run_id = run.id
        finish_request(session, request.id, "done", {"status": "tested", "run": run.id}, NOW)
    said = screens.get(where).text
    assert "Opgelost. Dank u wel." in said and "Het volgende" in said
    assert screens.get(where.replace(f"/pages/{page.id}/", f"/pages/{ids['page']}/")).status_code == 404
    with database.session() as session:
        assert session.scalars(select(RunPage).where(RunPage.run_id == run.id)).first() is None


def test_an_address_leads_to_its_report(screens: TestClient, desk_db: tuple[Database, dict[str, int]]) -> None:
    ids = desk_db[1]
    for address in ("https://www.example.nl/verhuizing-doorgeven", "https://www.example.nl/verhuizing-doorgeven/?utm_source=x#y"):
        answer = screens.get("/nl/report", params={"url": address})
        assert answer.headers["location"] == f"/nl/pages/{ids['page']}"
    for address, says in (
        ("https://www.example.nl/nieuw", "geen controle heeft de pagina gevonden"),
        ("https://elders.example.org/", "hoort niet bij een site"),
        ("javascript:alert(1)", "geen webadres"),
        ("x", "geen webadres"),
    ):
        answer = screens.get("/nl/report", params={"url": address})
        assert answer.status_code == 404 and says in answer.text


def test_owners_are_said_on_the_screen_and_by_a_file(screens: TestClient, desk_db: tuple[Database, dict[str, int]]) -> None:
    ids = desk_db[1]
    where = f"/nl/sites/{ids['site']}/owners"
    form = {"kind": "page", "value": "/wmo", "owner": "Cees"}
    assert screens.post(where, data=form, headers=OWN).status_code == 303
    assert "Cees" in screens.get(where).text
    assert screens.post(where, data={**form, "value": "https://elders.nl/"}, headers=OWN).status_code == 422
    file = {"file": ("owners.csv", "pad;eigenaar\n/nieuws/;Dirk\n")}
    assert screens.post(f"{where}/file", files=file, headers=OWN).status_code == 303
    table = screens.get(f"{where}.csv").text
    assert "/nieuws/;;;;Dirk" in table
    wrong = {"file": ("owners.csv", "pad;eigenaar\n/nieuws/;\n")}
    assert screens.post(f"{where}/file", files=wrong, headers=OWN).status_code == 422
    assert screens.get(f"{where}.csv").text == table
