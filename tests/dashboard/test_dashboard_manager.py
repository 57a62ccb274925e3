"""The manager's page and the fix simulator say what is stored, and the page fits on one A4."""

from __future__ import annotations

import re
from itertools import combinations

import pikepdf
import pytest
from lxml import html
from playwright.sync_api import sync_playwright
from starlette.testclient import TestClient
from test_dashboard_in_browser import browser_path

from storage.database import Database
from storage.questions.rules import fixed_since
from storage.questions.runs import run_history
from storage.questions.simulation import causes_of_pages


def text_of(answer: str) -> str:
    return " ".join(html.fromstring(answer).text_content().split())


def test_the_simulator_frees_exactly_the_pages_whose_every_failure_is_chosen(
    client: TestClient, stored: Database, ids: dict[str, int]
) -> None:
    with stored.session() as session:
        history = run_history(session, ids["site"])
        pages = causes_of_pages(session, ids["site"], ids["latest_run"])
    assert len(pages) == history[-1].figure("pages_with_confirmed_failure")
    judged = history[-1].figure("pages_tested")
    names = sorted(set().union(*pages.values()))
    assert len(names) > 2
    for chosen in [*combinations(names, 1), *combinations(names, 2), tuple(names)]:
        shown = client.get(f"/en/sites/{ids['site']}/simulator", params={"cause": [*chosen, "999", "' OR 1=1"]}).text
        free = sum(causes <= set(chosen) for causes in pages.values()) + 29 - len(pages)
        figure = html.fromstring(shown).xpath("string(//p[@class='vl-figure']/text())").strip()
        assert (chosen, figure) == (chosen, str(free))
        assert shown.count(" checked") == len(chosen)
    assert judged == 29
    proposal = text_of(client.get(f"/nl/sites/{ids['site']}/simulator").text)
    assert "Het meeste met het minste" in proposal
    assert "worden dat er" in proposal


def test_what_was_achieved_is_said_with_its_proof(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        changes = fixed_since(session, ids["site"], ids["first_run"], ids["latest_run"])
    page = client.get(f"/nl/sites/{ids['site']}/manager").text
    assert f"{sum(change.findings for change in changes)} fouten zijn weg" in text_of(page)
    links = [link for link in html.fromstring(page).xpath("//a/@href") if "/achieved/" in link]
    assert len(links) == min(5, len(changes))
    proof = client.get(next(link for link in links if "page-language" in link)).text
    assert "Ervoor" in text_of(proof)
    assert re.search(r"weg bij de controle van \d+ \w+ 2026", text_of(proof))
    assert "<script>alert" not in proof


@pytest.mark.parametrize(
    "rest", ["text-contrast", "text-contrast?since=99999", "no-rule?since=1", "text-contrast?since=1&page=99"]
)
def test_a_proof_of_nothing_is_not_there(client: TestClient, ids: dict[str, int], rest: str) -> None:
    assert client.get(f"/nl/sites/{ids['site']}/achieved/{rest}").status_code in (404, 422)


@pytest.mark.skipif(browser_path() is None, reason="no browser: set VIERLUIK_BROWSER or install chromium")
def test_the_page_fits_on_one_a4(
    client: TestClient, address: str, ids: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("print") / "manager.pdf"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page()
        sizes = []
        for language in ("nl", "en"):
            page.goto(f"{address}/{language}/sites/{ids['site']}/manager")
            page.pdf(path=file, prefer_css_page_size=True)
            with pikepdf.open(file) as printed:
                sizes.append(len(printed.pages))
        browser.close()
    assert sizes == [1, 1]
