"""Tells another program by a signed POST of JSON. Never to an address of our own network, unless that is allowed.

The signature is HMAC-SHA256 over the time, a full stop and the body, so that neither can be changed or sent again later.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import yarl

from crawler.address_guard import AddressGuard
from crawler.http_client import FAILURES_OF_A_POST, guarded_connector, http_failure
from crawler.mailer import Delivery, Fate
from rules.address import origin_of

ANSWERS_WITHIN_S = 20.0
LONGEST_SAID = 300  # bytes of an answer that are read
TOO_MUCH = frozenset({408, 425, 429})  # refusals that are not for good


@dataclass(frozen=True)
class Webhook:
    """Where to, and by what secret it is signed."""

    url: str
    secret: str
    user_agent: str
    may_be_private: bool = False
    answers_within_s: float = ANSWERS_WITHIN_S


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What the receiver makes too, and compares."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


async def post(webhook: Webhook, message: Mapping[str, Any], key: str, timestamp: int) -> Delivery:
    """One try. Never raises: what goes wrong is its fate."""
    body = json.dumps(message, ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": webhook.user_agent,
        "Vierluik-Key": key,  # the same for every try of one message
        "Vierluik-Timestamp": str(timestamp),
        "Vierluik-Signature": signature(webhook.secret, timestamp, body),
    }
    try:
        status, answer = await send(
            webhook.url,
            headers,
            body,
            may_be_private=webhook.may_be_private,
            within_s=webhook.answers_within_s,
            longest=LONGEST_SAID,
        )
        return fate_of(status, said_of(status, answer))
    except FAILURES_OF_A_POST as error:
        return Delivery(Fate.LATER, http_failure(error))


async def send(
    url: str, headers: Mapping[str, str], body: bytes, *, may_be_private: bool, within_s: float, longest: int
) -> tuple[int, bytes]:
    """Post once, and give the answer's status and the first bytes of it. Raises one of FAILURES_OF_A_POST.

    A redirect is not followed: it could lead anywhere.
    """
    guard = AddressGuard.for_origins((origin_of(url),)) if may_be_private else AddressGuard()
    async with (
        aiohttp.ClientSession(
            connector=guarded_connector(guard, limit=1, per_host=1),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=within_s),
        ) as session,
        session.post(yarl.URL(url, encoded=True), data=body, headers=headers, allow_redirects=False) as response,
    ):
        return response.status, await _start_of(response.content, longest)


async def _start_of(content: aiohttp.StreamReader, longest: int) -> bytes:
    """The first bytes of an answer, however it comes in parts."""
    read = b""
    while len(read) < longest and (part := await content.read(longest - len(read))):
        read += part
    return read


def said_of(status: int, answer: bytes) -> str:
    """What a server said, as a line that may be shown."""
    said = f"{status} {answer[:LONGEST_SAID].decode('utf-8', 'replace')}"
    return "".join(sign if sign.isprintable() else " " for sign in said)


def fate_of(status: int, said: str) -> Delivery:
    """What an answer means for what was sent."""
    if 200 <= status < 300:
        return Delivery(Fate.SENT)
    final = 400 <= status < 500 and status not in TOO_MUCH
    return Delivery(Fate.REFUSED if final else Fate.LATER, "webhook-refused", said[:LONGEST_SAID])
