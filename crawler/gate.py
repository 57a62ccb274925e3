"""The browser's way out: straight to the site's own addresses, and to all others through a SOCKS5 server that asks the guard.

Chromium hands the server host names, so names are resolved here and the connection goes to exactly the address that was
judged. The site's own hosts need no judging: they are pinned to the address that they had when the run began, and the
browser speaks to that address itself (relaying every byte of the site cost this process a third of its CPU).

Source: RFC 1928 (SOCKS Protocol Version 5), command CONNECT without authentication.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import socket
from collections.abc import Callable
from types import TracebackType

from crawler.address_guard import AddressGuard, AddressRefused
from crawler.deadline import within
from crawler.failure import reason_of

VERSION, NO_AUTHENTICATION, CONNECT = 5, 0, 1
IPV4, NAME, IPV6 = 1, 3, 4
SUCCEEDED, FAILED, NOT_ALLOWED, UNREACHABLE = 0, 1, 2, 4
CONNECT_TIMEOUT_S = 15.0
PIN_TIMEOUT_S = 5.0
CHUNK = 1 << 16
HERE = "127.0.0.1"
PLAIN_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:]+")  # a host may hold signs that mean something in Chromium's lists


class Gate:
    """Start with `async with`; `port` is where the browser is told to go. `refused` counts what was not let through."""

    def __init__(self, guard: AddressGuard, blocks: Callable[[str], bool] = lambda host: False) -> None:
        self.guard = guard
        self.blocks = blocks  # host names that are never asked, such as analytics
        self.refused = 0
        self.last_failure = "connection-failed"  # why the last name could not be reached; SOCKS has no words for it
        self.port = 0
        self._pinned: dict[tuple[str, int], str] = {}  # the site's own hosts and ports, and the address that answers for each
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Gate:
        self._server = await asyncio.start_server(self._serve, HERE, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        for (host, port), addresses in self.guard.addresses.items():
            is_plain = PLAIN_HOST.fullmatch(host) is not None
            if is_plain and not self.blocks(host) and (address := await _first_that_answers(addresses, port)):
                self._pinned[(host, port)] = address
        return self

    def flags(self) -> tuple[str, str]:
        """What tells Chromium this way out: no name but the site's is ever resolved by the browser itself.

        Playwright sets both flags too; the last one given counts.
        """
        straight = [f"{_bracketed(host)}:{port}" for host, port in self._pinned]
        pins = [f"MAP {_bracketed(host)}:{port} {_bracketed(address)}" for (host, port), address in self._pinned.items()]
        bypass = "--proxy-bypass-list=" + ";".join(("<-loopback>", *straight))
        return bypass, "--host-resolver-rules=" + ", ".join((*pins, "MAP * ~NOTFOUND", f"EXCLUDE {HERE}"))

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        with contextlib.suppress(TimeoutError):
            await within(2, self._server.wait_closed())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            far_reader, far = await self._connect(reader, writer)
            self._open.add(far)
            await asyncio.gather(_relay(reader, far), _relay(far_reader, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # either side is gone, or was refused: the browser has had its answer
        finally:
            for side in (writer, far):
                if side is not None:
                    self._open.discard(side)
                    side.transport.abort()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(bytes([VERSION, NO_AUTHENTICATION]))
        _, command, _, kind = await reader.readexactly(4)
        if kind == NAME:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii", "replace")
        else:
            host = str(ipaddress.ip_address(await reader.readexactly(4 if kind == IPV4 else 16)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        try:
            if command != CONNECT or self.blocks(host):
                raise AddressRefused(host)
            far = await within(CONNECT_TIMEOUT_S, self._reach(host, port))
        except AddressRefused:
            self.refused += 1
            self.last_failure = "private-address"
            writer.write(_answer(NOT_ALLOWED))
            await writer.drain()
            raise
        except (OSError, TimeoutError) as error:
            self.last_failure = reason_of(error)
            writer.write(_answer(UNREACHABLE))
            await writer.drain()
            raise OSError("unreachable") from error
        writer.write(_answer(SUCCEEDED))
        return far

    async def _reach(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        resolved = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        allowed = [str(entry[4][0]) for entry in resolved if self.guard.allows(str(entry[4][0]), port)]
        if not allowed:
            raise AddressRefused(host)
        failure = OSError(host)
        for address in allowed:
            try:
                return await asyncio.open_connection(address, port, limit=CHUNK)
            except OSError as error:
                failure = error
        raise failure


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _first_that_answers(addresses: list[str], port: int) -> str:
    for address in addresses:
        with contextlib.suppress(OSError, TimeoutError):
            _, writer = await within(PIN_TIMEOUT_S, asyncio.open_connection(address, port))
            writer.transport.abort()
            return address
    return ""


def _answer(code: int) -> bytes:
    return bytes([VERSION, code, 0, IPV4]) + bytes(6)


async def _relay(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(CHUNK):
        target.write(data)
        await target.drain()
    with contextlib.suppress(OSError):
        target.write_eof()
