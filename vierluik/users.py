"""`vierluik user`: accounts from the command line, the first of them too."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import typer

from rules.account import AccountError, Role
from storage.account_models import Account
from storage.accounts import account_by_mail, accounts, add_account, drop_second_factor, give_role, invite, set_disabled
from storage.accounts import reset_password as set_password
from storage.audit import ACTOR, Actor
from storage.database import Database
from storage.sites import SiteError, get_site
from vierluik.screen import Exit, say, stop
from vierluik.settings import Settings

COMMAND_LINE = "command line"


def add_user(database: Database, _settings: Settings, mail: str, name: str, role: Role, site: str | None) -> None:
    """Make an account with a password."""
    secret = _password()
    ACTOR.set(Actor(COMMAND_LINE))
    try:
        with database.session() as session:
            site_id = get_site(session, site).id if site else None
            known = account_by_mail(session, mail)
            account = known or add_account(session, mail, name, secret, datetime.now(UTC))
            give_role(session, account.id, role, site_id)
    except (AccountError, SiteError) as error:
        raise stop(Exit.WRONG_USE, sentence(error)) from error
    say(f"{account.mail} is {role.value}{f' of {site}' if site else ' of every site'}.")


def invite_user(database: Database, settings: Settings, mail: str, name: str, role: Role, site: str | None) -> None:
    """Print an address where somebody chooses a password."""
    try:
        with database.session() as session:
            site_id = get_site(session, site).id if site else None
            token = invite(session, mail, name, role, site_id, COMMAND_LINE, datetime.now(UTC))
    except (AccountError, SiteError) as error:
        raise stop(Exit.WRONG_USE, sentence(error)) from error
    base = settings.public_url.rstrip("/") or "http://127.0.0.1:8000"
    print(f"{base}/nl/invitation/{token}")


def list_users(database: Database) -> None:
    """One line for each account."""
    with database.session() as session:
        for account, memberships in accounts(session):
            roles = ", ".join(f"{one.role} of {f'site {one.site_id}' if one.site_id else 'every site'}" for one in memberships)
            state = "off" if account.disabled_at else "second factor" if account.totp_secret else "password only"
            print(f"{account.mail}\t{account.name}\t{roles or 'no role'}\t{state}")


def reset_user(database: Database, mail: str) -> None:
    """A new password, no second factor, unlocked and on."""
    secret = _password()
    ACTOR.set(Actor(COMMAND_LINE))
    try:
        with database.session() as session:
            account = account_named(account_by_mail(session, mail), mail)
            set_password(session, account, secret)
            drop_second_factor(account)
            set_disabled(session, account, disabled=False, now=datetime.now(UTC))
    except AccountError as error:
        raise stop(Exit.WRONG_USE, sentence(error)) from error
    say(f"{account.mail} logs in with the new password, and sets the second factor again.")


def disable_user(database: Database, mail: str) -> None:
    """Switch an account off."""
    ACTOR.set(Actor(COMMAND_LINE))
    try:
        with database.session() as session:
            account = account_named(account_by_mail(session, mail), mail)
            set_disabled(session, account, disabled=True, now=datetime.now(UTC))
    except AccountError as error:
        raise stop(Exit.WRONG_USE, sentence(error)) from error
    say(f"{account.mail} is switched off.")


def account_named(found: Account | None, mail: str) -> Account:
    """The account that was found. Raises AccountError where it was not."""
    if found is None:
        raise AccountError("mail", f"{mail} has no account; see: vierluik user list")
    return found


def _password() -> str:
    """From a person without showing it, or the first line of what another program sends."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def sentence(error: Exception) -> str:
    """What is wrong, as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
