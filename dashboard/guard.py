"""The guard before every screen: who asks, may they, and was it our own form that sent this."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import HTTPException, Request
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.oidc import Organisation
from dashboard.permissions import OF_ALL, OF_EVERYBODY, OPEN, permission_of
from dashboard.security import is_own_post
from dashboard.who import EVERYWHERE, LOCAL, NOBODY, Who
from storage.accounts import has_accounts, logged_in
from storage.audit import ACTOR, Actor
from storage.evaluation_models import StoredEvaluation
from storage.models import Page

SAFE = ("GET", "HEAD", "OPTIONS")
COOKIE = "vierluik"
HALF_COOKIE = "vierluik-half"  # of who gave a password and no second factor yet
REMEMBERED = 10_000  # addresses whose pace is kept


@dataclass
class Pace:
    """At most so many of something from one address in a while: a bucket that fills again."""

    most: int
    every_s: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def takes(self, address: str, now: float | None = None) -> bool:
        """Whether one more is allowed."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            left, last = self._left.pop(address, (float(self.most), moment))
            left = min(float(self.most), left + (moment - last) * self.most / self.every_s)
            self._left[address] = (max(0.0, left - 1), moment)
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
            return left >= 1


@dataclass
class Door:
    """How people come in."""

    always_locked: bool = False  # also while nobody has an account; on loopback the dashboard is open then
    public_url: str = ""  # such as https://vierluik.example.nl; empty: only this machine
    organisation: Organisation | None = None
    log_ins: Pace = field(default_factory=lambda: Pace(20, 60))
    changes: Pace = field(default_factory=lambda: Pace(300, 60))
    _has_accounts: bool = False

    def is_locked(self, session: Session) -> bool:
        """Whether one has to log in. Once somebody has an account, nobody comes in without one."""
        if not self._has_accounts and not self.always_locked:
            self._has_accounts = has_accounts(session)
        return self._has_accounts or self.always_locked

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def is_secure(self) -> bool:
        """Whether cookies go over https only; then their names say so too, and no other host of ours can set them."""
        return self.public_url.startswith("https://")

    def cookie(self, name: str) -> str:
        return f"__Host-{name}" if self.is_secure else name


class KnowsWho:
    """Makes room for who is at work, before it is known: what is written down of a change names them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ACTOR.set(Actor())
        await self.app(scope, receive, send)


class MustLogIn(Exception):
    """Whoever asks has to log in first; then they come back to `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def guard(request: Request) -> None:
    """Asked before every route. Raises MustLogIn, or HTTPException: 403 for what one may not, 404 for what one may not see."""
    door: Door = request.app.state.door
    name = getattr(request.scope.get("route"), "name", "")
    changes = request.method not in SAFE
    if changes and not is_own_post(request):
        raise HTTPException(403)
    if name in ("static", "healthy", "ready", "metrics"):
        return
    with request.app.state.database.session() as session:
        who = _who(request, session, door)
        request.state.who = who
        ACTOR.get(Actor()).person = who.name or "?"
        if name in OPEN:
            return
        if not who.is_known:
            raise MustLogIn(back_address(request) if not changes else "")
        if changes and not door.changes.takes(who.address or "local"):
            raise HTTPException(429)
        if name in OF_EVERYBODY:
            return
        _may(session, request, who, name, changes=changes)


def _who(request: Request, session: Session, door: Door) -> Who:
    if not door.is_locked(session):
        return LOCAL
    token = request.cookies.get(door.cookie(COOKIE), "")
    found = logged_in(session, token, request.app.state.now()) if token else None
    if found is None or not found.is_whole:
        return NOBODY
    account = found.account
    return Who(account.name, account.mail, account.team, account.id, found.roles)


def _may(session: Session, request: Request, who: Who, name: str, *, changes: bool) -> None:
    """What of a site somebody may not see is not there for them."""
    site_id = _site(session, request.path_params)
    permission = permission_of(name, changes=changes)
    if site_id is not None and not who.may(permission_of("", changes=False), site_id):
        raise HTTPException(404)
    if not who.may(permission, EVERYWHERE if name in OF_ALL else site_id):
        raise HTTPException(403)


def _site(session: Session, values: dict[str, Any]) -> int | None:
    """The site that an address is about; None: about none."""
    if (site := _number(values.get("site_id"))) is not None:
        return site
    if (page := _number(values.get("page_id"))) is not None:
        found = session.get(Page, page)
        return found.site_id if found else None
    if (evaluation := _number(values.get("evaluation_id"))) is not None:
        row = session.get(StoredEvaluation, evaluation)
        return row.site_id if row else None
    return None


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdigit() and len(text) <= 10 else None


def back_address(request: Request) -> str:
    """Where somebody wanted to be: only ever a path of ours."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def own_path(address: str) -> str:
    """The address if it is a path of this dashboard; else nothing: nobody is sent to another site."""
    plain = address.isprintable() and "\\" not in address and len(address) <= 2_000
    return quote(address, safe="/?&=%:@!$'()*+,;~._-") if plain and address.startswith("/") and address[1:2] != "/" else ""
