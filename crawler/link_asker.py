"""Asks addresses that pages refer to whether they answer: HEAD first, GET where HEAD is refused or fails."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import yarl

from crawler.address_guard import AddressGuard
from crawler.door import Door
from crawler.http_client import LONGEST_HEADER, guarded_connector, http_failure
from rules.address import host_of, resolve, without_credentials, without_fragment
from rules.document import Version
from rules.login import LOGS_OUT, logs_out
from rules.observation import HostAnswer, LinkAnswer
from rules.site import Pace

AT_ONCE = 64  # requests in all, over all hosts
MOST_REDIRECTS = 10
UNRESOLVED_FOR_S = 20.0  # a name that was not found is not looked up again so soon; a second look always is
LONGEST_KEPT = 4_000  # characters of one header
LARGEST_STYLE_SHEET = 2_000_000  # bytes
LONGEST_ETAG, LONGEST_DATE = 500, 50  # characters
PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({429, 503})
JOINED = frozenset({"content-security-policy", "content-security-policy-report-only"})
BACK_OFF_S = (1.0, 4.0)  # the first and second pause where the host names none (RFC 9110, 10.2.3)
LONGEST_WAIT_S = 60.0  # a host that wants more is left alone in this look
MOST_HELD_S = 180.0  # in all: a host that stays too busy cannot keep a run waiting link by link
SLOWED_DELAY_S = 0.5  # between two requests to a host that was too busy
HEADERS = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "nl,en;q=0.7"}


@dataclass
class HostPace:
    """Turns for one host: never more than so many at once, and a pause between two."""

    name: str
    turns: asyncio.Semaphore
    delay_s: float
    next_at: float = 0.0
    held_s: float = 0.0  # how long it has been left alone in all
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def hold(self, seconds: float) -> bool:
        """Ask nothing of this host for so long, and less often afterwards: it has said that it is too busy.

        False: it has had all the time that a run has for it.
        """
        now = time.monotonic()
        longer = max(0.0, now + seconds - max(self.next_at, now))
        self.delay_s = max(self.delay_s, SLOWED_DELAY_S)
        if self.held_s + longer > MOST_HELD_S:
            return False
        self.held_s += longer
        self.next_at = max(self.next_at, now + seconds)
        return True

    async def wait(self) -> None:
        if self.delay_s <= 0:
            return
        async with self.lock:
            pause = self.next_at - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            self.next_at = time.monotonic() + self.delay_s


class LinkAsker:
    """One per run. Use with `async with`."""

    def __init__(self, guard: AddressGuard, pace: Pace, user_agent: str, door: Door | None = None) -> None:
        """`door`: the way into a site behind a log-in; its secrets go to the site's own origins only."""
        self.pace = pace
        self.door = door
        self._timeout = aiohttp.ClientTimeout(total=pace.timeout_s)
        self._session = aiohttp.ClientSession(
            connector=guarded_connector(guard, limit=AT_ONCE, per_host=pace.requests_at_once),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={**HEADERS, "User-Agent": user_agent},
            timeout=self._timeout,
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
        )
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._unresolved: dict[str, float] = {}  # hosts whose name was not found, and when
        self._hosts: dict[str, HostPace] = {}

    def _host(self, name: str) -> HostPace:
        if name not in self._hosts:
            self._hosts[name] = HostPace(name, asyncio.Semaphore(self.pace.requests_at_once), self.pace.delay_s)
        return self._hosts[name]

    def slow_down(self, name: str, delay_s: float) -> None:
        """Ask this host no quicker than its robots.txt wants."""
        host = self._host(name)
        host.delay_s = max(delay_s, host.delay_s)

    async def close(self) -> None:
        await self._session.close()

    async def ask(self, url: str) -> LinkAnswer:
        """One look at an address; a host that is too busy is asked again when it says so. Never raises: no answer is one too."""
        for pause in (*BACK_OFF_S, None):
            answer = await self._ask_once(url)
            if answer.status not in BUSY or pause is None:
                break
            wait = max(answer.retry_after_s, pause)
            busy = self._host(host_of(answer.final_url or url))
            if wait > LONGEST_WAIT_S or not busy.hold(wait):
                break
            if answer.final_url:
                await busy.wait()  # the turn that is taken is that of the host that leads there
        return answer

    async def _ask_once(self, url: str) -> LinkAnswer:
        async with self._turn(url) as host:
            if time.monotonic() - self._unresolved.get(host.name, -UNRESOLVED_FOR_S) < UNRESOLVED_FOR_S:
                return LinkAnswer(url, None, "unknown-host")
            answer, _ = await self._walk(url, "HEAD")
            # Many servers refuse HEAD, or answer it wrongly; only GET is evidence of a failure.
            if answer.error == "unknown-host":
                self._unresolved[host.name] = time.monotonic()
            elif answer.status is None or answer.status >= 400:
                answer, _ = await self._walk(url, "GET")
        return answer

    async def read(self, url: str, limit: int, stays: Callable[[str], bool] | None = None) -> tuple[LinkAnswer, bytes]:
        """One look at an address and the start of its body, at most `limit` bytes after decompression.

        `stays`: what a redirect may lead to; another is not followed, and is the final address of an answer without a status.
        """
        async with self._turn(url):
            return await self._walk(url, "GET", limit, stays=stays)

    async def read_version(self, url: str, limit: int, unless: Version | None) -> tuple[LinkAnswer, bytes]:
        """The start of a body with the version of it; where its host still has the one that is known, the status is 304.

        A body that does not come to its end in time has the error "timeout".
        """

        async def take(response: aiohttp.ClientResponse) -> bytes:
            body = bytearray()
            while len(body) < limit and (chunk := await response.content.read(1 << 16)):
                body += chunk
            return bytes(body[:limit])

        async with self._turn(url):
            return await self._walk(url, "GET", take=take, headers=conditions(unless))

    async def download(self, url: str, file: Path, largest: int, seconds: float, unless: Version | None = None) -> LinkAnswer:
        """Bring a whole file in, within such a time. One that is larger than it may be has the error "document-too-large".

        `unless`: the version that is known; where its host still has that one, the status is 304 and nothing is fetched.
        """

        async def take(response: aiohttp.ClientResponse) -> bytes:
            if response.status == 200:
                await _into_file(response, file, largest)
            return b""

        async with self._turn(url):
            try:
                async with asyncio.timeout(seconds):
                    timeout = aiohttp.ClientTimeout(total=seconds)
                    answer, _ = await self._walk(url, "GET", take=take, timeout=timeout, headers=conditions(unless))
            except TooLarge:
                return LinkAnswer(url, 200, "document-too-large")
            except TimeoutError:
                return LinkAnswer(url, None, "timeout")
        return answer

    async def answer_of(self, url: str, limit: int, *, follow: bool = False) -> HostAnswer:
        """All of one answer: its headers, and at most `limit` bytes of its body. `follow`: that of where its redirects end.

        Never raises; a body that does not come to its end in time is an error.
        """
        here = url
        seen: set[str] = set()
        while True:
            async with self._turn(here):
                answer = await self._answer_of(here, limit)
            if not follow or not answer.leads_to:
                return replace(answer, url=url, leads_to=answer.leads_to or (here if here != url else ""))
            seen.add(here)
            here = answer.leads_to
            if here in seen or len(seen) > MOST_REDIRECTS:
                return HostAnswer(url, None, "redirect-loop")

    async def _answer_of(self, url: str, limit: int) -> HostAnswer:
        """One request, its redirect not followed."""
        try:
            async with self._session.get(
                yarl.URL(without_credentials(url), encoded=True), allow_redirects=False, headers=self._headers(url)
            ) as response:
                self._heard(url, response)
                leads_to = resolve(url, response.headers.get("Location", "")) if response.status in REDIRECTS else None
                headers = headers_of(response.headers.items())
                body = bytearray()
                error = ""
                try:
                    while len(body) <= limit and (chunk := await response.content.read(1 << 16)):
                        body += chunk
                except (aiohttp.ClientError, OSError, TimeoutError) as broken:
                    error = http_failure(broken)
                text = bytes(body[:limit]).decode("utf-8", "replace")
                target = without_fragment(leads_to) if leads_to else ""
                return HostAnswer(url, response.status, error, target, headers, text, len(body) > limit)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return HostAnswer(url, None, http_failure(error))

    def _headers(self, url: str) -> dict[str, str]:
        return self.door.headers(without_credentials(url)) if self.door else {}

    def _heard(self, url: str, response: aiohttp.ClientResponse) -> None:
        if self.door:
            self.door.heard(url, response.headers.getall("Set-Cookie", ()))

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[HostPace]:
        """Wait for a turn at this host and a place among all."""
        try:
            host = self._host(host_of(url))
        except ValueError:
            host = self._host("")
        async with host.turns, self._at_once:
            await host.wait()
            yield host

    async def _walk(
        self,
        url: str,
        method: str,
        limit: int = 0,
        *,
        take: Callable[[aiohttp.ClientResponse], Awaitable[bytes]] | None = None,
        timeout: aiohttp.ClientTimeout | None = None,  # noqa: ASYNC109 - aiohttp's own, for one request
        headers: Mapping[str, str] | None = None,
        stays: Callable[[str], bool] | None = None,
    ) -> tuple[LinkAnswer, bytes]:
        here, permanent = url, True
        seen = {here}
        try:
            for _ in range(MOST_REDIRECTS + 1):
                async with self._session.request(
                    method,
                    yarl.URL(without_credentials(here), encoded=True),
                    allow_redirects=False,
                    timeout=timeout or self._timeout,
                    headers={**self._headers(here), **(headers or {})},
                ) as response:
                    self._heard(here, response)
                    target = response.headers.get("Location") if response.status in REDIRECTS else None
                    if target is None:
                        body = await (take(response) if take else _start_of(response, limit))
                        kind = media_type(response.headers.get("Content-Type", ""))
                        final = "" if here == url else here
                        wait = _retry_after(response.headers.get("Retry-After", "")) if response.status in BUSY else 0.0
                        answer = LinkAnswer(url, response.status, "", final, bool(final) and permanent, kind, wait)
                        return (_with_version(answer, response) if take else answer), body
                    permanent = permanent and response.status in PERMANENT
                following = resolve(here, target)
                if following is None:
                    return LinkAnswer(url, None, "bad-redirect", here), b""
                here = without_fragment(following)
                if stays and not stays(here):
                    return LinkAnswer(url, None, "", here), b""
                if self.door and logs_out(here):
                    return LinkAnswer(url, None, LOGS_OUT, here), b""
                if here in seen:
                    return LinkAnswer(url, None, "redirect-loop", here), b""
                seen.add(here)
            return LinkAnswer(url, None, "redirect-loop", here), b""
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return LinkAnswer(url, None, http_failure(error), "" if here == url else here), b""


