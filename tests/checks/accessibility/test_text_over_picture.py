"""A gradient is read as the browser computes it, and each point of it has its colour."""

from __future__ import annotations

import pytest

from checks.accessibility.text_over_picture.check import Colour, colour_at, colour_of, stops_of

WHITE, BLACK = (255.0, 255.0, 255.0, 1.0), (0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("gradient", "point", "colour"),
    [
        ("linear-gradient(to right, rgb(255, 255, 255), rgb(0, 0, 0))", [0, 10], WHITE),
        ("linear-gradient(to right, rgb(255, 255, 255), rgb(0, 0, 0))", [100, 10], BLACK),
        ("linear-gradient(90deg, rgb(255, 255, 255), rgb(0, 0, 0))", [50, 3], (127.5, 127.5, 127.5, 1.0)),
        ("linear-gradient(rgb(255, 255, 255), rgb(0, 0, 0))", [90, 20], BLACK),
        ("linear-gradient(90deg, rgb(255, 255, 255) 40px, rgb(0, 0, 0) 40px)", [39, 0], WHITE),
        ("linear-gradient(90deg, rgb(255, 255, 255) 40px, rgb(0, 0, 0) 40px)", [41, 0], BLACK),
        ("linear-gradient(90deg, rgba(0, 0, 0, 0), rgb(0, 0, 0))", [50, 0], (0.0, 0.0, 0.0, 0.5)),
        ("linear-gradient(90deg, rgb(255, 255, 255), rgb(255, 255, 255) 10% 50%, rgb(0, 0, 0))", [50, 0], WHITE),
    ],
)
def test_colour_of_a_point(gradient: str, point: list[float], colour: Colour) -> None:
    stops = stops_of(gradient, 100, 20)
    assert stops is not None
    assert colour_at(*stops, 100, 20, point) == pytest.approx(colour)


@pytest.mark.parametrize(
    "gradient",
    ["linear-gradient(to top right, rgb(0, 0, 0), rgb(1, 1, 1))", "linear-gradient(in oklab, rgb(0, 0, 0), color(srgb 1 0 0))"],
)
def test_what_is_not_read_is_not_judged(gradient: str) -> None:
    assert stops_of(gradient, 100, 20) is None


def test_other_colour_spaces_are_not_read() -> None:
    assert colour_of("oklch(0.5 0.1 20)") is None
