"""What stands on the pages of a PDF: letters with the mark they bear, and how far its pictures reach. Uses PDFium."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from checks.documents.snapshot import LONGEST_TEXT, Line, PageContent

LARGEST_PAGE = 60_000  # letters and objects of one page that are looked at
DEEPEST_FORM = 8  # form XObjects inside one another
LINES_OF = 60  # pages whose lines are kept
SMALL_PICTURE = 0.005  # of the page: a line, a dot or a mark that adorns
INVISIBLE = 3  # text render mode (ISO 32000-1, table 106)


def _plain(function: Any, result: Any) -> Any:
    """A function (text page, place) of PDFium without typed pointers, which cost much: it is called for each letter."""
    return ctypes.CFUNCTYPE(result, ctypes.c_void_p, ctypes.c_int)(ctypes.cast(function, ctypes.c_void_p).value or 0)


object_at = _plain(pdfium.FPDFText_GetTextObject, ctypes.c_void_p)
is_generated = _plain(pdfium.FPDFText_IsGenerated, ctypes.c_int)
unicode_at = _plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
has_no_unicode = _plain(pdfium.FPDFText_HasUnicodeMapError, ctypes.c_int)
size_at = _plain(pdfium.FPDFText_GetFontSize, ctypes.c_double)


@dataclass
class Content:
    """Of all pages that were read."""

    pages: list[PageContent] = field(default_factory=list)
    text: list[str] = field(default_factory=list)  # page by page
    marked: dict[tuple[int, int], str] = field(default_factory=dict)  # words by page and mark (MCID)
    lines: list[Line] = field(default_factory=list)
    complete: bool = True


@dataclass
class _Page:
    """One page while it is read."""

    number: int
    marks: dict[int, tuple[int, bool]] = field(default_factory=dict)  # of each object: its mark, and whether it is decoration
    untagged_pictures: int = 0
    largest_picture: float = 0.0  # in square points
    area: float = 1.0
    objects: int = 0


def read_content(file: Path, password: str, seconds: float) -> Content:
    """Read the pages in order until the time is up. Raises pypdfium2.PdfiumError where the file does not open."""
    content = Content()
    until = time.process_time() + seconds
    characters = 0
    with pypdfium2.PdfDocument(file, password=password or None) as document:
        for index in range(len(document)):
            if time.process_time() > until:
                content.complete = False
                break
            page = pdfium.FPDF_LoadPage(document.raw, index)
            if not page:
                content.complete = False
                continue
            try:
                words = _read_page(page, index + 1, content)
            finally:
                pdfium.FPDF_ClosePage(page)
            if characters < LONGEST_TEXT:
                content.text.append(words)
                characters += len(words)
    return content


def _read_page(page: Any, number: int, content: Content) -> str:
    state = _Page(number, area=max(pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page), 1.0))
    for place in range(pdfium.FPDFPage_CountObjects(page)):
        _look(pdfium.FPDFPage_GetObject(page, place), state, -1, False, 0)
        if state.objects > LARGEST_PAGE:
            content.complete = False
            break
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        counts, words = _read_text(text_page, state, content)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    content.pages.append(
        PageContent(
            number,
            characters=counts["all"],
            untagged_characters=counts["untagged"],
            untagged_pictures=state.untagged_pictures,
            unreadable_characters=counts["unreadable"],
            invisible_characters=counts["invisible"],
            picture_share=min(state.largest_picture / state.area, 1.0),
        )
    )
    return words


def _look(one: Any, state: _Page, mark: int, decoration: bool, depth: int) -> None:
    """Note the mark of an object; of a form XObject each object in it, which inherits the form's own mark."""
    state.objects += 1
    if state.objects > LARGEST_PAGE:
        return
    own, names = _marks_of(one)
    mark = own if own >= 0 else mark
    decoration = decoration or "Artifact" in names
    kind = pdfium.FPDFPageObj_GetType(one)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        state.marks[_address(one)] = (mark, decoration)
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        area = _area(one)
        state.untagged_pictures += mark < 0 and not decoration and area > SMALL_PICTURE * state.area
        state.largest_picture = max(state.largest_picture, area)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
        for place in range(pdfium.FPDFFormObj_CountObjects(one)):
            _look(pdfium.FPDFFormObj_GetObject(one, place), state, mark, decoration, depth + 1)


