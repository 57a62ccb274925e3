"""Settings by screen, of one site and of all: what counts and why, a form for each group, what was changed, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.screen import AnyScreen, Id, Screen
from dashboard.setting_words import AFTER_RESTART, AT_ONCE, GROUPS, SOURCES, WHY_ONLY_IN_FILE, WORDS, fault_sentence
from dashboard.settings_form import (
    Layers,
    Sent,
    SettingsForm,
    checked,
    groups_of,
    make_form,
    read_form,
    settings_of_group,
)
from dashboard.who import EVERYWHERE
from rules.account import Permission
from rules.address import origin_of
from rules.login import Login, LoginError
from rules.setting import InForce, Place, Setting, SettingFault, SettingGroup, SettingsTable, Source, in_force
from rules.site import Scope
from rules.site_file import SiteFile
from rules.site_settings import BY_NAME, WHERE_IT_IS, check_scope, read_site
from storage.account_models import AuditEntry
from storage.journeys import journeys_of_site
from storage.messages import subscribers_of_site
from storage.models import Site
from storage.questions.scope import MOST, known_addresses
from storage.settings import (
    PUBLIC,
    PUBLIC_ON,
    change_for_all,
    change_of_settings,
    change_site,
    changes_of_settings,
    hold_for_change,
    settings_for_all,
    settings_of_site,
)
from storage.site_file import site_file_of
from storage.sites import SiteError, add_site, find_site

router = APIRouter()

CHANGES_SHOWN = 20
EXAMPLES = 8
Name = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True)
class SettingShown:
    """A setting on the overview."""

    setting: Setting
    value: InForce


@dataclass(frozen=True)
class Change:
    """One field of one change, and whether it can be set back."""

    entry: AuditEntry
    name: str
    was: str
    now: str


@dataclass(frozen=True)
class ScopeTrial:
    """What a scope would take of the pages that are known."""

    known: int
    taken: int
    examples_in: list[str]  # first those that would come in
    examples_out: list[str]  # first those that would go out
    leaves_out_start: bool
    is_cut: bool  # more are known than were tried


@dataclass(frozen=True)
class Desk:
    """Whose settings a screen is about: a site's, or those for all."""

    screen: Screen
    session: Session
    site: Site | None

    @property
    def table(self) -> SettingsTable:
        table: SettingsTable = self.screen.request.app.state.settings
        return table

    @property
    def number(self) -> int | None:
        return self.site.id if self.site else None

    def own(self) -> dict[str, Any]:
        return settings_of_site(self.site) if self.site else settings_for_all(self.session)

    def layers(self) -> Layers:
        return Layers(self.own(), self.of_file()[0], settings_for_all(self.session), self.site is not None)

    def of_file(self) -> tuple[Mapping[str, Any], str]:
        """What vierluik.toml says, and what is wrong with it."""
        try:
            return self.table.of_file(), ""
        except ValueError as error:
            return {}, str(error)

    def locks(self) -> dict[str, str]:
        """Why some fields cannot be changed: a password goes to where the site is, and so does every request."""
        if self.site is None:
            return {}
        if not self.screen.who.may(Permission.ADMINISTER, EVERYWHERE):
            return dict.fromkeys(WHERE_IT_IS, "rights")
        return dict.fromkeys(WHERE_IT_IS[:2], "login") if self.site.settings.get("login") else {}

    def form(self, group: SettingGroup) -> SettingsForm:
        settings = settings_of_group(self.table, group, is_site=self.site is not None)
        if not settings:
            raise HTTPException(404)
        return make_form(settings, self.layers(), self.locks())

    def change(self, changes: Mapping[str, Any]) -> None:
        if self.site:
            change_site(self.session, self.site, changes)
        else:
            change_for_all(self.session, changes)

    def known(self, name: str) -> Setting | None:
        """A setting that can be set here."""
        if self.site and name in BY_NAME:
            return BY_NAME[name]
        one = self.table.named(name)
        return one if one and (Place.SITE if self.site else Place.ALL) in one.places else None


