"""axe-core in an isolated world finds what axe-core finds anywhere, and looks into frames and shadow trees."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from sites.hostile import Served, page, serve

from checks.accessibility.engines.axe.mapping import mapping, options_for
from checks.accessibility.engines.axe.probe import IsolatedAxe, axe_script
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile, launch_arguments
from crawler.visit import driver
from rules.norm import norms
from rules.observation import PageSnapshot
from rules.outcome import Outcome
from rules.task import PageResult, PageStatus
from scheduler.check_pages import result_of, visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("axe-in-browser")]  # what is made once is made once

NORM = norms()["en301549-3.2.1"]
LEFT_OUT = ("text-contrast", mapping()["p-as-heading"])
FAULTS = (
    '<img src="/x.png"><a href="/x"></a><button></button><p style="color:#aaa;background:#fff">Grijze tekst</p>'
    '<input><select><option>x</option></select><h4>Kop</h4><div role="checkbox">x</div><ul><p>x</p></ul>'
    '<table><tr><th scope="onzin">x</th></tr></table><p lang="qq">x</p><div role="button" aria-label="x" onclick="1"></div>'
)
SHADOW = """<div id="host"></div><script>document.querySelector("#host").attachShadow({mode: "open"}).innerHTML =
    "<slot></slot><div id=inner><img src=/x.png></div>"</script>"""
# Of a page without any style sheet we leave out what axe asks about turning the screen.
STYLED = "<style>main { margin: 0 }</style>"
PAGES = {
    "/plain": page(head=STYLED),
    "/faults": page(FAULTS, head=STYLED),
    "/shadow": page(SHADOW, head=STYLED),
    "/frames": page(
        '<main><h1>x</h1><iframe title="een" src="/faults"></iframe><iframe title="twee" src="/nested"></iframe></main>'
    ),
    "/nested": page('<iframe title="binnen" srcdoc="<html lang=nl><title>x</title><img src=/x.png>"></iframe>'),
    "/framed-shadow": page('<main><h1>x</h1><iframe title="schaduw" src="/shadow"></iframe></main>'),
    "/under-a-dialog": page(
        '<iframe title="x" tabindex="-1" srcdoc="<html lang=nl><title>x</title><a href=/>Naar x</a>"></iframe>'
        "<dialog aria-label=x><button>x</button></dialog><script>document.querySelector('dialog').showModal()</script>"
    ),
    "/out-of-reach": page(
        '<iframe title="x" tabindex="-1" srcdoc="<html lang=nl><title>x</title><a href=/>Naar x</a>"></iframe>'
    ),
    "/large": page("<main><h1>x</h1><img src='/x.png'>" + "<p style='color:#aaa'>regel</p>" * 800 + "<br>" * 14_500 + "</main>"),
    "/no-title": page(title="", head=STYLED),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve(PAGES) as served:
        yield served


@pytest.fixture(scope="module")
def snapshots(site: Served, browser: BrowserFile) -> dict[str, PageSnapshot]:
    async def visited() -> dict[str, PageSnapshot]:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, visitor_for(playwright, browser, guard, RunSettings()) as visitor:
            return {path: await visitor.visit(site.url + path) for path in PAGES}

    return asyncio.run(visited())


@pytest.fixture(scope="module")
def results(snapshots: dict[str, PageSnapshot]) -> dict[str, PageResult]:
    return {path: result_of(snapshot, NORM) for path, snapshot in snapshots.items()}


@pytest.fixture(scope="module")
def by_the_package(site: Served, browser: BrowserFile) -> dict[str, dict[str, Any]]:
    """What axe-playwright-python itself says of the same pages, with the same axe-core and options."""

    async def run() -> dict[str, dict[str, Any]]:
        axe = Axe(axe_script=axe_script())
        async with driver() as playwright:
            chromium = await playwright.chromium.launch(executable_path=browser.path, args=launch_arguments())
            context = await chromium.new_context(viewport={"width": 1280, "height": 800})
            tab = await context.new_page()
            answers = {}
            for path in ("/plain", "/faults", "/shadow", "/no-title"):
                await tab.goto(site.url + path, wait_until="networkidle")
                answers[path] = (await axe.run(tab, options=options_for(NORM))).response
            await chromium.close()
            return answers

    return asyncio.run(run())


@pytest.mark.parametrize("path", ["/plain", "/faults", "/shadow", "/no-title"])
def test_isolated_axe_finds_what_the_package_finds(
    path: str, snapshots: dict[str, PageSnapshot], by_the_package: dict[str, dict[str, Any]]
) -> None:
    ours = snapshots[path].evidence["axe"].data
    theirs = by_the_package[path]
    assert ours["version"] == theirs["testEngine"]["version"]
    found = {(one["list"], one["rule"], repr(node["target"])) for one in ours["findings"] for node in one["nodes"]}
    expected = {
        (name, one["id"], repr(node["target"]))
        for name in ("violations", "incomplete")
        for one in theirs[name]
        for node in one["nodes"]
    }
    assert found == expected
    lists = {one["id"]: name for name in ("inapplicable", "passes", "incomplete", "violations") for one in theirs[name]}
    assert ours["rules"] == lists


def test_the_page_with_faults_has_many(results: dict[str, PageResult]) -> None:
    assert len({finding.rule for finding in results["/faults"].findings if finding.outcome is Outcome.FAILED}) > 5


def targets(result: PageResult, rule: str) -> set[tuple[tuple[str, ...], str]]:
    return {(finding.target.frames, finding.target.selector) for finding in result.findings if finding.rule == rule}


def test_findings_in_frames_carry_the_way_to_them(results: dict[str, PageResult]) -> None:
    assert targets(results["/frames"], "image-alternative") == {
        (("html > body > main > iframe:nth-child(2)",), "img"),
        (("html > body > main > iframe:nth-child(3)", "html > body > iframe"), "img"),
    }
    assert results["/frames"].notes == ()


def test_findings_in_frames_are_those_of_the_page_itself(results: dict[str, PageResult]) -> None:
    alone = {finding.rule for finding in results["/faults"].findings if finding.outcome is Outcome.FAILED}
    framed = {
        finding.rule
        for finding in results["/frames"].findings
        if finding.outcome is Outcome.FAILED and finding.target.frames == ("html > body > main > iframe:nth-child(2)",)
    }
    assert framed == alone


def test_findings_in_open_shadow_trees(results: dict[str, PageResult]) -> None:
    assert targets(results["/shadow"], "image-alternative") == {((), "#host >>> img")}
    assert targets(results["/framed-shadow"], "image-alternative") == {
        (("html > body > main > iframe:nth-child(2)",), "#host >>> img")
    }


def test_a_frame_under_an_open_dialog_is_out_of_reach_for_now_only(results: dict[str, PageResult]) -> None:
    assert targets(results["/out-of-reach"], "frame-keyboard-reachable")
    assert not targets(results["/under-a-dialog"], "frame-keyboard-reachable")


def test_what_is_too_slow_on_a_very_large_page_is_untested_and_said(results: dict[str, PageResult]) -> None:
    result = results["/large"]
    assert (result.status, result.notes) == (PageStatus.TESTED, ("too-many-elements",))
    assert {result.outcomes[rule] for rule in LEFT_OUT} == {Outcome.UNTESTED}
    assert targets(result, "image-alternative")


class LargeFrame:
    """A page with one frame that is too large for a rule, as the probe sees both."""

    def __init__(self, answers: dict[str, Any], frame: LargeFrame | None = None) -> None:
        self.answers = answers
        self.frame = frame

    async def evaluate(self, expression: str) -> Any:
        asked = expression.rpartition("vierluikAxe.")[2].partition("(")[0]
        return json.dumps(self.answers.get(asked, {}))

    async def frame_of(self, expression: str) -> LargeFrame | None:
        return self.frame


@pytest.mark.parametrize(("by_others", "kept"), [("passes", False), ("incomplete", False), ("violations", True)])
def test_a_frame_too_large_for_a_rule_makes_it_untested(by_others: str, kept: bool) -> None:
    frame = LargeFrame({"frames": {"left": ["color-contrast"], "frames": []}})
    selected = {"frameSelector": ["iframe"], "frameContext": {}, "sandboxed": False}
    answers = {
        "whole": {"left": [], "framed": True},
        "frames": {"left": [], "frames": [selected]},
        "finish": {"version": "4", "findings": [], "rules": {"color-contrast": by_others, "image-alt": "passes"}},
    }
    result = asyncio.run(IsolatedAxe(NORM, "void 0").run(LargeFrame(answers, frame)))
    assert result["notes"] == ["too-many-elements"]
    assert ("color-contrast" in result["rules"], "image-alt" in result["rules"]) == (kept, True)


def test_a_frame_of_another_site_is_looked_into_or_said_not_to_be(browser: BrowserFile) -> None:
    async def visited(url: str, guard: AddressGuard) -> PageResult:
        async with driver() as playwright, visitor_for(playwright, browser, guard, RunSettings()) as visitor:
            return result_of(await visitor.visit(url), NORM)

    with serve({"/": page('<main><h1>x</h1><img src="/x.png"></main>')}) as other:
        foreign = other.url.replace("127.0.0.1", "localhost")
        with serve({"/": page(f'<main><h1>x</h1><iframe title="x" src="{foreign}/"></iframe></main>')}) as site:
            guard = AddressGuard.for_origins((site.url, other.url, foreign))
            result = asyncio.run(visited(f"{site.url}/", guard))
    assert result.status is PageStatus.TESTED
    assert (result.notes == ("foreign-frame",)) is not bool(targets(result, "image-alternative"))


def test_a_probe_keeps_axe_out_of_the_page() -> None:
    assert IsolatedAxe(NORM, "void 0").sources[0].startswith("globalThis.wakeAxe")
