"""Six journeys over the sample site: none breaks on the good site, and each break of a broken twin is found at its step.

Three rounds; `make soak` walks fifty.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.journey_soak import Round, found_in, is_found, soak
from crawler.browser import BrowserFile
from rules.journey import FINISHED, Problem, StepOutcome, StepSeen, Verdict, Way, WaySeen
from rules.journey_words import PROBLEMS
from vierluik.sample_site.journey_faults import journey_faults, sample_journeys

ROUNDS = 3
KINDS = {
    "keyboard-trap",
    "focus-hidden",
    "unreachable",
    "not-announced",
    "time-out",
    "address-only",
    "dialog-without-name",
}


@pytest.mark.slow
@pytest.mark.xdist_group("journeys")
def test_no_good_twin_fails_and_every_break_is_found_at_its_step(browser: BrowserFile) -> None:
    rounds = asyncio.run(soak(browser, ROUNDS))
    assert len(rounds) == ROUNDS
    for done in rounds:
        assert done.walks == len(sample_journeys()) * len(Way) + sum(len(fault.ways) for fault in journey_faults().values())
        assert done.false_breaks == []
        assert done.missed == []


def test_broken_twins_are_of_every_kind() -> None:
    faults = journey_faults().values()
    assert {fault.problem for fault in faults} == KINDS <= set(PROBLEMS)
    assert {fault.journey for fault in faults} == set(sample_journeys())
    assert Verdict.BROKEN not in FINISHED


def test_what_is_found_elsewhere_or_besides_is_missed() -> None:
    fault = journey_faults()["trap"]
    steps = [StepSeen(StepOutcome.PASSED)] * fault.step
    steps[fault.step - 1] = StepSeen(StepOutcome.BROKEN, (Problem("keyboard-trap"), Problem("focus-lost")))
    assert is_found(fault, WaySeen(Way.KEYBOARD, tuple(steps)))
    assert found_in(WaySeen(Way.KEYBOARD, tuple(steps))) == {(fault.step, "keyboard-trap")}
    assert not is_found(fault, WaySeen(Way.KEYBOARD, (*steps[1:], steps[0])))
    assert not is_found(fault, WaySeen(Way.KEYBOARD, (*steps, StepSeen(StepOutcome.HINDERED, (Problem("focus-hidden"),)))))


@pytest.mark.slow
def test_soak_that_was_stopped_goes_on_where_it_was(tmp_path: Path, browser: BrowserFile) -> None:
    state = tmp_path / "soak.jsonl"
    before = Round(43, 70.0, ["melding-doen, mouse: broken"], [])
    state.write_text(json.dumps(asdict(before)) + "\n")
    assert asyncio.run(soak(browser, 1, state)) == [before]
