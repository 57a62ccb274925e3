"""Who has an account and what they may do; and who changed what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import Response

from dashboard.guard import Door
from dashboard.screen import AnyScreen, Id, PageNumber, Screen
from dashboard.table_file import table_file
from rules.account import INVITATION_DAYS, AccountError, Role
from storage.account_models import Account, Membership
from storage.accounts import accounts, drop_second_factor, give_role, invite, set_disabled, take_role
from storage.audit import audit_entries
from storage.questions.sites import all_sites, site_by_id

router = APIRouter()

PART, PEOPLE = 100, 25
MOST_ROWS = 100_000
Typed = Annotated[str, Form(max_length=300)]
OfSite = Annotated[int, Form(ge=0, le=2**31 - 1)]


@router.get("/{language}/accounts", name="accounts")
def accounts_screen(screen: AnyScreen, page: PageNumber = 1) -> Response:
    return _show(screen, page=page)


def _show(screen: Screen, status: int = 200, wrong: str = "", invited: str = "", page: int = 1) -> Response:
    with screen.database.session() as session:
        sites = list(all_sites(session, 1_000))
        people = accounts(session)
        pagination = screen.pagination(page, len(people), PEOPLE)
        return screen.show(
            "accounts.html.j2",
            status,
            people=people[pagination.offset : pagination.last_row],
            pagination=pagination,
            roles=list(Role),
            sites=sites,
            site_names={one.id: one.name for one in sites},
            wrong=wrong,
            invited=invited,
            days=INVITATION_DAYS,
        )


@router.post("/{language}/accounts", name="invite_person")
def invite_person(screen: AnyScreen, mail: Typed, name: Typed, role: Annotated[Role, Form()], of_site: OfSite = 0) -> Response:
    """Invite somebody. The address of the invitation is shown once, to be passed on."""
    door: Door = screen.request.app.state.door
    try:
        with screen.database.session() as session:
            if of_site and site_by_id(session, of_site) is None:
                raise HTTPException(404)
            token = invite(session, mail, name, role, of_site or None, screen.who.name, screen.now)
    except AccountError as error:
        return _show(screen, 422, error.field)
    base = door.public_url.rstrip("/") or str(screen.request.base_url).rstrip("/")
    return _show(screen, invited=base + screen.path("invitation", token=token))


@router.post("/{language}/accounts/{number}", name="change_account")
def change_account(screen: AnyScreen, number: Id, act: Annotated[str, Form(max_length=20)], team: Typed = "") -> Response:
    """Switch an account off or on, take its second factor away, or say of which team somebody is."""
    try:
        with screen.database.session() as session:
            account = session.get(Account, number)
            if account is None:
                raise HTTPException(404)
            match act:
                case "off" | "on":
                    set_disabled(session, account, disabled=act == "off", now=screen.now)
                case "factor":
                    drop_second_factor(account)
                case "team":
                    account.team = " ".join(team.split())[:200]
                case _:
                    raise HTTPException(404)
    except AccountError as error:
        return _show(screen, 409, error.field)
    return screen.back_to("accounts")


@router.post("/{language}/accounts/{number}/roles", name="change_role")
def change_role(
    screen: AnyScreen,
    number: Id,
    role: Annotated[Role | None, Form()] = None,
    of_site: OfSite = 0,
    take: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """Give somebody a role, or take one back."""
    try:
        with screen.database.session() as session:
            if session.get(Account, number) is None or (of_site and site_by_id(session, of_site) is None):
                raise HTTPException(404)
            if take:
                known = session.get(Membership, take)
                if known is None or known.account_id != number:
                    raise HTTPException(404)
                take_role(session, take)
            elif role:
                give_role(session, number, role, of_site or None)
    except AccountError as error:
        return _show(screen, 409, error.field)
    return screen.back_to("accounts")


@router.get("/{language}/sites/{site_id}/changes", name="audit_trail")
def audit_trail(screen: AnyScreen, site_id: Id, before: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> Response:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        found = audit_entries(session, site_id, PART + 1, before)
        return screen.show("audit.html.j2", site=site, entries=found[:PART], more=found[PART - 1].id if len(found) > PART else 0)


@router.get("/{language}/sites/{site_id}/changes.csv", name="audit_table")
def audit_table(screen: AnyScreen, site_id: Id) -> Response:
    with screen.database.session() as session:
        screen.site(session, site_id)
        rows = [
            [one.at.isoformat(timespec="seconds"), one.person, one.action, one.table, one.key, field, str(was), str(now)]
            for one in audit_entries(session, site_id, MOST_ROWS)
            for field, (was, now) in one.changes.items()
        ]
    heads = ("moment", "persoon", "wat", "tabel", "nummer", "veld", "was", "is")
    return table_file(f"logboek-{site_id}", "csv", heads, rows, screen.language)
