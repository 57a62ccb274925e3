"""Stored journeys: one that was walked three times and breaks now, one that nobody walked, one that is only proposed."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from PIL import Image
from sqlalchemy.orm import Session

from rules.journey import Journey, JourneyStep, Problem, StepKind, StepOutcome, StepSeen, Way, WaySeen, verdict_of
from rules.journey_figures import figures_of
from storage.journeys import keep_journey, keep_walk


def a_picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (320, 200), "#0b5f80").save(drawn, "JPEG")
    return drawn.getvalue()


def a_journey(title: str, name: str = "Verder") -> Journey:
    steps = (JourneyStep(StepKind.OPEN, "/"), JourneyStep(StepKind.CLICK, name), JourneyStep(StepKind.EXPECT, "Bedankt"))
    return Journey(title, steps, "Een doel", "paspoort", "doen", (11, 12))


def a_way(way: Way, problem: Problem | None = None, outcome: StepOutcome = StepOutcome.BROKEN, page: str = "") -> WaySeen:
    """All three steps, on one page; with a problem the second of them goes wrong."""
    done = StepSeen(StepOutcome.PASSED, seconds=0.4, requests=3, kilobytes=12, url=page, title="Welkom", picture=a_picture())
    if problem is None:
        return WaySeen(way, (done, done, done))
    wrong = StepSeen(outcome, (problem,), seconds=2.5, focus=("Menu", problem.name), keys=2, errors=(problem.name,))
    return WaySeen(way, (done, wrong, StepSeen(StepOutcome.NOT_REACHED)))


def add_journeys(session: Session, site_id: int, page: str, hostile: str, start: datetime) -> dict[str, int]:
    journey = a_journey("Paspoort aanvragen", hostile)
    row = keep_journey(session, site_id, journey, "file", start)
    good = [a_way(way, page=page) for way in Way]
    unreachable = Problem("unreachable", hostile)
    bad = [a_way(way, unreachable if way is Way.KEYBOARD else None, page=page) for way in Way]
    for number, ways in enumerate((good, good, bad)):
        began = start + timedelta(days=number)
        found = {(Way.MOUSE, 0): {"text-contrast": 2}}
        figures = figures_of(journey, ways, {"text-contrast"})
        keep_walk(session, row, ways, found, verdict_of(ways), figures, "seed", began, began + timedelta(minutes=1))
    new = keep_journey(session, site_id, a_journey(f"Nog nooit {hostile}"[:200]), "person", start)
    keep_journey(session, site_id, a_journey("Voorstel"), "log", start, confirmed=False)
    return {"journey": row.id, "new_journey": new.id}
