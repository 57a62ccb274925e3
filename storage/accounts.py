"""Accounts: made by an invitation or a command, locked after wrong passwords, and logged in by a token only the browser has."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from rules.account import (
    IDLE_HOURS,
    INVITATION_DAYS,
    LOCKED_MINUTES,
    MAY,
    RECOVERY_CODES,
    SESSION_HOURS,
    TRIES,
    AccountError,
    Permission,
    Role,
    full_name,
    mail_address,
    password,
    step_of_code,
)
from storage.account_models import Account, Invitation, LogInSession, Membership

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP, Password Storage Cheat Sheet
_NOBODY = HASHER.hash("so that an unknown address takes as long as a known one")
SEEN_EVERY = timedelta(minutes=1)  # that a session is written: not with every picture


def has_accounts(session: Session) -> bool:
    """Whether anybody has an account that works: from then on nobody comes in without one."""
    return session.scalar(select(Account.id).where(Account.disabled_at.is_(None)).limit(1)) is not None


def has_administrator(session: Session) -> bool:
    """Whether somebody may administer everything."""
    query = select(Account.id).join(Membership, Membership.account_id == Account.id)
    query = query.where(Account.disabled_at.is_(None), Membership.role == Role.ADMINISTRATOR, Membership.site_id.is_(None))
    return session.scalar(query.limit(1)) is not None


def add_account(session: Session, mail: str, name: str, secret: str, now: datetime) -> Account:
    """Make an account; without a password it only logs in by way of the organisation. Raises AccountError."""
    address, shown = mail_address(mail), full_name(name)
    if account_by_mail(session, address):
        raise AccountError("mail", f"{address} has an account already")
    hashed = HASHER.hash(password(secret, address, shown)) if secret else ""
    account = Account(mail=address, name=shown, team="", password_hash=hashed, totp_secret="", recovery=[], created_at=now)
    session.add(account)
    session.flush()
    return account


def account_by_mail(session: Session, mail: str) -> Account | None:
    return session.scalars(select(Account).where(Account.mail == mail.strip().casefold())).first()


def give_role(session: Session, account_id: int, role: Role, site_id: int | None) -> None:
    """Make somebody something to a site, or to every site; said again, nothing changes."""
    known = select(Membership).where(
        Membership.account_id == account_id,
        Membership.role == role,
        Membership.site_id == site_id if site_id else Membership.site_id.is_(None),
    )
    if session.scalars(known).first() is None:
        session.add(Membership(account_id=account_id, site_id=site_id, role=role.value))
        session.flush()


def take_role(session: Session, number: int) -> Membership | None:
    """Take a role back; gives what it was. Raises AccountError for the last administrator of everything."""
    row = session.get(Membership, number)
    if row is None:
        return None
    session.delete(row)
    session.flush()
    if row.role == Role.ADMINISTRATOR and not has_administrator(session):
        raise AccountError("role", "somebody has to administer everything; give that role to another first")
    return row


def roles_of(session: Session, account_id: int) -> Sequence[Membership]:
    return session.scalars(select(Membership).where(Membership.account_id == account_id).order_by(Membership.id)).all()


def accounts(session: Session) -> list[tuple[Account, Sequence[Membership]]]:
    """Everybody, by name, with their roles."""
    found = session.scalars(select(Account).order_by(Account.name, Account.id)).all()
    roles: dict[int, list[Membership]] = {account.id: [] for account in found}
    for row in session.scalars(select(Membership).order_by(Membership.id)):
        roles[row.account_id].append(row)
    return [(account, roles[account.id]) for account in found]


def deciders(session: Session, site_id: int) -> int:
    """How many people may decide about a site: where there are two, one alone does not wave away what the norm asks for."""
    deciding = [role.value for role, may in MAY.items() if Permission.DECIDE in may]
    query = (
        select(func.count(Account.id.distinct()))
        .join(Membership, Membership.account_id == Account.id)
        .where(Account.disabled_at.is_(None), Membership.role.in_(deciding))
        .where(or_(Membership.site_id.is_(None), Membership.site_id == site_id))
    )
    return session.scalar(query) or 0


def auditors(session: Session, site_id: int) -> dict[int, str]:
    """Who may judge a site, by the number of the account: the name, with the address where a name is not one person's."""
    auditing = [role.value for role, may in MAY.items() if Permission.AUDIT in may]
    query = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Account.disabled_at.is_(None), Membership.role.in_(auditing))
        .where(or_(Membership.site_id.is_(None), Membership.site_id == site_id))
        .order_by(Account.name, Account.id)
    )
    found = {account.id: account for account in session.scalars(query)}
    names = Counter(account.name.casefold() for account in found.values())
    return {
        number: account.name if names[account.name.casefold()] == 1 else f"{account.name} ({account.mail})"
        for number, account in found.items()
    }


