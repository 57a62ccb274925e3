"""A state that only a journey reaches is worked on a copy; the journey goes on as if nobody had, and nothing is sent."""

# ruff: noqa: E501 - markup reads best as it is written

from __future__ import annotations

import asyncio

import pytest
from sites.journeys import PAGES, Journeyed, journeyed

from checks.accessibility.form_use.probe import PROBE as FORM_USE
from checks.probe import PageProbe
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.journey_states import StateWorker
from crawler.visit import driver
from rules.journey import Journey, Verdict, Way, read_journey
from rules.site import Scope
from scheduler.run_settings import RunSettings
from scheduler.walk_journeys import JourneyResult, walk_all_ways

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

# The form comes once somebody has begun; its message is only put there, and two of its fields bear one name.
SECOND = """<h1 tabindex=-1>Stap 2 van 2</h1><form novalidate method=post action=/klaar><p><label>Naam (verplicht) <input name=n></label></p><p><label>Straat <input name=s></label></p><p><label>Straat <input name=t></label></p>
<button>Volgende</button></form><p id=m></p>"""
PAGE = f"""<main><h1>Stap 1 van 2</h1><button id=b>Begin</button></main><template id=t>{SECOND}</template><script>
sessionStorage.keer = Number(sessionStorage.keer || 0) + 1;
b.onclick = () => {{ document.querySelector('main').innerHTML = t.innerHTML; document.querySelector('h1').focus();
  document.forms[0].onsubmit = (event) => {{ event.preventDefault(); m.textContent = 'Vul uw naam in'; }}; }}</script>"""
OTHER_EACH_TIME = '<main><h1>Teller</h1><button onclick="this.parentNode.innerHTML = `<h1>Nu</h1><p>${Math.random()}</p>`">Begin</button></main>'
TEXT = 'title = "Twee stappen"\n[[step]]\nopen = "{page}"\n[[step]]\nclick = "Begin"\n[[step]]\nexpect = "{end}"\n'


def test_state_is_worked_and_the_journey_is_not_disturbed(browser: BrowserFile) -> None:
    with journeyed({**PAGES, "/stappen": PAGE, "/anders": OTHER_EACH_TIME}) as site:
        worked, other = asyncio.run(walk(site, browser))
        assert {method for method, _ in site.asked} == {"GET"}
    assert worked.verdict is Verdict.COMPLETED
    (state,) = [one for one in worked.states if one.step == 1]
    found = {one.rule: number for number, one in enumerate(state.findings)}
    assert "message-not-announced" in found and "message-not-announced" in state.ran  # only who sends it empty sees that
    assert state.pictures[found["label-descriptive"]].startswith(b"\xff\xd8")
    # What cannot be brought back is untested for who touches it, and judged as it stood for who looks.
    (state,) = [one for one in other.states if one.step == 1]
    assert "message-not-announced" not in state.ran and "label-descriptive" in state.ran


async def walk(site: Journeyed, browser: BrowserFile) -> tuple[JourneyResult, JourneyResult]:
    guard, scope = AddressGuard.for_origins((site.url,), offline=True), Scope((site.url,))
    settings = RunSettings(engines=("vierluik",), offline=True)

    def journey(page: str, end: str) -> Journey:
        return read_journey(TEXT.format(page=page, end=end)).to(site.url)

    async with (
        driver() as playwright,
        StateWorker(playwright, browser, guard, [PageProbe(), FORM_USE], "Vierluik test", scope, step_s=1.5) as walker,
    ):
        worked = await walk_all_ways(walker, journey("/stappen", "Stap 2 van 2"), settings, (Way.MOUSE,))
        return worked, await walk_all_ways(walker, journey("/anders", "Nu"), settings, (Way.MOUSE,))
