"""A walked journey as screens and files show it: way by way and step by step, with what keeps whom out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from rules.journey import JourneyStep, StepSeen, Verdict, Way, WaySeen, read_journey
from rules.journey_words import criterion_of, problem_text
from rules.norm import Language
from storage.journey_findings import findings_at_steps
from storage.journey_models import JourneyRun
from storage.journeys import seen_of, steps_of_walk
from storage.models import Finding

MOST_FOUND = 20  # elements of one step


@dataclass(frozen=True)
class ShownStep:
    """One step in one way, with what is to be shown of it."""

    step: JourneyStep
    seen: StepSeen
    problems: list[tuple[str, str]]  # the sentence, and the success criterion that it fails
    rules: dict[str, int]  # what the engines and checks say of a state that was first seen here
    picture: str | None
    found: list[Finding]  # the elements, of what is open today


@dataclass(frozen=True)
class ShownWay:
    """One way of a walk."""

    way: Way
    verdict: Verdict
    steps: list[ShownStep]
    ends_at: int | None


def shown_ways(session: Session, walk: JourneyRun, language: Language) -> list[ShownWay]:
    """A walk, way by way, by the steps as the journey had them then."""
    walked = read_journey(walk.text)
    found = findings_at_steps(session, walk.journey_id, MOST_FOUND)
    shown = []
    for way, rows in steps_of_walk(session, walk.id).items():
        steps = []
        for step, row in zip(walked.steps, rows, strict=False):
            seen = seen_of(row)
            problems = [(problem_text(one, language), criterion_of(one)) for one in seen.problems]
            at_step = found.get((way, row.number), [])
            steps.append(ShownStep(step, seen, problems, row.findings, row.picture_blob, at_step))
        whole = WaySeen(way, tuple(one.seen for one in steps))
        shown.append(ShownWay(way, whole.verdict, steps, whole.ends_at))
    return shown


@dataclass(frozen=True)
class TriedWay:
    """One way of a try: up to where it ends."""

    way: Way
    verdict: Verdict
    steps: list[ShownStep]
    ends_at: int | None  # index of the step where it breaks
    picture: str | None  # of the page where it ends; None: none was taken, or it is gone


def tried_ways(text: str, result: Mapping[str, Any], language: Language, has_picture: Callable[[str], bool]) -> list[TriedWay]:
    """What came of trying a journey, from the answer of its request; none while there is no answer."""
    steps = read_journey(text).steps
    found = []
    for told in result.get("ways", ()):
        seen = tuple(StepSeen.of_stored(one) for one in told["steps"])
        whole = WaySeen(Way(told["way"]), seen)
        shown = [
            ShownStep(step, one, [(problem_text(each, language), criterion_of(each)) for each in one.problems], {}, None, [])
            for step, one in zip(steps, seen, strict=True)
        ]
        picture = told["picture"] if told["picture"] and has_picture(told["picture"]) else None
        found.append(TriedWay(whole.way, whole.verdict, shown, whole.ends_at, picture))
    return found