# --- invitations -----------------------------------------------------------------------------------------------------


def invite(session: Session, mail: str, name: str, role: Role, site_id: int | None, by: str, now: datetime) -> str:
    """Invite somebody; gives the token, which is kept nowhere. Raises AccountError."""
    address = mail_address(mail)
    if account_by_mail(session, address):
        raise AccountError("mail", f"{address} has an account already; give it a role instead")
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            token_hash=hash_of_token(token),
            mail=address,
            name=full_name(name),
            role=role.value,
            site_id=site_id,
            invited_by=by,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )
    )
    session.flush()
    return token


def invitation_by_token(session: Session, token: str, now: datetime) -> Invitation | None:
    """An invitation that still holds."""
    found = session.get(Invitation, hash_of_token(token))
    return found if found and found.used_at is None and found.expires_at > now else None


def accept(session: Session, token: str, secret: str, now: datetime) -> Account | None:
    """Make the account that an invitation is for; None where it does not hold. Raises AccountError."""
    found = invitation_by_token(session, token, now)
    if found is None:
        return None
    if not secret:
        raise AccountError("password", "choose a password")
    account = add_account(session, found.mail, found.name, secret, now)
    give_role(session, account.id, Role(found.role), found.site_id)
    found.used_at = now
    return account


# --- logging in ------------------------------------------------------------------------------------------------------


class LockedOut(Exception):
    """Too many wrong passwords: even the right one waits. It is not said whether the account exists."""


def log_in(session: Session, mail: str, secret: str, now: datetime) -> Account | None:
    """The account of an address and its password; None where either is wrong. Raises LockedOut."""
    account = account_by_mail(session, mail)
    is_right = _is_right(account.password_hash if account and account.password_hash else _NOBODY, secret)
    if account is None or account.disabled_at or not account.password_hash:
        return None
    if account.locked_until and account.locked_until > now:
        raise LockedOut
    if not is_right:
        _count_failure(account, now)
        return None
    if HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = HASHER.hash(secret)
    if not account.totp_secret:
        _well(account, now)
    return account


def _is_right(hashed: str, secret: str) -> bool:
    try:
        return HASHER.verify(hashed, secret[:1_000])
    except (VerificationError, InvalidHashError):
        return False


def _count_failure(account: Account, now: datetime) -> None:
    account.failed += 1
    if account.failed >= TRIES:
        minutes = LOCKED_MINUTES[min(account.locks, len(LOCKED_MINUTES) - 1)]
        account.locked_until, account.failed, account.locks = now + timedelta(minutes=minutes), 0, account.locks + 1


def _well(account: Account, now: datetime) -> None:
    account.failed = account.locks = 0
    account.locked_until, account.seen_at = None, now


def second_factor(session: Session, account: Account, code: str, now: datetime) -> bool:
    """Whether a code, or a recovery code that goes with it, is right. Raises LockedOut."""
    if account.locked_until and account.locked_until > now:
        raise LockedOut
    step = step_of_code(account.totp_secret, code, now.timestamp(), account.totp_step)
    digest = hash_of_token(code.strip().casefold())
    if step is not None:
        account.totp_step = step
    elif digest in account.recovery:
        account.recovery = [one for one in account.recovery if one != digest]
    else:
        _count_failure(account, now)
        return False
    _well(account, now)
    return True


def new_totp_secret() -> str:
    return b32encode(secrets.token_bytes(20)).decode()


