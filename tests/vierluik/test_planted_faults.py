"""The product finds the faults that are planted in the sample site, and nothing else.

An element is compared in a browser: what a finding's selector leads to must be what the fault's selector finds. What is only
found by keyboard, mouse and zoom is looked for on its own page, and on the fault-free twin of that page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from sample_runs import SampleRuns

from checks.judge import judge
from checks.topics import topics
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser, launch_arguments
from crawler.visit import driver
from rules.rule import catalogue, touching_rules
from rules.task import Judgement
from scheduler.check_pages import visitor_for
from scheduler.run_settings import RunSettings
from vierluik.sample_site import Edition, PlantedFault, load_faults, serve
from vierluik.sample_site.content import load_pages
from vierluik.sample_site.faults import DEAD_LINK

# Issues whose check is built; a fault of another issue may be there without being found.
COVERED = frozenset({"A", "B", "C"})
FAULTY: tuple[Edition, ...] = ("1", "2")
BROWSERS = 4
TOUCHED = RunSettings(norm_id="en301549-4.1.1", engines=("vierluik",), load_timeout_s=5.0)

# Which of the selectors each finding's element matches; null: the element is not there (any more).
MATCHES = """
([findings, selectors]) => findings.map(({frames, selector}) => {
  const find = (root, path) => path.split(" >>> ").reduce(
    (at, step, number) => at && (number ? at.shadowRoot : at).querySelector(step), root);
  const inside = frames.reduce((at, frame) => at && find(at, frame)?.contentDocument, document);
  const element = inside && find(inside, selector);
  return element ? selectors.filter((one) => element.matches(one)) : null;
})
"""


@dataclass(frozen=True)
class Found:
    """A finding that failed, or asks what a planted fault should ask, and the ids of the faults whose element it stands on."""

    page: str
    rule: str
    outcome: str
    selector: str
    faults: frozenset[str]


@dataclass(frozen=True)
class Seen:
    """What a run over one edition says."""

    edition: Edition
    found: Sequence[Found]
    dead: dict[str, set[str]] = field(default_factory=dict)  # path, and the paths of the pages that refer to it


def planted(edition: Edition) -> list[PlantedFault]:
    return [fault for fault in load_faults() if fault.issue in COVERED and int(edition) in fault.editions]


def can_be_found() -> set[str]:
    """Every page that a visitor can reach without filling in a form; robots.txt forbids one of the others."""
    return {path for path, page in load_pages().items() if page.found_through != "nothing"}


def touched_faults(edition: Edition) -> list[PlantedFault]:
    """Those that only a page that is touched shows: present in this edition, or absent from the clean one."""
    here = load_faults() if edition == "clean" else planted(edition)
    return [fault for fault in here if fault.issue in COVERED and fault.rule in touching_rules()]


def places_of(fault: PlantedFault) -> list[str]:
    """Every page that shows the fault, in a frame or itself."""
    return [path for path in sorted(can_be_found()) if fault.applies_to(path)] + list(fault.framed_by)


def is_built(rule: str) -> bool:
    return rule in catalogue()


def telling_findings(report: dict[str, Any], origin: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Of each page what failed, and what its rule can only ask about a planted fault."""
    for page in report["pages"]:
        path = page["url"].removeprefix(origin)
        asked = {fault.rule for fault in load_faults() if fault.outcome == "cantTell" and fault.applies_to(path)}
        telling = [one for one in page["findings"] if one["outcome"] == "failed" or one["rule"] in asked]
        if telling:
            yield path, telling


def findings_of(judgement: Judgement, rules: frozenset[str]) -> list[dict[str, Any]]:
    """In the form of a report: what these rules found."""
    return [
        {
            "rule": one.rule,
            "outcome": str(one.outcome),
            "target": {"frames": list(one.target.frames), "selector": one.target.selector},
        }
        for one in judgement.findings
        if one.rule in rules
    ]


