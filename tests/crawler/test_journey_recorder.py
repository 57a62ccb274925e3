"""A journey is written by watching a browser: by names, with made-up data, and so that it can be walked."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile, BrowserMissing, find_window_browser
from crawler.journey import JourneyWalker
from crawler.journey_recorder import Recorder, journey_of
from crawler.visit import driver
from rules.journey import Journey, JourneyStep, StepKind, Verdict, Way, WaySeen, read_journey
from rules.site import Scope
from vierluik.sample_site.server import serve


async def use(page: Page) -> None:
    """What a resident does, by hands of our own."""
    await page.get_by_role("searchbox").fill("losse tegel melden")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Melding doen", exact=True).first.click()
    await page.get_by_label("Waar gaat uw melding over?").select_option("Stoep of wegdek")
    await page.get_by_label("Wat is er aan de hand?").fill("Bij Jan Jansen, Dorpsstraat 5, ligt een tegel los")
    await page.get_by_role("button", name="Volgende stap").click()
    await page.get_by_label("Straat of plein").fill("Dorpsstraat")
    await page.get_by_role("button", name="Volgende stap").click()
    await page.get_by_label("Uw naam").fill("Jan Jansen")
    await page.get_by_label("Uw e-mailadres").fill("jan@gmail.com")
    await page.get_by_role("button", name="Melding versturen").click()


@pytest.mark.slow
@pytest.mark.xdist_group("journeys")
def test_what_was_recorded_is_read_and_walked(browser: BrowserFile) -> None:
    async def record_and_walk() -> tuple[Journey, WaySeen]:
        with serve("clean") as site:
            guard, scope = AddressGuard.for_origins((site.url,), offline=True), Scope((site.url,))
            async with driver() as playwright:
                async with Recorder(playwright, browser, guard, (), "Vierluik test", scope, pictures=False) as recorder:
                    recorded = await recorder.record(f"{site.url}/", use, "Melding doen")
                read = read_journey(recorded.as_text())
                async with JourneyWalker(playwright, browser, guard, (), "Vierluik test", scope, pictures=False) as walker:
                    return read, (await walker.walk(read.to(site.url), Way.MOUSE)).seen

    journey, seen = asyncio.run(record_and_walk())
    kinds = [(step.kind.value, step.what) for step in journey.steps]
    assert kinds == [
        ("open", "/"),
        ("search", "losse tegel melden"),
        ("click", "Melding doen"),
        ("choose", "Stoep of wegdek"),
        ("fill", "Wat is er aan de hand?"),
        ("click", "Volgende stap"),
        ("fill", "Straat of plein"),
        ("click", "Volgende stap"),
        ("fill", "Uw naam"),
        ("fill", "Uw e-mailadres"),
        ("stop", "Melding versturen"),
    ]
    assert not any(name in journey.as_text() for name in ("Jansen", "gmail", "Dorpsstraat"))
    assert seen.verdict is Verdict.COMPLETED


def test_what_is_typed_twice_is_one_step_and_the_last_page_is_what_is_expected() -> None:
    told = [
        {"kind": "heading", "what": "Begin"},
        {"kind": "fill", "what": "Naam", "value": "J"},
        {"kind": "fill", "what": "Naam", "value": "Jan"},
        {"kind": "click", "what": "Zoek", "search": "True"},
        {"kind": "click", "what": "Verder"},
        {"kind": "heading", "what": "Klaar"},
    ]
    journey = journey_of("/begin", told)
    assert journey.title == "Klaar"
    assert journey.steps[1:] == (
        JourneyStep(StepKind.FILL, "Naam", "Test de Vries"),
        JourneyStep(StepKind.CLICK, "Verder"),
        JourneyStep(StepKind.EXPECT, "Klaar"),
    )
    assert read_journey(journey.as_text()) == journey


def test_without_a_display_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BrowserMissing, match="on a machine with a screen"):
        find_window_browser()
