"""Reads a file, whatever it is, and judges it. Runs inside the limits of `checks.documents.limits`."""

from __future__ import annotations

import json
from pathlib import Path

from checks.documents.judge import judge
from checks.documents.kind import kind_of
from checks.documents.limits import Limits, Stopped, in_child
from checks.documents.office.read import read_office
from checks.documents.pdf.engine import engine_failures
from checks.documents.pdf.read import read_pdf
from checks.documents.snapshot import EngineFailure
from checks.documents.unreadable import Unreadable
from rules.document import DocumentKind, DocumentResult
from rules.norm import norms
from rules.task import PageStatus

OFFICE = (DocumentKind.DOCX, DocumentKind.XLSX, DocumentKind.PPTX, DocumentKind.ODT, DocumentKind.ODS, DocumentKind.ODP)


def judge_file(file: Path, url: str, norm: str, limits: Limits) -> DocumentResult:
    """What is said of a file. One that cannot be read is untested, with its reason."""
    kind = kind_of(file)
    if kind is None:
        return DocumentResult(url, "", PageStatus.UNTESTED, "not-a-document")
    try:
        if kind is DocumentKind.PDF:
            snapshot = read_pdf(file, limits.seconds / 2)
            snapshot.engine = _engine(file, limits)
        elif kind in OFFICE:
            snapshot = read_office(file, kind)
        else:
            raise Unreadable("document-kind-not-judged")
    except Unreadable as error:
        return DocumentResult(url, kind, PageStatus.UNTESTED, error.reason)
    return judge(snapshot, url, norms()[norm])


def _engine(file: Path, limits: Limits) -> list[EngineFailure] | None:
    """What page-validation says, in a process of its own: where it comes to grief, our own checks still stand."""
    try:
        found = in_child(lambda: _as_json(engine_failures(file)), limits.half())
    except Stopped:
        return None
    failures = json.loads(found)
    return None if failures is None else [EngineFailure(rule, page) for rule, page in failures]


def _as_json(failures: list[EngineFailure] | None) -> bytes:
    return json.dumps(None if failures is None else [(one.rule, one.page) for one in failures]).encode()
