"""What looks like a list is a list.

Source: WCAG 2.2 SC 1.3.1; EN 301 549 clause 10.1.3.1; technique PDF21; Matterhorn 16.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.documents.snapshot import DocumentSnapshot
from checks.documents.verdict import Verdict, cannot_tell, passed

FAKED = "document-faked-list"
RULES = (FAKED,)
NEEDS = ("structure",)

BULLET = re.compile(r"\s*[•▪●○◦■□➢➤✓✔❖\uf0b7\uf0a7\uf0d8]\s*\S.*|\s*[-–*]\s+[^\W\d_].{3,}", re.DOTALL)
FEWEST = 3  # in a row


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    """Paragraphs one after the other that each begin with a dot or a dash that was typed."""
    runs: list[list[int]] = []
    last: tuple[int, int] | None = None  # the last such paragraph: its parent and its place among the children
    places = {child: number for element in document.elements for number, child in enumerate(element.children)}
    for place, element in enumerate(document.elements):
        if element.role != "P" or not BULLET.fullmatch(document.text_of(place, 80)):
            continue
        here = (element.parent, places.get(place, place))
        if last is not None and here[0] == last[0] and here[1] == last[1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
        last = here
    faked = [run for run in runs if len(run) >= FEWEST]
    if faked:
        items = [place for run in faked for place in run]
        yield cannot_tell(
            FAKED,
            arguments={"count": len(items), "example": document.text_of(items[0], 60)},
            pages=tuple(document.elements[place].page for place in items),
            examples=tuple(document.text_of(place, 80) for place in items),
            element="P",
        )
    elif document.lists:
        yield passed(FAKED)
