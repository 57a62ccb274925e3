"""Settings and database, opened for a command; what is wrong with them ends in a sentence."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from rules.setting import ADDED_TO, OWN_OF_SITE, Place
from storage.database import Database, DatabaseError
from storage.settings import settings_for_all
from storage.sites import find_site
from vierluik.screen import Exit, stop
from vierluik.settings import Settings, SettingsError, load_settings
from vierluik.settings_table import settings as all_settings
from vierluik.settings_table import usable


def open_settings(*, engines: str | None = None, **changes: Any) -> Settings:
    """The settings of the file with what the command line changes; None changes nothing."""
    try:
        settings = load_settings()
    except SettingsError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    given = {name: value for name, value in changes.items() if value is not None}
    more: tuple[str, ...] = ()
    if engines is not None:
        names = [name.strip().removeprefix("+") for name in engines.split(",") if name.strip()]
        if engines.startswith("+"):
            more = tuple(names)
        else:
            given["engines"] = names
    try:
        return settings.with_options(given, more)
    except ValidationError as error:
        wrong = "; ".join(f"{one['loc'][0]}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors())
        raise stop(Exit.WRONG_USE, f"That cannot be. {wrong}.") from error


def open_database(settings: Settings) -> Database:
    """The database of the settings, brought to today's form."""
    try:
        database = Database(settings.database)
        database.migrate()
    except DatabaseError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    return database


def in_force(settings: Settings, database: Database, site_name: str = "") -> Settings:
    """The settings that count, with what is set on the screens: see `rules.setting.in_force`, which shows them there.

    `site_name`: the name, number or address of a site whose own count too; one that is not there has none.
    """
    with database.session() as session:
        for_all = settings_for_all(session)
        site = find_site(session, site_name) if site_name else None
    names = {one.name for one in all_settings() if Place.SITE in one.places} - OWN_OF_SITE - ADDED_TO
    of_site = {name: value for name, value in (site.settings if site else {}).items() if name in names}
    return settings.with_screens(usable(for_all), usable(of_site))
