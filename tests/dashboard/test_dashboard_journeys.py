"""Journeys are written, confirmed and taken away on the screen; they are walked by the scheduler, never by the dashboard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from journey_seed import a_journey, a_picture, a_way
from lxml import html
from starlette.testclient import TestClient

from rules.findability import TaskState
from rules.journey import TEST, Problem, Way
from storage.blobs import put_picture
from storage.database import Database
from storage.journeys import journeys_of_site, keep_journey, versions_of
from storage.models import Request, Site
from storage.requests import finish_request

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x"\n\n[[step]]\nopen = "/"\n[[step]]\nclik = "Verder"', "Regel 6: Stap 2: 'clik' bestaat niet."),
        ('title = "x"\n[[step]]\nopen "/"', "Regel 3: na de naam hoort een =-teken."),
        ('title = "x"\n[[step]]\nopen = /', "Regel 3: achter het =-teken hoort een tekst tussen aanhalingstekens."),
        ('title = "x"\n[[step]]\nopen = "/"\nopen = "/y"', "Regel 4: deze naam staat er twee keer"),
        (
            'title = "x"\n[[step]]\nopen = "/"\n[[step]]\nfill = "E-mail"\nwith = "jan@gmail.com"',
            "Regel 5: Stap 2: dat e-mailadres kan",
        ),
    ],
)
def test_what_is_wrong_names_its_line(empty: TestClient, site: int, text: str, said: str) -> None:
    page = html.fromstring(empty.post(f"/nl/sites/{site}/journeys", data={"text": text}).content)
    assert said in page.get_element_by_id("text-wrong").text_content()


def test_try_is_asked_and_shown_without_keeping_anything(empty: TestClient, database: Database, site: int) -> None:
    answer = empty.post(f"/nl/sites/{site}/journeys", data={"text": TEXT, "act": "try"})
    again = empty.post(f"/nl/sites/{site}/journeys", data={"text": TEXT, "act": "try"})
    assert answer.status_code == 303 and again.headers["location"] == answer.headers["location"]
    screen = answer.headers["location"]
    assert "wordt geprobeerd" in empty.get(screen).text
    unreachable = a_way(Way.KEYBOARD, Problem("unreachable", "Verder"))
    with database.session() as session:
        assert journeys_of_site(session, site) == []
        (request,) = session.query(Request)
        digest = put_picture(session, a_picture())
        ways = [(a_way(Way.MOUSE), digest), (unreachable, "0" * 32)]  # the picture of the second is gone
        told = [{"way": way.way, "steps": [one.as_stored() for one in way.steps], "picture": kept} for way, kept in ways]
        finish_request(session, request.id, "done", {"verdict": "broken", "ways": told}, NOW)
    page = html.fromstring(empty.get(screen).content)
    (keyboard,) = page.xpath("//section[@aria-labelledby='way-keyboard']")
    assert "Bij stap 2:" in keyboard.text_content() and "WCAG 2.1.1" in keyboard.text_content() and not keyboard.xpath(".//img")
    (mouse,) = page.xpath("//section[@aria-labelledby='way-mouse']")
    assert empty.get(mouse.xpath(".//img/@src")[0]).status_code == 200
    assert page.xpath("//textarea")[0].text_content().strip() == TEXT.strip()
    other = screen.replace(f"/sites/{site}/", f"/sites/{site + 1}/")
    assert empty.get(other).status_code == 404


def test_earlier_version_is_put_back(empty: TestClient, database: Database, site: int) -> None:
    for text in (TEXT, TEXT.replace("Bedankt", "Gelukt"), TEXT.replace("Bedankt", "Gelukt")):
        kept = empty.post(f"/nl/sites/{site}/journeys", data={"text": text}).headers["location"]
    page = html.fromstring(empty.get(kept).content)
    (earlier,) = page.xpath("//input[@name='text']/@value")
    empty.post(f"/nl/sites/{site}/journeys", data={"text": earlier})
    with database.session() as session:
        (row,) = journeys_of_site(session, site)
        assert "Bedankt" in row.text and "Gelukt" not in row.text
        assert ["Gelukt" in version.text for version in versions_of(session, row.id)] == [False, True, False]


def test_proposal_opens_in_the_editor_and_becomes_a_journey(empty: TestClient, database: Database, site: int) -> None:
    with database.session() as session:
        keep_journey(session, site, a_journey("Afval"), "log", NOW, confirmed=False)
    listed = html.fromstring(empty.get(f"/nl/sites/{site}/journeys").content)
    (opens,) = listed.xpath("//section[@aria-labelledby='proposed']//a/@href")
    page = html.fromstring(empty.get(opens).content)
    assert "Dit is een voorstel" in page.text_content()
    assert page.xpath("//button[@name='act' and @value='try']")
    text = page.xpath("//textarea")[0].text_content()
    assert empty.post(f"/nl/sites/{site}/journeys", data={"text": text}).status_code == 303
    with database.session() as session:
        assert [row.state for row in journeys_of_site(session, site)] == [TaskState.CONFIRMED]


def test_hosts_where_forms_are_sent_are_shown(empty: TestClient, database: Database, site: int) -> None:
    assert "echt verstuurd" not in empty.get(f"/nl/sites/{site}/journeys").text
    with database.session() as session:
        session.get_one(Site, site).settings = {"journeys_may_send": ["https://Test.example.nl/", "*", "https://x.nl/pad"]}
    page = html.fromstring(empty.get(f"/nl/sites/{site}/journeys").content)
    (shown,) = page.xpath("//*[contains(@class, 'vl-notice')]//li")
    assert shown.text_content() == "https://test.example.nl"
