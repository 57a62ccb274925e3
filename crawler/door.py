"""The way into a site behind a log-in, for all that asks it: what is sent along, and to nobody but the site's own origins."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Iterable
from http.cookies import CookieError, SimpleCookie

import aiohttp
import yarl

from rules.login import Access


class LoginLost(Exception):
    """The session is over, and logging in again did not help."""


class Door:
    """One for each process of a run. `anew` gives what lets us in once the session is gone; None: there is no session."""

    def __init__(self, access: Access, anew: Callable[[Access], Awaitable[Access]] | None = None) -> None:
        self.access = access
        self.is_lost = False
        self._anew = anew
        self._lock = asyncio.Lock()
        self._cookies: aiohttp.CookieJar | None = None

    async def renew(self, turn: int) -> Access:
        """What lets us in now; `turn`: of what the page was asked with that showed the log-in. Raises LoginLost."""
        async with self._lock:
            if self.is_lost or self._anew is None:
                raise LoginLost
            if turn == self.access.turn:  # else somebody else has renewed it meanwhile
                try:
                    self.access = await self._anew(self.access)
                except LoginLost:
                    self.is_lost = True
                    raise
                self._cookies = None
            return self.access

    # --- requests without a browser ----------------------------------------------------------------------------------

    def headers(self, url: str) -> dict[str, str]:
        """What goes with a request to an address of the site; nothing for any other."""
        if not self.access.covers(url):
            return {}
        if self.access.basic is not None:
            return {"Authorization": basic_header(*self.access.basic)}
        cookies = self._jar().filter_cookies(yarl.URL(url, encoded=True))
        sent = "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
        return {"Cookie": sent} if sent else {}

    def heard(self, url: str, set_cookies: Iterable[str]) -> None:
        """A site may give a new session with any answer."""
        if self.access.basic is not None or not self.access.covers(url):
            return
        for line in set_cookies:
            cookie: SimpleCookie = SimpleCookie()
            try:
                cookie.load(line)
            except CookieError:
                continue
            for one in cookie.values():
                one["domain"] = ""  # for this host only, whatever it asks for
            self._jar().update_cookies(cookie, yarl.URL(url, encoded=True))

    def _jar(self) -> aiohttp.CookieJar:
        if self._cookies is None:
            self._cookies = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
            for cookie in self.access.cookies:
                host = cookie["domain"].lstrip(".")
                one: SimpleCookie = SimpleCookie()
                try:
                    one[cookie["name"]] = ""
                except CookieError:
                    continue
                one[cookie["name"]].set(cookie["name"], cookie["value"], cookie["value"])
                one[cookie["name"]]["path"] = cookie.get("path", "/")
                one[cookie["name"]]["secure"] = cookie.get("secure", False)
                scheme = "https" if cookie.get("secure") else "http"
                self._cookies.update_cookies(one, yarl.URL(f"{scheme}://{_bracketed(host)}/"))
        return self._cookies


def basic_header(user: str, password: str) -> str:
    """Source: RFC 7617, with UTF-8."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
