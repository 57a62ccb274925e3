"""A journey is written by watching a browser: by names, with made-up data, and so that it can be walked."""

# ruff: noqa: E501 - a page on one line reads best

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest
from playwright.async_api import Page
from sites.loopback import answered_by

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


# Three pages that are built in three ways: by the server, by a script in one document, and of components of their own.
BUILT: dict[str, str] = {
    "/server": '<main><h1>Parkeervergunning</h1><form action="/server/klaar"><fieldset><legend>Voor wie is de vergunning?</legend>'
    '<label><input type="radio" name="w" value="1">Voor mijzelf</label><label><input type="radio" name="w" value="2">Voor bezoek</label>'
    '</fieldset><label>Wijk <select name="k"><option>Kies</option><option>Centrum</option></select></label>'
    '<label for="t">Kenteken</label><input id="t" name="t"><input type="submit" value="Volgende"></form></main>',
    "/server/klaar": "<main><h1>Controleer uw aanvraag</h1><button>Aanvraag versturen</button></main>",
    "/script": '<main id="m"><h1>Afspraak</h1><div role="tablist"><button role="tab" id="b">Balie</button></div><div id="d" hidden>'
    '<label>Uw naam <input id="n"></label><div role="button" tabindex="0" id="v">Verder</div></div><p role="status" id="s"></p></main>'
    "<script>b.onclick = () => { d.hidden = false; history.pushState({}, '', '/script/balie'); }; v.onclick = v.onkeydown = () => {"
    " s.textContent = 'Kies een dag'; document.querySelector('h1').textContent = 'Kies een dag'; };</script>",
    "/delen": "<main><h1>Afval</h1><een-formulier></een-formulier></main><script>customElements.define('een-formulier', class extends"
    " HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<label>Postcode <input id=p></label>"
    "<button id=z>Toon mijn dagen</button><p role=status></p>'; this.shadowRoot.getElementById('z').onclick = () => {"
    " this.shadowRoot.querySelector('p').textContent = 'Uw dagen'; document.querySelector('h1').textContent = 'Uw dagen'; }; } });</script>",
}


async def by_server(page: Page) -> None:
    await page.get_by_label("Voor bezoek").check()
    await page.get_by_label("Wijk").select_option("Centrum")
    await page.get_by_label("Kenteken").fill("AB-123-C")
    await page.get_by_role("button", name="Volgende").click()
    await page.get_by_role("button", name="Aanvraag versturen").click()


async def by_script(page: Page) -> None:
    await page.get_by_role("tab", name="Balie").click()
    await page.get_by_label("Uw naam").fill("Jan Jansen")
    await page.get_by_role("button", name="Verder").click()


async def by_components(page: Page) -> None:
    await page.get_by_label("Postcode").fill("9876 ZX")
    await page.get_by_role("button", name="Toon mijn dagen").click()


@contextmanager
def built() -> Iterator[str]:
    """The three of them, on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = BUILT.get(self.path.partition("?")[0], "<main><h1>Afspraak</h1></main>")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f'<!doctype html><html lang="nl"><title>Voorbeeld</title><body>{page}'.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            pass

    with answered_by(Handler) as url:
        yield url


@pytest.mark.slow
@pytest.mark.xdist_group("journeys")
def test_pages_built_in_three_ways_are_recorded_and_walked_again(browser: BrowserFile) -> None:
    uses = {"/server": by_server, "/script": by_script, "/delen": by_components}

    async def record_and_walk() -> dict[str, tuple[Journey, WaySeen]]:
        found = {}
        with built() as url:
            guard, scope = AddressGuard.for_origins((url,), offline=True), Scope((url,))
            async with driver() as playwright:
                recorded = {}
                for path, use_it in uses.items():
                    async with Recorder(playwright, browser, guard, (), "Vierluik test", scope, pictures=False) as recorder:
                        recorded[path] = read_journey((await recorder.record(url + path, use_it)).as_text())
                async with JourneyWalker(playwright, browser, guard, (), "Vierluik test", scope, pictures=False) as walker:
                    for path, one in recorded.items():
                        found[path] = one, (await walker.walk(one.to(url), Way.MOUSE)).seen
        return found

    found = asyncio.run(record_and_walk())
    steps = {path: [(step.kind.value, step.what) for step in one.steps[1:]] for path, (one, _) in found.items()}
    assert steps == {
        "/server": [
            ("choose", "Voor bezoek"),
            ("choose", "Centrum"),
            ("fill", "Kenteken"),
            ("click", "Volgende"),
            ("stop", "Aanvraag versturen"),
        ],
        "/script": [("click", "Balie"), ("fill", "Uw naam"), ("click", "Verder"), ("expect", "Kies een dag")],
        "/delen": [("fill", "Postcode"), ("click", "Toon mijn dagen"), ("expect", "Uw dagen")],
    }
    assert {path: seen.verdict for path, (_, seen) in found.items()} == dict.fromkeys(uses, Verdict.COMPLETED)
    texts = "".join(one.as_text() for one, _ in found.values())
    assert not any(typed in texts for typed in ("AB-123-C", "Jansen", "9876"))


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
