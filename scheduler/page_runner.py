"""Where the pages of a run are tested is the affair of a runner: in this process, or by workers anywhere.

The run hands over one page at a time and gets results in any order; it alone stores them and tells the crawler.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from rules.task import CheckRequest, PageResult

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TakeResult = Callable[[str, PageResult], Awaitable[None]]  # of the page with this key
SayBrowser = Callable[[str], None]  # which browser looks at the pages of this run


class PageRunner(Protocol):
    """Tests pages until it is cancelled."""

    def submit(self, request: CheckRequest, key: str) -> None:
        """Have one page tested; its result comes under this key, once."""

    async def work(self) -> None:
        """Give every result to the run as it comes, until it is cancelled; raises the fault that keeps it from working."""

    def stored(self, session: Session, key: str) -> None:
        """The result of this page is stored in this transaction: what the runner kept of it may go with it."""
