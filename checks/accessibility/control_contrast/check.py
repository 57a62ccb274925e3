"""It can be seen where a field is: its border, or what fills it, stands out against what lies around it.

Source: WCAG 2.2 SC 1.4.11 Non-text Contrast (level AA), definition of contrast ratio; EN 301 549 clause 9.1.4.11; technique G195.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

RULE = "field-border-contrast"
RULES = (RULE,)
ENOUGH = 3.0

Colour = tuple[float, float, float]


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for group in document.facts:
        ratio = _boundary(group)
        for element in group["elements"]:
            if ratio is None:
                continue  # no plain colours: nothing can be said of it
            if ratio >= ENOUGH or group["others"]:
                yield passed(RULE, element)
            elif group["words"] or ratio < 1.05:
                yield cannot_tell(RULE, element, ratio=f"{ratio:.1f}:1")  # words, or no border at all, may be meant so
            else:
                yield failed(RULE, element, ratio=f"{ratio:.1f}:1")


def _boundary(group: dict[str, Any]) -> float | None:
    """The strongest contrast that draws the field's edge; None where a colour is not a plain one."""
    outside, inside = _colour(group["outside"]), _colour(group["inside"])
    borders = [_colour(border) for border in group["borders"]]
    if outside is None or inside is None or None in borders:
        return None
    # A border may stand out against what it encloses as well as against what lies around it.
    edges = [contrast_ratio(border, ground) for border in borders if border for ground in (outside, inside)]
    return max([contrast_ratio(inside, outside), *edges])


def _colour(text: str | None) -> Colour | None:
    match = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", text or "")
    return (float(match[1]), float(match[2]), float(match[3])) if match else None


def contrast_ratio(first: Colour, second: Colour) -> float:
    """Contrast between two colours, from 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    """Relative luminance. Source: WCAG 2.2, definition of relative luminance."""
    red, green, blue = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in (part / 255 for part in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