def shown(screen: Screen, template: str, desk: Desk, status: int = 200, **values: Any) -> HTMLResponse:
    """A screen of settings with what all of them need."""
    site_id = desk.number
    kind = "" if desk.site else "all_"

    def to(name: str, **more: Any) -> str:
        return screen.path(kind + name, **({"site_id": site_id} if site_id else {}), **more)

    return screen.show(
        template,
        status,
        site=desk.site,
        to=to,
        words=WORDS,
        group_words=GROUPS,
        groups=groups_of(desk.table, is_site=desk.site is not None),
        source_words=SOURCES,
        of_site_itself=BY_NAME,
        at_once=AT_ONCE,
        after_restart=AFTER_RESTART,
        wrong_file=desk.of_file()[1],
        may_change=screen.who.may(Permission.ADMINISTER, site_id or EVERYWHERE),
        fault_words=lambda fault: fault_sentence(fault, screen.language),
        **values,
    )


# --- what counts now -------------------------------------------------------------------------------------------------


@router.get("/{language}/settings", name="all_settings", response_class=HTMLResponse)
def all_settings(screen: AnyScreen) -> HTMLResponse:
    with screen.database.session() as session:
        return _overview(Desk(screen, session, None))


@router.get("/{language}/sites/{site_id}/settings", name="settings", response_class=HTMLResponse)
def settings(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        return _overview(Desk(screen, session, screen.site(session, site_id)))


def _overview(desk: Desk, status: int = 200, fault: SettingFault | None = None) -> HTMLResponse:
    layers, is_site = desk.layers(), desk.site is not None
    by_group = {
        group: [_shown(one, layers) for one in settings_of_group(desk.table, group, is_site=is_site)]
        for group in groups_of(desk.table, is_site=is_site)
    }
    return shown(
        desk.screen,
        "settings.html.j2",
        desk,
        status,
        by_group=by_group,
        only_in_file=[one for one in desk.table.settings if one.only_in_file] if not is_site else [],
        why=WHY_ONLY_IN_FILE,
        elsewhere=_elsewhere(desk) if desk.site else None,
        login=_login(desk.site) if desk.site else None,
        changes=_changes(desk),
        fault=fault,
    )


def _shown(setting: Setting, layers: Layers) -> SettingShown:
    if setting.name in BY_NAME:
        return SettingShown(setting, InForce(layers.own.get(setting.name), Source.SITE))
    return SettingShown(setting, in_force(setting, layers.own if layers.is_site else {}, layers.of_file, layers.for_all))


def _elsewhere(desk: Desk) -> dict[str, int]:
    """How many there are of what has a screen of its own, by the name of that screen."""
    assert desk.site is not None
    file: SiteFile = site_file_of(desk.session, desk.site, desk.table)
    return {
        "planning": len(file.schedules or ()),
        "owners": len(file.owners or ()),
        "policies": len(file.policies or ()),
        "tasks": len(file.tasks or ()),
        "panels": len(file.targets or ()),
        "journeys": len(journeys_of_site(desk.session, desk.site.id)),
        "messages": len(subscribers_of_site(desk.session, desk.site.id)),
    }


def _login(site: Site) -> Login | None:
    try:
        return Login.of_site(site.settings)
    except LoginError:
        return None


# --- a form ----------------------------------------------------------------------------------------------------------


@router.get("/{language}/settings/{group}", name="all_settings_group", response_class=HTMLResponse)
def all_settings_group(
    screen: AnyScreen, group: SettingGroup, saved: Annotated[str, Query(max_length=2_000)] = ""
) -> HTMLResponse:
    with screen.database.session() as session:
        desk = Desk(screen, session, None)
        return _form(desk, group, desk.form(group), saved=saved)


@router.get("/{language}/sites/{site_id}/settings/{group}", name="settings_group", response_class=HTMLResponse)
def settings_group(
    screen: AnyScreen, site_id: Id, group: SettingGroup, saved: Annotated[str, Query(max_length=2_000)] = ""
) -> HTMLResponse:
    with screen.database.session() as session:
        desk = Desk(screen, session, screen.site(session, site_id))
        return _form(desk, group, desk.form(group), saved=saved)


@router.post("/{language}/settings/{group}", name="write_all_settings")
def write_all_settings(screen: AnyScreen, group: SettingGroup, sent: Sent) -> Response:
    with screen.database.session() as session:
        return _write(Desk(screen, session, None), group, sent)


@router.post("/{language}/sites/{site_id}/settings/{group}", name="write_settings")
def write_settings(screen: AnyScreen, site_id: Id, group: SettingGroup, sent: Sent) -> Response:
    with screen.database.session() as session:
        return _write(Desk(screen, session, screen.site(session, site_id)), group, sent)


def _write(desk: Desk, group: SettingGroup, sent: dict[str, str]) -> Response:
    """Keep what was changed, or try a scope. What is wrong, or was changed meanwhile, is said beside its field."""
    hold_for_change(desk.session, desk.site)
    form = read_form(desk.form(group), sent, desk.table, desk.own())
    name = form.changes.get("name")
    if name and find_site(desk.session, name) is not None:
        next(one for one in form.fields if one.setting.name == "name").fault = SettingFault("name", "taken")
    if form.is_wrong:
        return _form(desk, group, form, 422 if any(one.fault for one in form.fields) else 409)
    if sent.get("act") == "try" and group is SettingGroup.SCOPE and desk.site:
        return _form(desk, group, form, trial=_try(desk, form.changes))
    desk.change(form.changes)
    said = ",".join([f"{len(form.changes)}", *form.of_others])
    kind = {"site_id": desk.number} if desk.site else {}
    address = desk.screen.path("settings_group" if desk.site else "all_settings_group", group=group.value, **kind)
    return RedirectResponse(f"{address}?saved={said}", 303)


def _form(
    desk: Desk, group: SettingGroup, form: SettingsForm, status: int = 200, trial: ScopeTrial | None = None, saved: str = ""
) -> HTMLResponse:
    count, *others = saved.split(",")
    return shown(
        desk.screen,
        "settings_group.html.j2",
        desk,
        status,
        group=group,
        form=form,
        trial=trial,
        kept=int(count) if count.isascii() and count.isdigit() and len(count) < 4 else None,
        of_others=[name for name in (others if saved else form.of_others) if name in WORDS],
        last_change=next(iter(changes_of_settings(desk.session, desk.number, 1)), None) if form.of_others or others else None,
    )


def _try(desk: Desk, changes: Mapping[str, Any]) -> ScopeTrial:
    """Hold the addresses that are known against the scope that is typed."""
    now = desk.own()
    before, after = _scope(now), _scope({**now, **{name: value or () for name, value in changes.items()}})
    assert desk.site is not None
    known = known_addresses(desk.session, desk.site.id)
    taken = [url for url in known if after.covers(url) and not after.left_out(url)]
    is_taken, was = set(taken), {url for url in known if before.covers(url) and not before.left_out(url)}
    start = str(changes.get("start_url") or now["start_url"])
    return ScopeTrial(
        len(known),
        len(taken),
        sorted(taken, key=lambda url: url in was)[:EXAMPLES],
        sorted((url for url in known if url not in is_taken), key=lambda url: url not in was)[:EXAMPLES],
        leaves_out_start=not after.covers(start) or after.left_out(start) is not None,
        is_cut=len(known) == MOST,
    )


def _scope(values: Mapping[str, Any]) -> Scope:
    lists = {name: tuple(values.get(name) or ()) for name in ("origins", "include", "exclude")}
    return Scope(lists["origins"], values["path_prefix"] or "/", lists["include"], lists["exclude"])


# --- what was changed ------------------------------------------------------------------------------------------------


def _changes(desk: Desk) -> list[Change]:
    return [
        Change(entry, name, setting.written(_of_audit(name, pair[0])), setting.written(_of_audit(name, pair[1])))
        for entry in changes_of_settings(desk.session, desk.number, CHANGES_SHOWN)
        for name, pair in entry.changes.items()
        if (setting := desk.known(name))
    ][:CHANGES_SHOWN]


def _of_audit(name: str, value: Any) -> Any:
    return bool((value or {}).get(PUBLIC_ON)) if name == PUBLIC else value


@router.post("/{language}/settings-back", name="undo_all_settings")
def undo_all_settings(screen: AnyScreen, entry: Annotated[int, Form(ge=1, le=2**31 - 1)], name: Name) -> Response:
    with screen.database.session() as session:
        return _undo(Desk(screen, session, None), entry, name)


@router.post("/{language}/sites/{site_id}/settings-back", name="undo_settings")
def undo_settings(screen: AnyScreen, site_id: Id, entry: Annotated[int, Form(ge=1, le=2**31 - 1)], name: Name) -> Response:
    with screen.database.session() as session:
        return _undo(Desk(screen, session, screen.site(session, site_id)), entry, name)


def _undo(desk: Desk, number: int, name: str) -> Response:
    """Set one field back to what it was before a change, if that may be there today."""
    entry, setting = change_of_settings(desk.session, desk.number, number), desk.known(name)
    if entry is None or setting is None or name not in entry.changes:
        raise HTTPException(404)
    hold_for_change(desk.session, desk.site)
    try:
        if lock := desk.locks().get(name):
            raise SettingFault(name, lock)
        value = checked(setting, setting.written(_of_audit(name, entry.changes[name][0])), desk.table)
        now = desk.own()
        if name in WHERE_IT_IS:
            after = {**now, name: value}
            check_scope(after["start_url"], after["origins"], after["path_prefix"], now["origins"])
        if name == "name" and (other := find_site(desk.session, value)) is not None and other is not desk.site:
            raise SettingFault(name, "taken")
    except SettingFault as fault:
        return _overview(desk, 422, fault)
    desk.change({name: value})
    return RedirectResponse(
        desk.screen.path("settings", site_id=desk.number) if desk.site else desk.screen.path("all_settings"), 303
    )


# --- a new site ------------------------------------------------------------------------------------------------------


@router.get("/{language}/new-site", name="new_site", response_class=HTMLResponse)
def new_site(screen: AnyScreen) -> HTMLResponse:
    return _new_site(screen, {})


def _new_site(screen: Screen, typed: Mapping[str, str], fault: SettingFault | None = None) -> HTMLResponse:
    said = fault_sentence(fault, screen.language) if fault else ""
    return screen.show("new_site.html.j2", 422 if fault else 200, typed=typed, wrong=fault.name if fault else "", said=said)


@router.post("/{language}/new-site", name="add_new_site")
def add_new_site(
    screen: AnyScreen, name: Annotated[str, Form(max_length=2_000)] = "", start_url: Annotated[str, Form(max_length=3_000)] = ""
) -> Response:
    """Watch one more site; when it is looked at is said on its own screen Planning."""
    try:
        with screen.database.session() as session:
            address = start_url.strip()
            values = read_site({"start_url": address if "://" in address or not address else f"https://{address}"})
            values |= read_site({"name": name})
            check_scope(values["start_url"], [origin_of(values["start_url"])], "/")
            if find_site(session, values["name"]) is not None:
                raise SettingFault("name", "taken")
            scope = Scope((origin_of(values["start_url"]),))
            site = add_site(session, values["name"], values["start_url"], scope, screen.now)
    except SettingFault as fault:
        known = SettingFault("start_url", fault.key, **fault.arguments) if fault.name == "origins" else fault
        return _new_site(screen, {"name": name, "start_url": start_url}, known)
    except SiteError:
        return _new_site(screen, {"name": name, "start_url": start_url}, SettingFault("name", "taken"))
    return screen.back_to("settings", site_id=site.id)
