"""Tasks are written, confirmed and taken away on the screen; a test is only asked for, never made by the dashboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html
from starlette.testclient import TestClient

from rules.findability import (
    ProposalReason,
    ProposedTask,
    RightPage,
    SearchTask,
    SiteSearch,
    TaskDetails,
    TaskFigures,
    TaskState,
    TaskVerdict,
)
from rules.run import RunState
from storage.database import Database
from storage.findability import (
    end_test,
    keep_proposals,
    keep_result,
    keep_search,
    keep_tasks,
    search_of_site,
    start_test,
    tasks_of_site,
)
from storage.models import Request, Site

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OURS = {"sec-fetch-site": "same-origin"}
FORM = {"title": "Paspoort aanvragen", "queries": "paspoort\npas verlengen", "pages": "/paspoort"}


@pytest.fixture
def site(database: Database) -> int:
    with database.session() as session:
        site = Site(
            name="Proef", start_url="https://www.example.nl/", origins=["https://www.example.nl"], settings={}, created_at=NOW
        )
        session.add(site)
        session.flush()
        return site.id


@pytest.fixture(autouse=True)
def from_our_own_pages(empty: TestClient) -> None:
    empty.headers.update(OURS)


def test_task_is_written_and_changed_by_its_name(empty: TestClient, database: Database, site: int) -> None:
    for queries in ("paspoort\npas verlengen", "reisdocument"):
        assert empty.post(f"/nl/sites/{site}/tasks", data={**FORM, "queries": queries}).status_code == 303
    with database.session() as session:
        (task,) = tasks_of_site(session, site)
        assert (task.queries, task.grades) == (["reisdocument"], {"https://www.example.nl/paspoort": 3})
        assert task.state == TaskState.CONFIRMED
    shown = html.fromstring(empty.get(f"/nl/sites/{site}/tasks").text)
    assert "Paspoort aanvragen" in shown.text_content()


@pytest.mark.parametrize(
    ("field", "value"), [("queries", " "), ("pages", "paspoort.html"), ("pages", "javascript:alert(1)"), ("title", " ")]
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_wrong_is_said_beside_its_field(
    empty: TestClient, database: Database, site: int, field: str, value: str, language: str
) -> None:
    answer = empty.post(f"/{language}/sites/{site}/tasks", data={**FORM, field: value})
    assert answer.status_code == 422
    shown = html.fromstring(answer.text)
    wrong = shown.get_element_by_id(field)
    assert wrong.get("aria-invalid") == "true"
    assert shown.get_element_by_id(wrong.get("aria-describedby").split()[-1]).text_content().strip()
    assert shown.get_element_by_id("queries").text_content() == ({**FORM, field: value})["queries"]
    with database.session() as session:
        assert tasks_of_site(session, site) == []


def test_proposals_are_confirmed_or_refused_for_good(empty: TestClient, database: Database, site: int) -> None:
    page = RightPage("https://www.example.nl/x")
    with database.session() as session:
        keep_tasks(
            session, site, [SearchTask(name, (name,), (page,)) for name in ("goed", "fout")], TaskState.PROPOSED, "crawl", NOW
        )
        ids = {task.title: task.id for task in tasks_of_site(session, site)}
    assert empty.post(f"/nl/sites/{site}/tasks/{ids['goed']}", data={"right": "1"}).status_code == 303
    assert empty.post(f"/nl/sites/{site}/tasks/{ids['fout']}", data={"right": "0"}).status_code == 303
    with database.session() as session:
        assert {task.title: task.state for task in tasks_of_site(session, site)} == {
            "goed": TaskState.CONFIRMED,
            "fout": TaskState.REFUSED,
        }
    shown = html.fromstring(empty.get(f"/nl/sites/{site}/tasks").text)
    assert "fout" in shown.cssselect("section[aria-labelledby=refused]")[0].text_content()
    assert not shown.cssselect("section[aria-labelledby=proposed]")


def test_a_proposal_says_why_and_for_how_many(empty: TestClient, database: Database, site: int) -> None:
    page = RightPage("https://www.example.nl/x")
    few, many = (
        ProposedTask(SearchTask(name, (name,), (page,)), ProposalReason.CLICKED, people)
        for name, people in (("weinig", 12), ("veel", 2345))
    )
    with database.session() as session:
        keep_proposals(
            session, site, [few, replace(many, task=replace(many.task, right=(RightPage(page.url + "y"),)))], "log", NOW
        )
    shown = html.fromstring(empty.get(f"/nl/sites/{site}/tasks").text)
    rows = [row.text_content() for row in shown.cssselect("section[aria-labelledby=proposed] li")]
    assert [name in row for name, row in zip(("veel", "weinig"), rows, strict=True)] == [True, True]
    assert "2.345 bezoeken per maand" in rows[0] and "De meeste bezoeken" in rows[0]


def test_what_most_people_come_for_stands_first(empty: TestClient, database: Database, site: int) -> None:
    figures = TaskFigures(1, 0, 0, 0, 0, 0, 0, None)
    verdicts = {
        "weg, veel": (TaskVerdict.CONTENT_MISSING, 20),
        "woorden, meer": (TaskVerdict.WRONG_WORDS, 300),
        "gevonden, meest": (TaskVerdict.FOUND, 9000),
        "weg, onbekend": (TaskVerdict.CONTENT_MISSING, None),
    }
    with database.session() as session:
        right = (RightPage("https://www.example.nl/x"),)
        keep_tasks(session, site, [SearchTask(name, (name,), right) for name in verdicts], TaskState.CONFIRMED, "file", NOW)
        run = start_test(session, site, "", NOW)
        for task in tasks_of_site(session, site):
            verdict, task.people = verdicts[task.title]
            keep_result(session, run, task.id, verdict, figures, TaskDetails())
        end_test(session, run, RunState.FINISHED, "", {}, NOW)
    shown = html.fromstring(empty.get(f"/nl/sites/{site}/tasks").text)
    rows = [row.text_content().strip() for row in shown.cssselect("section[aria-labelledby=tasks] tbody th a")]
    assert rows == ["woorden, meer", "weg, veel", "weg, onbekend", "gevonden, meest"]


def test_search_is_confirmed_or_looked_up_anew(empty: TestClient, database: Database, site: int) -> None:
    def judged(right: str) -> str | None:
        with database.session() as session:
            keep_search(session, site, SiteSearch("li", "https://www.example.nl/?q={query}"), TaskState.PROPOSED, NOW)
        assert empty.post(f"/nl/sites/{site}/tasks/search", data={"right": right}).status_code == 303
        with database.session() as session:
            search = search_of_site(session, site)
            return search.state if search else None

    assert judged("1") == TaskState.CONFIRMED
    assert judged("0") is None


def test_test_is_asked_for_once(empty: TestClient, database: Database, site: int) -> None:
    for _ in range(2):
        assert empty.post(f"/nl/sites/{site}/tasks/test").status_code == 303
    with database.session() as session:
        assert [request.kind for request in session.query(Request)] == ["test_findability"]


@pytest.mark.parametrize("path", ["tasks", "tasks/test", "tasks/search", "tasks/1"])
def test_other_site_cannot_press_a_button(empty: TestClient, database: Database, site: int, path: str) -> None:
    answer = empty.post(f"/nl/sites/{site}/{path}", data={**FORM, "right": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    with database.session() as session:
        assert tasks_of_site(session, site) == []


def test_task_of_another_site_is_not_there(client: TestClient, ids: dict[str, int]) -> None:
    assert client.get(f"/nl/sites/{ids['new_site']}/tasks/{ids['task']}").status_code == 404
