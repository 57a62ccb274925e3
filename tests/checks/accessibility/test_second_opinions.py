"""The engines beside axe-core: every rule of theirs is mapped or left out, and none says more than it may."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sites.hostile import Served, page, serve

from checks.accessibility.engines.opinions import OPINIONS, engine_versions
from checks.accessibility.engines.second_opinion import EngineMissing, SecondOpinion
from checks.judge import judge
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import driver
from rules.norm import norms
from rules.observation import Evidence, PageSnapshot, Response
from rules.outcome import Outcome
from rules.rule import catalogue
from rules.task import PageResult
from scheduler.check_pages import UnknownEngine, probes_for, result_of, visitor_for
from scheduler.run_settings import ENGINES, RunSettings

NORM = norms()["en301549-4.1.1"]
ACCESSLINT = OPINIONS["accesslint"]
# How each engine's script names its own rules.
NAMES = {
    "accesslint": r'\bid:"([a-z-]+/[a-z-]+)"',
    "qualweb": r'"code":"(QW-ACT-R\d+)"',
    "alfa": r'alfa\.siteimprove\.com/rules/(sia-r\d+)[`"]',
}
# In Alfa's script stand also rules that are experimental or deprecated, which are not among its `Rules`.
NOT_RUN = {f"sia-r{number}" for number in (6, 34, 36, 82, 109, 114, 115, 117)}


def rules_of(engine: SecondOpinion) -> set[str]:
    return set(re.findall(NAMES[engine.name], engine.script())) - NOT_RUN


@pytest.mark.parametrize("engine", OPINIONS.values(), ids=OPINIONS)
def test_every_rule_of_an_engine_is_mapped_or_left_out_with_a_reason(engine: SecondOpinion) -> None:
    known = rules_of(engine)
    assert len(known) > 50
    assert engine.mapping().keys() | engine.left_out().keys() == known
    assert not engine.mapping().keys() & engine.left_out().keys()
    assert all(engine.left_out().values())


@pytest.mark.parametrize("engine", OPINIONS.values(), ids=OPINIONS)
def test_an_engine_speaks_only_for_rules_of_ours(engine: SecondOpinion) -> None:
    assert set(engine.mapping().values()) <= catalogue().keys()
    assert engine.may_fail() | engine.may_ask() <= engine.mapping().keys()
    assert not engine.may_fail() & engine.may_ask()


def test_the_version_of_each_engine_is_known() -> None:
    versions = engine_versions(ENGINES)
    assert versions.keys() == {"axe", *OPINIONS}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())


def test_an_engine_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(EngineMissing, match="Run the set-up again"):
        SecondOpinion("accesslint", ("no-such.js",), gives="AccessLint").script()


def test_an_unknown_engine_is_a_sentence_that_names_the_others() -> None:
    with pytest.raises(UnknownEngine, match="accesslint"):
        probes_for(("wave",), NORM)


# --- what its word is worth ------------------------------------------------------------------------------------------


ASKS = "aria/aria-hidden-focus"
SECONDS = "navigable/link-name"


def snapshot(**engines: Any) -> PageSnapshot:
    evidence = {name: Evidence(name, data is not None, "" if data else "probe-timeout", data) for name, data in engines.items()}
    return PageSnapshot("http://x/", Response("http://x/", 200), "x", "nl", (), evidence)


def said(*rules: str) -> dict[str, Any]:
    element = {"selector": "a", "path": "html > body > a", "html": "<a>"}
    found = [{"rule": rule, "outcome": "failed", "element": element} for rule in rules]
    return {
        "version": "1",
        "documents": [{"frames": [], "rules": dict.fromkeys(rules, "failed"), "findings": found}],
        "notes": [],
    }


def test_what_an_engine_may_not_prove_it_asks() -> None:
    judged = judge(snapshot(accesslint=said(ASKS)), NORM)
    assert [(one.rule, one.outcome, one.engines) for one in judged.findings] == [
        ("aria-hidden-focus", Outcome.CANNOT_TELL, ("accesslint",))
    ]
    assert judged.outcomes["aria-hidden-focus"] is Outcome.CANNOT_TELL


def test_what_only_seconds_is_nothing_alone() -> None:
    judged = judge(snapshot(accesslint=said(SECONDS)), NORM)
    assert judged.findings == ()
    assert "link-name" not in judged.outcomes


def test_an_engine_that_did_not_run_to_its_end_leaves_its_rules_untested() -> None:
    judged = judge(snapshot(accesslint=None), NORM)
    assert judged.outcomes["aria-hidden-focus"] is Outcome.UNTESTED
    assert "aria-hidden-focus" in judged.partly


def test_a_rule_of_which_an_engine_says_nothing_met_nothing() -> None:
    assert ACCESSLINT.outcomes(snapshot(accesslint=said()), NORM)["aria-hidden-focus"] is Outcome.INAPPLICABLE


# --- in a browser ----------------------------------------------------------------------------------------------------


IMAGE = "<img src=/x.png>"
SHADOW = f'<div id="h"></div><script>document.querySelector("#h").attachShadow({{mode: "open"}}).innerHTML = "{IMAGE}"</script>'
PAGES = {
    "/": page(f'<main><h1>x</h1>{IMAGE}{SHADOW}<iframe title="x" src="/frame"></iframe></main>'),
    "/frame": page(f"<p>x</p>{IMAGE}{SHADOW}"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve(PAGES) as served:
        yield served


@pytest.mark.slow
def test_one_image_is_one_finding_that_names_the_engines_that_see_it(site: Served, browser: BrowserFile) -> None:
    async def visited() -> PageResult:
        settings = RunSettings(engines=ENGINES)
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, visitor_for(playwright, browser, guard, settings) as visitor:
            return result_of(await visitor.visit(f"{site.url}/"), settings.norm)

    result = asyncio.run(visited())
    found = [one for one in result.findings if one.rule == "image-alternative"]
    assert {(one.target.frames, one.target.path): one.engines for one in found} == {
        ((), "html > body > main > img:nth-child(2)"): ("axe", "accesslint", "alfa", "qualweb"),
        ((), "html > body > main > div:nth-child(3) >>> img"): ("axe", "alfa"),
        (("html > body > main > iframe:nth-child(5)",), "html > body > img:nth-child(2)"): (
            "axe",
            "accesslint",
            "alfa",
            "qualweb",
        ),
        (("html > body > main > iframe:nth-child(5)",), "html > body > div:nth-child(3) >>> img"): ("axe", "alfa"),
    }
    assert result.notes == ()
