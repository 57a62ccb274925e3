"""Whether assistive technology gets at the words at all: permissions, scans, fonts without letters, XFA, bookmarks.

Source: WCAG 2.2 SC 1.1.1, 1.4.5, 4.1.2; EN 301 549 clauses 10.1.1.1, 10.1.4.5, 10.4.1.2; technique PDF7; ISO 14289-1 clauses
7.15, 7.16, 7.21.7; Matterhorn 25, 26, 31. Bookmarks: EN 301 549 leaves 10.2.4.1 and 10.2.4.5 void, so they are advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.documents.snapshot import DocumentSnapshot
from checks.documents.verdict import Verdict, cannot_tell, failed, passed
from rules.document import DocumentKind, TextKind

PERMISSIONS = "document-permissions"
SCAN = "document-scan"
FONTS = "document-fonts-readable"
XFA = "document-xfa"
BOOKMARKS = "document-bookmarks"
RULES = (PERMISSIONS, SCAN, FONTS, XFA, BOOKMARKS)
NEEDS = ("content",)

MANY_PAGES = 20
SCANNED = 0.5  # of a page that one picture covers
FEW_CHARACTERS = 8


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    if document.kind is not DocumentKind.PDF:
        return
    if document.encrypted:
        yield failed(PERMISSIONS) if document.shuts_out else passed(PERMISSIONS)
    if document.xfa:
        yield failed(XFA) if document.xfa == "dynamic" else passed(XFA)
    yield from _scan(document)
    yield from _fonts(document)
    if (document.pages or 0) > MANY_PAGES:
        arguments = {"pages_of": document.pages}
        yield passed(BOOKMARKS) if document.bookmarks else cannot_tell(BOOKMARKS, arguments=arguments, element="Outlines")


def _scan(document: DocumentSnapshot) -> Iterator[Verdict]:
    """Pages that are a picture and no text; a described figure on such a page stands for its words."""
    described = {picture.page for picture in document.pictures if (picture.alternative or "").strip()}
    bare = [
        page.number
        for page in document.contents
        if page.characters <= FEW_CHARACTERS and page.picture_share > SCANNED and page.number not in described
    ]
    arguments = {"count": len(bare), "total": document.pages}
    if bare and document.text_kind is TextKind.SCAN:
        yield failed(SCAN, arguments=arguments, pages=tuple(bare), element="image")
    elif bare:
        yield cannot_tell(SCAN, arguments=arguments, pages=tuple(bare), element="image")
    elif document.text_kind is TextKind.SCAN_WITH_TEXT:
        yield cannot_tell(SCAN, "recognised", element="image")
    elif document.words:
        yield passed(SCAN)


def _fonts(document: DocumentSnapshot) -> Iterator[Verdict]:
    letters = sum(page.characters for page in document.contents)
    if not letters:
        return
    pages = [page for page in document.contents if page.unreadable_characters]
    unreadable = sum(page.unreadable_characters for page in pages)
    share = unreadable / letters
    arguments = {"count": unreadable, "share": max(1, round(100 * share))}
    numbers = tuple(page.number for page in pages)
    if share >= 0.05 and unreadable >= 40:
        yield failed(FONTS, arguments=arguments, pages=numbers, element="Font")
    elif share >= 0.02 and unreadable >= 10:
        yield cannot_tell(FONTS, arguments=arguments, pages=numbers, element="Font")
    else:
        yield passed(FONTS)
