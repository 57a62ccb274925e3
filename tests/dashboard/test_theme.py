"""A municipality's own tokens fit: the second house style passes axe in light, dark and forced colours, also in print."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from dashboard_seed import NOW
from playwright.sync_api import sync_playwright
from starlette.testclient import TestClient
from test_dashboard_in_browser import AXE, OVERFLOW, VIOLATIONS, browser_path

from dashboard.app import create_app
from dashboard.assets import ThemeError, read_theme
from storage.database import Database

GROUNDED = "body, header, footer, .vl-card, .vl-tabs"
GROUNDS = f"[...document.querySelectorAll('{GROUNDED}')].map(one => getComputedStyle(one).backgroundColor)"
SCREENS = ("/nl/portfolio", "/nl/sites/{site}", "/nl/sites/{site}/simulator", "/nl/public/{site}")


@pytest.fixture(scope="module")
def themed(stored: Database) -> Iterator[str]:
    app = create_app(stored, now=lambda: NOW, theme=read_theme("duinstad"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.slow
@pytest.mark.skipif(browser_path() is None or not AXE.exists(), reason="no browser, or no axe-core: run the set-up")
def test_the_second_house_style_passes_axe(themed: str, ids: dict[str, int]) -> None:
    script = AXE.read_text(encoding="utf-8")
    found: list[str] = []
    seen: set[str] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for scheme, forced in (("light", "none"), ("dark", "none"), ("light", "active")):
            context = browser.new_context(
                viewport={"width": 1280, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]
                forced_colors=forced,  # type: ignore[arg-type]
            )
            page = context.new_page()
            for screen in SCREENS:
                page.goto(themed + screen.format(**ids))
                page.evaluate(script)
                violations = page.evaluate(VIOLATIONS)
                if forced == "active":  # axe reckons with our colours, and the visitor's own are shown
                    violations = [one for one in violations if not one.startswith("color-contrast")]
                    grounds = page.evaluate(GROUNDS)
                    assert set(grounds) == {"rgb(255, 255, 255)"}
                found += [f"{scheme} {forced} {screen}: {violation}" for violation in violations]
                if page.evaluate(OVERFLOW) > 0:
                    found.append(f"{screen}: scrolls sideways")
                colour = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--vl-bar')")
                seen.add(str(colour).strip())
            context.close()
        browser.close()
    assert not found
    assert seen == {"#5c1d4c", "#401837"}


def test_our_own_style_is_used_without_a_theme(stored: Database) -> None:
    assert "theme.css" not in TestClient(create_app(stored, now=lambda: NOW)).get("/nl/").text
    shown = TestClient(create_app(stored, now=lambda: NOW, theme=read_theme("duinstad"))).get("/nl/").text
    assert "theme.css" in shown


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"no style", b"a{background:url(https://elders.example/x)}", b"@import 'x';a{}", b"a{}" + b" " * 200_000],
)
def test_a_file_that_is_no_house_style_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "style.css"
    file.write_bytes(content)
    with pytest.raises(ThemeError, match="theme is"):
        read_theme(str(file))


def test_an_own_file_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "style.css"
    file.write_text(".vl-theme.vl-theme { --vl-bar: #123456; }")
    assert b"#123456" in read_theme(str(file))
    with pytest.raises(ThemeError, match="cannot be read"):
        read_theme("../theme-duinstad")
