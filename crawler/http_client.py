"""The HTTP client of everything that is not a browser: guarded, with certificates checked."""

from __future__ import annotations

import socket

import aiohttp
from aiohttp.connector import AddrInfoType

from crawler.address_guard import AddressGuard
from crawler.failure import reason_of

LONGEST_HEADER = 65_536  # bytes; content security policies of eight thousand and more are found in the wild


def guarded_connector(guard: AddressGuard, limit: int, per_host: int) -> aiohttp.TCPConnector:
    """A connector that asks the guard about every address at the moment of connecting."""

    def open_socket(address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, endpoint = address
        guard.check(str(endpoint[0]), int(endpoint[1]))
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(
        limit=limit, limit_per_host=per_host, ttl_dns_cache=600, socket_factory=open_socket, enable_cleanup_closed=True
    )


def http_failure(error: BaseException) -> str:
    """Why there was no answer, as a key of `rules.reason`."""
    return reason_of(error, HTTP_FAILURES)


FAILURES_OF_A_POST = (aiohttp.ClientError, OSError, TimeoutError, ValueError)  # everything that can go wrong with one

HTTP_FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientSSLError, "tls-error"),
    (aiohttp.ClientConnectorDNSError, "unknown-host"),
    (aiohttp.InvalidURL, "bad-address"),
    (aiohttp.ServerDisconnectedError, "connection-broken"),
    (aiohttp.ClientPayloadError, "connection-broken"),
)
