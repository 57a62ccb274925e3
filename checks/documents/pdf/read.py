"""Reads a PDF file into a snapshot."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from lxml import etree

from checks.documents.pdf.content import Content, read_content
from checks.documents.pdf.structure import Structure, read_structure, text_in
from checks.documents.snapshot import (
    LONGEST_TEXT,
    DocumentSnapshot,
    Field,
    Heading,
    Link,
    PageContent,
    Picture,
    Table,
)
from checks.documents.unreadable import Unreadable
from rules.document import DocumentKind, TextKind

MOST_ANNOTATIONS = 20_000
END_OF_FILE = 4_096  # bytes, in which readers look for where the table of objects begins
LARGEST_METADATA = 4_000_000  # bytes of XMP
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
UA = "{http://www.aiim.org/pdfua/ns/id/}"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
ACCESSIBILITY = 1 << 9  # bit 10 of the permissions (ISO 32000-1, table 22)
COPYING = 1 << 4  # bit 5
PICTURES = ("Figure", "Formula")
FEW_CHARACTERS = 8  # of a page that is a picture: a page number that was printed on it


def read_pdf(file: Path, seconds: float) -> DocumentSnapshot:
    """Read a file. Raises Unreadable with the reason where it does not open."""
    try:
        pdf = pikepdf.open(file)
    except pikepdf.PasswordError as error:
        raise Unreadable("document-needs-password") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Unreadable("document-damaged") from error
    with pdf:
        if _is_cut_off(file):
            raise Unreadable("document-cut-off")
        try:
            pages = len(pdf.pages)
        except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError) as error:
            raise Unreadable("document-damaged") from error
        if not pages:
            raise Unreadable("document-damaged")
        snapshot = DocumentSnapshot(DocumentKind.PDF, pages=pages)
        content = _content(file, snapshot, seconds)
        _read_catalog(pdf, snapshot)
        structure = _structure(pdf, content, snapshot)
        _read_elements(structure, snapshot)
        _read_annotations(pdf, structure, snapshot)
    _sum_up(content, snapshot)
    return snapshot


def _is_cut_off(file: Path) -> bool:
    """Whether the end of a file is missing: of what qpdf still makes of it nothing can be said (ISO 32000-1, 7.5.5)."""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - END_OF_FILE))
        return b"startxref" not in stream.read()


def _content(file: Path, snapshot: DocumentSnapshot, seconds: float) -> Content:
    try:
        content = read_content(file, "", seconds)
    except pypdfium2.PdfiumError:
        content = Content(complete=False)
    if not content.complete:
        snapshot.unread.add("content")
    snapshot.contents = content.pages
    snapshot.lines = content.lines
    return content


def _structure(pdf: pikepdf.Pdf, content: Content, snapshot: DocumentSnapshot) -> Structure:
    try:
        structure = read_structure(pdf, content.marked)
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError):
        structure = Structure(complete=False)
    if not structure.complete:
        snapshot.unread.add("structure")
    return structure


def _sum_up(content: Content, snapshot: DocumentSnapshot) -> None:
    snapshot.text = " ".join("\n".join(content.text).split())[:LONGEST_TEXT]
    snapshot.words = sum(len(text.split()) for text in content.text)
    snapshot.text_kind = _text_kind(content.pages)


def _text_kind(pages: list[PageContent]) -> TextKind:
    letters = sum(page.characters for page in pages)
    pictured = [page for page in pages if page.picture_share > 0.5]
    bare = [page for page in pictured if page.characters <= FEW_CHARACTERS]
    if bare and len(bare) * 2 > len(pages):
        return TextKind.SCAN
    if pictured and letters and sum(page.invisible_characters for page in pages) > 0.8 * letters:
        return TextKind.SCAN_WITH_TEXT
    return TextKind.TEXT if letters else TextKind.EMPTY


# --- the catalogue ---------------------------------------------------------------------------------------------------


def _read_catalog(pdf: pikepdf.Pdf, snapshot: DocumentSnapshot) -> None:
    root = pdf.Root
    marks = _dictionary(root.get("/MarkInfo"))
    tree = _dictionary(root.get("/StructTreeRoot"))
    snapshot.tagged = tree is not None and marks is not None and _is_true(marks, "/Marked")
    snapshot.suspect = marks is not None and _is_true(marks, "/Suspects")
    snapshot.language = (text_in(root, "/Lang") or "").strip()
    preferences = _dictionary(root.get("/ViewerPreferences"))
    snapshot.title_shown = preferences is not None and _is_true(preferences, "/DisplayDocTitle")
    outlines = _dictionary(root.get("/Outlines"))
    snapshot.bookmarks = outlines is not None and "/First" in outlines
    _read_form(root, snapshot)
    _read_information(pdf, snapshot)
    snapshot.encrypted = pdf.is_encrypted
    snapshot.shuts_out = _shuts_out(pdf)


def _dictionary(value: Any) -> pikepdf.Dictionary | None:
    return value if isinstance(value, pikepdf.Dictionary) else None


def _is_true(dictionary: pikepdf.Dictionary, key: str) -> bool:
    value = dictionary.get(key)
    return isinstance(value, bool) and value


def _shuts_out(pdf: pikepdf.Pdf) -> bool:
    """Whether reading aloud is refused. Revision 2 has one bit for copying and reading aloud."""
    encryption = _dictionary(pdf.trailer.get("/Encrypt"))
    if encryption is None:
        return False
    permissions, revision = encryption.get("/P"), encryption.get("/R")
    if not isinstance(permissions, int) or not isinstance(revision, int):
        return False
    wanted = COPYING if revision < 3 else ACCESSIBILITY
    return not int(permissions) & wanted


def _read_form(root: pikepdf.Object, snapshot: DocumentSnapshot) -> None:
    form = _dictionary(root.get("/AcroForm"))
    if form is None:
        return
    fields = form.get("/Fields")
    snapshot.form = isinstance(fields, pikepdf.Array) and len(fields) > 0
    if "/XFA" in form:
        snapshot.form = True
        snapshot.xfa = "dynamic" if _is_true(_dictionary(root) or form, "/NeedsRendering") or _is_dynamic(form) else "static"


def _is_dynamic(form: pikepdf.Dictionary) -> bool:
    """Whether the form says that it must be drawn anew by its reader (dynamicRender: required)."""
    parts = form.get("/XFA")
    streams = list(parts)[:40] if isinstance(parts, pikepdf.Array) else [parts]
    for part in streams:
        if isinstance(part, pikepdf.Stream):
            with suppress(pikepdf.PdfError, RuntimeError):
                if re.search(rb"<dynamicRender>\s*required", part.read_bytes()[:LARGEST_METADATA]):
                    return True
    return False


def _read_information(pdf: pikepdf.Pdf, snapshot: DocumentSnapshot) -> None:
    """Title and dates: of the XMP packet, else of the information dictionary, as readers do."""
    info = _dictionary(pdf.trailer.get("/Info")) or pikepdf.Dictionary()
    snapshot.title = (text_in(info, "/Title") or "").strip()
    snapshot.producer = (text_in(info, "/Creator") or text_in(info, "/Producer") or "").strip()[:200]
    snapshot.created = _date(text_in(info, "/CreationDate") or "")
    snapshot.changed = _date(text_in(info, "/ModDate") or "")
    metadata = pdf.Root.get("/Metadata")
    if not isinstance(metadata, pikepdf.Stream):
        return
    with suppress(pikepdf.PdfError, etree.XMLSyntaxError, ValueError, RuntimeError):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
        packet = etree.fromstring(metadata.read_bytes()[:LARGEST_METADATA].strip(b"\x00 \r\n\t"), parser)
        if packet is None:
            return
        snapshot.title = _xmp_title(packet) or snapshot.title
        snapshot.created = _xmp_text(packet, f"{XMP}CreateDate") or snapshot.created
        snapshot.changed = _xmp_text(packet, f"{XMP}ModifyDate") or snapshot.changed
        snapshot.claims_ua = any(
            one.tag == f"{UA}part" or f"{UA}part" in one.attrib for one in packet.iter() if isinstance(one.tag, str)
        )


def _xmp_title(packet: Any) -> str:
    for title in packet.iter(f"{DC}title"):
        for words in title.iter(f"{RDF}li"):
            if text := " ".join((words.text or "").split()):
                return text[:500]
    return ""


def _xmp_text(packet: Any, name: str) -> str:
    for one in packet.iter():
        if one.tag == name and one.text:
            return str(one.text).strip()[:40]
        if isinstance(one.tag, str) and name in one.attrib:
            return str(one.attrib[name]).strip()[:40]
    return ""


def _date(text: str) -> str:
    """A date as PDF writes it (D:20180923120000+02'00') in ISO 8601."""
    match = re.match(r"D?:?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:([+\-])(\d{2})'?(\d{2})?)?", text)
    if not match:
        return ""
    year, month, day, hour, minute, second, sign, hours, minutes = match.groups()
    zone = f"{sign}{hours}:{minutes or '00'}" if sign else "Z"
    return f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"


# --- the structure ---------------------------------------------------------------------------------------------------


def _read_elements(structure: Structure, snapshot: DocumentSnapshot) -> None:
    snapshot.elements = structure.elements
    for place, element in enumerate(structure.elements):
        if element.language is not None:
            snapshot.languages.append((element.language, element.page, snapshot.text_of(place)))
        if element.role in PICTURES and (element.content or element.children):
            words = element.alternative if element.alternative is not None else element.actual
            if words is None and _has_text(snapshot, place):
                words = snapshot.text_of(place)
            snapshot.pictures.append(Picture(words, element.page, kind=element.role))
        elif re.fullmatch(r"H[1-6]?", element.role):
            level = int(element.role[1:] or 0)
            snapshot.headings.append(Heading(level, snapshot.text_of(place), element.page))
        elif element.role == "Table":
            snapshot.tables.append(_table(snapshot, place))
        elif element.role == "L":
            snapshot.lists += 1


def _has_text(snapshot: DocumentSnapshot, place: int) -> bool:
    """A formula or figure of letters says what it says, when nothing replaces it."""
    return snapshot.elements[place].role == "Formula" and bool(snapshot.text_of(place).strip())


def _table(snapshot: DocumentSnapshot, place: int) -> Table:
    elements = snapshot.elements
    rows: list[list[int]] = []
    waiting = [(child, 0) for child in reversed(elements[place].children)]
    while waiting:
        one, depth = waiting.pop()
        if elements[one].role == "TR":
            rows.append([cell for cell in elements[one].children if elements[cell].role in ("TH", "TD")])
        elif elements[one].role in ("THead", "TBody", "TFoot", "NonStruct", "Div") and depth < 4:
            waiting.extend((child, depth + 1) for child in reversed(elements[one].children))
    cells = [cell for row in rows for cell in row]
    words = [snapshot.text_of(cell, 60) for cell in cells]
    return Table(
        rows=len(rows),
        columns=max((sum(elements[cell].columns for cell in row) for row in rows), default=0),
        headers=sum(elements[cell].role == "TH" for cell in cells),
        filled=sum(bool(text) for text in words),
        page=elements[place].page or next((element.page for element in snapshot.below(place) if element.page), 0),
        first=next((text for text in words if text), "")[:60],
    )


# --- links and fields ------------------------------------------------------------------------------------------------


def _read_annotations(pdf: pikepdf.Pdf, structure: Structure, snapshot: DocumentSnapshot) -> None:
    on_page: Counter[int] = Counter()
    ordered: dict[int, bool] = {}
    seen = 0
    for number, page in enumerate(pdf.pages, start=1):
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            continue
        ordered[number] = page.obj.get("/Tabs") == pikepdf.Name.S
        for one in list(annotations):
            seen += 1
            if seen > MOST_ANNOTATIONS:
                snapshot.unread.add("structure")
                break
            if isinstance(one, pikepdf.Dictionary) and not _is_hidden(one):
                on_page[number] += _read_annotation(one, number, structure, snapshot)
    snapshot.contents = [
        replace(page, annotations=on_page[page.number], in_structure_order=ordered.get(page.number, True))
        for page in snapshot.contents
    ]


def _is_hidden(annotation: pikepdf.Dictionary) -> bool:
    flags = annotation.get("/F")
    return isinstance(flags, int) and bool(int(flags) & 2)


def _read_annotation(one: pikepdf.Dictionary, number: int, structure: Structure, snapshot: DocumentSnapshot) -> int:
    """Take in a link or a field. Gives 1 where the tab key stops at it."""
    kind = str(one.get("/Subtype", ""))
    holder = structure.holder.get(one.objgen)
    role = structure.elements[holder].role if holder is not None else ""
    if kind == "/Link":
        words = snapshot.text_of(holder) if holder is not None else ""
        if holder is not None and not words:
            words = _alternatives(snapshot, holder)
        description = text_in(one, "/Contents") or ""
        tagged = holder is not None and role not in ("", "Artifact")
        snapshot.links.append(Link(_target(one), words, description.strip(), number, tagged))
        return 1
    if kind == "/Widget":
        found = _field(one, number, tagged=role == "Form")
        if found:
            snapshot.fields.append(found)
        return 1
    return 0


def _alternatives(snapshot: DocumentSnapshot, place: int) -> str:
    elements = [snapshot.elements[place], *snapshot.below(place)]
    return " ".join(element.alternative for element in elements if element.alternative)


def _target(annotation: pikepdf.Dictionary) -> str:
    action = _dictionary(annotation.get("/A"))
    address = action.get("/URI") if action is not None else None
    return str(address)[:4000] if isinstance(address, pikepdf.String) else ""


KINDS = {"/Tx": "text", "/Btn": "button", "/Ch": "choice", "/Sig": "signature"}
READ_ONLY, PUSH_BUTTON = 1, 1 << 16


def _field(widget: pikepdf.Dictionary, number: int, *, tagged: bool) -> Field | None:
    """The field that a widget belongs to: its entries stand in the widget or in what lies above it."""
    values: dict[str, Any] = {}
    names: list[str] = []
    node: Any = widget
    for _ in range(20):
        if not isinstance(node, pikepdf.Dictionary):
            break
        for key in ("/TU", "/FT", "/Ff"):
            if key not in values and key in node:
                values[key] = node.get(key)
        if name := text_in(node, "/T"):
            names.append(name)
        node = node.get("/Parent")
    flags = values.get("/Ff")
    if isinstance(flags, int) and int(flags) & READ_ONLY:
        return None
    tooltip = str(values["/TU"]).strip() if isinstance(values.get("/TU"), pikepdf.String) else ""
    kind = KINDS.get(str(values.get("/FT", "")), "")
    if kind == "button" and isinstance(flags, int) and int(flags) & PUSH_BUTTON:
        caption = _dictionary(widget.get("/MK"))
        tooltip = tooltip or (text_in(caption, "/CA") or "" if caption is not None else "")
    return Field(".".join(reversed(names))[:200], tooltip[:300], kind, number, tagged)
