"""Keyboard shortcuts: what a key does in a real browser, the help that names each, and turning them off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, sync_playwright
from starlette.testclient import TestClient
from test_dashboard_in_browser import browser_path

from dashboard.screens.shortcuts import EVERYWHERE, IN_A_LIST

TEMPLATES = Path(__file__).parents[2] / "dashboard/templates"
needs_browser = pytest.mark.skipif(browser_path() is None, reason="no browser: set VIERLUIK_BROWSER or install chromium")
FOCUSED = "document.activeElement.closest('[data-shortcut-item]')?.querySelector('input').id ?? ''"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@needs_browser
def test_keys_do_what_the_screen_can_do(page: Page, address: str, ids: dict[str, int]) -> None:
    desk = f"{address}/nl/sites/{ids['site']}/desk"
    page.goto(desk)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "tick-2"
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == "tick-1"
    page.keyboard.press("k")  # nothing before the first
    page.keyboard.press("x")
    assert page.locator("#tick-1").is_checked() and not page.locator("#tick-2").is_checked()
    page.keyboard.press("Control+j")  # of the browser, not ours
    assert page.evaluate(FOCUSED) == "tick-1"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("gm?jx")  # in a field a letter is a letter
    assert page.locator("#find").input_value() == "gm?jx"
    assert page.url == desk
    page.locator("h1").click()
    page.keyboard.type("gb")
    page.wait_for_url("**/runs")
    page.keyboard.press("?")
    page.wait_for_url("**/nl/shortcuts")
    assert page.get_by_role("heading", level=1).inner_text() == "Sneltoetsen"


@needs_browser
def test_turned_off_they_do_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}/nl/shortcuts")
    page.get_by_role("button", name="Zet sneltoetsen uit").click()
    page.get_by_role("heading", name="Sneltoetsen staan uit").wait_for()
    assert page.locator("script").count() == 0
    page.keyboard.type("gs")
    assert page.url == f"{address}/nl/shortcuts"
    page.get_by_role("button", name="Zet sneltoetsen aan").click()
    page.get_by_role("heading", name="Sneltoetsen staan aan").wait_for()
    page.keyboard.type("gs")
    page.wait_for_url(f"{address}/nl/")


def test_the_help_names_every_key_of_every_template(client: TestClient) -> None:
    declared = {
        key
        for file in TEMPLATES.glob("**/*.j2")
        for key in re.findall(r'data-shortcut="([^"]+)"', file.read_text(encoding="utf-8"))
    }
    helped = {one.keys for one in (*EVERYWHERE, *IN_A_LIST)}
    assert declared - {"g {{ one.key }}"} == helped - {"j", "k"}
    answer = client.get("/en/shortcuts").text
    for keys in helped | {"g m", "g b"}:
        assert all(f'<kbd class="vl-kbd">{key}</kbd>' in answer for key in keys.split())


def test_the_choice_is_kept_a_year_and_no_script_reads_it(client: TestClient) -> None:
    own = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/nl/shortcuts", data={"state": "off"}, headers=own)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("vierluik-shortcuts=off;") and "HttpOnly" in cookie and "Max-Age=31536000" in cookie
    assert "<script" not in client.get("/nl/").text
    assert client.post("/nl/shortcuts", data={"state": "maybe"}, headers=own).status_code in (404, 422)
    assert client.post("/nl/shortcuts", data={"state": "on"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_whoever_has_not_logged_in_gets_no_script(dashboard_app: FastAPI, ids: dict[str, int]) -> None:
    assert "shortcuts.js" in TestClient(dashboard_app).get("/nl/").text
    door = dashboard_app.state.door
    door.always_locked = True
    try:
        assert "<script" not in TestClient(dashboard_app).get("/nl/log-in").text
    finally:
        door.always_locked = False
