"""A real worker with a stand-in for its browser: `python -m tests.stand_in_worker DATABASE AT_ONCE SECONDS [BROWSER]`.

A page takes the given seconds and has no findings; where its address says so it takes the process with it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rules.task import CheckPages, CheckRequest, PageResult, PageStatus
from scheduler.page_batch import PageBatch
from scheduler.worker import PageTester
from storage.database import Database

BROWSER = "Chromium 156.0.7204.2 (stand-in)"


@dataclass
class StandIn:
    """The time that a browser takes, and nothing else."""

    seconds: float
    name: str = BROWSER

    @asynccontextmanager
    async def open(self, batch: PageBatch) -> AsyncIterator[CheckPages]:
        yield self.check_pages

    async def check_pages(self, request: CheckRequest) -> AsyncIterator[PageResult]:
        for url in request.urls:
            if "poison" in url:
                os.kill(os.getpid(), signal.SIGKILL)
            await asyncio.sleep(self.seconds)
            yield PageResult(url, PageStatus.TESTED, final_url=url, title=f"tested by {os.getpid()}")


def main() -> None:
    database, at_once, seconds, *browser = sys.argv[1:]
    tester = PageTester(Database(database), StandIn(float(seconds), *browser), int(at_once), lambda line: print(line, flush=True))
    asyncio.run(tester.work())


if __name__ == "__main__":
    main()
