"""The figures of a walked journey, by which it is compared with itself over time.

`ways_done`: in how many of its ways a resident gets to the end; `ways`: in how many it was walked, `ways_known`: of how many of
them it is known. `steps`, `clicks`, `presses`
(of keys): what it takes. `seconds`: with the mouse, without our looking. `problems`: what keeps people out on the way.
`barriers`: rules that fail at its states with serious or critical impact. `most_fields`: of one page. `reading`: Flesch-Douma
of the hardest page. `extra_clicks`: those to the deepest page that a run knows, less the shortest way there by links.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rules.journey import FINISHED, Journey, StepKind, StepOutcome, Verdict, Way, WaySeen
from rules.journey_words import NOTES

DONE = (StepOutcome.PASSED, StepOutcome.HINDERED)
WITH_THE_MOUSE = (StepKind.CLICK, StepKind.SEARCH, StepKind.CHOOSE, StepKind.STOP)


def figures_of(journey: Journey, ways: Sequence[WaySeen], barriers: Collection[str]) -> dict[str, float]:
    """The figures of one walk. `barriers`: the rules that fail seriously at its states."""
    by_way = {way.way: way for way in ways}
    seen = [step for way in ways for step in way.steps]
    figures: dict[str, float] = {
        "ways": len(ways),
        "ways_known": sum(way.verdict is not Verdict.UNTESTED for way in ways),
        "ways_done": sum(way.verdict in FINISHED for way in ways),
        "steps": len(journey.steps),
        "clicks": sum(step.kind in WITH_THE_MOUSE for step in journey.steps),
        "problems": len(_problems(ways)),
        "barriers": len(barriers),
        "most_fields": max((step.fields for step in seen), default=0),
    }
    if mouse := by_way.get(Way.MOUSE):
        reached = [step for step in mouse.steps if step.outcome is not StepOutcome.NOT_REACHED]
        if mouse.verdict in FINISHED:  # half a walk takes half the time
            figures["seconds"] = round(sum(step.seconds for step in reached), 1)
        figures["kilobytes"] = sum(step.kilobytes for step in reached)
        figures["errors"] = sum(len(step.errors) for step in reached)
    if keyboard := by_way.get(Way.KEYBOARD):
        figures["presses"] = sum(step.keys for step in keyboard.steps)
    return figures


def extra_clicks(journey: Journey, mouse: WaySeen, depths: Mapping[str, int]) -> int | None:
    """Clicks to the deepest page on the way, less its click depth. `depths`: by address; None: no page on the way has one."""
    clicks, deepest, found = 0, -1, None
    for step, seen in zip(journey.steps, mouse.steps, strict=False):
        clicks += step.kind in WITH_THE_MOUSE
        if seen.outcome in DONE and (depth := depths.get(seen.url, -1)) > deepest:
            deepest, found = depth, max(0, clicks - depth)
    return found


def _problems(ways: Sequence[WaySeen]) -> set[tuple[int, str]]:
    """What keeps people out, by its step: once, in however many ways."""
    steps = [(number, step) for way in ways for number, step in enumerate(way.steps) if step.outcome is not StepOutcome.UNTESTED]
    return {(number, one.kind) for number, step in steps for one in step.problems if one.kind not in NOTES}
