"""A page with all that it loaded, as one WARC file that can be opened again without its host.

Every answer of every frame is in it as it came, and the documents as they were rendered. What lets somebody in is not: no
cookie, no authorisation, and nothing that was sent along but its hash. Reading trusts nothing: sizes and numbers are bounded.

Source: ISO 28500:2017, the WARC file format, version 1.1.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from rules.address import without_fragment

MOST_ANSWERS = 2_000
LARGEST_ANSWER = 20_000_000  # bytes
MOST_BYTES = 60_000_000  # of all answers of one page
MOST_UNPACKED = 2 * MOST_BYTES  # with all headers
LONGEST_ADDRESS = 10_000
AT_ONCE = 1 << 20
# Of what was sent only what a site may answer differently to: no cookie, no authorisation, no token by any other name.
KEPT_OF_REQUEST = frozenset({"accept", "accept-language", "content-type", "origin", "referer", "user-agent"})
# Sessions, and what is true of the bytes on the wire only: bodies are kept unpacked.
LEFT_OF_ANSWER = frozenset(
    {
        *("set-cookie", "set-cookie2", "authentication-info", "proxy-authenticate", "proxy-authentication-info"),
        *("connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding", "alt-svc"),
    }
)
RENDERED = "urn:vierluik:rendered:"
FAILED = "urn:vierluik:failed"
SENT = "X-Vierluik-Sent-SHA256"


class ArchiveError(ValueError):
    """The file is no archive of a page, or not one that may be opened; the sentence says why."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    url: str  # without fragment
    status: int
    headers: tuple[tuple[str, str], ...]  # of the answer, without what is in LEFT_OF_ANSWER
    body: bytes  # as the page got it, unpacked
    asked: tuple[tuple[str, str], ...] = ()  # headers of the request, of KEPT_OF_REQUEST
    sent: str = ""  # SHA-256 of what was sent along; empty: nothing


@dataclass(frozen=True)
class PageArchive:
    """All that one page loaded, in the order in which it was asked for."""

    exchanges: tuple[Exchange, ...]
    rendered: tuple[tuple[str, str], ...] = ()  # each document: its address and its HTML after scripts had run
    failed: tuple[tuple[str, str], ...] = ()  # method and address of what gave no answer then
    left_out: tuple[str, ...] = ()  # addresses of answers that could not be kept: too large, or gone too soon


def kept_of_request(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _line(value)) for name, value in headers if name.lower() in KEPT_OF_REQUEST)


def kept_of_answer(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _line(value)) for name, value in headers if name.lower() not in LEFT_OF_ANSWER and name.isascii())


def _line(value: str) -> str:
    return " ".join(value.splitlines())[:LONGEST_ADDRESS]


# --- written -----------------------------------------------------------------------------------------------------------


