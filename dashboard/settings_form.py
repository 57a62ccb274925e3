"""The form of some settings: made of their table, read back, and held against what others changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from rules.setting import ADDED_TO, Place, Setting, SettingFault, SettingGroup, SettingKind, SettingsTable, Source, in_force
from rules.site_settings import BY_NAME, FIELDS, WHERE_IT_IS, check_scope, read_site

MOST_BYTES = 1_000_000  # of a form
VALUE, WAS = "v-", "was-"  # how the names of fields begin: what is typed, and what stood there when the form was made
NEVER_EMPTY = frozenset({"name", "time_zone", "public", "start_url", "origins", "path_prefix"})


@dataclass(frozen=True)
class Layers:
    """What is set where. `own`: of the site, or on the screen for all sites."""

    own: Mapping[str, Any]
    of_file: Mapping[str, Any]
    for_all: Mapping[str, Any]
    is_site: bool


@dataclass
class Field:
    """One setting as the form shows it."""

    setting: Setting
    typed: str  # what stands in it
    was: str  # what is kept, when the form is made
    otherwise: str  # the value where it is left empty
    source: Source  # where that comes from
    locked: str = ""  # why it cannot be changed here: file, login or rights
    fault: SettingFault | None = None
    changed_meanwhile: bool = False

    @property
    def lines(self) -> list[str]:
        return self.typed.splitlines()

    @property
    def can_be_empty(self) -> bool:
        return self.setting.name not in NEVER_EMPTY


@dataclass
class SettingsForm:
    """The fields of one screen, and what saving them would change."""

    fields: list[Field]
    changes: dict[str, Any] = field(default_factory=dict)
    of_others: list[str] = field(default_factory=list)  # what somebody else changed while this form was open

    @property
    def is_wrong(self) -> bool:
        return any(one.fault or one.changed_meanwhile for one in self.fields)


def settings_of_group(table: SettingsTable, group: SettingGroup, *, is_site: bool) -> list[Setting]:
    """The settings of a screen; none: there is no such screen."""
    of_table = [one for one in table.at(Place.SITE if is_site else Place.ALL) if one.group == group]
    return [*(one for one in FIELDS if one.group == group), *of_table] if is_site else of_table


def groups_of(table: SettingsTable, *, is_site: bool) -> list[SettingGroup]:
    return [group for group in SettingGroup if settings_of_group(table, group, is_site=is_site)]


def make_form(settings: Sequence[Setting], layers: Layers, locks: Mapping[str, str]) -> SettingsForm:
    return SettingsForm([_field(one, layers, locks) for one in settings])


def _field(setting: Setting, layers: Layers, locks: Mapping[str, str]) -> Field:
    name = setting.name
    below = in_force(setting, {}, layers.of_file, layers.for_all if layers.is_site else {})
    locked = locks.get(name, "")
    if not layers.is_site and name in layers.of_file:
        locked = "file"
    own = setting.written(layers.of_file[name] if locked == "file" else layers.own.get(name))
    otherwise = "" if layers.is_site and name in ADDED_TO else setting.written(below.value)
    return Field(setting, own, own, otherwise, below.source, locked)


def read_form(form: SettingsForm, sent: Mapping[str, str], table: SettingsTable, now: Mapping[str, Any]) -> SettingsForm:
    """Put into the form what somebody sent, and see what it changes. `now`: what is kept, by name.

    A field that they left as it was keeps what another made of it meanwhile; one that both changed is shown with both.
    """
    for one in form.fields:
        name = one.setting.name
        if one.locked or VALUE + name not in sent:
            continue
        typed, seen, kept = (_plain(text, one.setting) for text in (sent[VALUE + name], sent.get(WAS + name, one.was), one.was))
        meanwhile = seen != kept
        if meanwhile:
            form.of_others.append(name)
        if typed == seen:
            continue
        one.typed = typed
        if typed == kept:
            continue
        one.changed_meanwhile = meanwhile
        try:
            form.changes[name] = checked(one.setting, typed, table)
        except SettingFault as fault:
            one.fault = fault
    if not form.is_wrong and form.changes.keys() & set(WHERE_IT_IS):
        _check_place(form, now)
    return form


def checked(setting: Setting, text: str, table: SettingsTable) -> Any:
    """The value of what somebody wrote, as it is kept; None: nothing is set. Raises SettingFault."""
    value = setting.read(text)
    if setting.name in BY_NAME:
        if value is None and setting.name in NEVER_EMPTY:
            value = [] if setting.is_text else ""
        return None if value is None else read_site({setting.name: value})[setting.name]
    return None if value is None else table.check(setting.name, value)


def _check_place(form: SettingsForm, now: Mapping[str, Any]) -> None:
    values = {**now, **form.changes}
    try:
        check_scope(values["start_url"], values["origins"], values["path_prefix"], now["origins"])
    except SettingFault as fault:
        next(one for one in form.fields if one.setting.name == fault.name).fault = fault


def _plain(text: str, setting: Setting) -> str:
    """A text as it is compared: white space around lines makes no difference, nor does a decimal comma."""
    lines = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    return lines.replace(",", ".") if setting.kind is SettingKind.DECIMAL else lines


async def sent_form(request: Request) -> dict[str, str]:
    """Every field of a form by its name; of several of one name the values on a line each."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise HTTPException(413)
    form = await request.form(max_files=0, max_fields=300)
    return {name: "\n".join(str(value) for value in form.getlist(name)) for name in form}


Sent = Annotated[dict[str, str], Depends(sent_form)]
