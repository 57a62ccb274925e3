"""The HTTP client of everything that is not a browser: guarded, with certificates checked."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any

import aiohttp
from aiohttp.connector import AddrInfoType

from crawler.address_guard import AddressGuard, AddressRefused

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


def reason_of(error: BaseException) -> str:
    """Why there was no answer, as a key of `rules.reason`; works on the errors of aiohttp and of Scrapy, which wrap others."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__ or getattr(cause, "os_error", None)
    return next((reason for one in reversed(seen) if (reason := _reason_of_one(one))), "connection-failed")


def _reason_of_one(error: BaseException) -> str:
    kinds: list[tuple[Any, str]] = [
        (AddressRefused, "private-address"),
        ((ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError), "tls-error"),
        ((socket.gaierror, aiohttp.ClientConnectorDNSError), "unknown-host"),
        (ConnectionRefusedError, "connection-refused"),
        ((TimeoutError, asyncio.TimeoutError), "timeout"),
        ((aiohttp.InvalidURL, UnicodeError), "bad-address"),
        (aiohttp.ServerDisconnectedError, "connection-broken"),
        ((ConnectionResetError, aiohttp.ClientPayloadError), "connection-broken"),
    ]
    return next((reason for kind, reason in kinds if isinstance(error, kind)), "")
