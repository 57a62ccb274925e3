"""Documents are fetched at the pace of their host and judged in a process of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from checks.documents.limits import Limits
from crawler.address_guard import AddressGuard
from crawler.link_asker import LinkAsker
from rules.document import DocumentResult, Version
from rules.outcome import Outcome
from rules.site import Limits as RunLimits
from rules.site import Pace
from rules.task import PageStatus
from scheduler.documents_of_run import _in_time
from scheduler.judge_documents import DocumentJudge, judge_documents
from scheduler.run_settings import RunSettings
from vierluik.sample_site.pdf_writer import pdf_of

SOUND = pdf_of({})
UNTAGGED = pdf_of({"tagged": False, "content": [{"P": "Op maandag halen wij het papier op, en op dinsdag het plastic. " * 5}]})
FILES = {
    "/file/123": ("application/pdf", UNTAGGED),  # no suffix: the type says what it is
    "/download": ("application/octet-stream", SOUND),
    "/foto": ("application/octet-stream", b"\xff\xd8\xff\xe0" + bytes(900)),
    "/archive": ("application/octet-stream", b"PK\x03\x04" + bytes(900)),
    "/wrong.pdf": ("application/pdf", b"<html><title>Niet gevonden</title></html>"),
    "/large.pdf": ("application/pdf", SOUND + bytes(400_000)),
    "/moved": ("", b""),
    "/versioned.pdf": ("application/pdf", UNTAGGED),
}
SETTINGS = RunSettings(limits=RunLimits(max_document_bytes=200_000), pace=Pace(timeout_s=5))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        if self.path == "/half.pdf":
            self.send_response(200)
            self.send_header("Content-Type", "application/pdf")
            self.send_header("Content-Length", str(len(SOUND)))
            self.end_headers()
            self.wfile.write(SOUND[:300])
            self.close_connection = True
            return
        if self.path == "/versioned.pdf" and self.headers.get("If-None-Match") == '"a1"':
            self.send_response(304)
            self.end_headers()
            return
        kind, body = FILES.get(self.path, ("text/plain", b"weg"))
        status = 302 if self.path == "/moved" else 200 if self.path in FILES else 404
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/file/123")
        if self.path == "/versioned.pdf":
            self.send_header("ETag", '"a1"')
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def judged(site: str, *wanted: tuple[str, str], known: Mapping[str, Version] | None = None) -> list[DocumentResult | None]:
    async def judge() -> list[DocumentResult | None]:
        asker = LinkAsker(AddressGuard.for_origins((site,)), SETTINGS.pace, "Vierluik")
        addresses = [(site + path, kind) for path, kind in wanted]
        try:
            return [one async for one in judge_documents(addresses, asker, SETTINGS, known)]
        finally:
            await asker.close()

    return asyncio.run(judge())


def test_documents_are_known_by_type_and_content_not_by_suffix(site: str) -> None:
    first, second, third, moved = judged(
        site,
        ("/file/123", "application/pdf"),
        ("/download", "application/octet-stream"),
        ("/foto", "application/octet-stream"),
        ("/moved", "application/pdf"),
    )
    assert first is not None
    assert first.outcomes["document-tagged"] is Outcome.FAILED
    assert second is not None
    assert second.kind == "application/pdf"
    assert second.outcomes["document-tagged"] is Outcome.PASSED
    assert third is None
    assert moved is not None
    assert moved.outcomes["document-tagged"] is Outcome.FAILED


def test_a_document_that_has_not_changed_is_not_fetched_again(site: str) -> None:
    wanted, url = ("/versioned.pdf", "application/pdf"), f"{site}/versioned.pdf"
    (first,) = judged(site, wanted)
    assert first is not None
    assert (first.status, first.version) == (PageStatus.TESTED, Version('"a1"'))
    (again,) = judged(site, wanted, known={url: first.version})
    assert again is not None
    assert again.status is PageStatus.CARRIED_OVER
    (changed,) = judged(site, wanted, known={url: Version('"a0"')})
    assert changed is not None
    assert changed.status is PageStatus.TESTED


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/wrong.pdf", "not-a-document"),
        ("/large.pdf", "document-too-large"),
        ("/half.pdf", "connection-broken"),
        ("/gone.pdf", "missing"),
    ],
)
def test_what_cannot_be_fetched_whole_is_untested(site: str, path: str, reason: str) -> None:
    (result,) = judged(site, (path, "application/pdf"))
    assert result is not None
    assert (result.status, result.reason) == (PageStatus.UNTESTED, reason)


def test_a_file_is_opened_by_the_process_that_judges_and_no_other(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("an index of a million names would hold up the whole run")

    monkeypatch.setattr(zipfile, "ZipFile", opened)
    (result,) = judged(site, ("/archive", "application/octet-stream"))
    assert result is None


def test_a_judge_that_is_killed_is_started_anew(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(SOUND)

    async def judge() -> tuple[DocumentResult, DocumentResult]:
        async with DocumentJudge("en301549-3.2.1") as judge:
            await judge.judge(file, "https://voorbeeld.nl/a")
            assert judge._process is not None
            os.kill(judge._process.pid, signal.SIGKILL)
            await judge._process.wait()
            return await judge.judge(file, "https://voorbeeld.nl/a"), await judge.judge(file, "https://voorbeeld.nl/a")

    broken, sound = asyncio.run(judge())
    assert (broken.status, broken.reason) == (PageStatus.UNTESTED, "document-broke-reader")
    assert sound.status is PageStatus.TESTED


def test_a_document_that_takes_too_long_is_untested(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(SOUND)

    async def judge() -> DocumentResult:
        async with DocumentJudge("en301549-3.2.1", Limits(seconds=0.001)) as judge:
            return await judge.judge(file, "https://voorbeeld.nl/a")

    result = asyncio.run(judge())
    assert (result.status, result.reason) == (PageStatus.UNTESTED, "document-too-slow")


def test_documents_whose_turn_comes_too_late_are_left_out_and_said() -> None:
    late: list[DocumentResult] = []
    asked = [("https://voorbeeld.nl/a", "application/pdf"), ("https://voorbeeld.nl/b", "application/pdf")]
    assert list(_in_time(asked, time.monotonic() + 60, late)) == asked
    assert late == []
    assert list(_in_time(asked, time.monotonic() - 1, late)) == []
    assert [(one.url, one.status, one.reason) for one in late] == [(url, PageStatus.SKIPPED, "time-limit") for url, _ in asked]
