"""Whose pages are whose: by page, author, section or template."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, UploadFile
from fastapi.responses import HTMLResponse, Response

from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from dashboard.table_file import table_file
from rules.owners import OwnedBy, OwnersError, owner_rule, read_owners
from rules.plain_table import MOST_BYTES
from storage.owners import (
    authors_of_site,
    keep_owners,
    owner_rules_of_site,
    owners_of_site,
    page_templates_of_site,
    remove_owner,
)

router = APIRouter()

SHOWN = 200  # rules on the screen; the file has all of them
Typed = Annotated[str, Form(max_length=2_000)]


@router.get("/{language}/sites/{site_id}/owners", name="owners", response_class=HTMLResponse)
def owners(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    return _show(screen, site_id)


def _show(screen: Screen, site_id: int, wrong: str = "", status: int = 200, form: dict[str, str] | None = None) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        rules = owner_rules_of_site(session, site_id)
        return screen.show(
            "owners.html.j2",
            status,
            site=site,
            rules=rules[: screen.part(1, SHOWN)[0]],
            total=len(rules),
            counts=owners_of_site(session, site_id),
            authors=authors_of_site(session, site_id)[:20],
            page_templates=page_templates_of_site(session, site_id)[:20],
            kinds=[OwnedBy.SECTION, OwnedBy.PAGE, OwnedBy.AUTHOR, OwnedBy.TEMPLATE],
            wrong=wrong,
            form=form or {"value": "", "owner": ""},
        )


@router.post("/{language}/sites/{site_id}/owners", name="add_owner")
def add_owner(screen: AnyScreen, site_id: Id, kind: Annotated[OwnedBy, Form()], value: Typed, owner: Typed) -> Response:
    """Say whose some pages are; said again, the newer word stands."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    try:
        with screen.database.session() as session:
            site = screen.site(session, site_id)
            rule = owner_rule(kind, value, owner, site.start_url)
            keep_owners(session, site_id, [rule], "screen", screen.who.name, screen.now)
    except OwnersError:
        return _show(screen, site_id, "form", 422, {"value": value, "owner": owner})
    return screen.back_to("owners", site_id=site_id)


@router.post("/{language}/sites/{site_id}/owners/file", name="send_owners")
def send_owners(screen: AnyScreen, site_id: Id, file: UploadFile) -> Response:
    """Bring in a CSV file of owners, whole or not at all."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    try:
        with screen.database.session() as session:
            site = screen.site(session, site_id)
            rules = read_owners(file.file.read(MOST_BYTES + 1), site.start_url)
            keep_owners(session, site_id, rules, "file", screen.who.name, screen.now)
    except OwnersError:
        return _show(screen, site_id, "file", 422)
    return screen.back_to("owners", site_id=site_id)


@router.post("/{language}/sites/{site_id}/owners/{number}/remove", name="remove_owner")
def forget_owner(screen: AnyScreen, site_id: Id, number: Id) -> Response:
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        if remove_owner(session, site_id, number) is None:
            raise HTTPException(404)
    return screen.back_to("owners", site_id=site_id)


@router.get("/{language}/sites/{site_id}/owners.csv", name="owners_table")
def owners_table(screen: AnyScreen, site_id: Id) -> Response:
    """The rules as the file that can be brought in again."""
    with screen.database.session() as session:
        screen.site(session, site_id)
        columns = [OwnedBy.SECTION, OwnedBy.PAGE, OwnedBy.AUTHOR, OwnedBy.TEMPLATE]
        rows = [
            [*(row.value if row.kind == column else "" for column in columns), row.owner]
            for row in owner_rules_of_site(session, site_id)
        ]
    return table_file(f"eigenaren-{site_id}", "csv", ("pad", "pagina", "auteur", "sjabloon", "eigenaar"), rows, screen.language)
