"""What a file is, by its content: never by its suffix, which a content management system makes up."""

from __future__ import annotations

import zipfile
from pathlib import Path

from rules.document import DocumentKind

HEAD = 1024  # a PDF may begin with other bytes, as readers allow (ISO 32000-1, annex H.3)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PARTS = {
    "word/": DocumentKind.DOCX,
    "xl/": DocumentKind.XLSX,
    "ppt/": DocumentKind.PPTX,
}


def kind_of(file: Path) -> DocumentKind | None:
    """The kind of a file; None where it is no document that is known. Reads its beginning, and the index of a zip file."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    if b"%PDF-" in head:
        return DocumentKind.PDF
    if head.startswith(OLE):
        return DocumentKind.OLD_OFFICE
    if head.startswith(b"{\\rtf"):
        return DocumentKind.RTF
    return _kind_of_zip(file) if head.startswith(b"PK\x03\x04") else None


def _kind_of_zip(file: Path) -> DocumentKind | None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                text = archive.read("mimetype").decode("ascii", "replace").strip().removesuffix("-template")
                return next((kind for kind in DocumentKind if kind.value == text), None)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for folder, kind in PARTS.items() if any(name.startswith(folder) for name in names)), None)
