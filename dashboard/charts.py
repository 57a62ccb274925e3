"""Charts as plain geometry in percentages of their box; the templates draw them as SVG. No script, no picture file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MOST_LABELS = 8  # on the horizontal axis
MOST_VALUES = 8  # points that carry their value


@dataclass(frozen=True)
class Measurement:
    """One value of a series, with the words of its place on the horizontal axis."""

    label: str
    value: float
    is_break: bool = False  # measured in another way than the one before: not comparable


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


@dataclass(frozen=True)
class Trend:
    """A line chart; x runs from left to right and y from the top down, both 0 to 100."""

    points: tuple[Point, ...]
    ticks: tuple[float, ...]  # from the top down, at equal distances
    segments: tuple[Segment, ...]
    area: str  # the polygon below the line; empty for a single point


@dataclass(frozen=True)
class Part:
    """One part of a bar."""

    name: str
    value: int
    start: float
    width: float


def trend(measurements: Sequence[Measurement]) -> Trend:
    """A line through the measurements, each in the middle of its own column."""
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
    )


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
