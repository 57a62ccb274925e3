"""What looks like a list, a heading or a group of fields is one, and there is a way past what is the same on every page.

Source: WCAG 2.2 SC 1.3.1 Info and Relationships, SC 2.4.1 Bypass Blocks (level A); EN 301 549 clauses 9.1.3.1, 9.2.4.1; ACT rule
cf77f2 and the rules it is made of; techniques H42, H48, H71; failure F2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

BYPASS = "bypass-blocks"
LIST = "faked-list"
HEADING = "faked-heading"
GROUP = "field-group-name"
RULES = (BYPASS, LIST, HEADING, GROUP)

BULLET = re.compile(r"^([•●▪◦‣∙■➤➢►✓✔])\s*\S")
DASH = re.compile(r"^([*·–—→»›-])\s+\S")
NUMBER = re.compile(r"^\(?(\d{1,2}|[a-z])[.)]\s+\S", re.IGNORECASE)
LONGEST_ITEM = 120  # characters; longer numbered pieces are the paragraphs of a text, as in a regulation

NO_HEADING = re.compile(r"(let op|tip|belangrijk|note|important|warning|nieuw|new|of|or|en|and)\W*", re.IGNORECASE)
CAPTION = re.compile(
    r"(tabel|afbeelding|figuur|foto|kaart|voorbeeld|bron|table|figure|photo|map|example|source)\b", re.IGNORECASE
)
ENDS_A_SENTENCE = re.compile(r"[.,;:!…]$|: \S")  # or a label with its value
DATE_OR_PLACE = re.compile(r"\d{1,2}[ -/](\w+[ -/])?\d{4}|^\d|€|@|\b\d{4} ?[A-Z]{2}\b")

# Answers that say nothing without their question.
ANSWER = re.compile(
    r"(ja|nee|yes|no|onbekend|unknown|weet (ik )?niet|weet niet|don'?t know|geen mening|n\.?v\.?t\.?|"
    r"niet van toepassing|not applicable|n/a|"
    r"\d{1,2}|(helemaal |zeer )?(mee )?(eens|oneens|tevreden|ontevreden)|neutraal|neutral|goed|slecht|matig|wel|niet|"
    r"man|vrouw|anders|male|female|other|agree|disagree)",
    re.IGNORECASE,
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    if facts["bypass"]:
        yield from _bypass(facts["bypass"])
    for one in facts["lists"]:
        yield from _list(one)
    for element in facts["realLists"]:
        yield passed(LIST, element)
    for one in facts["headings"]:
        yield from _heading(one)
    for one in facts["groups"]:
        yield from _group(one)


def _bypass(page: dict[str, Any]) -> Iterator[Verdict]:
    """Links to other pages of the site, then text; and no heading, area, link, button or frame that helps past the links."""
    if page["textAfter"] < 60 or not page["sameSite"]:
        return
    if any(page[help_] for help_ in ("heading", "main", "landmark", "jump", "frames")):
        return
    # A button may fold the links away.
    yield (cannot_tell if page["control"] else failed)(BYPASS, page["element"])


def _list(found: dict[str, Any]) -> Iterator[Verdict]:
    """Three lines on end with the same bullet, or numbered from one, are a list; dashes may be a dialogue."""
    lines = found["lines"]
    if _longest_run([match[1] if (match := BULLET.match(line)) else "" for line in lines]) >= 3:
        yield failed(LIST, found["element"], line=_first(lines, BULLET))
        return
    numbers = [match[1].lower() if (match := NUMBER.match(line)) else "" for line in lines]
    is_short = all(len(line) <= LONGEST_ITEM for line in lines)
    if _counts_from_one(numbers) and is_short:
        yield cannot_tell(LIST, found["element"], line=_first(lines, NUMBER))
    elif _longest_run([match[1] if (match := DASH.match(line)) else "" for line in lines]) >= 3:
        yield cannot_tell(LIST, found["element"], line=_first(lines, DASH))


def _first(lines: list[str], pattern: re.Pattern[str]) -> str:
    return next(line for line in lines if pattern.match(line))[:60]


def _longest_run(marks: list[str]) -> int:
    return max((len(list(run)) for mark, run in groupby(marks) if mark), default=0)


def _counts_from_one(numbers: list[str]) -> bool:
    given = [number for number in numbers if number]
    return given[:3] in (["1", "2", "3"], ["a", "b", "c"])


def _heading(found: dict[str, Any]) -> Iterator[Verdict]:
    text = found["text"]
    if NO_HEADING.fullmatch(text) or CAPTION.match(text) or ENDS_A_SENTENCE.search(text) or DATE_OR_PLACE.search(text):
        return
    yield cannot_tell(HEADING, found["element"])


def _group(found: dict[str, Any]) -> Iterator[Verdict]:
    """Answers such as "yes" and "no" that belong to no question fail; other labels may say enough by themselves."""
    if not found["seen"]:
        return
    names = [name for name in found["names"] if name]
    if found["named"]:
        yield passed(GROUP, found["element"])
    elif len(names) >= 2 and all(ANSWER.fullmatch(name) for name in names):
        yield failed(GROUP, found["element"], names=", ".join(names[:4]))
    else:
        yield cannot_tell(GROUP, found["element"], names=", ".join(names[:4]))
