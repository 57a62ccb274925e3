"""OpenDocument text, sheets and slides into a snapshot. Source: OASIS OpenDocument 1.3, part 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.documents.office.archive import Archive
from checks.documents.snapshot import LONGEST_TEXT, DocumentSnapshot, Heading, Link, Picture, Table
from checks.documents.unreadable import Unreadable
from rules.document import DocumentKind, TextKind

NS = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT = f"{{{NS}text:1.0}}"
TABLE = f"{{{NS}table:1.0}}"
DRAW = f"{{{NS}drawing:1.0}}"
SVG = f"{{{NS}svg-compatible:1.0}}"
META = f"{{{NS}meta:1.0}}"
STYLE = f"{{{NS}style:1.0}}"
FO = f"{{{NS}xsl-fo-compatible:1.0}}"
OFFICE = f"{{{NS}office:1.0}}"
PRESENTATION = f"{{{NS}presentation:1.0}}"
FORM = f"{{{NS}form:1.0}}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
DC = "{http://purl.org/dc/elements/1.1/}"


def read_odf(archive: Archive, kind: DocumentKind) -> DocumentSnapshot:
    snapshot = DocumentSnapshot(kind)
    root = archive.xml("content.xml")
    if root is None:
        raise Unreadable(
            "document-needs-password" if "META-INF/manifest.xml" in archive and _is_encrypted(archive) else "document-damaged"
        )
    _properties(archive, snapshot)
    styles = archive.xml("styles.xml")
    snapshot.language = _language(styles) or _language(root) or snapshot.language
    pages = list(root.iter(f"{DRAW}page"))
    _slides(pages, snapshot)
    numbers = {page: number for number, page in enumerate(pages, start=1)}
    for heading in root.iter(f"{TEXT}h"):
        level = heading.get(f"{TEXT}outline-level", "1")
        snapshot.headings.append(Heading(int(level) if level.isdigit() and len(level) < 3 else 1, _words(heading)[:300], 0))
    for frame in root.iter(f"{DRAW}frame"):
        if frame.find(f"{DRAW}image") is not None or _is_chart(frame):
            page = next((numbers[one] for one in frame.iterancestors(f"{DRAW}page") if one in numbers), 0)
            snapshot.pictures.append(_picture(frame, page))
    tables = list(root.iter(f"{TABLE}table"))
    snapshot.tables = [_table(table, number if kind is DocumentKind.ODS else 0) for number, table in enumerate(tables, start=1)]
    if kind is DocumentKind.ODS:
        snapshot.pages = len(tables)
    for link in root.iter(f"{TEXT}a"):
        snapshot.links.append(Link(link.get(f"{XLINK}href", "")[:4_000], _words(link)[:500], link.get(f"{OFFICE}title", ""), 0))
    snapshot.lists = sum(1 for _ in root.iter(f"{TEXT}list"))
    snapshot.form = next(root.iter(f"{FORM}text", f"{FORM}checkbox", f"{FORM}radio", f"{FORM}listbox"), None) is not None
    text = "\n".join(_words(one) for one in root.iter(f"{TEXT}p", f"{TEXT}h"))
    snapshot.words = len(text.split())
    snapshot.text = " ".join(text.split())[:LONGEST_TEXT]
    snapshot.text_kind = TextKind.TEXT if snapshot.words else TextKind.EMPTY
    return snapshot


def _is_encrypted(archive: Archive) -> bool:
    manifest = archive.xml("META-INF/manifest.xml")
    return manifest is not None and any(str(one.tag).endswith("}encryption-data") for one in manifest.iter())


def _properties(archive: Archive, snapshot: DocumentSnapshot) -> None:
    meta = archive.xml("meta.xml")
    if meta is None:
        return
    snapshot.title = " ".join((meta.findtext(f".//{DC}title") or "").split())[:500]
    snapshot.language = (meta.findtext(f".//{DC}language") or "").strip()
    snapshot.created = (meta.findtext(f".//{META}creation-date") or "").strip()
    snapshot.changed = (meta.findtext(f".//{DC}date") or "").strip()
    snapshot.producer = (meta.findtext(f".//{META}generator") or "").strip()[:200]
    count = next((one.get(f"{META}page-count", "") for one in meta.iter(f"{META}document-statistic")), "")
    snapshot.pages = int(count) if re.fullmatch(r"\d{1,6}", count) else None


def _language(root: Any) -> str:
    """Of the default style of paragraphs."""
    for style in root.iter(f"{STYLE}default-style") if root is not None else ():
        for one in style.iter(f"{STYLE}text-properties"):
            language, country = one.get(f"{FO}language", ""), one.get(f"{FO}country", "")
            if language and language not in ("none", "zxx"):
                return f"{language}-{country}" if country and country != "none" else language
    return ""


def _slides(pages: list[Any], snapshot: DocumentSnapshot) -> None:
    if snapshot.kind is not DocumentKind.ODP:
        return
    snapshot.pages = len(pages)
    for number, page in enumerate(pages, start=1):
        titles = [one for one in page.iter(f"{DRAW}frame") if one.get(f"{PRESENTATION}class") == "title"]
        if not any(_words(title).strip() for title in titles):
            snapshot.untitled_slides.append(number)


def _words(element: Any) -> str:
    """The text of an element, without notes that stand in it."""
    return " ".join(" ".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    return (str(piece) for piece in element.itertext())


def _picture(frame: Any, page: int) -> Picture:
    words = (frame.findtext(f"{SVG}desc") or "").strip() or (frame.findtext(f"{SVG}title") or "").strip()
    decorative = frame.get(f"{LOEXT}decorative") == "true" or frame.get(f"{DRAW}decorative") == "true"
    return Picture(words or None, page, frame.get(f"{DRAW}name", "")[:100], decorative=decorative)


def _is_chart(frame: Any) -> bool:
    return frame.find(f"{DRAW}object") is not None


def _table(table: Any, page: int) -> Table:
    rows = [row for row in table.iter(f"{TABLE}table-row") if next(row.iterancestors(f"{TABLE}table")) is table]
    headed = sum(1 for _ in table.iterfind(f"{TABLE}table-header-rows/{TABLE}table-row"))
    words = [[_words(cell) for cell in row.iterfind(f"{TABLE}table-cell")] for row in rows[:2_000]]
    filled = [row for row in words if any(row)]
    return Table(
        rows=len(filled),
        columns=max((len(row) for row in filled), default=0),
        headers=headed,
        filled=sum(bool(word) for row in filled for word in row),
        page=page,
        first=next((word for row in filled for word in row if word), "")[:60],
    )
