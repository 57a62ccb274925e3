"""Word, Excel and PowerPoint files into a snapshot. Source: ECMA-376."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.documents.office.archive import Archive
from checks.documents.snapshot import LONGEST_TEXT, DocumentSnapshot, Heading, Line, Link, Picture, Table
from checks.documents.unreadable import Unreadable
from rules.document import DocumentKind, TextKind

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
VML_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
DC = "{http://purl.org/dc/elements/1.1/}"
TERMS = "{http://purl.org/dc/terms/}"
EXTENDED = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
MOST_PARTS = 2_000


def read_properties(archive: Archive, snapshot: DocumentSnapshot) -> None:
    core = archive.xml("docProps/core.xml")
    if core is not None:
        snapshot.title = _text(core, f"{DC}title")
        snapshot.created = _text(core, f"{TERMS}created")
        snapshot.changed = _text(core, f"{TERMS}modified")
        snapshot.language = _text(core, f"{DC}language")
    app = archive.xml("docProps/app.xml")
    if app is not None:
        snapshot.producer = _text(app, f"{EXTENDED}Application")
        pages = _text(app, f"{EXTENDED}Pages")
        snapshot.pages = int(pages) if re.fullmatch(r"\d{1,6}", pages) else None


def _text(root: Any, tag: str) -> str:
    found = next(root.iter(tag), None)
    return " ".join((found.text or "").split())[:500] if found is not None else ""


def _finish(snapshot: DocumentSnapshot, pieces: list[str]) -> None:
    text = "\n".join(pieces)
    snapshot.words = len(text.split())
    snapshot.text = " ".join(text.split())[:LONGEST_TEXT]
    snapshot.text_kind = TextKind.TEXT if snapshot.words else TextKind.EMPTY


def _is_decorative(properties: Any) -> bool:
    return any(one.get("val") in ("1", "true") for one in properties.iter(DECORATIVE))


def _picture(properties: Any, page: int, kind: str = "Figure") -> Picture:
    """Of the properties of a drawing (cNvPr, docPr): its description; a title alone is read too."""
    words = (properties.get("descr") or "").strip() or (properties.get("title") or "").strip()
    return Picture(words or None, page, properties.get("name", "")[:100], kind, _is_decorative(properties))


# --- Word ------------------------------------------------------------------------------------------------------------


def read_docx(archive: Archive) -> DocumentSnapshot:
    snapshot = DocumentSnapshot(DocumentKind.DOCX)
    read_properties(archive, snapshot)
    root = archive.xml("word/document.xml")
    if root is None:
        raise Unreadable("document-damaged")
    levels, language = _styles(archive)
    languages = [one.get(f"{W}val", "") for one in root.iter(f"{W}lang")]
    snapshot.language = language or (max(set(languages), key=languages.count) if any(languages) else "") or snapshot.language
    pieces = []
    for paragraph in root.iter(f"{W}p"):
        text = _paragraph_text(paragraph)
        pieces.append(text)
        level = _level(paragraph, levels)
        if level and text.strip():
            snapshot.headings.append(Heading(level, " ".join(text.split())[:300], 0))
        elif text.strip():
            snapshot.lines.append(Line(" ".join(text.split())[:300], _size(paragraph), 0))
    for drawing in root.iter(f"{WP}docPr"):
        if _shows_something(drawing.getparent()):
            snapshot.pictures.append(_picture(drawing, 0))
    snapshot.pictures += [Picture(None, 0, "", "Figure") for image in root.iter(VML_IMAGE) if not _vml_words(image)]
    snapshot.tables = [_word_table(table) for table in root.iter(f"{W}tbl")]
    targets = archive.targets("word/document.xml")
    for link in root.iter(f"{W}hyperlink"):
        target = targets.get(link.get(f"{R}id", ""), "")
        snapshot.links.append(Link(target[:4_000], _paragraph_text(link)[:500], link.get(f"{W}tooltip", ""), 0))
    snapshot.lists = sum(1 for _ in root.iter(f"{W}numPr"))
    snapshot.form = any(True for _ in root.iter(f"{W}ffData")) or sum(1 for _ in root.iter(f"{W}sdt")) > 3
    _finish(snapshot, pieces)
    return snapshot


def _styles(archive: Archive) -> tuple[dict[str, int], str]:
    """The heading level of each paragraph style, also of one that is built on a heading; and the language of the text."""
    root = archive.xml("word/styles.xml")
    if root is None:
        return {}, ""
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in root.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        title = next((one.get(f"{W}val", "") for one in style.iter(f"{W}name")), "")
        found = re.fullmatch(r"heading ([1-9])", title, re.IGNORECASE)
        outline = next((one.get(f"{W}val", "") for one in style.iter(f"{W}outlineLvl")), "")
        if found:
            own[name] = int(found[1])
        elif title.casefold() == "title":
            own[name] = 1
        elif re.fullmatch(r"[0-8]", outline):
            own[name] = int(outline) + 1
        based[name] = next((one.get(f"{W}val", "") for one in style.iter(f"{W}basedOn")), "")
    levels = {}
    for name in based:
        at = name
        for _ in range(10):
            if at in own:
                levels[name] = own[at]
                break
            at = based.get(at, "")
    defaults = next(root.iter(f"{W}docDefaults"), None)
    tag = next((one.get(f"{W}val", "") for one in defaults.iter(f"{W}lang")), "") if defaults is not None else ""
    return levels, tag


def _level(paragraph: Any, levels: dict[str, int]) -> int:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return 0
    outline = properties.find(f"{W}outlineLvl")
    if outline is not None and re.fullmatch(r"[0-8]", outline.get(f"{W}val", "")):
        return int(outline.get(f"{W}val")) + 1
    style = properties.find(f"{W}pStyle")
    return levels.get(style.get(f"{W}val", ""), 0) if style is not None else 0


def _paragraph_text(paragraph: Any) -> str:
    """Its text; that of a text box inside it comes with a paragraph of its own."""
    runs = paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
    if paragraph.tag == f"{W}p":
        runs = (run for run in runs if next(run.iterancestors(f"{W}p"), None) is paragraph)
    return "".join((run.text or "") if run.tag == f"{W}t" else " " for run in runs)


def _size(paragraph: Any) -> float:
    """The largest letters in it, in points; 11 where nothing is said. A line all in bold counts as larger."""
    sizes = [one.get(f"{W}val", "") for one in paragraph.iter(f"{W}sz")]
    points = max((int(size) / 2 for size in sizes if re.fullmatch(r"\d{1,3}", size)), default=11.0)
    runs = [run for run in paragraph.iter(f"{W}r") if next(run.iter(f"{W}t"), None) is not None]
    bold = bool(runs) and all(any(one.get(f"{W}val") not in ("0", "false") for one in run.iter(f"{W}b")) for run in runs)
    return points * 1.2 if bold else points


def _shows_something(inline: Any) -> bool:
    """A picture, a chart or a drawn shape without words of its own; a text box is text."""
    graphic = next(inline.iter(f"{A}graphic"), None) if inline is not None else None
    if graphic is None:
        return False
    return next(graphic.iter(f"{W}t"), None) is None or next(graphic.iter(f"{PIC}pic"), None) is not None


def _vml_words(image: Any) -> str:
    shape = image.getparent()
    return (shape.get("alt", "") if shape is not None else "").strip()


def _word_table(table: Any) -> Table:
    rows = table.findall(f"{W}tr")
    cells = [row.findall(f"{W}tc") for row in rows]
    words = [[_paragraph_text(cell).strip() for cell in row] for row in cells]
    headed = [row for row in rows if next(row.iterfind(f"{W}trPr/{W}tblHeader"), None) is not None]
    look = next(table.iterfind(f"{W}tblPr/{W}tblLook"), None)
    first_row = look is not None and (look.get(f"{W}firstRow") == "1" or _bit(look.get(f"{W}val", ""), 0x20))
    style = next(table.iterfind(f"{W}tblPr/{W}tblStyle"), None)
    # "Header row" of a table style is what an author sees; "repeat as header row" is what is read out.
    headers = len(headed) or int(first_row and style is not None and style.get(f"{W}val", "") not in ("TableGrid", "Tabelraster"))
    return Table(
        rows=len(rows),
        columns=max((len(row) for row in cells), default=0),
        headers=headers,
        filled=sum(bool(word) for row in words for word in row),
        page=0,
        first=next((word for row in words for word in row if word), "")[:60],
    )


def _bit(text: str, bit: int) -> bool:
    return re.fullmatch(r"[0-9A-Fa-f]{1,8}", text) is not None and bool(int(text, 16) & bit)


# --- Excel -----------------------------------------------------------------------------------------------------------


def read_xlsx(archive: Archive) -> DocumentSnapshot:
    snapshot = DocumentSnapshot(DocumentKind.XLSX)
    read_properties(archive, snapshot)
    book = archive.xml("xl/workbook.xml")
    if book is None:
        raise Unreadable("document-damaged")
    sheets = [sheet for sheet in book.iter(f"{S}sheet") if sheet.get("state", "visible") == "visible"]
    snapshot.pages = len(sheets)
    strings = archive.xml("xl/sharedStrings.xml")
    shared = ["".join(texts_of(one, f"{S}t")) for one in strings.iter(f"{S}si")] if strings is not None else []
    pieces = list(shared)
    targets = archive.targets("xl/workbook.xml")
    for number, sheet in enumerate(sheets[:MOST_PARTS], start=1):
        name = _part_name("xl", targets.get(sheet.get(f"{R}id", ""), ""))
        root = archive.xml(name)
        if root is None:
            continue
        pieces += texts_of(root, f"{S}t")
        snapshot.tables += _sheet_table(archive, name, root, number, shared)
    for number, name in enumerate(archive.names("xl/drawings/drawing", ".xml")[:MOST_PARTS], start=1):
        drawing = archive.xml(name)
        if drawing is not None:
            snapshot.pictures += list(_drawn(drawing, XDR, number))
    _finish(snapshot, pieces)
    return snapshot


def texts_of(root: Any, tag: str) -> Iterator[str]:
    return (one.text for one in root.iter(tag) if one.text)


def _part_name(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"


MOST_ROWS = 2_000


def _sheet_table(archive: Archive, name: str, root: Any, number: int, shared: list[str]) -> list[Table]:
    """A sheet of data is a table; its headers are known where it is made a table with a header row, or its top row is frozen."""
    rows = []
    for row in root.iter(f"{S}row"):
        cells = [cell for cell in row.iter(f"{S}c") if cell.find(f"{S}v") is not None or cell.find(f"{S}is") is not None]
        if cells:
            rows.append(cells)
        if len(rows) >= MOST_ROWS:
            break
    if len(rows) < 2:
        return []
    made = [archive.xml(_part_name("xl/worksheets", target)) for target in archive.targets(name).values() if "tables/" in target]
    named = [one for one in made if one is not None and one.get("headerRowCount", "1") != "0"]
    frozen = any(pane.get("ySplit", "0") != "0" for pane in root.iter(f"{S}pane"))
    first = rows[0][0]
    value = first.findtext(f"{S}v") or ""
    words = shared[int(value)] if first.get("t") == "s" and value.isdigit() and int(value) < len(shared) else value
    return [
        Table(
            rows=len(rows),
            columns=max(len(cells) for cells in rows),
            headers=len(named) or int(frozen),
            filled=sum(len(cells) for cells in rows),
            page=number,
            first=words[:60],
        )
    ]


# --- PowerPoint ------------------------------------------------------------------------------------------------------

TITLES = ("title", "ctrTitle")


def read_pptx(archive: Archive) -> DocumentSnapshot:
    snapshot = DocumentSnapshot(DocumentKind.PPTX)
    read_properties(archive, snapshot)
    show = archive.xml("ppt/presentation.xml")
    if show is None:
        raise Unreadable("document-damaged")
    targets = archive.targets("ppt/presentation.xml")
    slides = [_part_name("ppt", targets.get(one.get(f"{R}id", ""), "")) for one in show.iter(f"{P}sldId")]
    snapshot.pages = len(slides)
    languages: list[str] = []
    pieces: list[str] = []
    for number, name in enumerate(slides[:MOST_PARTS], start=1):
        root = archive.xml(name)
        if root is None:
            continue
        pieces += texts_of(root, f"{A}t")
        languages += [one.get("lang") for one in root.iter(f"{A}rPr", f"{A}endParaRPr") if one.get("lang")]
        snapshot.pictures += list(_drawn(root, P, number))
        title = _slide_title(root)
        if title:
            snapshot.headings.append(Heading(1, title[:300], number))
        else:
            snapshot.untitled_slides.append(number)
        snapshot.tables += [_slide_table(table, number) for table in root.iter(f"{A}tbl")]
        links = archive.targets(name)
        for run in root.iter(f"{A}r"):
            for link in run.iter(f"{A}hlinkClick"):
                target = links.get(link.get(f"{R}id", ""), "")
                snapshot.links.append(
                    Link(target[:4_000], "".join(texts_of(run, f"{A}t"))[:500], link.get("tooltip", ""), number)
                )
    snapshot.language = max(set(languages), key=languages.count) if languages else snapshot.language
    _finish(snapshot, pieces)
    return snapshot


def _slide_title(root: Any) -> str:
    for shape in root.iter(f"{P}sp"):
        holder = next(shape.iterfind(f"{P}nvSpPr/{P}nvPr/{P}ph"), None)
        if holder is not None and holder.get("type") in TITLES:
            return " ".join("".join(texts_of(shape, f"{A}t")).split())
    return ""


def _slide_table(table: Any, number: int) -> Table:
    rows = table.findall(f"{A}tr")
    words = [["".join(texts_of(cell, f"{A}t")).strip() for cell in row.findall(f"{A}tc")] for row in rows]
    properties = table.find(f"{A}tblPr")
    headed = properties is not None and properties.get("firstRow") in ("1", "true")
    return Table(
        rows=len(rows),
        columns=max((len(row) for row in words), default=0),
        headers=int(headed),
        filled=sum(bool(word) for row in words for word in row),
        page=number,
        first=next((word for row in words for word in row if word), "")[:60],
    )


def _drawn(root: Any, space: str, page: int) -> Iterator[Picture]:
    """Pictures and charts of a slide or a sheet; a table is no picture, and shapes hold text or adorn."""
    for picture in root.iter(f"{space}pic"):
        for properties in picture.iterfind(f"{space}nvPicPr/{space}cNvPr"):
            yield _picture(properties, page)
    for frame in root.iter(f"{space}graphicFrame"):
        if next(frame.iter(CHART), None) is not None:
            for properties in frame.iterfind(f"{space}nvGraphicFramePr/{space}cNvPr"):
                yield _picture(properties, page, "Chart")
