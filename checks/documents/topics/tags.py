"""A PDF has tags: what is a heading, a list, a table and a paragraph can be told without seeing it.

Source: WCAG 2.2 SC 1.3.1 Info and Relationships; EN 301 549 clause 10.1.3.1; ISO 14289-1 clause 7.1; Matterhorn 01, 02, 06.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.documents.snapshot import DocumentSnapshot
from checks.documents.verdict import Verdict, cannot_tell, failed, passed
from rules.document import DocumentKind, TextKind

TAGGED = "document-tagged"
UNTAGGED = "document-untagged-content"
RULES = (TAGGED, UNTAGGED)
NEEDS = ("content", "structure")

FEW_WORDS = 20  # so few that there may be nothing to structure
LARGE_SHARE = 0.02  # of the letters


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    if document.kind is not DocumentKind.PDF or document.text_kind in (TextKind.SCAN, TextKind.EMPTY):
        return
    # A tree that holds no text is no structure; some programs write one all the same.
    if not document.tagged or not any(element.content for element in document.elements):
        if document.words < FEW_WORDS:
            yield cannot_tell(TAGGED, "few", arguments={"words": document.words})
        else:
            yield failed(TAGGED)
        return
    yield cannot_tell(TAGGED, "suspect") if document.suspect else passed(TAGGED)
    yield _untagged(document)


def _untagged(document: DocumentSnapshot) -> Verdict:
    letters = sum(page.characters for page in document.contents)
    pages = [page for page in document.contents if page.untagged_characters]
    outside = sum(page.untagged_characters for page in pages)
    pictured = [page for page in document.contents if page.untagged_pictures]
    numbers = tuple(page.number for page in pages)
    if outside:
        share = outside / max(letters, 1)
        arguments = {"share": max(round(100 * share), 1), "count": outside}
        # A page number or a line at the foot is decoration that nobody marked so; whole pieces of text are not.
        is_text = share >= LARGE_SHARE or any(page.untagged_characters > 0.3 * page.characters for page in pages)
        say = failed if is_text else cannot_tell
        return say(UNTAGGED, arguments=arguments, pages=numbers, element="content")
    if pictured:
        count = sum(page.untagged_pictures for page in pictured)
        numbers = tuple(page.number for page in pictured)
        return cannot_tell(UNTAGGED, "pictures", arguments={"count": count}, pages=numbers, element="content")
    return passed(UNTAGGED)
