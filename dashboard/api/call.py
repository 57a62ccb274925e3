"""One call in the making: who calls, in which language, what was last changed, and where the next part of a list begins."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from dashboard.api.entrance import Caller
from dashboard.api.problem import Problem
from dashboard.api.shapes import Part
from dashboard.languages import preferred_language
from dashboard.who import Who
from rules.account import Permission
from rules.norm import Language
from rules.policy import know
from storage.changes import Of, mark_of
from storage.database import Database
from storage.models import Run, Site
from storage.policies import policies_of
from storage.questions.runs import latest_run
from storage.questions.sites import site_by_id

MOST, USUAL = 500, 100  # things in one part of a list
LONGEST_CURSOR = 600
T = TypeVar("T")
S = TypeVar("S")


class NotModified(Exception):
    """What the caller has is still true."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


@dataclass(frozen=True)
class Wanted:
    """Which part of a list: how many, and the key of the thing that it comes after."""

    limit: int
    after: Any  # None: from the beginning

    @property
    def number(self) -> int:
        """The key where it is a number; 0: from the beginning. Raises Problem where it is a cursor of another list."""
        if self.after is None:
            return 0
        if not isinstance(self.after, int) or not 0 < self.after < 2**31:
            raise _other_cursor()
        return self.after


def wanted(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Things in one answer.")] = USUAL,
    cursor: Annotated[str, Query(max_length=LONGEST_CURSOR, description="`next` of the part before; empty: the first.")] = "",
) -> Wanted:
    """The part that a call asks for. Raises Problem where the cursor is none of ours."""
    if not cursor:
        return Wanted(limit, None)
    try:
        return Wanted(limit, json.loads(base64.b64decode(cursor.encode("ascii"), b"-_", validate=True)))
    except (ValueError, RecursionError) as error:
        raise _other_cursor() from error


def _other_cursor() -> Problem:
    return Problem("not-valid", [("query.cursor", "cursor")])


@dataclass(frozen=True)
class Call:
    """What every route needs."""

    request: Request
    response: Response
    language: Language
    database: Database
    now: datetime

    @property
    def caller(self) -> Caller:
        caller = self.request.state.caller
        assert isinstance(caller, Caller)
        return caller

    @property
    def who(self) -> Who:
        return self.caller.who

    def may_see(self, site_id: int) -> bool:
        return self.who.may(Permission.SEE, site_id)

    def site(self, session: Session, site_id: int, *of: Of) -> Site:
        """A site that the caller may see. With what the answer is made of: raises NotModified where they have it already."""
        site = site_by_id(session, site_id)
        if site is None or not self.may_see(site_id):
            raise HTTPException(404)
        know(policies_of(session, site))
        if of:
            self.fresh(mark_of(session, site, of, self.now))
        return site

    def judged(self, session: Session, site_id: int, *of: Of) -> tuple[Site, Run | None]:
        """A site with the newest finished run over it, of which lists tell."""
        return self.site(session, site_id, Of.RUNS, *of), latest_run(session, site_id)

    def fresh(self, mark: str) -> None:
        """Say what the answer goes by. Raises NotModified where the caller has the same."""
        parts = (mark, _version(), self.language, str(self.request.url.query))
        etag = f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
        self.headed(etag)
        known = [one.strip().removeprefix("W/") for one in self.request.headers.get("if-none-match", "").split(",")]
        if "*" in known or etag.removeprefix("W/") in known:
            raise NotModified(etag)

    def headed(self, etag: str) -> None:
        self.response.headers["ETag"] = etag
        self.response.headers["Vary"] = "Authorization, Accept-Language"

    def path(self, name: str, **values: Any) -> str:
        """The address of a route of the API."""
        return f"{self.request.scope.get('root_path', '')}{self.request.app.url_path_for(name, **values)}"

    def part(self, rows: Sequence[T], asked: Wanted, key: Callable[[T], Any], shaped: Callable[[T], S]) -> Part[S]:
        """A part of a list out of one row more than was asked for, with the way to the next."""
        shown = rows[: asked.limit]
        cursor = _cursor(key(shown[-1])) if len(rows) > asked.limit else None
        if cursor:
            questions = {**dict(self.request.query_params), "cursor": cursor}
            self.response.headers["Link"] = f'<{self.request.url.path}?{urlencode(questions)}>; rel="next"'
        return Part(items=[shaped(row) for row in shown], next=cursor)

    def of_all(self, rows: Sequence[T], asked: Wanted, key: Callable[[T], Any], shaped: Callable[[T], S]) -> Part[S]:
        """A part of a list that is at hand whole, in the order of its keys."""
        after = [row for row in rows if asked.after is None or _is_after(key(row), asked.after)]
        return self.part(after[: asked.limit + 1], asked, key, shaped)


def _is_after(key: Any, after: Any) -> bool:
    try:
        return bool(key > after)
    except TypeError as error:
        raise _other_cursor() from error


def _cursor(key: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode()


@cache
def _version() -> str:
    try:
        return version("vierluik")
    except PackageNotFoundError:
        return ""


def call_of(request: Request, response: Response) -> Call:
    language = preferred_language(request.headers.get("accept-language", ""))
    return Call(request, response, language, request.app.state.database, request.app.state.now())


def one_of(value: str, values: Collection[str], where: str) -> str:
    """A question whose answer has to be one of some values; empty asks nothing. Raises Problem."""
    if value and value not in values:
        raise Problem("not-valid", [(f"query.{where}", "unknown")])
    return value


AnyCall = Annotated[Call, Depends(call_of)]
AnyPart = Annotated[Wanted, Depends(wanted)]
