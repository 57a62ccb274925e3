"""Opens the door for a browser: name and password where the site's own origins ask for them, a session in each new context."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from crawler.deadline import soon
from crawler.door import Door
from rules.login import Access

SCHEMES = ("basic", "digest")
# The forms of a page that ask for a password, as they stand; asked in our own world.
LOG_IN_FORMS = """JSON.stringify([location.href, [...document.forms]
  .filter((form) => form.querySelector('input[type=password i]')).map((form) => form.outerHTML).join('').slice(0, 200000)])"""


def state_of(access: Access | None) -> dict[str, Any] | None:
    """What a new context begins with; None: nothing. Source: Playwright, storage state."""
    if access is None or not (access.cookies or access.storage):
        return None
    return {"cookies": list(access.cookies), "origins": list(access.storage)}


async def let_in(context: BrowserContext, page: Page, door: Door | None) -> None:
    """Answer the site's own origins when they ask this tab for a name and a password; nobody else, also not after a redirect.

    Playwright's own way knows one origin only, and else would tell everyone who asks.
    """
    if door is None or door.access.basic is None:
        return
    session = await soon(context.new_cdp_session(page))
    answering = Answering(session, door.access)
    session.on("Fetch.requestPaused", lambda event: answering.begin("Fetch.continueRequest", {"requestId": event["requestId"]}))
    session.on("Fetch.authRequired", answering.asked)
    patterns = [{"urlPattern": f"{origin}/*"} for origin in door.access.origins]
    await soon(session.send("Fetch.enable", {"handleAuthRequests": True, "patterns": patterns}))


class Answering:
    """What one tab is told."""

    def __init__(self, session: CDPSession, access: Access) -> None:
        self.session = session
        self.access = access
        self.told: set[str] = set()  # requests that had their answer: a wrong password is not tried again and again
        self._tasks: set[asyncio.Task[None]] = set()

    def asked(self, event: dict[str, Any]) -> None:
        challenge, request = event["authChallenge"], event["requestId"]
        is_ours = self.access.covers(event["request"]["url"]) and self.access.covers(challenge["origin"])
        answer: dict[str, str] = {"response": "Default"}
        if challenge.get("source", "Server") == "Server" and challenge["scheme"].lower() in SCHEMES and is_ours:
            answer = {"response": "CancelAuth"}
            if request not in self.told and self.access.basic is not None:
                user, password = self.access.basic
                answer = {"response": "ProvideCredentials", "username": user, "password": password}
            self.told.add(request)
        self.begin("Fetch.continueWithAuth", {"requestId": request, "authChallengeResponse": answer})

    def begin(self, command: str, arguments: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._send(command, arguments))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, command: str, arguments: dict[str, Any]) -> None:
        with contextlib.suppress(PlaywrightError):  # the request is gone already, with its tab
            await self.session.send(command, arguments)
