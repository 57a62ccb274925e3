"""The figures of a journey: one line a KPI and one row a walk, with its target, its season and its alarm."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from journey_seed import a_journey, a_way
from lxml import html
from openpyxl import load_workbook
from starlette.testclient import TestClient

from rules.journey import JourneyStep, StepKind, Verdict, Way
from rules.journey_figures import extra_clicks, figures_of
from rules.journey_kpis import KPIS
from storage.alarms import keep_alarms, troubles_of
from storage.database import Database
from storage.journeys import journey_of_site, keep_journey, keep_walk
from storage.models import Site
from storage.questions.workshop import months_of_task, season_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SEARCHED = JourneyStep(StepKind.SEARCH, "paspoort")


@pytest.fixture
def walked(database: Database, empty: TestClient) -> tuple[int, int]:
    """A site with a journey that was walked twice; the second time it breaks with the keyboard."""
    empty.headers.update({"sec-fetch-site": "same-origin"})
    with database.session() as session:
        site = Site(name="Proef", start_url="https://x.nl/", origins=["https://x.nl"], settings={}, created_at=NOW)
        session.add(site)
        session.flush()
        row = keep_journey(session, site.id, a_journey("Paspoort"), "file", NOW)
        for number, done in enumerate((5, 4)):
            figures = figures_of(a_journey("Paspoort"), [a_way(way) for way in Way], {"text-contrast"}) | {"ways_done": done}
            more = {"reading": 55, "extra_clicks": 2} if number else {}
            began = NOW - timedelta(days=2 - number)
            keep_walk(session, row, [], {}, Verdict.BROKEN if number else Verdict.COMPLETED, figures | more, "", began, began)
        return site.id, row.id


def test_every_kpi_has_its_value_and_what_is_not_known_says_so(empty: TestClient, walked: tuple[int, int]) -> None:
    page = html.fromstring(empty.get(f"/nl/sites/{walked[0]}/journeys/{walked[1]}/figures").content)
    shown = {name: page.xpath(f"//section[@aria-labelledby='{name}']")[0].text_content() for name in KPIS}
    assert "80%" in shown["completion"] and "55" in shown["reading"]
    assert page.xpath("//section[@aria-labelledby='completion']//*[contains(@class, 'vl-chart')]")
    assert not page.xpath("//section[@aria-labelledby='reading']//svg[contains(@class, 'vl-chart__plot')]")  # known once only
    first, second = page.xpath("//section[@aria-labelledby='walks']//tbody/tr")
    assert "lukt niet" in first.text_content() and "onbekend" in second.text_content()
    about = page.xpath("//section[@aria-labelledby='about']")[0].text_content()
    assert "november, december" in about and "geen jaar aan zoekopdrachten" in about


def test_table_is_a_file_for_a_spreadsheet(empty: TestClient, walked: tuple[int, int]) -> None:
    address = f"/nl/sites/{walked[0]}/journeys/{walked[1]}/figures"
    lines = empty.get(f"{address}.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].split(";") == ["Nagelopen op", "Uitkomst", *(one.kpi.words["nl"].title for one in KPIS.values())]
    assert lines[1].split(";")[1:3] == ["lukt niet", "80.0"] and len(lines) == 3
    sheet = load_workbook(io.BytesIO(empty.get(f"{address}.xlsx").content)).active
    assert sheet is not None and [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [80, 100]


def test_target_is_set_from_the_value_now_and_taken_back(empty: TestClient, walked: tuple[int, int]) -> None:
    address = f"/nl/sites/{walked[0]}/journeys/{walked[1]}/figures"
    wanted = {"kpi": "completion", "value": "100", "day": "2027-11-22"}
    assert empty.post(address, data=wanted).status_code == 303
    text = html.fromstring(empty.get(address).content).xpath("//section[@aria-labelledby='completion']")[0].text_content()
    assert "Doel: 100% op 22 november 2027." in text and "Nog te gaan: 20" in text
    assert empty.post(address, data=wanted | {"act": "end"}).status_code == 303
    assert "Doel: 100%" not in empty.get(address).text
    for wrong in ({"value": "veel"}, {"day": "morgen"}, {"day": "2020-01-01"}):
        assert empty.post(address, data=wanted | wrong).status_code == 422
    assert empty.post(address, data=wanted | {"kpi": "nothing"}).status_code == 404


def test_alarm_stands_on_the_screen_while_it_lasts(empty: TestClient, database: Database, walked: tuple[int, int]) -> None:
    address = f"/nl/sites/{walked[0]}/journeys/{walked[1]}/figures"
    assert "aan sinds" not in empty.get(address).text
    for hours, is_broken in ((1, True), (2, True), (3, False)):
        with database.session() as session:
            if not is_broken:
                row = journey_of_site(session, *walked)
                assert row is not None
                keep_walk(session, row, [], {}, Verdict.COMPLETED, {}, "", NOW, NOW)
            site = session.get_one(Site, walked[0])
            moment = NOW + timedelta(hours=hours)
            keep_alarms(session, walked[0], troubles_of(session, site, moment), moment)
        assert ("aan sinds 21 november 2026" in empty.get(address).text) is is_broken


def test_season_is_read_from_a_year_of_searches(stored: Database, ids: dict[str, int]) -> None:
    journey = a_journey("Paspoort")
    with stored.session() as session:
        site = session.get_one(Site, ids["site"])
        asked = months_of_task(session, site, replace(journey, product="", steps=(*journey.steps[:1], SEARCHED)))
        never = months_of_task(session, site, replace(journey, product="", title="x", steps=journey.steps[:1]))
    assert asked is not None and sum(asked.values()) >= 60 and never is None
    assert season_of({month: 100 if month == 7 else 10 for month in range(1, 13)}) == (7,)
    assert season_of(dict.fromkeys(range(1, 13), 10)) == ()


def test_clicks_more_than_needed_are_those_above_the_shortest_way() -> None:
    journey = replace(a_journey("x"), steps=(JourneyStep(StepKind.OPEN, "/"), SEARCHED, JourneyStep(StepKind.CLICK, "a")))
    way = a_way(Way.MOUSE)
    urls = ("https://x.nl/", "https://x.nl/zoeken", "https://x.nl/diep")
    mouse = replace(way, steps=tuple(replace(step, url=url) for step, url in zip(way.steps, urls, strict=True)))
    assert extra_clicks(journey, mouse, {urls[0]: 0, urls[2]: 1}) == 1
    assert extra_clicks(journey, mouse, {urls[2]: 5}) == 0
    assert extra_clicks(journey, mouse, {}) is None
