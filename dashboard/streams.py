"""Server-sent events: what is stored, told again as it changes, to a bounded number of screens that are open.

Source: WHATWG HTML, 9.2 Server-sent events. A screen without script loses nothing: it has a link that shows it again.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from storage.database import DatabaseError

RETRY_MS = 5_000  # before a browser asks again
TICK_S = 0.5  # between two looks at whether the server stops


@dataclass(frozen=True)
class Event:
    """What a screen is told: its part of the screen as HTML, and the sentence that is read out when it is another."""

    html: str
    words: str
    is_last: bool = False

    @property
    def text(self) -> str:
        """One event of a stream. JSON holds no line of its own that could end it."""
        return f"event: {'end' if self.is_last else 'progress'}\ndata: {json.dumps({'html': self.html, 'words': self.words})}\n\n"


@dataclass
class Streams:
    """The streams that are open. A browser keeps six connections to a host: one person gets fewer, or other tabs would wait."""

    most: int = 20
    most_each: int = 4
    reads_every_s: float = 2.0
    beats_every_s: float = 15.0  # so that a proxy does not take the line for dead
    longest_s: float = 300.0  # then the browser asks again, and the guard looks again who it is
    is_closing: bool = False
    open: Counter[str] = field(default_factory=Counter)

    def enter(self, person: str) -> bool:
        """Whether there is room for one more."""
        if self.is_closing or self.open.total() >= self.most or self.open[person] >= self.most_each:
            return False
        self.open[person] += 1
        return True

    def close(self) -> None:
        """The server stops: every stream ends within a moment, and no other begins."""
        self.is_closing = True

    def leave(self, person: str) -> None:
        self.open[person] -= 1
        self.open = +self.open

    async def events(self, read: Callable[[], Event]) -> AsyncIterator[str]:
        """The events of one stream, until the last; there is none where the server stops or the database is gone."""
        yield f"retry: {RETRY_MS}\n\n"
        began = spoke = time.monotonic()
        last = None
        while not self.is_closing and time.monotonic() - began < self.longest_s:
            try:
                event = await run_in_threadpool(read)
            except DatabaseError:
                return
            if event != last:
                last, spoke = event, time.monotonic()
                yield event.text
            elif time.monotonic() - spoke >= self.beats_every_s:
                spoke = time.monotonic()
                yield ":\n\n"
            if event.is_last:
                return
            for _ in range(max(1, round(self.reads_every_s / TICK_S))):
                if not self.is_closing:
                    await asyncio.sleep(min(TICK_S, self.reads_every_s))


class EventStream(StreamingResponse):
    """The answer: a stream of events, or 503 where there is no room; then the browser asks no more, and the link remains."""

    def __init__(self, streams: Streams, person: str, read: Callable[[], Event]) -> None:
        # A proxy that collects an answer before it passes it on would keep it for ever.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(streams.events(read), media_type="text/event-stream", headers=headers)
        self.streams, self.person = streams, person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.streams.enter(self.person):
            await PlainTextResponse("Too many screens follow something now.", 503)(scope, receive, send)
            return
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.streams.leave(self.person)
