"""The panels and their KPIs: numbers are those of the database, and unknown is said; what the supplier holds is on no desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from dashboard_seed import NOW, copy_of
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from dashboard.app import create_app
from rules.outcome import Mender
from storage.database import Database
from storage.desk import desk_of
from storage.kpi_models import KpiPoint
from storage.kpis import keep_points, kpi_lines, measure
from storage.models import Cluster, RunRule, Site
from storage.questions.runs import run_history

OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def house(
    filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, dict[str, int], TestClient]]:
    database = copy_of(filled[0], tmp_path_factory.mktemp("panels"))
    yield database, filled[1], TestClient(create_app(database, now=lambda: NOW), follow_redirects=False)
    database.close()


def rows(text: str) -> dict[str, list[str]]:
    page = html.fromstring(text)
    return {
        " ".join(row.find("th").text_content().split()): [" ".join(cell.text_content().split()) for cell in row.findall("td")]
        for row in page.xpath("//section[contains(@class, 'vl-panel-card')]//tbody/tr")
    }


def test_kpis_are_those_of_the_database_and_unknown_is_said(house: tuple[Database, dict[str, int], TestClient]) -> None:
    database, ids, client = house
    shown = rows(client.get(f"/nl/sites/{ids['site']}/panels").text)
    with database.session() as session:
        latest = run_history(session, ids["site"])[-1]
        tested, failing = latest.figure("pages_tested") or 0, latest.figure("pages_with_failure") or 0
    now, target, gap, pace, _ = shown["Pagina’s zonder gevonden fout"]
    assert now.endswith(f"{tested - failing} van {tested}") and target.startswith("80,0%")
    assert gap.startswith("49,0 pp") and pace == "7,8"
    assert shown["Afgeronde taken"][0] == "0,0% 0 van 1"  # of the journeys that were walked
    assert shown["Zoeken zonder resultaat"][2] == "gehaald"
    assert shown["Kapotte links per 1.000 op elke 1.000"][4].startswith("31,0")  # of an earlier measurement
    assert all(cells[0] == "onbekend" for cells in rows(client.get(f"/nl/sites/{ids['new_site']}/panels").text).values())
    table = client.get(f"/nl/sites/{ids['site']}/panels.csv").text
    assert "pages-without-failure" in table and len(table.splitlines()) == 13


def test_last_year_counts_the_same_pages_and_rules(house: tuple[Database, dict[str, int], TestClient]) -> None:
    database, ids, _ = house
    with database.session() as session:
        site = session.get_one(Site, ids["site"])
        history = run_history(session, site.id)
        year_later = history[0].run.started_at + timedelta(days=365)
        line = next(one for one in kpi_lines(session, site, year_later) if one.kpi.id == "pages-without-failure")
        assert line.actual is not None and line.last_year is not None and line.last_year.same == 29
        assert line.last_year.day == history[0].run.started_at.date()
        assert (line.last_year.then, line.last_year.now) == (pytest.approx(100 * 3 / 29), line.actual.value)
        # A rule of which the version changed is compared on neither side: only what both runs asked alike.
        old = session.get_one(RunRule, (history[0].run.id, "text-contrast"))
        old.rule_version = 0
        session.flush()
        line = next(one for one in kpi_lines(session, site, year_later) if one.kpi.id == "pages-without-failure")
        assert line.actual is not None and line.last_year is not None and line.last_year.now > line.actual.value


def test_a_target_is_set_reviewed_and_taken_back(house: tuple[Database, dict[str, int], TestClient]) -> None:
    _, ids, client = house
    where = f"/nl/sites/{ids['site']}/kpis/duties-met"
    form = {"value": "99,5", "day": "2027-11-22", "owner": "Anne", "review": "2027-01-01"}
    assert client.post(where, data=form, headers=OWN).status_code == 303
    assert "99,5%" in client.get(where).text and "Anne" in client.get(where).text
    for wrong in ({"value": "veel"}, {"day": "gisteren"}, {"day": "2020-01-01"}, {"value": "-1"}):
        assert client.post(where, data={**form, **wrong}, headers=OWN).status_code == 422
    assert client.post(where, data={"act": "end"}, headers=OWN).status_code == 303
    assert "Er is geen doel gesteld." in client.get(where).text
    assert client.get(f"/nl/sites/{ids['site']}/kpis/no-such-kpi").status_code == 404


def test_a_point_is_kept_once_a_day_and_breaks_are_marked(house: tuple[Database, dict[str, int], TestClient]) -> None:
    database, ids, client = house
    with database.session() as session:
        site = session.get_one(Site, ids["site"])
        keep_points(session, site, NOW)
        keep_points(session, site, NOW)
        today = session.scalars(select(KpiPoint.kpi).where(KpiPoint.site_id == site.id, KpiPoint.day == NOW.date())).all()
        assert sorted(today) == sorted(measure(session, site, NOW))
    text = client.get(f"/nl/sites/{ids['site']}/kpis/pages-without-failure").text
    assert "hier begint een nieuwe definitie" in text and "hier begint een andere set regels" in text


def test_what_happened_is_written_down(house: tuple[Database, dict[str, int], TestClient]) -> None:
    _, ids, client = house
    where = f"/nl/sites/{ids['site']}/annotations"
    form = {"kind": "campaign", "words": "Afvalcampagne <b>", "day": "2026-11-20"}
    assert client.post(where, data=form, headers=OWN).status_code == 303
    assert "Afvalcampagne &lt;b&gt;" in client.get(f"/nl/sites/{ids['site']}/kpis/duties-met").text
    assert client.post(where, data={**form, "kind": "x"}, headers=OWN).status_code == 422


def test_what_the_supplier_holds_is_on_nobodys_desk_until_it_comes_back(
    house: tuple[Database, dict[str, int], TestClient],
) -> None:
    database, ids, client = house

    def on_desks() -> set[str]:
        with database.session() as session:
            return {one.rule for one in desk_of(session, session.get_one(Site, ids["site"]), None, NOW, most=1_000).things}

    with database.session() as session:  # one that an editor could mend too
        session.get_one(Cluster, ids["cause"]).mender = Mender.EDITOR
    assert "text-contrast" in on_desks()
    tickets = f"/nl/sites/{ids['site']}/supplier-tickets"
    where = client.post(tickets, data={"cause": str(ids["cause"])}, headers=OWN).headers["location"]
    assert "text-contrast" in on_desks()
    assert client.post(where, data={"state": "held"}, headers=OWN).status_code == 303
    assert "text-contrast" not in on_desks()
    assert client.post(where, data={"state": "returned"}, headers=OWN).status_code == 303
    assert "text-contrast" in on_desks()
