"""Words are text, not a picture of text.

Source: WCAG 2.2 SC 1.4.5 Images of Text (level AA); EN 301 549 clause 9.1.4.5; ACT rule 0va7u6; technique C22.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import correlation
from typing import Any

from checks.accessibility.wording import words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

RULE = "image-of-text"
RULES = (RULE,)

# What people call a picture with words in it.
CALLED = re.compile(
    r"(^|[^a-z])(text(?!ile|ure|uur|iel)|tekst|quote|citaat|poster|flyer|slogan|welkom|welcome|uitnodiging|invitation|affiche|advertentie|"
    r"infographic|button|knop|heading|title|titel)",
    re.IGNORECASE,
)
LOGO = re.compile(r"logo|brand|merk|beeldmerk|woordmerk|icon|icoon|avatar|qr", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]{2}")
FEWEST_LETTERS = 8  # of a drawing with words; fewer may be somebody's initials
CLEARLY_WIDER = 1.3  # a gap between words, than any within one
ALIKE = 0.97
MOST_OFF = 1.5
MANY_WIDTHS = 4
MOST = 3  # a page: one question about its pictures is enough


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """No machine of ours reads pictures: a person looks at those whose name, shape or drawing says that they hold words.

    Proven are the words of a drawing that is nothing else, and of a picture whose marks are spaced as the words of its name.
    """
    asked = 0
    for image in document.facts:
        is_logo = LOGO.search(f"{image['file']} {image['alt']} {image['about']}")
        is_wide = image["width"] >= 1.5 * image["height"] >= 18
        holds_words = LETTERS.search(image["words"])
        is_called = CALLED.search(image["file"]) and image["width"] >= 60 and image["height"] >= 16
        is_button = image["kind"] == "button" and is_wide and LETTERS.search(image["alt"])
        if not is_logo and not image["aside"] and (_is_drawn_text(image) or _is_its_name_written(image)):
            yield failed(RULE, image["element"], text=image["alt"][:80])
        elif asked < MOST and not is_logo and (holds_words or is_called or is_button):
            asked += 1
            yield cannot_tell(RULE, image["element"], "drawn" if holds_words else "", words=image["words"][:80])
        else:
            yield passed(RULE, image["element"])


def _is_drawn_text(image: dict[str, Any]) -> bool:
    """A drawing of words only, which are also its name."""
    letters = sum(len(word) for word in words(image["words"]))
    return bool(image["onlyWords"]) and words(image["words"]) == words(image["alt"]) and letters >= FEWEST_LETTERS


def _is_its_name_written(image: dict[str, Any]) -> bool:
    """All that stands in the picture are rows of marks, whose groups are as many and as wide as the words of its name, in order.

    Six words or more: that other things fall into groups of just these widths does not happen.
    """
    lines = [line["marks"] for line in image["ink"] or ()]
    count = len(image["alt"].split(" "))  # as its widths are counted
    gaps = sorted((right[0] - left[1] for line in lines for left, right in pairwise(line)), reverse=True)
    between = count - len(lines)  # how many gaps part two words of one line
    if not lines or between < 1 or between > len(gaps) or len(lines) > count / 2:
        return False
    widest_inside = gaps[between] if between < len(gaps) else 0
    if gaps[between - 1] < CLEARLY_WIDER * max(widest_inside, 1):
        return False
    groups = [width for line in lines for width in _groups(line, gaps[between - 1])]
    return len(groups) == count and any(_fits(groups, widths) for widths in image["widths"])


def _groups(marks: list[list[int]], gap: int) -> Iterator[int]:
    """How wide the groups of marks are that stand at least a gap apart."""
    start = marks[0][0]
    for left, right in pairwise(marks):
        if right[0] - left[1] >= gap:
            yield left[1] - start
            start = right[0]
    yield marks[-1][1] - start


def _fits(groups: list[int], widths: list[int]) -> bool:
    """The same row of widths, but for the size and the kind of letters."""
    if min(*groups, *widths) <= 0 or len(set(groups)) < MANY_WIDTHS or len(set(widths)) < MANY_WIDTHS:
        return False
    size = sum(groups) / sum(widths)
    is_near = all(
        group / (width * size) < MOST_OFF and (width * size) / group < MOST_OFF
        for group, width in zip(groups, widths, strict=True)
    )
    return is_near and correlation(groups, widths) >= ALIKE
