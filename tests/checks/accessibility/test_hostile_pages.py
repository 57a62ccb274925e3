"""Whatever a page does to the scripts that look at it, each ends within its deadline, and the next page notices nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sites.hostile import Answer, Served, page, serve

from checks.accessibility.engines.opinions import OPINIONS
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import Visitor, driver
from crawler.world import VisitFailed
from rules.observation import PageSnapshot
from rules.outcome import Outcome
from rules.task import PageResult, PageStatus
from scheduler.check_pages import result_of, visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile-pages")]

DEADLINE_S = 20.0  # of each probe in these tests
EVERY_ENGINE = RunSettings(load_timeout_s=5.0, engines=("axe", *OPINIONS, "vierluik"))
DEFAULT = RunSettings(load_timeout_s=5.0)
IMAGE = '<main><h1>x</h1><img src="/x.png"></main>'


def hostile(code: str) -> Answer:
    """A page with an image without alternative, and a script before it."""
    return page(IMAGE, head=f"<script>{code}</script>")


AFTER = "/daarna"
# What should be judged as if nothing were the matter, by every engine.
SPOILED = {
    "/array": hostile(
        "for (const name of Object.getOwnPropertyNames(Array.prototype))"
        " try { Array.prototype[name] = () => { throw 1 } } catch {}"
    ),
    "/promise": hostile("window.Promise = class { then() { return this } static resolve() { throw 1 } }; window.Map = null"),
    "/json": hostile("JSON.stringify = () => 'x'; JSON.parse = () => { throw 1 }; window.JSON = null"),
    "/query": hostile(
        "document.querySelector = document.querySelectorAll = () => null; Element.prototype.querySelectorAll = () => [];"
        "Element.prototype.getAttribute = () => 'x'; document.createTreeWalker = null"
    ),
    "/own-engines": hostile(
        "for (const name of ['axe', 'AccessLint', 'Alfa', 'qwPage', 'vierluik', 'wakeVierluik', 'wakeAccesslint', 'wakeAlfa'])"
        " window[name] = { run: () => 'nee', look: () => '{}' }"
    ),
    "/clobbered": page(
        '<form id="vierluik"><input name="look"></form><a id="axe" aria-label="x"></a><img id="AccessLint" name="wakeAlfa">'
        f'<form aria-label="x" name="title"><input name="id" aria-label="x"><input name="children" aria-label="y"></form>{IMAGE}'
    ),
    "/dialogs": hostile("setInterval(() => alert(1), 30)"),
    "/styles": hostile("window.getComputedStyle = () => { throw 1 }; Element.prototype.getBoundingClientRect = null"),
}
# What may be judged in part: each says what was left out, or why nothing could be said.
HEAVY = {
    "/sandboxed-frame": page(
        f'{IMAGE}<iframe title="x" sandbox srcdoc="<html lang=nl><title>x</title><img src=/x.png>"></iframe>'
    ),
    "/frames": page(IMAGE + '<iframe title="x" srcdoc="<html lang=nl><title>x</title><p>x"></iframe>' * 500),
    "/elements": page(IMAGE + "<div><p>regel <b>vet</b></p></div>" * 33_000),
    "/deep": page(IMAGE + "<div>" * 450 + "x"),
    "/canvas": page(f'{IMAGE}<canvas width="20000" height="20000" aria-label="x"></canvas>'),
    "/reloads": hostile("setTimeout(() => location.reload(), 400)"),
    "/leaves": hostile("setTimeout(() => location.href = '/elders', 300)"),
    "/spins": hostile("addEventListener('load', () => setTimeout(() => { for (;;); }, 100))"),
    "/spins-when-looked-at": hostile(
        "let seen = 0; new PerformanceObserver(() => {}); setTimeout(() => { while (true) seen++ }, 1500)"
    ),
}
# Watches for what a look must not do, from the moment at which the page stands.
MUTATIONS = """addEventListener('load', () => setTimeout(() => {
    const seen = new MutationObserver(() => { seen.disconnect(); document.title = 'gezien' });
    seen.observe(document, {childList: true, subtree: true, attributes: true});
    for (const kind of ['focus', 'blur', 'click', 'keydown', 'resize', 'scroll'])
        addEventListener(kind, () => { document.title = 'gevoeld' }, true);
}, 0))"""
WATCHFUL = {"/watchful": page(IMAGE + f"<a href=#x>x</a><button>x</button><script>{MUTATIONS}</script>", title="Ongestoord")}
PAGES = {AFTER: page(f'{IMAGE}<p style="color:#aaa">Grijs</p>'), "/elders": page(), **SPOILED, **HEAVY, **WATCHFUL}


@dataclass(frozen=True)
class Visited:
    """One page, and the page after it in the same browser."""

    page: PageSnapshot | str  # or why it could not be looked at
    after: PageResult

    @property
    def result(self) -> PageResult:
        assert isinstance(self.page, PageSnapshot), self.page
        return result_of(self.page, DEFAULT.norm)


async def visited(visitor: Visitor, site: Served, path: str) -> Visited:
    try:
        found: PageSnapshot | str = await visitor.visit(site.url + path)
    except VisitFailed as failure:
        found = failure.reason
    return Visited(found, result_of(await visitor.visit(site.url + AFTER), DEFAULT.norm))


async def visited_all(site: Served, browser: BrowserFile, settings: RunSettings, paths: list[str]) -> dict[str, Visited]:
    async with (
        driver() as playwright,
        visitor_for(playwright, browser, AddressGuard.for_origins((site.url,)), settings) as visitor,
    ):
        for probe in visitor.probes:
            probe.deadline_s = DEADLINE_S
        return {path: await visited(visitor, site, path) for path in paths}


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve(PAGES) as served:
        yield served


@pytest.fixture(scope="module")
def spoiled(site: Served, browser: BrowserFile) -> dict[str, Visited]:
    return asyncio.run(visited_all(site, browser, EVERY_ENGINE, [AFTER, *SPOILED, *WATCHFUL]))


@pytest.fixture(scope="module")
def heavy(site: Served, browser: BrowserFile) -> dict[str, Visited]:
    return asyncio.run(visited_all(site, browser, DEFAULT, [AFTER, *HEAVY]))


def barriers(result: PageResult) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(one.rule, one.target.path, one.engines) for one in result.findings if one.outcome is Outcome.FAILED}


@pytest.mark.parametrize("path", SPOILED)
def test_page_that_spoils_what_scripts_use_is_judged_by_every_engine(path: str, spoiled: dict[str, Visited]) -> None:
    result = spoiled[path].result
    assert (result.status, result.notes) == (PageStatus.TESTED, ())
    image = [
        one.engines for one in result.findings if one.rule == "image-alternative" and one.target.html == '<img src="/x.png">'
    ]
    assert image == [("axe", "accesslint", "alfa", "qualweb")]


@pytest.mark.parametrize("path", SPOILED)
def test_page_after_a_spoiled_one_is_judged_as_if_alone(path: str, spoiled: dict[str, Visited]) -> None:
    assert barriers(spoiled[path].after) == barriers(spoiled[AFTER].after)
    assert spoiled[path].after.notes == ()


def test_no_engine_changes_the_page_or_makes_itself_felt(spoiled: dict[str, Visited], site: Served, browser: BrowserFile) -> None:
    async def title() -> str:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, visitor_for(playwright, browser, guard, EVERY_ENGINE) as visitor:
            await visitor.visit(f"{site.url}/watchful")
            assert visitor._tab is not None
            return await visitor._tab.page.title()

    assert spoiled["/watchful"].result.notes == ()
    assert asyncio.run(title()) == "Ongestoord"


@pytest.mark.parametrize("path", HEAVY)
def test_heavy_page_ends_judged_or_with_a_reason(path: str, heavy: dict[str, Visited]) -> None:
    found = heavy[path]
    if isinstance(found.page, str):
        assert found.page in ("page-hangs", "navigated-away", "load-timeout")
        return
    assert all(evidence.complete or evidence.reason for evidence in found.page.evidence.values())
    assert found.result.status is PageStatus.TESTED or found.result.reason


@pytest.mark.parametrize("path", HEAVY)
def test_page_after_a_heavy_one_is_judged_as_if_alone(path: str, heavy: dict[str, Visited]) -> None:
    assert heavy[path].after.status is PageStatus.TESTED
    assert barriers(heavy[path].after) == barriers(heavy[AFTER].after)
    assert heavy[path].after.notes == ()


def test_page_that_is_too_large_for_one_engine_is_judged_by_the_others(heavy: dict[str, Visited]) -> None:
    result = heavy["/elements"].result
    assert result.status is PageStatus.TESTED
    assert result.outcomes["page-title-descriptive"] is Outcome.PASSED


@pytest.mark.parametrize("path", ["/sandboxed-frame", "/frames", "/canvas", "/deep"])
def test_heavy_page_that_stands_still_is_judged(path: str, heavy: dict[str, Visited]) -> None:
    assert "image-alternative" in {one.rule for one in heavy[path].result.findings}


def test_frames_that_were_not_looked_into_are_said(heavy: dict[str, Visited]) -> None:
    assert "too-many-frames" in heavy["/frames"].result.notes
