"""Journeys are written, confirmed and taken away on the screen; they are walked by the scheduler, never by the dashboard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from journey_seed import a_journey
from lxml import html
from starlette.testclient import TestClient

from rules.findability import TaskState
from rules.journey import TEST
from storage.database import Database
from storage.journeys import journeys_of_site, keep_journey
from storage.models import Request, Site

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = a_journey("Melding doen").as_text()


@pytest.fixture
def site(database: Database) -> int:
    with database.session() as session:
        site = Site(name="Proef", start_url="https://x.nl/", origins=["https://x.nl"], settings={}, created_at=NOW)
        session.add(site)
        session.flush()
        return site.id


@pytest.fixture(autouse=True)
def from_our_own_pages(empty: TestClient) -> None:
    empty.headers.update({"sec-fetch-site": "same-origin"})


def test_journey_is_written_and_changed_by_its_title(empty: TestClient, database: Database, site: int) -> None:
    for text in (TEXT, TEXT.replace("Bedankt", "Gelukt").replace("\n", "\r\n")):
        assert empty.post(f"/nl/sites/{site}/journeys", data={"text": text}).status_code == 303
    with database.session() as session:
        (row,) = journeys_of_site(session, site, TaskState.CONFIRMED)
        assert "Gelukt" in row.text


@pytest.mark.parametrize(("language", "words"), [("nl", "Er zijn geen stappen."), ("en", "It has no steps.")])
def test_what_is_wrong_is_said_beside_the_field(empty: TestClient, site: int, language: str, words: str) -> None:
    answer = empty.post(f"/{language}/sites/{site}/journeys", data={"text": 'title = "x"'})
    assert answer.status_code == 422
    page = html.fromstring(answer.content)
    (field,) = page.xpath("//textarea[@aria-invalid='true']")
    said = [page.get_element_by_id(name).text_content() for name in field.get("aria-describedby").split()]
    assert any(words in one for one in said)
    assert field.text_content() == 'title = "x"'


def test_walk_is_asked_once(empty: TestClient, database: Database, site: int) -> None:
    for _ in range(2):
        assert empty.post(f"/nl/sites/{site}/journeys/walk").status_code == 303
    with database.session() as session:
        assert [request.kind for request in session.query(Request)] == [TEST]


def test_proposal_is_confirmed_or_taken_away(empty: TestClient, database: Database, site: int) -> None:
    with database.session() as session:
        numbers = [keep_journey(session, site, a_journey(title), "log", NOW, confirmed=False).id for title in ("Een", "Twee")]
    for number, right in zip(numbers, (1, 0), strict=True):
        assert empty.post(f"/nl/sites/{site}/journeys/{number}", data={"right": right}).status_code == 303
    with database.session() as session:
        assert [(row.title, row.state) for row in journeys_of_site(session, site)] == [("Een", TaskState.CONFIRMED)]


def test_other_site_changes_nothing(empty: TestClient, database: Database, site: int) -> None:
    empty.headers.update({"sec-fetch-site": "cross-site"})
    assert empty.post(f"/nl/sites/{site}/journeys", data={"text": TEXT}).status_code == 403
    assert empty.post(f"/nl/sites/{site}/journeys/walk").status_code == 403
    with database.session() as session:
        assert journeys_of_site(session, site) == []


def test_journey_of_another_site_is_not_there(client: TestClient, ids: dict[str, int]) -> None:
    assert client.get(f"/nl/sites/{ids['new_site']}/journeys/{ids['journey']}").status_code == 404


def test_step_that_breaks_is_shown_in_its_way_with_its_criterion(client: TestClient, ids: dict[str, int]) -> None:
    page = html.fromstring(client.get(f"/nl/sites/{ids['site']}/journeys/{ids['journey']}").content)
    (keyboard,) = page.xpath("//section[@aria-labelledby='way-keyboard']")
    assert "is met het toetsenbord niet te bereiken" in keyboard.text_content() and "WCAG 2.1.1" in keyboard.text_content()
    assert keyboard.xpath(".//details")[0].get("open") is not None
    (mouse,) = page.xpath("//section[@aria-labelledby='way-mouse']")
    assert len(mouse.xpath(".//img")) == 3 and mouse.xpath(".//a[contains(@href, '/rules/text-contrast')]")
    picture = client.get(mouse.xpath(".//img")[0].get("src"))
    assert picture.status_code == 200 and picture.headers["content-type"] == "image/jpeg"


def test_workshop_has_the_way_the_barriers_and_the_questions(client: TestClient, ids: dict[str, int]) -> None:
    text = html.fromstring(client.get(f"/en/sites/{ids['site']}/journeys/{ids['journey']}/workshop").content).text_content()
    assert "cannot be reached with the keyboard" in text
    assert "Who takes away which barrier, and when?" in text
