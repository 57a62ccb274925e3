"""Text stands out against the gradient or the picture behind it, character by character: where engines only ask.

Source: WCAG 2.2 SC 1.4.3 Contrast (Minimum) (level AA); EN 301 549 clause 9.1.4.3; ACT rule afw4f7; CSS Images 3, linear
gradients.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, failed

RULE = "text-contrast"
RULES = (RULE,)

FEWEST_CHARACTERS = 3  # that must be hard to read before anyone is accused
DOUBT = 0.15  # of a contrast ratio, for rounding and smoothing
SIDES = {"top": 0.0, "right": 90.0, "bottom": 180.0, "left": 270.0}

Colour = tuple[float, float, float, float]  # red, green, blue from 0 to 255, and how opaque from 0 to 1
Stop = tuple[float, Colour]  # place on the gradient's line in pixels


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """Only what is certain: a few characters that anybody would have to read on a part of the ground that is too like them."""
    for text in document.facts:
        stops = stops_of(text["gradient"], text["width"], text["height"])
        colour = colour_of(text["colour"])
        if colour is None or not (stops or text["behind"]):
            continue
        needed = 3.0 if text["size"] >= 24 or (text["size"] >= 18.66 and text["weight"] >= 700) else 4.5
        if stops:
            found = [_ratio(text, stops, colour, point) for point in text["points"]]
        else:
            found = [max(contrast(colour, (*one, 1.0)) for one in behind) for behind in text["behind"] if behind]
        ratios = [ratio for ratio in found if ratio is not None]
        too_low = [ratio for ratio in ratios if ratio < needed - DOUBT]
        if len(too_low) >= max(FEWEST_CHARACTERS, len(ratios) // 4):
            yield failed(
                RULE,
                text["element"],
                "gradient" if stops else "picture",
                contrastRatio=round(min(too_low), 2),
                expectedContrastRatio=f"{needed}:1",
            )


def _ratio(text: dict[str, Any], stops: tuple[float, list[Stop]], colour: Colour, point: list[float]) -> float | None:
    """The contrast of one character with the gradient in its middle."""
    angle, places = stops
    ground: Colour = (255.0, 255.0, 255.0, 1.0)
    for under in reversed(text["under"]):
        layer = colour_of(under)
        if layer is None:
            return None
        ground = over(layer, ground)
    ground = over(colour_at(angle, places, text["width"], text["height"], point), ground)
    return contrast(colour, ground)


def contrast(text: Colour, ground: Colour) -> float:
    """The ratio of a text colour, which may be see-through, to an opaque one behind it."""
    first, second = luminance(over(text, ground)), luminance(ground)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def stops_of(gradient: str, width: float, height: float) -> tuple[float, list[Stop]] | None:
    """The angle of a computed linear gradient in degrees, and its stops; None for what this does not read."""
    parts = [part.strip() for part in re.split(r",(?![^()]*\))", gradient.removeprefix("linear-gradient(").removesuffix(")"))]
    angle = 180.0
    if found := re.fullmatch(r"(-?[\d.]+)deg", parts[0]):
        angle, parts = float(found[1]), parts[1:]
    elif parts[0].startswith("to "):
        side = parts[0].removeprefix("to ")
        if side not in SIDES:
            return None
        angle, parts = SIDES[side], parts[1:]
    length = _length(angle, width, height)
    places: list[tuple[float | None, Colour]] = []
    for part in parts:
        found = re.fullmatch(r"(rgba?\([^)]*\))((?: -?[\d.]+(?:px|%))*)", part)
        colour = colour_of(found[1]) if found else None
        if found is None or colour is None:
            return None
        places += [(_place(one, length), colour) for one in found[2].split()] or [(None, colour)]
    return (angle, _filled(places, length)) if len(places) > 1 else None


def _place(text: str, length: float) -> float:
    """Where a colour stands on a line of a length, in pixels, from "25%" or "10px"."""
    return float(text[:-1]) * length / 100 if text.endswith("%") else float(text.removesuffix("px"))


def _filled(places: list[tuple[float | None, Colour]], length: float) -> list[Stop]:
    """Stops without a place stand evenly between their neighbours; none stands before the one before it."""
    known: list[float | None] = [place for place, _ in places]
    known[0] = 0.0 if known[0] is None else known[0]
    known[-1] = length if known[-1] is None else known[-1]
    filled: list[float] = []
    for number, place in enumerate(known):
        if place is None:
            ahead = next(i for i in range(number, len(known)) if known[i] is not None)
            start, end = filled[-1], known[ahead] or 0.0
            place = start + (end - start) / (ahead - number + 1)
        filled.append(max(place, filled[-1]) if filled else place)
    return [(place, colour) for place, (_, colour) in zip(filled, places, strict=True)]


def colour_at(angle: float, stops: list[Stop], width: float, height: float, point: list[float]) -> Colour:
    """The gradient's colour at a point in its box."""
    turned = math.radians(angle)
    along = (point[0] - width / 2) * math.sin(turned) - (point[1] - height / 2) * math.cos(turned)
    place = along + _length(angle, width, height) / 2
    before = [stop for stop in stops if stop[0] <= place]
    after = [stop for stop in stops if stop[0] > place]
    if not before or not after:
        return (before[-1] if before else after[0])[1]
    (start, first), (end, last) = before[-1], after[0]
    share = (place - start) / (end - start)
    opaque = first[3] + (last[3] - first[3]) * share
    if opaque == 0:
        return (0.0, 0.0, 0.0, 0.0)
    # Colours are mixed as far as they are opaque.
    red, green, blue = (
        (one * first[3] * (1 - share) + other * last[3] * share) / opaque for one, other in zip(first[:3], last[:3], strict=True)
    )
    return red, green, blue, opaque


def _length(angle: float, width: float, height: float) -> float:
    turned = math.radians(angle)
    return abs(width * math.sin(turned)) + abs(height * math.cos(turned))


def colour_of(written: str) -> Colour | None:
    """A computed colour, such as rgb(0, 0, 0) or rgba(0, 0, 0, 0.5); None for other colour spaces."""
    found = re.fullmatch(r"rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)", written)
    return (float(found[1]), float(found[2]), float(found[3]), float(found[4] or 1)) if found else None


def over(top: Colour, bottom: Colour) -> Colour:
    """A colour on an opaque one."""
    red, green, blue = (one * top[3] + other * (1 - top[3]) for one, other in zip(top[:3], bottom[:3], strict=True))
    return red, green, blue, 1.0


def luminance(colour: Colour) -> float:
    """Relative luminance. Source: WCAG 2.2, definition of relative luminance."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
