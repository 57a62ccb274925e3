"""Walks the journeys of the sample site over and over: `python -m benchmarks.journey_soak [--rounds 50] [--state FILE]`.

A round is each of the six good twins in all five ways, and each broken twin in the ways in which it breaks. A good twin that does
not come to its end is a false break; a broken one whose fault is not found at its step, and nothing else, is a missed one. Each
round is written to a file as it ends, so that a soak that was stopped goes on where it was. Exit 1: either was seen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile, find_browser
from crawler.journey import JourneyWalker
from crawler.visit import driver
from rules.journey import Journey, Verdict, Way, WaySeen, read_journey
from rules.journey_words import NOTES
from rules.site import Scope
from vierluik.sample_site.journey_faults import JourneyFault, journey_faults, sample_journeys
from vierluik.sample_site.server import SampleServer, serve

STEP_S = 6.0  # the longest wait for what a step needs


@dataclass
class Round:
    """What came of one round; each break as journey or fault, way, and what was seen."""

    walks: int = 0
    seconds: float = 0.0
    false_breaks: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def found_in(seen: WaySeen) -> set[tuple[int, str]]:
    """What keeps people out, with its step, from 1."""
    steps = enumerate(seen.steps, 1)
    return {(number, one.kind) for number, step in steps for one in step.problems if one.kind not in NOTES}


async def walk_round(walker: JourneyWalker, site: SampleServer, journeys: dict[str, Journey]) -> Round:
    """All good twins, and all broken ones."""
    done, begun = Round(), monotonic()
    site.break_journeys()
    for name, journey in journeys.items():
        for way in Way:
            seen = (await walker.walk(journey, way, proven=True)).seen
            done.walks += 1
            if seen.verdict is not Verdict.COMPLETED:
                done.false_breaks.append(f"{name}, {way}: {seen.verdict} at step {(seen.ends_at or 0) + 1}, {found_in(seen)}")
    for fault in journey_faults().values():
        site.break_journeys(fault.id)
        for named in fault.ways:
            seen = (await walker.walk(journeys[fault.journey], Way(named), proven=True)).seen
            done.walks += 1
            if not is_found(fault, seen):
                done.missed.append(f"{fault.id}, {named}: {seen.verdict}, {found_in(seen)}")
    site.break_journeys()
    done.seconds = round(monotonic() - begun, 1)
    return done


def is_found(fault: JourneyFault, seen: WaySeen) -> bool:
    """Whether the fault, and nothing else, was found at its step."""
    return found_in(seen) == {(fault.step, fault.problem)} and seen.verdict in (Verdict.BROKEN, Verdict.HINDERED)


async def soak(browser: BrowserFile, rounds: int, state: Path | None = None) -> list[Round]:
    """Walk as many rounds as are still to be done, in one browser; gives all of them."""
    done = rounds_in(state) if state else []
    with serve("clean") as site:
        journeys = {name: read_journey(text).to(site.url) for name, text in sample_journeys().items()}
        guard, scope = AddressGuard.for_origins((site.url,), offline=True), Scope((site.url,))
        async with (
            driver() as playwright,
            JourneyWalker(playwright, browser, guard, (), "Vierluik soak", scope, step_s=STEP_S, pictures=False) as walker,
        ):
            while len(done) < rounds:
                done.append(await walk_round(walker, site, journeys))
                if state:
                    keep_round(state, len(done), done[-1])
    return done


def rounds_in(state: Path) -> list[Round]:
    """The rounds that were walked before."""
    return [Round(**json.loads(line)) for line in state.read_text().splitlines()] if state.exists() else []


def keep_round(state: Path, number: int, one: Round) -> None:
    """Write a round down, and say what came of it."""
    with state.open("a") as file:
        file.write(json.dumps(asdict(one)) + "\n")
    print(_line(number, one), flush=True)


def _line(number: int, one: Round) -> str:
    wrong = [*(f"FALSE BREAK {text}" for text in one.false_breaks), *(f"MISSED {text}" for text in one.missed)]
    return f"round {number}: {one.walks} walks in {one.seconds} s" + "".join(f"\n  {text}" for text in wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--state", type=Path, default=Path(".soak.jsonl"))
    given = parser.parse_args()
    done = asyncio.run(soak(find_browser(), given.rounds, given.state))
    false_breaks, missed = sum(len(one.false_breaks) for one in done), sum(len(one.missed) for one in done)
    print(f"{len(done)} rounds, {sum(one.walks for one in done)} walks: {false_breaks} false breaks, {missed} missed.")
    print(f"Begin anew by removing {given.state}.")
    sys.exit(1 if false_breaks or missed else 0)


if __name__ == "__main__":
    main()
