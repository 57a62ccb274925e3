"""Fetches documents and has them judged in a process of its own, one after the other: the unit of work `judge_documents`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from checks.documents.limits import Limits
from crawler.link_asker import LinkAsker
from crawler.visit import reason_of_status
from rules.document import DocumentResult, Version, from_json
from rules.observation import is_document
from rules.task import PageStatus
from scheduler.run_settings import RunSettings

LIMITS = Limits()
SECONDS_TO_FETCH = 120.0
LONGEST_LINE = 1 << 26
NOT_MODIFIED = 304
SLACK_S = 30.0  # beyond the limits, for a process that does not come to its end


class DocumentJudge:
    """Holds the process that judges. Use with `async with`."""

    def __init__(self, norm: str, limits: Limits = LIMITS) -> None:
        self.norm = norm
        self.limits = limits
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> DocumentJudge:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def judge(self, file: Path, url: str) -> DocumentResult:
        """What is said of a file; its kind is empty where nobody came to know it.

        A process that dies or does not answer is started anew for the next file.
        """
        order = {"file": str(file), "url": url, "norm": self.norm, "limits": asdict(self.limits)}
        try:
            async with asyncio.timeout(self.limits.seconds + SLACK_S):
                line = await self._ask(json.dumps(order).encode() + b"\n")
        except TimeoutError:
            await self._stop()
            return DocumentResult(url, "", PageStatus.UNTESTED, "document-too-slow")
        except (ConnectionError, ValueError):
            line = b""
        if not line:
            await self._stop()
            return DocumentResult(url, "", PageStatus.UNTESTED, "document-broke-reader")
        return from_json(line)

    async def _ask(self, order: bytes) -> bytes:
        process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order)
        await process.stdin.drain()
        return await process.stdout.readline()

    async def _start(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "checks.documents.judge_files",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            start_new_session=True,  # Ctrl+C is for the run to answer
        )
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()


async def judge_content(judge: DocumentJudge, content: bytes, url: str) -> DocumentResult:
    """What is said of a document that is at hand."""
    with tempfile.TemporaryDirectory(prefix="vierluik-") as folder:
        file = Path(folder, "document")
        await asyncio.to_thread(file.write_bytes, content)
        return await judge.judge(file, url)


async def judge_documents(
    urls: Iterable[tuple[str, str]], asker: LinkAsker, settings: RunSettings, known: Mapping[str, Version] | None = None
) -> AsyncIterator[DocumentResult | None]:
    """Fetch and judge addresses, each with the type that its host named. None: it turned out to be no document.

    One that cannot be fetched or read is untested, with its reason. `known`: the versions that were judged before, by address;
    one that is still the same is carried over.
    """
    async with DocumentJudge(settings.norm_id) as judge:
        with tempfile.TemporaryDirectory(prefix="vierluik-") as folder:
            file = Path(folder) / "document"
            for url, kind in urls:
                yield await _judged(url, kind, file, judge, asker, settings, (known or {}).get(url))
                file.unlink(missing_ok=True)


async def _judged(
    url: str,
    kind: str,
    file: Path,
    judge: DocumentJudge,
    asker: LinkAsker,
    settings: RunSettings,
    known: Version | None,
) -> DocumentResult | None:
    answer = await asker.download(url, file, settings.limits.max_document_bytes, SECONDS_TO_FETCH, known)
    if answer.status == NOT_MODIFIED and known:
        return DocumentResult(url, kind, PageStatus.CARRIED_OVER)
    reason = answer.error or (reason_of_status(answer.status or 0) if answer.status != 200 else "")
    if asker.door and asker.door.access.is_log_in_page(answer.final_url):
        reason = "needs-login"  # the session is over, and nothing is known of the file
    if reason:
        return DocumentResult(url, kind, PageStatus.UNTESTED, reason) if is_document(kind) else None
    result = await judge.judge(file, url)  # this process opens no file of a stranger, not even to see what it is
    if result.reason == "not-a-document" and not is_document(answer.content_type or kind):
        return None
    if not result.kind:
        return DocumentResult(url, kind, result.status, result.reason)
    return replace(result, version=Version(answer.etag, answer.last_modified))
