"""Policies are judged on real pages: words, expressions and selectors, that must or must not occur."""

from __future__ import annotations

import asyncio
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from sites.loopback import answered_by

from checks.policies.judge import judged
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.visit import driver
from rules.finding import Finding
from rules.observation import PageSnapshot
from rules.outcome import Outcome
from rules.policy import Policy, read_policy
from scheduler.check_pages import result_of, visitor_for
from scheduler.run_settings import RunSettings

HTML = (
    "<!doctype html><html lang=nl><head><title>Paspoort aanvragen</title></head><body><main><h1>Paspoort</h1>"
    "<p>Wilt u meer weten? <a href=/meer target=_blank>Klik\n <b>hier</b></a>.</p><p>Bel 14 0118.</p><p hidden>geheim</p>"
    "<script>verborgen()</script></main><footer>Voorbeeldstad</footer></body></html>"
)

LARGE = {
    "/blokken": HTML + "<p>Alinea met woorden</p>" * 2_100 + "<p>aan het eind</p>",
    "/tekst": HTML + f"<p>{'woord ' * 800}</p>" * 70 + "<p>aan het eind</p>",
    "/blok": HTML + f"<p>{'woord ' * 1_000} aan het eind</p>",
    "/verborgen": HTML + f"<div hidden>{'woord <b>x</b>' * 1_000} aan het eind</div>",
}


def policy(**line: Any) -> Policy:
    return read_policy({"id": "proef", "title": "Proef", **line})


POLICIES = {
    "words over elements, capitals aside": (policy(text="klik hier"), Outcome.CANNOT_TELL),
    "words that are not there": (policy(text="lees meer"), Outcome.PASSED),
    "hidden words are not on the page": (policy(text="geheim"), Outcome.PASSED),
    "script is no text": (policy(text="verborgen"), Outcome.PASSED),
    "words that must be there, and are": (policy(text="14 0118", must_occur=True), Outcome.PASSED),
    "the title counts": (policy(text="paspoort aanvragen", must_occur=True), Outcome.PASSED),
    "words that must be there, and are not": (policy(text="DigiD", must_occur=True), Outcome.CANNOT_TELL),
    "an expression": (policy(pattern=r"bel \d{2} \d{4}"), Outcome.CANNOT_TELL),
    "a selector": (policy(selector="a[target=_blank]"), Outcome.CANNOT_TELL),
    "a selector that must find": (policy(selector="footer", must_occur=True), Outcome.PASSED),
    "another page": (policy(text="klik hier", pages="/nieuws/"), Outcome.INAPPLICABLE),
    "another kind of page": (policy(text="klik hier", page_types=["news"]), Outcome.INAPPLICABLE),
    "the browser does not know it": (policy(selector='p:lexbor-contains("a")'), Outcome.UNTESTED),
}


class Handler(BaseHTTPRequestHandler):
    """Answers every path with the one page, or a large one."""

    def do_GET(self) -> None:
        body = LARGE.get(self.path, HTML).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


async def seen_with(origin: str, policies: tuple[Policy, ...], path: str = "/producten/paspoort") -> PageSnapshot:
    settings = RunSettings(engines=("vierluik",), policies=policies, load_timeout_s=5.0)
    guard = AddressGuard.for_origins((origin,), offline=True)
    async with driver() as playwright, visitor_for(playwright, find_browser(), guard, settings) as visitor:
        return await visitor.visit(f"{origin}{path}")


@pytest.fixture(scope="module")
def page() -> PageSnapshot:
    with answered_by(Handler) as origin:
        return asyncio.run(seen_with(origin, tuple(one for one, _ in POLICIES.values())))


@pytest.mark.slow
@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_says_what_it_finds(page: PageSnapshot, name: str) -> None:
    wanted, outcome = POLICIES[name]
    assert {found for _, found, _ in judged(page, (wanted,))} == {outcome}


@pytest.mark.slow
def test_a_finding_points_at_the_smallest_block_and_quotes_it(page: PageSnapshot) -> None:
    wanted = POLICIES["words over elements, capitals aside"][0]
    [(rule, _, finding)] = judged(page, (wanted,))
    assert rule == "own:proef"
    assert isinstance(finding, Finding)
    assert finding.target.selector.endswith("main:nth-child(1) > p:nth-child(2)")
    assert finding.arguments["found"] == "Wilt u meer weten? Klik hier."


@pytest.mark.slow
def test_a_policy_that_is_off_says_nothing(page: PageSnapshot) -> None:
    on, off = policy(text="klik hier"), policy(text="klik hier", on=False)
    norm = RunSettings().norm
    assert "own:proef" in result_of(page, norm, (on,)).outcomes
    assert "own:proef" not in result_of(page, norm, (off,)).outcomes


@pytest.mark.slow
@pytest.mark.parametrize("path", LARGE)
def test_what_is_left_out_of_a_large_page_is_never_said_not_to_be_there(path: str) -> None:
    banned, asked = policy(id="banned", text="aan het eind"), policy(id="asked", text="aan het eind", must_occur=True)
    here, there = policy(id="here", text="klik hier"), policy(id="there", text="klik hier", must_occur=True)
    selected = policy(id="selected", selector="footer", must_occur=True)
    policies = (banned, asked, here, there, selected)
    with answered_by(Handler) as origin:
        large = asyncio.run(seen_with(origin, policies, path))
    outcomes = {one.id: {outcome for _, outcome, _ in judged(large, (one,))} for one in policies}
    whole = path == "/verborgen"
    assert outcomes["banned"] == {Outcome.PASSED if whole else Outcome.UNTESTED}
    assert outcomes["asked"] == {Outcome.CANNOT_TELL if whole else Outcome.UNTESTED}
    assert outcomes["here"] == ({Outcome.CANNOT_TELL} if whole else {Outcome.CANNOT_TELL, Outcome.UNTESTED})
    assert outcomes["there"] == outcomes["selected"] == {Outcome.PASSED}
    partly = result_of(large, RunSettings().norm, policies).partly  # what was found before in these stays open
    assert {"own:banned", "own:asked", "own:here"} & partly == (set() if whole else {"own:banned", "own:asked", "own:here"})