def set_second_factor(account: Account, secret: str, code: str, now: datetime) -> list[str] | None:
    """Turn the second factor on with a first code; gives the recovery codes, which are kept only as hashes. None: wrong code."""
    step = step_of_code(secret, code, now.timestamp(), 0)
    if step is None:
        return None
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    account.totp_secret, account.totp_step, account.recovery = secret, step, [hash_of_token(one) for one in codes]
    return codes


def drop_second_factor(account: Account) -> None:
    account.totp_secret, account.totp_step, account.recovery = "", 0, []


def change_password(session: Session, account: Account, old: str, new: str) -> None:
    """Raises AccountError. Whoever else is logged in with this account is not any more."""
    if account.password_hash and not _is_right(account.password_hash, old):
        raise AccountError("old", "the present password is not right")
    reset_password(session, account, new)


def reset_password(session: Session, account: Account, new: str) -> None:
    """Raises AccountError. Whoever is logged in with this account is not any more."""
    account.password_hash = HASHER.hash(password(new, account.mail, account.name))
    session.execute(delete(LogInSession).where(LogInSession.account_id == account.id))


def set_disabled(session: Session, account: Account, *, disabled: bool, now: datetime) -> None:
    """Nobody is removed: what they decided keeps its name. Raises AccountError for the last administrator."""
    account.disabled_at = now if disabled else None
    session.flush()
    if disabled:
        session.execute(delete(LogInSession).where(LogInSession.account_id == account.id))
        if not has_administrator(session):
            raise AccountError("account", "somebody has to administer everything; give that role to another first")
    else:
        account.failed = account.locks = 0
        account.locked_until = None


# --- sessions --------------------------------------------------------------------------------------------------------


def begin_session(session: Session, account: Account, now: datetime, *, whole: bool) -> str:
    """A new token each time somebody logs in, and after the second factor: what a browser held before says nothing."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(LogInSession).where(LogInSession.expires_at < now))
    session.add(
        LogInSession(
            token_hash=hash_of_token(token),
            account_id=account.id,
            is_whole=whole,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=SESSION_HOURS),
        )
    )
    session.flush()
    return token


@dataclass(frozen=True)
class LoggedIn:
    """Somebody who is logged in, with what they may do."""

    account: Account
    roles: tuple[tuple[Role, int | None], ...]  # a role, and the site; None: all sites
    is_whole: bool


def logged_in(session: Session, token: str, now: datetime) -> LoggedIn | None:
    """Who holds a token; None where it says nothing, or not any more."""
    row = session.get(LogInSession, hash_of_token(token))
    if row is None or row.expires_at <= now or now - row.seen_at > timedelta(hours=IDLE_HOURS):
        return None
    account = session.get(Account, row.account_id)
    if account is None or account.disabled_at:
        return None
    if now - row.seen_at > SEEN_EVERY:
        row.seen_at = now
    roles = tuple((Role(one.role), one.site_id) for one in roles_of(session, account.id))
    return LoggedIn(account, roles, row.is_whole)


def end_session(session: Session, token: str) -> None:
    session.execute(delete(LogInSession).where(LogInSession.token_hash == hash_of_token(token)))


# --- the organisation's own log-in -----------------------------------------------------------------------------------


def by_organisation(session: Session, subject: str, mail: str, name: str, roles: Sequence[Role], now: datetime) -> Account | None:
    """The account of somebody whom the organisation's log-in vouches for; made where it gives them a role.

    An account that was invited is taken over by its address. None: they have no account, and no role that would give them one.
    """
    account = session.scalars(select(Account).where(Account.subject == subject)).first()
    if account is None and (account := account_by_mail(session, mail)) is not None:
        if account.subject is not None:
            return None  # of somebody else who had this address
        account.subject = subject
    if account is None:
        if not roles:
            return None
        account = add_account(session, mail, name or mail, "", now)
        account.subject = subject
    if account.disabled_at:
        return None
    for role in roles:
        give_role(session, account.id, role, None)
    account.seen_at = now
    return account


def hash_of_token(token: str) -> str:
    """What is kept of a token: it is long and random, so that its hash tells nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
