"""Every example of a rule about journeys, walked as it says, gets the outcome that its heading promises."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from string import Formatter

import pytest
from sites.loopback import answered_by

from checks.probe import PageProbe
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.journey_states import StateWorker
from crawler.visit import driver
from rules.journey import Way, read_journey
from rules.outcome import Outcome
from rules.rule import Example, Rule, catalogue
from rules.site import Scope
from scheduler.run_settings import RunSettings
from scheduler.walk_journeys import JourneyResult, walk_all_ways

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
SETTINGS = RunSettings(engines=("vierluik",), norm_id="en301549-4.1.1", offline=True)
WAYS = (Way.MOUSE, Way.KEYBOARD)
EXAMPLES: dict[str, tuple[Rule, Example]] = {
    f"/{rule.id}/{number}-{example.outcome}": (rule, example)
    for rule in catalogue().values()
    if rule.of_journeys
    for number, example in enumerate(rule.examples, start=1)
}
# The first block of an example says the steps; its first page is that at which they begin, the others are called 2 and so on.
PAGES = {
    f"{path}/{number if number > 1 else ''}": html
    for path, (_, example) in EXAMPLES.items()
    for number, html in enumerate(example.documents()[1:], start=1)
}


class ExampleHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path.partition("?")[0], "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@pytest.fixture(scope="module")
def walked(browser: BrowserFile) -> Iterator[dict[str, JourneyResult]]:
    with answered_by(ExampleHandler) as origin:
        yield asyncio.run(walk(origin, browser))


async def walk(origin: str, browser: BrowserFile) -> dict[str, JourneyResult]:
    guard, scope = AddressGuard.for_origins((origin,), offline=True), Scope((origin,))
    found = {}
    async with (
        driver() as playwright,
        StateWorker(playwright, browser, guard, [PageProbe()], "Vierluik test", scope, step_s=1.5, pictures=False) as walker,
    ):
        for path, (_, example) in EXAMPLES.items():
            steps = example.pages[0].replace('open = "/"', f'open = "{path}/"')
            journey = read_journey(f'title = "Voorbeeld"\n{steps}').to(origin)
            found[path] = await walk_all_ways(walker, journey, SETTINGS, WAYS, proven=True)
    return found


@pytest.mark.parametrize("path", EXAMPLES)
def test_example_of_a_journey_gets_its_outcome(path: str, walked: dict[str, JourneyResult]) -> None:
    rule, example = EXAMPLES[path]
    findings = [one for state in walked[path].states for one in state.findings if one.rule == rule.id]
    ran = any(rule.id in state.ran for state in walked[path].states)
    worst = next(
        (outcome for outcome in (Outcome.FAILED, Outcome.CANNOT_TELL) if any(one.outcome is outcome for one in findings)),
        Outcome.PASSED if ran else Outcome.INAPPLICABLE,
    )
    assert worst is example.outcome, example.why
    for finding in findings:
        needed = {name for _, name, _, _ in Formatter().parse(rule.words["nl"].messages[finding.message]) if name}
        assert needed <= set(finding.arguments)
