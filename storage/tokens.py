"""Tokens of the API: made once, kept as a hash, and worth no more than the account that they belong to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.account import Role
from rules.api_token import MARK, MOST_TOKENS, SHOWN, TokenError, TokenScope, token_days, token_name, token_scopes
from storage.account_models import Account
from storage.accounts import SEEN_EVERY, hash_of_token, roles_of
from storage.token_models import ApiToken


def add_token(
    session: Session, account_id: int | None, name: str, scopes: Iterable[TokenScope], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token of an account, or of a dashboard without accounts; gives it too, as it is kept nowhere. Raises TokenError."""
    kept, wanted, until = token_name(name), token_scopes(scopes), now + timedelta(days=token_days(days))
    held = [one for one in tokens_of(session, account_id) if holds(one, now)]
    if any(one.name == kept for one in held):
        raise TokenError("name", f"there is a token called {kept} already; choose another name, or revoke that one first")
    if len(held) >= MOST_TOKENS:
        raise TokenError("name", f"there are {MOST_TOKENS} tokens already; revoke one that is not used any more")
    token = MARK + secrets.token_urlsafe(32)
    row = ApiToken(
        account_id=account_id,
        name=kept,
        shown=token[:SHOWN],
        token_hash=hash_of_token(token),
        scopes=[scope.value for scope in wanted],
        created_at=now,
        expires_at=until,
    )
    session.add(row)
    session.flush()
    return row, token


def tokens_of(session: Session, account_id: int | None) -> Sequence[ApiToken]:
    """The tokens of an account, or of a dashboard without accounts; the newest first."""
    of_account = ApiToken.account_id == account_id if account_id else ApiToken.account_id.is_(None)
    return session.scalars(select(ApiToken).where(of_account).order_by(ApiToken.id.desc()).limit(200)).all()


def all_tokens(session: Session) -> list[tuple[ApiToken, Account | None]]:
    """Every token there is, with its account."""
    query = select(ApiToken, Account).outerjoin(Account, Account.id == ApiToken.account_id).order_by(ApiToken.id)
    return [(token, account) for token, account in session.execute(query)]


def holds(token: ApiToken, now: datetime) -> bool:
    """Whether a token is neither revoked nor over."""
    return token.revoked_at is None and token.expires_at > now


def revoke(token: ApiToken, by: str, now: datetime) -> None:
    """Nobody comes in with it any more; said again, nothing changes."""
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = now, by


@dataclass(frozen=True)
class TokenHolder:
    """Who comes in with a token; without an account: whoever uses a dashboard without accounts."""

    token: ApiToken
    account: Account | None
    roles: tuple[tuple[Role, int | None], ...]


def holder_of(session: Session, secret: str, now: datetime) -> TokenHolder | None:
    """Whose token this is. None: of nobody, not any more, or of an account that is switched off or locked."""
    token = session.scalars(select(ApiToken).where(ApiToken.token_hash == hash_of_token(secret))).first()
    if token is None or not holds(token, now):
        return None
    account = session.get(Account, token.account_id) if token.account_id else None
    if account is not None and (account.disabled_at or (account.locked_until and account.locked_until > now)):
        return None
    if token.seen_at is None or now - token.seen_at > SEEN_EVERY:
        token.seen_at = now
    roles = tuple((Role(one.role), one.site_id) for one in roles_of(session, account.id)) if account else ()
    return TokenHolder(token, account, roles)
