"""Reads an office file into a snapshot."""

from __future__ import annotations

from pathlib import Path

from checks.documents.office.archive import Archive
from checks.documents.office.odf import read_odf
from checks.documents.office.ooxml import read_docx, read_pptx, read_xlsx
from checks.documents.snapshot import DocumentSnapshot
from rules.document import DocumentKind


def read_office(file: Path, kind: DocumentKind) -> DocumentSnapshot:
    """Raises Unreadable with the reason where it cannot be read."""
    archive = Archive(file)
    match kind:
        case DocumentKind.DOCX:
            return read_docx(archive)
        case DocumentKind.XLSX:
            return read_xlsx(archive)
        case DocumentKind.PPTX:
            return read_pptx(archive)
        case _:
            return read_odf(archive, kind)
