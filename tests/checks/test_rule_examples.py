"""Every example of every rule's page gets the outcome that its heading promises, in a real browser, by our own engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from string import Formatter
from urllib.parse import urlsplit

import pytest
from sites.loopback import answered_by

from checks import own
from checks.accessibility.engines.axe import mapping as axe
from checks.accessibility.engines.opinions import OPINIONS
from checks.accessibility.sample.facts import facts_of, sample_page
from checks.judge import judge
from checks.links.sample.broken import Answers
from checks.links.soft_404 import is_soft_404
from checks.municipal.products import ProductNames
from checks.sample import Sample
from checks.topics import topics
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.soft_answers import notice_of
from crawler.visit import Visitor, driver
from rules.observation import LinkClass, PageSnapshot
from rules.outcome import Outcome
from rules.rule import Example, Rule, catalogue
from rules.task import Judgement
from rules.upl import Product
from scheduler.check_pages import visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rule-examples")]

# The newer norm asks for everything that the older one asks for, and for target size.
BROWSERS = 3
SETTINGS = RunSettings(norm_id="en301549-4.1.1", load_timeout_s=5.0)


def addresses(path: str, example: Example) -> list[str]:
    """Where the pages of an example stand: nearly always one."""
    return [path] if len(example.pages) == 1 else [f"{path}/{number}" for number in range(1, len(example.pages) + 1)]


TERMS = "http://standaarden.overheid.nl/owms/terms"
PRODUCTS = ProductNames(
    [
        Product(f"{TERMS}/paspoort", "paspoort", "D1", for_municipality=True, for_citizen=True),
        Product(f"{TERMS}/leges", "leges", for_municipality=True, for_citizen=True, for_business=True),
        Product(f"{TERMS}/kinderbijslag", "kinderbijslag", for_citizen=True),
    ],
    "2026-03-02",
)
REGISTERED = frozenset({"1"})  # the numbers of statements in the register
AREAS = {topic.area for topic in topics().values()}
EXAMPLES: dict[str, tuple[Rule, Example]] = {
    f"/{rule.id}/{number}-{example.outcome}": (rule, example)
    for rule in catalogue().values()
    if rule.area in AREAS and not rule.of_hosts and not rule.of_journeys
    for number, example in enumerate(rule.examples, start=1)
}
# The pages of an example over the sample are neighbours: /rule/1-failed/1 is the start page, the last one is judged.
PAGES = {
    address: html
    for path, (_, example) in EXAMPLES.items()
    for address, html in zip(addresses(path, example), example.documents(), strict=True)
}


class ExampleHandler(BaseHTTPRequestHandler):
    """Answers with the example of a path; images and frames that examples name are not there."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@pytest.fixture(scope="module")
def examples_server() -> Iterator[str]:
    with answered_by(ExampleHandler) as address:
        yield address


@pytest.fixture(scope="module")
def judged(examples_server: str, request: pytest.FixtureRequest) -> dict[str, Judgement]:
    """What is said of each example, all in one browser; of the tests that were asked for, no more."""
    wanted = {item.callspec.params.get("path") for item in request.session.items if hasattr(item, "callspec")}
    return asyncio.run(judge_examples(examples_server, [path for path in EXAMPLES if path in wanted]))


def engines_for(path: str) -> tuple[str, ...]:
    """The engines that have a say in the rule of an example; our own looks at every page."""
    said = {name: axe.mapping() if name == "axe" else OPINIONS[name].mapping() for name in SETTINGS.engines if name != own.ENGINE}
    return (own.ENGINE, *(name for name, rules in said.items() if EXAMPLES[path][0].id in rules.values()))


async def judge_examples(origin: str, paths: list[str]) -> dict[str, Judgement]:
    """A few browsers at once: a page that is touched is mostly waited for. Only who has a say in its rule looks at a page."""
    found: dict[str, Judgement] = {}
    guard = AddressGuard.for_origins((origin,), offline=True)
    left = sorted(paths, key=engines_for)

    async def judge_what_is_left() -> None:
        while left:
            engines = engines_for(left[-1])
            async with visitor_for(playwright, find_browser(), guard, replace(SETTINGS, engines=engines)) as visitor:
                await judge_with(engines, visitor)

    async def judge_with(engines: tuple[str, ...], visitor: Visitor) -> None:
        touching = visitor.touching
        while left and engines_for(left[-1]) == engines:
            path = left.pop()
            rule, example = EXAMPLES[path]
            visitor.touching = [probe for probe in touching if rule.id in topics()[probe.name].rules]
            urls = [f"{origin}{address}" for address in addresses(path, example)]
            snapshots = [await visitor.visit(url, touch=bool(visitor.touching)) for url in urls]
            found[path] = compared(snapshots) if rule.compares_pages else judge(snapshots[-1], SETTINGS.norm)

    async with driver() as playwright, asyncio.TaskGroup() as tasks:
        for _ in range(BROWSERS):
            tasks.create_task(judge_what_is_left())
    return found


def compared(snapshots: list[PageSnapshot]) -> Judgement:
    """What a whole sample says of its last page; its first is the start page."""
    pages = [sample_page(one.url, facts_of(one) or {}, one.links) for one in snapshots]
    answers = Answers({url: answered(url) for page in pages for link in page.links for url in [link.url.partition("#")[0]]})
    sample = Sample.of(
        pages, SETTINGS.norm, pages[0].address, whole=True, answers=answers, products=PRODUCTS, registered=REGISTERED
    )
    return sample.judge(pages[-1])


def answered(url: str) -> LinkClass:
    """What an address comes to that an example refers to: only the pages of examples are there."""
    html = PAGES.get(urlsplit(url).path)
    if html is None:
        return LinkClass.DEAD
    notice = notice_of(html)
    return LinkClass.SOFT_404 if notice and is_soft_404(notice) else LinkClass.OK


@pytest.mark.parametrize("path", EXAMPLES)
def test_example_gets_the_outcome_its_heading_promises(path: str, judged: dict[str, Judgement]) -> None:
    rule, example = EXAMPLES[path]
    # Advice asks a person to look; it never accuses.
    promised = Outcome.CANNOT_TELL if rule.is_advice and example.outcome is Outcome.FAILED else example.outcome
    assert judged[path].outcomes[rule.id] is promised, example.why
    for finding in judged[path].findings:
        # A message that is not given what it speaks of would be shown as the rule's title.
        message = catalogue()[finding.rule].words["nl"].messages[finding.message]
        needed = {name for _, name, _, _ in Formatter().parse(message) if name}
        assert needed <= set(finding.arguments), finding.rule


def test_every_rule_shows_what_passes_and_what_does_not() -> None:
    for rule in catalogue().values():
        shown = {example.outcome for example in rule.examples}
        assert shown & {Outcome.PASSED, Outcome.INAPPLICABLE}, rule.id
        assert shown & {Outcome.FAILED, Outcome.CANNOT_TELL}, rule.id
