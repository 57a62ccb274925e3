"""The public page is off by default, says rules and counts only, and may be kept by whoever passes it on."""

from __future__ import annotations

from pathlib import Path

import pytest
from dashboard_seed import NOW
from lxml import html
from starlette.testclient import TestClient
from typer.testing import CliRunner

from rules.site import Scope
from storage.database import Database
from storage.questions.simulation import causes_of_pages, pages_of_rules
from storage.sites import add_site
from vierluik.command_line import app


def test_it_says_what_is_stored_and_names_no_page_and_no_query(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        known = pages_of_rules(session, ids["site"], ids["latest_run"])
        pages = causes_of_pages(session, ids["site"], ids["latest_run"])
    answer = client.get(f"/nl/public/{ids['site']}")
    page = html.fromstring(answer.text)
    rows = page.xpath("//section[@aria-labelledby='known']//tbody/tr")
    assert [row.xpath("td")[0].text_content() for row in rows] == [str(count) for count in known.values()]
    assert page.xpath("string(//section[@aria-labelledby='measured']//strong)").strip() == str(29 - len(pages))
    assert "hersteld voor 1 maart 2027" in answer.text
    inside = [link for link in page.xpath("//a/@href") if link.startswith("/")]
    screen = f"/public/{ids['site']}"
    assert f"/en{screen}" in inside
    assert {link.partition("?table=")[0] for link in inside} == {f"/nl{screen}", f"/en{screen}"}, (
        "itself, and its tables as files"
    )
    for secret in ("paspoort", "grofvuil", "kerstboom", "Heel lange titel", "alert(", "/pages/"):
        assert secret not in answer.text


def test_it_is_kept_by_its_tag(client: TestClient, ids: dict[str, int]) -> None:
    first = client.get(f"/en/public/{ids['site']}")
    assert first.headers["cache-control"] == "public, max-age=3600"
    again = client.get(f"/en/public/{ids['site']}", headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/nl/public/{ids['site']}").headers["etag"] != first.headers["etag"]


def test_a_site_that_is_not_public_is_not_there(client: TestClient, ids: dict[str, int]) -> None:
    hidden, nowhere = client.get(f"/nl/public/{ids['new_site']}"), client.get("/nl/public/99999")
    assert (hidden.status_code, nowhere.status_code) == (404, 404)
    assert "Nieuwe site" not in hidden.text


def test_the_command_switches_it_and_plans(
    database: Database, empty: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with database.session() as session:
        site = add_site(session, "Stad", "https://s.example/", Scope(("https://s.example",)), NOW)

    def said(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["site", "public", *arguments, "--db", database.url])
        return done.exit_code, done.output

    address = f"/nl/public/{site.id}"
    assert "has no public page" in said("Stad")[1]
    assert empty.get(address).status_code == 404
    assert address in said("Stad", "on", "--plan", "text-contrast", "--by", "2027-03-01")[1]
    assert "Er is nog niets gemeten" in empty.get(address).text
    assert "text-contrast" not in said("Stad", "--plan", "text-contrast")[1]
    assert said("Stad", "off")[0] == 0
    assert empty.get(address).status_code == 404
    plan = ("Stad", "--plan", "text-contrast")
    for wrong in (("Nergens",), ("Stad", "--plan", "no-rule"), ("Stad", "--by", "2027-03-01"), (*plan, "--by", "gauw")):
        code, words = said(*wrong)
        assert (code, words.count(".") > 0) == (2, True)
