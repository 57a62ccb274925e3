"""Settings as a TOML file: to download, and to bring in again after a look at what would change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from dashboard.screen import AnyScreen, Id
from dashboard.screens.settings import Desk, shown
from dashboard.setting_words import fault_sentence
from rules.setting import Place, SettingFault
from rules.site_file import (
    LARGEST,
    Difference,
    Fault,
    SiteFile,
    SiteFileError,
    check_site_file,
    differences,
    read_site_file,
    read_toml,
    site_file_text,
)
from rules.site_settings import WHERE_IT_IS
from rules.toml_text import toml_text
from storage.settings import change_for_all, hold_for_change, settings_for_all
from storage.site_file import bring_in, site_file_of
from storage.sites import find_site

router = APIRouter()

TOML = "application/toml; charset=utf-8"
MOST_SHOWN = 500  # differences


async def sent_file(request: Request) -> tuple[str, str]:
    """The text of a file, else of the field, and what is to be done. Read after the guard, and no more than there may be."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > 4 * LARGEST:
        raise HTTPException(413)
    async with request.form(max_files=1, max_fields=5, max_part_size=3 * LARGEST) as form:
        file, text, act = form.get("file"), str(form.get("text", "")), str(form.get("act", ""))
        content = await file.read(LARGEST + 1) if isinstance(file, UploadFile) and file.filename else None
    if len(content or b"") > LARGEST or len(text) > LARGEST:
        raise HTTPException(413)
    return (text if content is None else content.decode("utf-8-sig", "replace")), act


Sent = Annotated[tuple[str, str], Depends(sent_file)]


@router.get("/{language}/settings.toml", name="all_settings_file")
def all_settings_file(screen: AnyScreen) -> Response:
    """What is set for all sites, on the screen and in the file; no secrets are among it."""
    with screen.database.session() as session:
        desk = Desk(screen, session, None)
        return _download("vierluik", toml_text({**settings_for_all(session), **desk.of_file()[0]}))


@router.get("/{language}/sites/{site_id}/settings.toml", name="settings_file")
def settings_file(screen: AnyScreen, site_id: Id) -> Response:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        text = site_file_text(site_file_of(session, site, Desk(screen, session, site).table))
    return _download(f"{re.sub(r'[^a-z0-9]+', '-', site.name.lower()).strip('-')[:60] or 'site'}-{site_id}", text)


def _download(name: str, text: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.toml"', "Cache-Control": "no-store"}
    return Response(text, media_type=TOML, headers=headers)


@router.get("/{language}/settings-file", name="all_settings_import", response_class=HTMLResponse)
def all_settings_import(screen: AnyScreen) -> HTMLResponse:
    with screen.database.session() as session:
        return _show(Desk(screen, session, None))


@router.get("/{language}/sites/{site_id}/settings-file", name="settings_import", response_class=HTMLResponse)
def settings_import(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        return _show(Desk(screen, session, screen.site(session, site_id)))


def _show(
    desk: Desk,
    status: int = 200,
    *,
    text: str = "",
    found: list[Difference] | None = None,
    faults: tuple[Fault, ...] = (),
    left_out: tuple[str, ...] = (),
) -> HTMLResponse:
    said = [(one.part, fault_sentence(one.setting, desk.screen.language) if one.setting else "", one.sentence) for one in faults]
    return shown(
        desk.screen,
        "settings_import.html.j2",
        desk,
        status,
        text=text,
        found=found[:MOST_SHOWN] if found is not None else None,
        more=max(0, len(found or ()) - MOST_SHOWN),
        faults=said,
        left_out=left_out,
    )


@router.post("/{language}/settings-file", name="send_all_settings")
def send_all_settings(screen: AnyScreen, sent: Sent) -> Response:
    """Show what a file would change for all sites; brought in once that was looked at."""
    with screen.database.session() as session:
        desk = Desk(screen, session, None)
        text, act = sent
        try:
            values, left_out = _for_all(desk, read_toml(text.encode()))
        except SiteFileError as error:
            return _show(desk, 422, text=text, faults=error.faults)
        hold_for_change(session, None)
        before = settings_for_all(session)
        changes = {name: values.get(name) for name in sorted(before | values) if before.get(name) != values.get(name)}
        if act != "keep":
            found = [Difference("settings", name, _said(desk, name, before), _said(desk, name, values)) for name in changes]
            return _show(desk, text=text, found=found, left_out=left_out)
        change_for_all(session, changes)
    return RedirectResponse(screen.path("all_settings"), 303)


def _for_all(desk: Desk, tables: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What of a file can be set here, and the names of what cannot. Raises SiteFileError."""
    may = {one.name for one in desk.table.at(Place.ALL)}
    values, faults = {}, []
    for name, value in tables.items():
        try:
            if name in may:
                values[name] = desk.table.check(name, value)
            elif desk.table.named(name) is None:
                raise SettingFault(name, "unknown", f"there is no setting '{name}'")
        except SettingFault as fault:
            faults.append(Fault(name, str(fault), fault))
    if faults:
        raise SiteFileError(faults)
    return values, tuple(name for name in tables if name not in may)


def _said(desk: Desk, name: str, values: Mapping[str, Any]) -> str | None:
    setting = desk.known(name)
    return setting.written(values[name]) if setting and name in values else None


@router.post("/{language}/sites/{site_id}/settings-file", name="send_settings")
def send_settings(screen: AnyScreen, site_id: Id, sent: Sent) -> Response:
    """Show what a file would change for a site; brought in once that was looked at."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        desk, (text, act) = Desk(screen, session, site), sent
        hold_for_change(session, site)
        try:
            read = read_site_file(read_toml(text.encode()), desk.table)
            _check(desk, read)
        except SiteFileError as error:
            return _show(desk, 422, text=text, faults=error.faults)
        if act != "keep":
            found = [one for one in differences(site_file_of(session, site, desk.table), read) if one.part != "login"]
            return _show(desk, text=text, found=found, left_out=("login",) if read.login else ())
        bring_in(session, site, read, desk.table, screen.who.name, screen.now, login=False)
    return screen.back_to("settings", site_id=site_id)


def _check(desk: Desk, file: SiteFile) -> None:
    """What may not be changed from a browser stays as it is. Raises SiteFileError."""
    now = desk.own()
    check_site_file(file, now, now["origins"])
    for name, lock in desk.locks().items():
        if name in WHERE_IT_IS and file.site.get(name, now[name]) != now[name]:
            raise SiteFileError([Fault("site", name, SettingFault(name, lock))])
    other = find_site(desk.session, str(file.site["name"]))
    if other is not None and other is not desk.site:
        raise SiteFileError([Fault("site", "name", SettingFault("name", "taken"))])
