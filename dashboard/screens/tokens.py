"""The tokens of one's own account: made, shown once, and revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response

from dashboard.screen import AnyScreen, Id
from dashboard.screens.people import show_account
from rules.api_token import TokenError, TokenScope
from storage.token_models import ApiToken
from storage.tokens import add_token, revoke

router = APIRouter()


@router.post("/{language}/account/tokens", name="add_my_token")
def add_my_token(
    screen: AnyScreen,
    name: Annotated[str, Form(max_length=200)],
    days: Annotated[str, Form(max_length=10)] = "",
    scopes: Annotated[list[TokenScope], Form()] = [],  # noqa: B006  # FastAPI makes a new one for each form
) -> Response:
    """Make a token, and show it this once."""
    try:
        with screen.database.session() as session:
            number = int(days) if days.isdecimal() else 0
            _, token = add_token(session, screen.who.number or None, name, scopes, number, screen.now)
    except TokenError as error:
        return show_account(screen, 422, wrong=error.field, typed={"name": name, "days": days, "scopes": scopes})
    answer = show_account(screen, done="token", token=token)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/{language}/account/tokens/{number}/revoke", name="revoke_my_token")
def revoke_my_token(screen: AnyScreen, number: Id) -> Response:
    """Nobody comes in with a token of mine any more."""
    with screen.database.session() as session:
        token = session.get(ApiToken, number)
        if token is None or token.account_id != (screen.who.number or None):
            raise HTTPException(404)
        revoke(token, screen.who.name, screen.now)
    return show_account(screen, done="revoked")
