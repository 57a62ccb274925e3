"""Logging in and out, the second factor, invitations, and one's own account."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, HTTPException, Path, Query
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.guard import COOKIE, HALF_COOKIE, Door, own_path
from dashboard.oidc import Organisation, OrganisationError
from dashboard.screen import AnyScreen, Screen
from rules.account import SESSION_HOURS, AccountError
from rules.api_token import LONGEST_DAYS, USUAL_DAYS, TokenScope
from storage.account_models import Account
from storage.accounts import (
    LockedOut,
    accept,
    begin_session,
    by_organisation,
    change_password,
    drop_second_factor,
    end_session,
    invitation_by_token,
    log_in,
    logged_in,
    new_totp_secret,
    second_factor,
    set_second_factor,
)
from storage.tokens import holds, tokens_of

router = APIRouter()
FRESH_TOKEN = {"name": "", "days": USUAL_DAYS, "scopes": [TokenScope.READ]}  # what the form of a token begins with
log = structlog.get_logger("vierluik.people")

Secret = Annotated[str, Form(max_length=1_000)]
Code = Annotated[str, Form(max_length=40)]
Back = Annotated[str, Form(max_length=2_000)]
Token = Annotated[str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


def _door(screen: Screen) -> Door:
    door = screen.request.app.state.door
    assert isinstance(door, Door)
    return door


def _remember(screen: Screen, answer: Response, name: str, token: str) -> None:
    """The browser keeps a token that no script sees and no other site sends along."""
    door = _door(screen)
    name = door.cookie(name)
    answer.set_cookie(name, token, max_age=SESSION_HOURS * 3600, httponly=True, samesite="lax", secure=door.is_secure, path="/")


def _forget(screen: Screen, answer: Response, name: str) -> None:
    door = _door(screen)
    answer.delete_cookie(door.cookie(name), path="/", httponly=True, samesite="lax", secure=door.is_secure)


def _address(screen: Screen) -> str:
    client = screen.request.client
    return client.host if client else "?"


@router.get("/{language}/log-in", name="log_in")
def log_in_screen(screen: AnyScreen, back: Annotated[str, Query(max_length=2_000)] = "") -> Response:
    return _log_in(screen, back)


def _log_in(screen: Screen, back: str, wrong: str = "", status: int = 200, mail: str = "") -> Response:
    organisation = _door(screen).organisation is not None
    return screen.show("log_in.html.j2", status, back=own_path(back), wrong=wrong, mail=mail, organisation=organisation)


@router.post("/{language}/log-in", name="log_in_now")
def log_in_now(screen: AnyScreen, mail: Annotated[str, Form(max_length=254)], secret: Secret, back: Back = "") -> Response:
    """Log in with a password; where there is a second factor, that is asked next."""
    if not _door(screen).log_ins.takes(_address(screen)):
        return _log_in(screen, back, "pace", 429, mail)
    try:
        with screen.database.session() as session:
            account = log_in(session, mail, secret, screen.now)
            token = begin_session(session, account, screen.now, whole=not account.totp_secret) if account else ""
    except LockedOut:
        account = None
    if account is None:
        # Wrong, unknown and locked are said in the same words: nobody learns who has an account.
        log.info("log-in.refused", address=_address(screen))
        return _log_in(screen, back, "wrong", 401, mail)
    if account.totp_secret:
        step = RedirectResponse(f"{screen.path('second_factor')}{_with_back(back)}", 303)
        _remember(screen, step, HALF_COOKIE, token)
        return step
    return _come_in(screen, token, back)


def _with_back(back: str) -> str:
    return f"?back={address}" if (address := own_path(back)) else ""


def _come_in(screen: Screen, token: str, back: str) -> Response:
    answer = RedirectResponse(own_path(back) or screen.path("sites"), 303)
    _remember(screen, answer, COOKIE, token)
    _forget(screen, answer, HALF_COOKIE)
    return answer


@router.get("/{language}/second-factor", name="second_factor")
def second_factor_screen(screen: AnyScreen, back: Annotated[str, Query(max_length=2_000)] = "") -> Response:
    return screen.show("second_factor.html.j2", back=own_path(back), wrong="")


@router.post("/{language}/second-factor", name="second_factor_now")
def second_factor_now(screen: AnyScreen, code: Code, back: Back = "") -> Response:
    door = _door(screen)
    held = screen.request.cookies.get(door.cookie(HALF_COOKIE), "")
    if not door.log_ins.takes(_address(screen)):
        return screen.show("second_factor.html.j2", 429, back=own_path(back), wrong="pace")
    with screen.database.session() as session:
        half = logged_in(session, held, screen.now) if held else None
        if half is None or half.is_whole:
            return RedirectResponse(screen.path("log_in"), 303)
        try:
            is_right = second_factor(session, half.account, code, screen.now)
        except LockedOut:
            is_right = False
        if is_right:
            end_session(session, held)
            token = begin_session(session, half.account, screen.now, whole=True)
            return _come_in(screen, token, back)
    return screen.show("second_factor.html.j2", 401, back=own_path(back), wrong="wrong")


@router.post("/{language}/log-out", name="log_out")
def log_out(screen: AnyScreen) -> Response:
    with screen.database.session() as session:
        end_session(session, screen.request.cookies.get(_door(screen).cookie(COOKIE), ""))
    answer = RedirectResponse(screen.path("log_in"), 303)
    for name in (COOKIE, HALF_COOKIE):
        _forget(screen, answer, name)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


# --- invitations -----------------------------------------------------------------------------------------------------


@router.get("/{language}/invitation/{token}", name="invitation")
def invitation(screen: AnyScreen, token: Token) -> Response:
    return _invitation(screen, token)


def _invitation(screen: Screen, token: str, wrong: str = "", status: int = 200) -> Response:
    with screen.database.session() as session:
        found = invitation_by_token(session, token, screen.now)
    return screen.show("invitation.html.j2", status if found else 404, found=found, token=token, wrong=wrong)


@router.post("/{language}/invitation/{token}", name="accept_invitation")
def accept_invitation(screen: AnyScreen, token: Token, secret: Secret) -> Response:
    try:
        with screen.database.session() as session:
            account = accept(session, token, secret, screen.now)
            begun = begin_session(session, account, screen.now, whole=True) if account else ""
    except AccountError as error:
        return _invitation(screen, token, error.field, 422)
    return _come_in(screen, begun, screen.path("my_account")) if account else _invitation(screen, token)


# --- the organisation's log-in ---------------------------------------------------------------------------------------


def _organisation(screen: Screen) -> Organisation:
    organisation = _door(screen).organisation
    if organisation is None:
        raise HTTPException(404)
    return organisation


def _redirect(screen: Screen) -> str:
    base = _door(screen).public_url.rstrip("/") or str(screen.request.base_url).rstrip("/")
    return base + screen.path("organisation_answer")


STATE = "vierluik-state"


@router.get("/{language}/log-in/organisation", name="organisation_log_in")
def organisation_log_in(screen: AnyScreen, back: Annotated[str, Query(max_length=2_000)] = "") -> Response:
    organisation = _organisation(screen)
    if not _door(screen).log_ins.takes(_address(screen)):
        return _log_in(screen, back, "pace", 429)
    try:
        address, state = organisation.begin(own_path(back), _redirect(screen))
    except OrganisationError as error:
        log.warning("log-in.organisation", reason=str(error))
        return _log_in(screen, back, "organisation", 502)
    answer = RedirectResponse(address, 303)
    _remember(screen, answer, STATE, state)
    return answer


@router.get("/{language}/log-in/answer", name="organisation_answer")
def organisation_answer(
    screen: AnyScreen,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4_000)] = "",
) -> Response:
    """Somebody comes back from the organisation, with the state that this very browser was given."""
    organisation = _organisation(screen)
    if not state or screen.request.cookies.get(_door(screen).cookie(STATE)) != state:
        return _log_in(screen, "", "organisation", 400)
    try:
        vouched, back = organisation.end(state, code, _redirect(screen))
        with screen.database.session() as session:
            account = by_organisation(session, vouched.subject, vouched.mail, vouched.name, vouched.roles, screen.now)
            token = begin_session(session, account, screen.now, whole=True) if account else ""
    except (OrganisationError, AccountError) as error:
        log.warning("log-in.organisation", reason=str(error))
        return _log_in(screen, "", "organisation", 502)
    if account is None:
        return _log_in(screen, "", "unknown", 403)
    answer = _come_in(screen, token, back)
    _forget(screen, answer, STATE)
    return answer


# --- my account ------------------------------------------------------------------------------------------------------


@router.get("/{language}/account", name="my_account")
def my_account(screen: AnyScreen) -> Response:
    return show_account(screen)


def show_account(screen: Screen, status: int = 200, **values: object) -> Response:
    """The screen of one's own account, with what was just done or is wrong."""
    with screen.database.session() as session:
        shown = {"wrong": "", "done": "", "secret": "", "codes": [], "token": "", "typed": FRESH_TOKEN, **values}
        tokens = tokens_of(session, screen.who.number or None)
        return screen.show(
            "my_account.html.j2",
            status,
            account=_mine(session, screen),
            tokens=[one for one in tokens if holds(one, screen.now)],
            scopes=list(TokenScope),
            longest_days=LONGEST_DAYS,
            **shown,
        )


