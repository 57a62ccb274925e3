"""One search finds pages, rules, tasks and queries, and never a query that too few visits asked."""

from __future__ import annotations

from lxml import html
from starlette.testclient import TestClient


def links(client: TestClient, site: int, text: str, section: str) -> list[str]:
    answer = client.get(f"/nl/sites/{site}/search", params={"q": text})
    assert answer.status_code == 200
    return [str(link) for link in html.fromstring(answer.text).xpath(f"//section[@aria-labelledby='{section}']//li/a/@href")]


def test_every_kind_is_found_and_leads_to_its_screen(client: TestClient, ids: dict[str, int]) -> None:
    site = ids["site"]
    assert links(client, site, "1.4.3", "rules") == [f"/nl/sites/{site}/rules/text-contrast"]
    assert f"/nl/sites/{site}/rules/text-contrast" in links(client, site, "KLEUREN", "rules")
    assert links(client, site, "grofvuil", "queries")
    assert links(client, site, "paspoort", "tasks")
    for section, text in (("pages", "https"), ("rules", "beschrijving"), ("queries", "paspoort"), ("tasks", "paspoort")):
        found = links(client, site, text, section)
        assert found
        assert {client.get(link.partition("#")[0]).status_code for link in found[:3]} == {200}


def test_a_query_that_few_asked_stays_hidden(client: TestClient, ids: dict[str, int]) -> None:
    answer = client.get(f"/nl/sites/{ids['site']}/search?q=zeldzaam").text
    assert "Niets gevonden" in answer
    assert answer.count("1+1") == 0


def test_what_is_asked_is_text_and_too_little_asks_nothing(client: TestClient, ids: dict[str, int]) -> None:
    hostile = client.get(f"/nl/sites/{ids['site']}/search", params={"q": "<script>alert(1)</script>%_\x00"}).text
    assert "<script>" not in hostile
    assert "twee tekens" in client.get(f"/nl/sites/{ids['site']}/search?q=a").text
    assert client.get(f"/nl/sites/{ids['site']}/search", params={"q": "a" * 201}).status_code == 404
    assert client.get("/nl/sites/99999/search?q=abc").status_code == 404