async def touch_pages(origin: str, faults: Sequence[PlantedFault]) -> list[tuple[str, list[dict[str, Any]]]]:
    """What the topic of each fault finds where it touches the fault's page."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    guard = AddressGuard.for_origins((origin,), offline=True)
    left = list(faults)

    async def touch_what_is_left() -> None:
        async with visitor_for(playwright, find_browser(), guard, TOUCHED) as visitor:
            every = visitor.touching
            while left:
                fault = left.pop()
                visitor.touching = [probe for probe in every if fault.rule in topics()[probe.name].rules]
                snapshot = await visitor.visit(f"{origin}{fault.page}", touch=True)
                rules = topics()[visitor.touching[0].name].rules
                found.append((fault.page, findings_of(judge(snapshot, TOUCHED.norm), rules)))

    async with driver() as playwright, asyncio.TaskGroup() as tasks:
        for _ in range(BROWSERS):
            tasks.create_task(touch_what_is_left())
    return found


def look_up(browser_page: Page, origin: str, path: str, findings: list[dict[str, Any]], edition: Edition) -> Iterator[Found]:
    bare = path.partition("?")[0]
    faults = [fault for fault in planted(edition) if bare in places_of(fault)]
    browser_page.goto(f"{origin}{path}")
    if any(fault.by_script for fault in faults):
        browser_page.wait_for_load_state("networkidle")
    targets = [finding["target"] for finding in findings]
    matches = browser_page.evaluate(MATCHES, [targets, [fault.element for fault in faults]])
    for finding, selectors in zip(findings, matches, strict=True):
        assert selectors is not None, f"{path}: no element at {finding['target']}"
        ids = frozenset(fault.id for fault in faults if fault.element in selectors)
        yield Found(path, finding["rule"], finding["outcome"], finding["target"]["selector"], ids)


@pytest.fixture(scope="module")
def seen(sample_runs: SampleRuns) -> dict[Edition, Seen]:
    """What the runs over both faulty editions say, every finding's element looked up in a browser."""
    result: dict[Edition, Seen] = {}
    with serve("1") as server:
        touched = {}
        for edition in FAULTY:
            server.edition = edition
            touched[edition] = asyncio.run(touch_pages(server.url, touched_faults(edition)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().path, args=launch_arguments())
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for edition in FAULTY:
            report, origin = sample_runs.reports[edition], sample_runs.urls[edition]
            with serve(edition) as server:
                found = [
                    one
                    for path, findings in (*telling_findings(report, origin), *touched[edition])
                    for one in look_up(page, server.url, path, findings, edition)
                ]
            dead = {
                link["url"].removeprefix(origin): {source["page"].removeprefix(origin) for source in link["sources"]}
                for link in report["links"]
                if link["class"] == "dead"
            }
            result[edition] = Seen(edition, found, dead)
        browser.close()
    return result


@pytest.mark.parametrize("edition", FAULTY)
def test_every_planted_fault_is_found_on_its_element(seen: dict[Edition, Seen], edition: Edition) -> None:
    here = {(one.page, one.rule, one.outcome, fault) for one in seen[edition].found for fault in one.faults}
    missed = [
        f"{fault.id} on {path}"
        for fault in planted(edition)
        for path in places_of(fault)
        if not any((path, rule, fault.outcome, fault.id) in here for rule in (fault.rule, *fault.also))
    ]
    assert missed == []


@pytest.mark.parametrize("edition", FAULTY)
def test_every_planted_dead_link_is_found_with_its_page(seen: dict[Edition, Seen], edition: Edition) -> None:
    planted_links = [fault for fault in planted(edition) if fault.rule == DEAD_LINK]
    dead = seen[edition].dead
    assert set(dead) == {fault.target for fault in planted_links}
    for fault in planted_links:
        assert fault.target is not None
        assert fault.page in dead[fault.target], fault.id


@pytest.mark.parametrize("edition", FAULTY)
def test_a_dead_link_gets_its_replacement_and_no_other_does(sample_runs: SampleRuns, edition: Edition) -> None:
    origin = sample_runs.urls[edition]
    suggested = {
        link["url"].removeprefix(origin): link["suggestion"]["url"].removeprefix(origin)
        for link in sample_runs.reports[edition]["links"]
        if link["suggestion"]
    }
    assert suggested == {fault.target: fault.replacement for fault in planted(edition) if fault.replacement}


@pytest.mark.parametrize("edition", FAULTY)
def test_nothing_fails_that_was_not_planted(seen: dict[Edition, Seen], edition: Edition) -> None:
    """Every failed finding stands on a planted fault of its rule, or follows from one on its page."""
    faults = {fault.id: fault for fault in planted(edition)}
    follows = {(path, rule) for fault in faults.values() for path in places_of(fault) for rule in fault.also}
    surplus = [
        f"{one.rule} on {one.page}: {one.selector}"
        for one in seen[edition].found
        if one.outcome == "failed"
        and (one.page, one.rule) not in follows
        and not any(faults[number].rule == one.rule for number in one.faults)
    ]
    assert surplus == []


def test_clean_edition_fails_nothing(sample_runs: SampleRuns) -> None:
    """And where a fault would be asked about, its twin is not."""
    report = sample_runs.reports["clean"]
    assert [path for path, _ in telling_findings(report, sample_runs.urls["clean"])] == []
    trouble = [link for link in report["links"] if link["class"] not in ("ok", "moved")]
    assert {(link["class"], link["reason"]) for link in trouble} <= {("not asked", "robots")}


def test_clean_twins_of_what_only_hands_find_are_not_even_asked_about() -> None:
    with serve("clean") as server:
        touched = asyncio.run(touch_pages(server.url, touched_faults("clean")))
    assert {path: findings for path, findings in touched if findings} == {}


def test_every_page_of_the_sample_site_is_tested_or_named_with_its_reason(sample_runs: SampleRuns) -> None:
    for edition in sample_runs.outcomes:
        report, origin = sample_runs.reports[edition], sample_runs.urls[edition]
        judged = [page for page in report["pages"] if page["status"] in ("tested", "carried over")]
        pages = {page["url"].removeprefix(origin).partition("?")[0] for page in judged}
        left = {page["url"].removeprefix(origin): page["reason"] for page in report["pages"] if page not in judged}
        assert edition == "2" or all(page["status"] == "tested" for page in judged)
        assert can_be_found() - pages == set()
        assert set(left.values()) == {"robots"}


def test_every_covered_fault_has_a_rule_that_is_built() -> None:
    rules = {fault.rule for fault in load_faults() if fault.issue in COVERED}
    assert [rule for rule in sorted(rules) if not is_built(rule)] == []


def test_a_mended_fault_is_closed_and_a_new_one_is_open(sample_runs: SampleRuns) -> None:
    """Edition 2 mends faults of edition 1 and adds others; the figures of its run say so."""
    figures = {one["id"]: one["value"] for one in sample_runs.reports["2"]["kpis"]}
    first = {one["fingerprint"] for page in sample_runs.reports["1"]["pages"] for one in page["findings"]}
    second = {one["fingerprint"] for page in sample_runs.reports["2"]["pages"] for one in page["findings"]}
    assert figures["new_findings"] == len(second - first) > 0
    assert figures["closed_findings"] == len(first - second) > 0