def write_archive(archive: PageArchive, moment: datetime) -> bytes:
    """The archive as a WARC file, each record packed by itself."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {"software": f"Vierluik/{version('vierluik')}", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record("", about))
    dated = {"WARC-Date": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    for one in archive.exchanges:
        told = StatusAndHeaders(f"{one.status} {_phrase(one.status)}", list(one.headers), protocol="HTTP/1.1")
        answer = _record(writer, one.url, "response", one.body, dated, told)
        parts = urlsplit(one.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = [(SENT, one.sent)] if one.sent else []
        asking = StatusAndHeaders(
            f"{one.method} {path} HTTP/1.1", [("Host", parts.netloc), *one.asked, *sent], is_http_request=True
        )
        writer.write_request_response_pair(_record(writer, one.url, "request", b"", dated, asking), answer)
    for number, (url, html) in enumerate(archive.rendered):
        of_page = {**dated, "WARC-Refers-To-Target-URI": url}
        content = html.encode("utf-8", "replace")
        writer.write_record(_record(writer, f"{RENDERED}{number}", "resource", content, of_page, kind="text/html; charset=utf-8"))
    lacking = json.dumps({"failed": archive.failed, "left_out": archive.left_out}, ensure_ascii=False).encode()
    writer.write_record(_record(writer, FAILED, "metadata", lacking, dated, kind="application/json"))
    return out.getvalue()


def _record(
    writer: WARCWriter,
    url: str,
    kind_of_record: str,
    content: bytes,
    more: dict[str, str],
    http: StatusAndHeaders | None = None,
    kind: str = "",
) -> Any:
    return writer.create_warc_record(
        url,
        kind_of_record,
        payload=io.BytesIO(content),
        length=len(content),
        warc_content_type=kind,
        warc_headers_dict=dict(more),
        http_headers=http,
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


# --- read --------------------------------------------------------------------------------------------------------------


@dataclass
class _Read:
    """What of a file has been read so far."""

    answers: dict[str, tuple[str, int, tuple[tuple[str, str], ...], bytes]] = field(default_factory=dict)  # by record id
    asked: dict[str, tuple[str, tuple[tuple[str, str], ...], str]] = field(default_factory=dict)  # by id of the answer
    rendered: list[tuple[str, str]] = field(default_factory=list)
    lacking: dict[str, Any] = field(default_factory=dict)


def read_archive(packed: bytes) -> PageArchive:
    """The archive in a file. Raises ArchiveError."""
    read = _Read()
    try:
        for number, record in enumerate(ArchiveIterator(io.BytesIO(_unpacked(packed)))):
            if number > 3 * MOST_ANSWERS:
                raise ArchiveError(f"The archive of a page has more than {3 * MOST_ANSWERS} records. It was not read on.")
            _take(read, record)
    except (ArchiveLoadFailed, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"The archive of a page is damaged: {str(error)[:100] or type(error).__name__}.") from error
    exchanges = []
    for record_id, (url, status, headers, body) in read.answers.items():
        method, asked, sent = read.asked.get(record_id, ("GET", (), ""))
        exchanges.append(Exchange(method, url, status, headers, body, asked, sent))
    return PageArchive(
        tuple(exchanges),
        tuple(read.rendered),
        tuple((str(method), str(url)) for method, url in read.lacking.get("failed", [])[:MOST_ANSWERS]),
        tuple(str(url) for url in read.lacking.get("left_out", [])[:MOST_ANSWERS]),
    )


def _unpacked(packed: bytes) -> bytes:
    """All records of the file one after the other, and no more of them than there may be."""
    out, left, records = bytearray(), memoryview(packed), 0
    while left:
        records += 1
        if records > 3 * MOST_ANSWERS:
            raise ArchiveError(f"The archive of a page has more than {3 * MOST_ANSWERS} records. It was not read on.")
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while not unpacker.eof:
            given = left[:AT_ONCE]
            part = unpacker.decompress(given, AT_ONCE)
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            left = left[len(given) - len(rest) :]
            out += part
            if len(out) > MOST_UNPACKED:
                raise ArchiveError("The archive of a page unpacks to more than a page can be. It was not read on.")
            if not part and not given and not unpacker.eof:
                raise ArchiveError("The archive of a page is torn: its end is missing.")
    return bytes(out)


def _take(read: _Read, record: Any) -> None:
    heads = record.rec_headers
    url = without_fragment(str(heads.get_header("WARC-Target-URI") or ""))[:LONGEST_ADDRESS]
    match record.rec_type:
        case "response" if record.http_headers is not None:
            status = int(record.http_headers.get_statuscode())
            headers = kept_of_answer([(str(name), str(value)) for name, value in record.http_headers.headers])
            read.answers[str(heads.get_header("WARC-Record-ID"))] = (url, status, headers, _content(record.raw_stream))
        case "request" if record.http_headers is not None:
            asked = [(str(name), str(value)) for name, value in record.http_headers.headers]
            sent = next((value for name, value in asked if name == SENT), "")
            method = str(record.http_headers.protocol or "GET")
            read.asked[str(heads.get_header("WARC-Concurrent-To"))] = (method, kept_of_request(asked), sent)
        case "resource" if url.startswith(RENDERED):
            of_page = str(heads.get_header("WARC-Refers-To-Target-URI") or "")
            read.rendered.append((of_page, _content(record.raw_stream).decode("utf-8", "replace")))
        case "metadata" if url == FAILED:
            read.lacking = json.loads(_content(record.raw_stream))


def _content(stream: BinaryIO) -> bytes:
    content = stream.read(LARGEST_ANSWER + 1)
    if len(content) > LARGEST_ANSWER:
        raise ArchiveError("The archive of a page holds an answer that is too large. It was not read on.")
    return content


def hash_of_sent(content: bytes | None) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""