def conditions(unless: Version | None) -> dict[str, str]:
    """Headers that ask for a file only where it is another than the one that is known."""
    headers = {"If-None-Match": unless.etag, "If-Modified-Since": unless.last_modified} if unless else {}
    return {name: value for name, value in headers.items() if value}


def _with_version(answer: LinkAnswer, response: aiohttp.ClientResponse) -> LinkAnswer:
    """The answer with what tells this version of a file from another; what cannot be sent back is none."""
    etag, modified = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return replace(
        answer,
        etag=etag if etag.isascii() and len(etag) <= LONGEST_ETAG else "",
        last_modified=modified if modified.isascii() and len(modified) <= LONGEST_DATE else "",
    )


def printable(text: str) -> str:
    """A header's text as it may be stored and shown: no control characters, nothing that is no text."""
    return "".join(sign if sign.isprintable() else " " for sign in text.encode("utf-8", "replace").decode("utf-8"))


def headers_of(sent: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name in lower case. Of two Strict-Transport-Security the first one counts (RFC 6797, 8.1); policies add up."""
    kept: dict[str, str] = {}
    for written, value in sent:
        name = written.lower()
        earlier = kept.get(name)
        if earlier is not None and name == "strict-transport-security":
            continue
        if name == "set-cookie":  # that there is one says enough: what it holds may be somebody's session
            kept[name] = ""
            continue
        joins = earlier is not None and name in JOINED
        kept[name] = (f"{earlier}, {printable(value)}" if joins else printable(value))[:LONGEST_KEPT]
    return kept


def media_type(header: str) -> str:
    """The type in a Content-Type header, without what follows it; what is no ASCII in it is replaced."""
    return header.encode("ascii", "replace").decode("ascii").partition(";")[0].strip().lower()[:100]


class TooLarge(Exception):
    """A body is larger than it may be."""


async def _into_file(response: aiohttp.ClientResponse, file: Path, largest: int) -> None:
    """Write a body to a file as it comes. Raises TooLarge."""
    size = 0
    with file.open("wb") as out:
        async for chunk in response.content.iter_chunked(1 << 16):
            size += len(chunk)
            if size > largest:
                raise TooLarge
            out.write(chunk)


def _retry_after(header: str) -> float:
    """Seconds that a host asks to wait: a number, or a date (RFC 9110, 10.2.3); 0 where it says neither."""
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0.0


async def _start_of(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The start of a body; what came of it, where it does not end in time."""
    body = bytearray()
    with contextlib.suppress(TimeoutError):
        while len(body) < limit and (chunk := await response.content.read(1 << 16)):
            body += chunk
    return bytes(body[:limit])
