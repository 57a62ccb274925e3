"""A document (PDF or office file) and what became of it: plain data, that goes from the checks to the storage as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from pydantic import TypeAdapter

from rules.finding import Finding
from rules.observation import PageLink
from rules.outcome import Outcome
from rules.task import PageStatus


class DocumentKind(StrEnum):
    """What a file is, by its content; the value is its media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation"
    OLD_OFFICE = "application/x-ole-storage"  # doc, xls and ppt of before 2007
    RTF = "application/rtf"
    EPUB = "application/epub+zip"


class TextKind(StrEnum):
    """Whether a document can be read as text."""

    TEXT = "text"
    SCAN = "scan"  # pictures of pages
    SCAN_WITH_TEXT = "scan with text"  # pictures of pages with recognised text behind them
    EMPTY = "empty"


@dataclass(frozen=True)
class DocumentFacts:
    """What is shown of a document beside its findings."""

    pages: int | None = None  # slides and sheets count as pages; None: the format does not say
    words: int = 0
    text: TextKind = TextKind.TEXT
    title: str = ""
    language: str = ""  # as declared
    tagged: bool | None = None  # None: the format has no tags
    form: bool = False
    producer: str = ""
    created: str = ""  # ISO 8601; empty: the file does not say
    changed: str = ""
    maybe_exempt: bool = False  # an estimate: the dates inside lie before 23 September 2018, and it is no form
    as_page: bool = False  # so short that a web page would do
    links: tuple[PageLink, ...] = ()


@dataclass(frozen=True)
class Version:
    """By which a host is asked whether a file has changed (RFC 9110, 8.8); empty: it did not say."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class DocumentResult:
    """What became of one document."""

    url: str
    kind: str  # a DocumentKind, or the type that its host named
    status: PageStatus  # carried over: it has not changed since it was last judged, and was not fetched
    reason: str = ""  # a key of `rules.reason`; set where the status is not tested
    facts: DocumentFacts | None = None  # None: it was not opened
    findings: tuple[Finding, ...] = ()
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # the worst outcome of each rule that ran
    partly: frozenset[str] = frozenset()  # rules of which some part did not run: they close nothing
    notes: tuple[str, ...] = ()  # what was not as it should be, as keys of `rules.reason`
    version: Version = field(default_factory=Version)


@cache
def _results() -> TypeAdapter[DocumentResult]:
    """Made where it is used: it would make every start a tenth of a second slower."""
    return TypeAdapter(DocumentResult)


def to_json(result: DocumentResult) -> bytes:
    """A result on its way to another process."""
    return _results().dump_json(result)


def from_json(line: bytes) -> DocumentResult:
    """A result that another process gave. Raises ValueError."""
    return _results().validate_json(line)
