"""Charts as plain geometry in percentages of their box; the templates draw them as SVG. No script, no picture file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

MOST_LABELS = 8  # on the horizontal axis
MOST_VALUES = 8  # points that carry their value
MOST_FLAGS = 9  # the newest of what happened


@dataclass(frozen=True)
class Measurement:
    """One value of a series, with the words of its place on the horizontal axis."""

    label: str
    value: float
    is_break: bool = False  # measured in another way than the one before: not comparable
    day: date | None = None  # of the measurement, or the first of its period; None: nothing that happened can be set beside it


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: str
    value: float
    shows_label: bool
    shows_value: bool
    is_break: bool


@dataclass(frozen=True)
class Segment:
    """The line from one point to the next; absent where the series breaks."""

    x1: float
    y1: float
    x2: float
    y2: float


class Happened(Protocol):
    """Something that happened on a day: a campaign, a release, news."""

    @property
    def day(self) -> date: ...


@dataclass(frozen=True)
class Flag:
    """Something that happened, at its place in a chart, with the number that it has in the list below."""

    x: float
    number: int
    what: Happened


@dataclass(frozen=True)
class Trend:
    """A line chart; x runs from left to right and y from the top down, both 0 to 100."""

    points: tuple[Point, ...]
    ticks: tuple[float, ...]  # from the top down, at equal distances
    segments: tuple[Segment, ...]
    area: str  # the polygon below the line; empty for a single point
    flags: tuple[Flag, ...] = ()  # what happened meanwhile, the oldest first


@dataclass(frozen=True)
class Part:
    """One part of a bar."""

    name: str
    value: int
    start: float
    width: float


def trend(measurements: Sequence[Measurement], happened: Sequence[Happened] = ()) -> Trend:
    """A line through the measurements, each in the middle of its own column, and what happened since the first of them."""
    top = _round_top(max((measurement.value for measurement in measurements), default=0))
    places = [
        (round(100 * (index + 0.5) / len(measurements), 3), round(100 - 100 * measurement.value / top, 3))
        for index, measurement in enumerate(measurements)
    ]
    step = math.ceil(len(measurements) / MOST_LABELS)
    last = len(measurements) - 1
    telling = _telling([measurement.value for measurement in measurements])
    points = tuple(
        Point(
            x,
            y,
            measurement.label,
            measurement.value,
            (last - index) % step == 0,
            index in telling,
            measurement.is_break,
        )
        for index, ((x, y), measurement) in enumerate(zip(places, measurements, strict=True))
    )
    segments = tuple(
        Segment(*here, *there)
        for here, there, measurement in zip(places, places[1:], measurements[1:], strict=False)
        if not measurement.is_break
    )
    whole = len(places) > 1 and not any(measurement.is_break for measurement in measurements[1:])
    outline = [(places[0][0], 100), *places, (places[-1][0], 100)] if whole else []
    return Trend(
        points=points,
        ticks=tuple(top * part / 4 for part in (4, 3, 2, 1, 0)),
        segments=segments,
        area=" ".join(f"{x},{y}" for x, y in outline),
        flags=_flags([(x, one.day) for (x, _), one in zip(places, measurements, strict=True) if one.day], happened),
    )


def _flags(places: Sequence[tuple[float, date]], happened: Sequence[Happened]) -> tuple[Flag, ...]:
    """What happened, between the measurements before and after it; what came after the last stands between that and the edge."""
    if not places:
        return ()
    found = []
    for what in sorted(happened, key=lambda one: one.day):
        before = [place for place in places if place[1] <= what.day]
        after = [place for place in places if place[1] > what.day]
        if not before:
            continue
        (x, day), (next_x, next_day) = before[-1], after[0] if after else (0.0, what.day)
        share = (what.day - day) / (next_day - day) if after else 0.5
        found.append((round(x + ((next_x if after else 100) - x) * share, 3), what))
    newest = found[-MOST_FLAGS:]
    return tuple(Flag(x, number, what) for number, (x, what) in enumerate(newest, 1))


def sparkline(values: Sequence[float]) -> str:
    """The points of a small line in a box of 100 by 30; empty for fewer than two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1
    places = [
        (100 * index / (len(values) - 1), 15.0 if high == low else 27 - 24 * (value - low) / span)
        for index, value in enumerate(values)
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def parts(values: Sequence[tuple[str, int]]) -> tuple[Part, ...]:
    """The parts of one bar, side by side; none where there is nothing to divide."""
    total = sum(value for _, value in values)
    found: list[Part] = []
    start = 0.0
    for name, value in values:
        width = 100 * value / total if total else 0.0
        if value:
            found.append(Part(name, value, round(start, 3), round(width, 3)))
        start += width
    return tuple(found)


def _round_top(highest: float) -> float:
    """The end of the axis: the lowest of 4, 8, 12, 16, 20, 24, 32, 40, 60 … that holds the highest value."""
    scale: int = 10 ** max(0, math.floor(math.log10(max(highest, 1))) - 1)
    tops = (top * factor for factor in (scale, 10 * scale) for top in (4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 60, 80))
    return next(top for top in tops if top >= highest and top % 4 == 0)


def _telling(values: Sequence[float]) -> set[int]:
    """Which points carry their value: the ends and every change; where those are many, the ends and the extremes."""
    ends = {0, len(values) - 1}
    changes = {index for index in range(1, len(values)) if values[index] != values[index - 1]}
    if len(ends | changes) <= MOST_VALUES:
        return ends | changes
    far = {values.index(max(values)), values.index(min(values))}
    return ends | {index for index in far if all(abs(index - end) > 1 for end in ends)}