def _marks_of(one: Any) -> tuple[int, set[str]]:
    count = pdfium.FPDFPageObj_CountMarks(one)
    if count <= 0:
        return -1, set()
    names = {_name_of(pdfium.FPDFPageObj_GetMark(one, place)) for place in range(min(count, 20))}
    return pdfium.FPDFPageObj_GetMarkedContentID(one), names


def _name_of(mark: Any) -> str:
    needed = ctypes.c_ulong()
    buffer = (pdfium.FPDF_WCHAR * 40)()
    pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), needed)
    return bytes(buffer)[: max(needed.value - 2, 0)].decode("utf-16-le", "replace")


def _area(one: Any) -> float:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(one, left, bottom, right, top):
        return 0.0
    return abs(right.value - left.value) * abs(top.value - bottom.value)


def _address(one: Any) -> int:
    return ctypes.cast(one, ctypes.c_void_p).value or 0


def _read_text(text_page: Any, state: _Page, content: Content) -> tuple[dict[str, int], str]:
    address = _address(text_page)
    counts = dict.fromkeys(("all", "untagged", "unreadable", "invisible"), 0)
    runs: list[tuple[int, list[str]]] = []
    everything: list[str] = []
    sizes: list[tuple[str, float]] = []
    last, mark, decoration, invisible, size = -1, -1, False, False, 0.0
    for place in range(_length(text_page, content)):
        letter = _letter(unicode_at(address, place))
        everything.append(letter)
        one = 0 if letter in " \r\n" and is_generated(address, place) else object_at(address, place) or 0
        if one == 0 and runs:
            runs[-1][1].append(" ")  # a space or line end that PDFium puts between words
            sizes.append((letter, 0.0))
            continue
        if one != last:
            last = one
            mark, decoration = state.marks.get(one, (-1, False))
            invisible = _render_mode(one) == INVISIBLE
            size = 0.0 if decoration else size_at(address, place)
        if not runs or runs[-1][0] != mark:
            runs.append((mark, []))
        runs[-1][1].append(letter)
        if letter.isspace():
            sizes.append((letter, 0.0))
            continue
        counts["all"] += 1
        counts["invisible"] += invisible
        counts["untagged"] += mark < 0 and not decoration
        counts["unreadable"] += letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or has_no_unicode(address, place) == 1
        sizes.append((letter, size))
    for mark, letters in runs:
        if mark >= 0:
            key = (state.number, mark)
            content.marked[key] = " ".join((content.marked.get(key, "") + "".join(letters)).split())[:2000]
    if state.number <= LINES_OF:
        content.lines += _lines(sizes, state.number)
    return counts, "".join(everything)


def _length(text_page: Any, content: Content) -> int:
    """How many letters of a page are looked at."""
    count = int(pdfium.FPDFText_CountChars(text_page))
    if count > LARGEST_PAGE:
        content.complete = False
    return min(max(count, 0), LARGEST_PAGE)


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _render_mode(one: int) -> int:
    return int(pdfium.FPDFTextObj_GetTextRenderMode(ctypes.cast(one, pdfium.FPDF_PAGEOBJECT))) if one else 0


def _lines(sizes: list[tuple[str, float]], number: int) -> Iterator[Line]:
    letters: list[str] = []
    size = 0.0
    for letter, one in [*sizes, ("\n", 0.0)]:
        if letter in "\r\n":
            if text := " ".join("".join(letters).split()):
                yield Line(text[:300], round(size, 1), number)
            letters, size = [], 0.0
        else:
            letters.append(letter)
            size = max(size, one)
