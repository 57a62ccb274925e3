"""`vierluik token`: tokens of the API from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rules.account import AccountError
from rules.api_token import TokenError, TokenScope
from storage.accounts import account_by_mail, has_accounts
from storage.audit import ACTOR, Actor
from storage.database import Database
from storage.token_models import ApiToken
from storage.tokens import add_token, all_tokens, holds, revoke
from vierluik.screen import Exit, say, stop
from vierluik.users import COMMAND_LINE, account_named, sentence


def make_token(database: Database, name: str, mail: str | None, scopes: Sequence[TokenScope], days: int) -> None:
    """Print a new token, alone on its line, so that a script can keep it. Nothing else ever shows it again."""
    ACTOR.set(Actor(COMMAND_LINE))
    now = datetime.now(UTC)
    try:
        with database.session() as session:
            if mail is None and has_accounts(session):
                raise AccountError("mail", "say whose token it is: --account anne@example.nl; see: vierluik user list")
            account = account_named(account_by_mail(session, mail), mail) if mail else None
            if account and account.disabled_at:
                raise AccountError("mail", f"{account.mail} is switched off")
            row, token = add_token(session, account.id if account else None, name, scopes, days, now)
            told = f"{row.name}: {', '.join(row.scopes)}, until {row.expires_at:%Y-%m-%d}. It is not shown again."
    except (AccountError, TokenError) as error:
        raise stop(Exit.WRONG_USE, sentence(error)) from error
    say(told)
    print(token)


def list_tokens(database: Database) -> None:
    """One line for each token."""
    now = datetime.now(UTC)
    with database.session() as session:
        for token, account in all_tokens(session):
            state = "revoked" if token.revoked_at else "valid" if holds(token, now) else "over"
            used = f"used {token.seen_at:%Y-%m-%d}" if token.seen_at else "never used"
            whose = account.mail if account else "no account"
            scopes = ",".join(token.scopes)
            print(
                f"{token.id}\t{token.shown}…\t{token.name}\t{whose}\t{scopes}\t{state}\tuntil {token.expires_at:%Y-%m-%d}\t{used}"
            )


def remove_token(database: Database, number: int) -> None:
    """Revoke a token; its line stays in the list."""
    ACTOR.set(Actor(COMMAND_LINE))
    with database.session() as session:
        token = session.get(ApiToken, number)
        if token is None:
            raise stop(Exit.WRONG_USE, f"There is no token {number}. See the numbers with: vierluik token list")
        revoke(token, COMMAND_LINE, datetime.now(UTC))
        say(f"Nobody comes in with {token.name} ({token.shown}…) any more.")
