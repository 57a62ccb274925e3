"""Our own screens in a browser: no violation of any rule of axe-core, no sideways scrolling, and all of it by keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from test_dashboard_screens import SCREENS

AXE = Path(__file__).parents[2] / "checks/accessibility/engines/axe/vendor/axe.min.js"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
VIOLATIONS = (
    "axe.run(document, {resultTypes: ['violations']})"
    ".then(result => result.violations.map(found => found.id + ': ' + found.nodes.map(node => node.target).join(' ')))"
)


def browser_path() -> str | None:
    named = os.environ.get("VIERLUIK_BROWSER")
    return named or shutil.which("chromium-headless-shell") or shutil.which("chromium")


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser_path() is None, reason="no browser: set VIERLUIK_BROWSER or install chromium"),
    pytest.mark.skipif(not AXE.exists(), reason="no axe-core: run the set-up"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


# Every pair of width, language and colours.
@pytest.mark.parametrize(
    ("width", "language", "scheme"), [(1440, "nl", "light"), (1440, "en", "dark"), (320, "nl", "dark"), (320, "en", "light")]
)
def test_every_screen_passes_axe_and_fits(
    browser: Browser, address: str, ids: dict[str, int], width: int, language: str, scheme: str
) -> None:
    script = AXE.read_text(encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if "Content Security" in message.text else None)
    found: list[str] = []
    for screen in [*SCREENS, "/nothing"]:
        page.goto(f"{address}/{language}{screen.format(**ids)}")
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"{screen}: scrolls sideways")
        page.evaluate(script)
        found += [f"{screen}: {violation}" for violation in page.evaluate(VIOLATIONS)]
    context.close()
    assert not found
    assert not blocked


def test_keyboard_reaches_everything_and_shows_where_it_is(browser: Browser, address: str, ids: dict[str, int]) -> None:
    page = browser.new_page()
    page.goto(f"{address}/nl/sites/{ids['site']}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    seen = 0
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => outlineStyle + outlineWidth)(getComputedStyle(document.activeElement))"
        )
        assert not style.startswith("none") and not style.endswith(" 0px")
        seen += 1
    reachable = "[...document.querySelectorAll('a[href], button, summary, input, select')].filter(one => one.checkVisibility())"
    assert seen == page.evaluate(f"{reachable}.length") - 1
    page.close()
