"""Pictures, formulas and other things that are no text say in words what they show.

Source: WCAG 2.2 SC 1.1.1 Non-text Content; EN 301 549 clause 10.1.1.1; technique PDF1; ISO 14289-1 clauses 7.3, 7.7, 7.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.accessibility.images.check import CAMERA, CODE, FILE_NAME, ONLY_A_KIND, SAYS_NOTHING
from checks.accessibility.wording import bare
from checks.documents.snapshot import DocumentSnapshot, Picture
from checks.documents.verdict import Verdict, cannot_tell, failed, passed

ALTERNATIVE = "document-image-alternative"
WORDING = "document-image-wording"
RULES = (ALTERNATIVE, WORDING)
NEEDS = ("structure",)

PATH = re.compile(r"([a-z]:\\|\\\\|/[\w.-]+/|https?://)\S.*", re.IGNORECASE)
# What Word and PowerPoint guess by themselves; a person has to look whether it is right.
GUESSED = re.compile(
    r"automatisch gegenereerde beschrijving|automatically generated|door ai gegenereerde inhoud|ai-generated content",
    re.IGNORECASE,
)
UNNAMED = re.compile(
    r"(afbeelding|picture|image|graphic|figuur|figure|shape|vorm|object|tekstvak|logo|foto|grafiek|diagram)[ _]?\d*", re.I
)


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    pictures = [picture for picture in document.pictures if not picture.decorative]
    if not pictures:
        return
    missing = [picture for picture in pictures if not (picture.alternative or "").strip("\x00 \t\r\n")]
    figures = [picture for picture in missing if picture.kind != "Formula"]
    formulas = [picture for picture in missing if picture.kind == "Formula"]
    if figures:
        yield failed(ALTERNATIVE, arguments={"count": len(figures), "total": len(pictures)}, **_places(figures))
    if formulas:
        yield cannot_tell(ALTERNATIVE, "formula", arguments={"count": len(formulas), "total": len(pictures)}, **_places(formulas))
    if not missing:
        yield passed(ALTERNATIVE)
    yield from _wording([picture for picture in pictures if picture not in missing])


def _places(pictures: list[Picture]) -> dict[str, Any]:
    return {
        "pages": tuple(picture.page for picture in pictures),
        "examples": tuple(filter(None, (picture.alternative or picture.name for picture in pictures))),
        "element": pictures[0].kind,
    }


def _wording(pictures: list[Picture]) -> Iterator[Verdict]:
    wrong = [picture for picture in pictures if _is_file(picture.alternative or "")]
    guessed = [picture for picture in pictures if _is_vague(picture.alternative or "")]
    if wrong:
        text = (wrong[0].alternative or "")[:80]
        yield failed(WORDING, arguments={"count": len(wrong), "name": text}, **_places(wrong))
    if guessed:
        text = (guessed[0].alternative or "")[:80]
        yield cannot_tell(WORDING, arguments={"count": len(guessed), "name": text}, **_places(guessed))
    if pictures and not wrong and not guessed:
        yield passed(WORDING)


def _is_file(text: str) -> bool:
    text = text.strip()
    return bool(FILE_NAME.fullmatch(text) or CAMERA.fullmatch(text) or PATH.fullmatch(text)) or (
        CODE.fullmatch(text) is not None and re.search(r"\d{4}", text) is not None
    )


def _is_vague(text: str) -> bool:
    if _is_file(text):
        return False
    plain = re.sub(r"[\s\d]+$", "", bare(text))
    return bool(GUESSED.search(text) or UNNAMED.fullmatch(text.strip())) or plain in SAYS_NOTHING or plain in ONLY_A_KIND
