"""Every control of the auditor's and the people's screens is reached with the Tab key, in sight, with its focus to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from test_dashboard_in_browser import browser_path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser_path() is None, reason="no browser: set VIERLUIK_BROWSER or install chromium"),
]
SCREENS = (
    "evaluations/{evaluation}/1.1.1/1",
    "evaluations/{evaluation}/sample",
    "sites/{site}/barriers",
    "sites/{site}/statement",
    "sites/{site}/owners",
    "sites/{site}/supplier-tickets",
    "accounts",
)
NUMBER = """() => {
  const controls = "main a[href], main button, main input:not([type=hidden]), main select, main textarea, main summary";
  return [...document.querySelectorAll(controls)].filter((one) => one.checkVisibility() && !one.disabled)
    .map((one, place) => {
      one.dataset.walk = place;
      return [place, one.type ?? "", one.name ?? "", one.outerHTML.slice(0, 80)];
    });
}"""
FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {
    place: one.dataset.walk ?? "", is_body: one === document.body, html: one.outerHTML.slice(0, 80),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield browser.new_context(viewport={"width": 1000, "height": 800}, reduced_motion="reduce").new_page()
        browser.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_every_control_is_reached_and_shows_its_focus(page: Page, address: str, ids: dict[str, int], screen: str) -> None:
    answer = page.goto(f"{address}/nl/{screen.format_map(ids)}")
    assert answer is not None and answer.ok, screen
    controls: list[list[Any]] = page.evaluate(NUMBER)
    reached: set[int] = set()
    wrong = []
    for _ in range(40 + 6 * len(controls)):  # a day has several stops
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found["is_body"]:
            break
        if found["place"] != "":
            reached.add(int(found["place"]))
            if not (found["seen"] and found["ring"]):
                wrong.append(found)
    assert not wrong
    groups = {name for place, kind, name, _ in controls if kind == "radio" and place in reached}  # arrows reach the others
    missed = [one for one in controls if one[0] not in reached and not (one[1] == "radio" and one[2] in groups)]
    assert not missed
    assert reached