def _mine(session: Session, screen: Screen) -> Account | None:
    """The account of whoever asks; None on a dashboard without accounts."""
    return session.get(Account, screen.who.number) if screen.who.number else None


def _changed(session: Session, screen: Screen) -> Account:
    account = _mine(session, screen)
    if account is None:
        raise HTTPException(404)
    return account


@router.post("/{language}/account/password", name="change_my_password")
def change_my_password(screen: AnyScreen, new: Secret, old: Secret = "") -> Response:
    """Whoever else was logged in with this account is not any more."""
    if not _door(screen).log_ins.takes(_address(screen)):
        return show_account(screen, 429, wrong="pace")
    try:
        with screen.database.session() as session:
            account = _changed(session, screen)
            change_password(session, account, old, new)
            token = begin_session(session, account, screen.now, whole=True)
    except AccountError as error:
        return show_account(screen, 422, wrong=error.field)
    answer = show_account(screen, done="password")
    _remember(screen, answer, COOKIE, token)
    return answer


@router.post("/{language}/account/second-factor", name="begin_second_factor")
def begin_second_factor(screen: AnyScreen) -> Response:
    """Show a new secret; it is kept once a code made of it was given."""
    with screen.database.session() as session:
        if _changed(session, screen).totp_secret:
            raise HTTPException(409)
    return show_account(screen, secret=new_totp_secret())


@router.post("/{language}/account/second-factor/set", name="set_my_second_factor")
def set_my_second_factor(screen: AnyScreen, secret: Annotated[str, Form(pattern=r"^[A-Z2-7]{32}$")], code: Code) -> Response:
    with screen.database.session() as session:
        account = _changed(session, screen)
        if account.totp_secret:
            raise HTTPException(409)
        codes = set_second_factor(account, secret, code, screen.now)
    return show_account(screen, done="factor", codes=codes) if codes else show_account(screen, 422, wrong="code", secret=secret)


@router.post("/{language}/account/second-factor/drop", name="drop_my_second_factor")
def drop_my_second_factor(screen: AnyScreen, code: Code) -> Response:
    with screen.database.session() as session:
        account = _changed(session, screen)
        try:
            is_right = bool(account.totp_secret) and second_factor(session, account, code, screen.now)
        except LockedOut:
            is_right = False
        if is_right:
            drop_second_factor(account)
    return show_account(screen, done="dropped") if is_right else show_account(screen, 422, wrong="drop")
