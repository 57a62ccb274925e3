"""The entrance of the API: a token in a header and nothing else, for what its scopes and its account allow, at a pace."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api.problem import Problem, problem_answer
from dashboard.guard import SAFE, Door, may_here
from dashboard.permissions import OF_EVERY_TOKEN, SCOPES
from dashboard.who import LOCAL, Who
from rules.api_token import TokenScope
from storage.audit import ACTOR, Actor
from storage.token_models import ApiToken
from storage.tokens import TokenHolder, holder_of

LARGEST_BODY = 64 * 1024  # bytes
LONGEST_NAME = 120  # of a person, in the trail beside the name of their token
BEARER = re.compile(r"bearer +([A-Za-z0-9_-]{20,100}) *", re.IGNORECASE)
SAYS_WHO = 'Bearer realm="vierluik"'


@dataclass(frozen=True)
class Caller:
    """Who calls, and with which token."""

    who: Who
    token: ApiToken


def let_in(request: Request) -> None:
    """Asked before every route. Cookies say nothing here, so no browser can be made to call.

    Raises Problem, or what the guard of the screens raises.
    """
    door: Door = request.app.state.door
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    found = BEARER.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise Problem("no-token", headers={"WWW-Authenticate": SAYS_WHO})
    with request.app.state.database.session() as session:
        holder = holder_of(session, found[1], request.app.state.now())
        # A token that was made while nobody had an account is worth nothing once somebody has one.
        if holder is None or (holder.account is None and door.is_locked(session)):
            address = request.client.host if request.client else "?"
            if not door.strangers.takes(address):
                raise _too_often(door.strangers.waits_s)
            raise Problem("token-not-valid", headers={"WWW-Authenticate": f'{SAYS_WHO}, error="invalid_token"'})
        if not door.api.takes(str(holder.token.id)):
            raise _too_often(door.api.waits_s)
        who = _who(holder)
        request.state.caller = Caller(who, holder.token)
        ACTOR.get(Actor()).person = f"{who.name[:LONGEST_NAME]} (token {holder.token.name})"
        scope = SCOPES.get(route.name, TokenScope.READ)
        if scope not in holder.token.scopes:
            says = f'{SAYS_WHO}, error="insufficient_scope", scope="{scope}"'
            raise Problem("scope-missing", headers={"WWW-Authenticate": says})
        if route.name not in OF_EVERY_TOKEN:
            may_here(session, request, who, route.name, changes=request.method not in SAFE)
    _known_questions(request, route)


def _who(holder: TokenHolder) -> Who:
    account = holder.account
    return Who(account.name, account.mail, account.team, account.id, holder.roles) if account else LOCAL


def _too_often(seconds: int) -> Problem:
    return Problem("too-often", headers={"Retry-After": str(seconds)})


def _known_questions(request: Request, route: APIRoute) -> None:
    """A question that is not known would be answered as if it had not been asked."""
    if unknown := sorted(set(request.query_params) - questions_of(route.dependant)):
        raise Problem("not-valid", [(f"query.{name}", "extra_forbidden") for name in unknown[:20]])


def questions_of(asks: Dependant) -> set[str]:
    """The questions that a route knows, with those of what it depends on."""
    return {field.alias for field in asks.query_params}.union(*map(questions_of, asks.dependencies))


class BoundedBody:
    """Reads what is sent before anybody looks at it, and no more than may be sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = b""
        async for part in _parts(receive):
            body += part
            if len(body) > LARGEST_BODY:
                await problem_answer(request, Problem("too-large", headers={"Connection": "close"}))(scope, receive, send)
                return
        if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            answer: Response = problem_answer(request, Problem("not-json"))
            await answer(scope, receive, send)
            return
        sent = False

        async def again() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, again, send)


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
