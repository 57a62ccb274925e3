"""Settings and database, opened for a command; what is wrong with them ends in a sentence."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from storage.database import Database, DatabaseError
from vierluik.screen import Exit, stop
from vierluik.settings import Settings, SettingsError, load_settings


def open_settings(*, engines: str | None = None, **changes: Any) -> Settings:
    """The settings of the file with what the command line changes; None changes nothing."""
    try:
        settings = load_settings()
    except SettingsError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    given = {name: value for name, value in changes.items() if value is not None}
    if engines is not None:
        names = [name.strip().removeprefix("+") for name in engines.split(",") if name.strip()]
        given["engines"] = list(dict.fromkeys([*settings.engines, *names])) if engines.startswith("+") else names
    try:
        return Settings(**{**settings.model_dump(), **given})
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
