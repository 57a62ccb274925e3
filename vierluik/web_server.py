"""The web server of `vierluik serve`: uvicorn, that waits for no client longer than is decent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 500  # at once; who comes then is told to come back (503)
STOPS_WITHIN_S = 10  # for answers on their way, when the server is told to stop


class PatientProtocol(H11Protocol):
    """A connection that is closed where its client keeps it open without sending or reading.

    uvicorn has a limit for the time between two requests only. Somebody who sends a header each minute, or never reads an answer,
    would keep a connection and what waits in it for ever (slowloris; slow read).
    """

    looks_every_s = 5.0
    headers_within_s = 20.0  # from the start of a connection, or from its last answer
    fewest_bytes = 500  # of a body, in one look
    idle_looks = 6  # in a row in which the body did not come, or the answer was not read
    answers_within_s = 600.0  # that an answer may be on its way, however steady

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.watch: asyncio.TimerHandle | None = None
        self.received = self.unread = self.idle = 0
        self.headers_since: float | None = None
        self.unread_since: float | None = None
        self.last_cycle: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.headers_since = self.loop.time()
        self.watch = self.loop.call_later(self.looks_every_s, self.look)

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.watch is not None:
            self.watch.cancel()
        super().connection_lost(exc)

    def look(self) -> None:
        """Let go of a client that is too slow; else look again later."""
        now = self.loop.time()
        if self._is_too_slow(now):
            self.transport.abort()
            return
        self.watch = self.loop.call_later(self.looks_every_s, self.look)

    def _is_too_slow(self, now: float) -> bool:
        received, self.received = self.received, 0
        unread, self.unread = self.unread, self.transport.get_write_buffer_size()
        self.unread_since = (self.unread_since or now) if self.unread else None
        waits_for_headers = self.cycle is None or (self.cycle.response_complete and not self.unread)
        if self.cycle is not self.last_cycle:  # answered since the last look
            self.last_cycle, self.headers_since = self.cycle, None
        self.headers_since = (self.headers_since or now) if waits_for_headers else None
        waits_for_body = not waits_for_headers and self.cycle.more_body and not self.flow.read_paused
        is_idle = (waits_for_body and received < self.fewest_bytes) or (self.unread > 0 and self.unread >= unread > 0)
        self.idle = self.idle + 1 if is_idle else 0
        return (
            self.idle >= self.idle_looks
            or (self.headers_since is not None and now - self.headers_since > self.headers_within_s)
            or (self.unread_since is not None and now - self.unread_since > self.answers_within_s)
        )


class WebServer(uvicorn.Server):
    """A server that says so before it stops: what stays open by itself can end."""

    def __init__(self, app: Any, host: str, port: int, stopping: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                http=PatientProtocol,
                ws="none",
                limit_concurrency=MOST_CONNECTIONS,
                timeout_graceful_shutdown=STOPS_WITHIN_S,
            )
        )
        self.stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.stopping()
        super().handle_exit(sig, frame)
