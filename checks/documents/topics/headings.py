"""A long text has headings that are headings, in an order that makes sense.

Source: WCAG 2.2 SC 1.3.1 and 2.4.6; EN 301 549 clauses 10.1.3.1 and 10.2.4.6; technique PDF9; ISO 14289-1 clause 7.4;
Matterhorn 14. That a level is skipped fails no criterion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checks.documents.snapshot import DocumentSnapshot, Line
from checks.documents.verdict import Verdict, cannot_tell, failed, passed
from rules.document import DocumentKind

HEADINGS = "document-headings"
ORDER = "document-heading-order"
SLIDES = "document-slide-title"
RULES = (HEADINGS, ORDER, SLIDES)
NEEDS = ("structure",)

LONG = 400  # words
VERY_LONG = 1500
FEWEST_DRAWN = 3  # lines that look like headings
TEXTS = (DocumentKind.PDF, DocumentKind.DOCX, DocumentKind.ODT)


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    if document.kind in (DocumentKind.PPTX, DocumentKind.ODP):
        yield from _slides(document)
        return
    if document.kind not in TEXTS or document.tagged is False:
        return
    named = [heading for heading in document.headings if heading.text.strip()]
    empty = [heading for heading in document.headings if not heading.text.strip()]
    if named or document.words < LONG:
        if document.headings:
            yield passed(HEADINGS) if named else cannot_tell(HEADINGS, "empty", arguments={"count": len(empty)}, element="H")
            yield from _order(document)
        return
    drawn = _drawn_headings(document.lines)
    examples = tuple(line.text for line in drawn)
    pages = tuple(line.page for line in drawn)
    arguments = {"words": document.words, "count": len(drawn), "example": examples[0] if drawn else ""}
    if len(drawn) >= FEWEST_DRAWN and document.words >= VERY_LONG:
        yield failed(HEADINGS, arguments=arguments, pages=pages, examples=examples, element="H")
    else:
        yield cannot_tell(HEADINGS, arguments=arguments, pages=pages, examples=examples, element="H")


def _drawn_headings(lines: list[Line]) -> list[Line]:
    """Short lines in letters that are clearly larger than those of most of the text."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    letters.pop(0.0, None)
    if not letters:
        return []
    usual = letters.most_common(1)[0][0]
    return [
        line
        for line in lines
        if line.size >= usual * 1.15 and 3 <= len(line.text) <= 90 and any(letter.isalpha() for letter in line.text)
    ]


def _order(document: DocumentSnapshot) -> Iterator[Verdict]:
    levels = [heading.level for heading in document.headings]
    jumps = [
        (before, heading)
        for before, heading in zip([0, *levels], document.headings, strict=False)
        if heading.level > before + 1 and heading.level and (before or not 0 < heading.level <= 1)
    ]
    if 0 in levels and any(levels):
        yield cannot_tell(ORDER, "mixed", element="H")
    elif jumps:
        before, first = jumps[0]
        arguments = {"count": len(jumps), "level": first.level, "before": before, "example": first.text[:80]}
        pages = tuple(heading.page for _, heading in jumps)
        yield cannot_tell(ORDER, arguments=arguments, pages=pages, examples=tuple(one.text for _, one in jumps), element="H")
    else:
        yield passed(ORDER)


def _slides(document: DocumentSnapshot) -> Iterator[Verdict]:
    if not document.pages:
        return
    if document.untitled_slides:
        arguments = {"count": len(document.untitled_slides), "total": document.pages}
        yield cannot_tell(SLIDES, arguments=arguments, pages=tuple(document.untitled_slides), element="title")
    else:
        yield passed(SLIDES)
