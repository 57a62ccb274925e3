"""The report of a page: numbered frames on its picture, the same numbers in words, and the bookmark that leads to it."""

from __future__ import annotations

import re

import pytest
from lxml import html
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from starlette.testclient import TestClient
from test_dashboard_in_browser import browser_path

from storage.database import Database
from storage.models import Finding, Page
from storage.page_pictures import kept_picture
from storage.picture_models import StoredPagePicture


def test_each_frame_has_its_number_in_words(client: TestClient, stored: Database) -> None:
    with stored.session() as session:
        page_id = session.scalars(select(StoredPagePicture.page_id)).first()
        assert page_id is not None
        kept = kept_picture(session, page_id)
        assert kept is not None
        boxes = dict(session.execute(select(Finding.fingerprint, Finding.id).where(Finding.page_id == page_id)).all())
        assert kept.boxes.keys() & boxes.keys()
    for language, word in (("nl", "Kader"), ("en", "Frame")):
        page = html.fromstring(client.get(f"/{language}/pages/{page_id}").text)
        framed = page.xpath("//figure[@class='vl-whole']//svg//text/text()")
        said = [re.sub(r"\D", "", text) for text in page.xpath("//a[@href='#seen']/text()") if text.startswith(word)]
        assert framed and sorted(framed) == sorted(said)
        assert page.xpath("//figure[@class='vl-whole']//img/@alt")[0] and page.get_element_by_id("seen") is not None
        assert not page.xpath("//figure[@class='vl-whole']//@style")
        shapes = page.xpath("//*[@class='vl-whole__frame']")
        places = {(float(one.get("x")) + 6, float(one.get("y")) + 6) for one in shapes}
        assert places <= {(float(box[0]), float(box[1])) for box in kept.boxes.values()}


def test_a_page_without_a_picture_says_the_same_in_words(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        assert session.get(StoredPagePicture, ids["hostile_page"]) is None
    text = client.get(f"/nl/pages/{ids['hostile_page']}").text
    assert "vl-whole" not in text and "op de schermafdruk" not in text


@pytest.mark.skipif(browser_path() is None, reason="no browser: set VIERLUIK_BROWSER or install chromium")
def test_the_bookmark_opens_the_report_of_the_page_one_looks_at(address: str, stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        identity = session.get_one(Page, ids["page"]).identity
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}/nl/report")
        bookmark = page.get_by_role("link", name="Rapport in Vierluik")
        script = bookmark.get_attribute("href") or ""
        assert script.startswith("javascript:") and script in page.locator("pre").inner_text()
        bookmark.click()  # here it does nothing: no script stands in our screens
        assert page.url == f"{address}/nl/report"
        page.route(f"{identity}*", lambda route: route.fulfill(body="<title>Pagina</title>", content_type="text/html"))
        page.goto(f"{identity}#midden")
        page.evaluate(script.removeprefix("javascript:"))
        page.wait_for_url(f"{address}/nl/pages/{ids['page']}")
        browser.close()
