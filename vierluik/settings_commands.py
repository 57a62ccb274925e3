"""`vierluik settings show|export|import`: what is set where, out as TOML and in again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from rules.setting import Place, SettingFault, in_force
from rules.site_file import (
    Difference,
    SiteFile,
    SiteFileError,
    check_site_file,
    differences,
    read_site_file,
    read_toml,
    site_file_text,
)
from rules.toml_text import toml_text
from storage.audit import ACTOR, Actor
from storage.database import Database
from storage.models import Site
from storage.settings import change_for_all, settings_for_all, settings_of_site
from storage.site_file import bring_in, make_site, site_file_of
from storage.sites import SiteError, find_site, get_site
from vierluik.opening import open_database, open_settings
from vierluik.options import DatabaseOption
from vierluik.screen import Exit, say, stop
from vierluik.settings import FILE
from vierluik.settings_table import SECRETS, check, table

settings_app = typer.Typer(help="What is set where, as TOML.", no_args_is_help=True, rich_markup_mode=None)
BY = "command line"
SiteOption = Annotated[str, typer.Option("--site", help="A site's name or number; none: the whole installation.")]


@settings_app.command("show")
def show(site: SiteOption = "", database: DatabaseOption = None) -> None:
    """Every setting with its value and where that comes from: site, file, all (the screen for all sites) or default."""
    stored = open_database(open_settings(database=database))
    known = table()
    with stored.session() as session:
        for_all, of_file = settings_for_all(session), known.of_file()
        own = settings_of_site(_site(session, site)) if site else {}
        for one in known.at(Place.SITE) if site else known.settings:
            value = in_force(one, own, of_file, for_all)
            if one.name not in SECRETS:
                typer.echo(f"{one.name}\t{_toml(value.value)}\t{value.source}")


@settings_app.command("export")
def export(
    site: SiteOption = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where; on standard output by default.")
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """All that is set for a site, or for all sites, as TOML; no secrets are among it."""
    stored = open_database(open_settings(database=database))
    with stored.session() as session:
        if site:
            text = site_file_text(site_file_of(session, _site(session, site), table()))
        else:
            text = installation_text(settings_for_all(session), table().of_file())
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{output} cannot be written: {error.strerror}.") from error
    say(f"{output} was written. It holds no secrets: those stay where they are.")


@settings_app.command("import")
def import_settings(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What an export wrote.")],
    site: Annotated[str, typer.Option("--site", help="Bring it into this site, whatever the file calls it.")] = "",
    preview: Annotated[bool, typer.Option("--dry-run", help="Say what would change; nothing is kept.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Make a site, or what is set for all sites, as a file says. A site that is not there yet is made."""
    try:
        tables = read_toml(file.read_bytes())
        stored = open_database(open_settings(database=database))
        ACTOR.set(Actor(BY))
        if "site" in tables:
            _import_site(stored, tables, site, preview=preview)
        else:
            _import_for_all(stored, tables, preview=preview)
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror}.") from error
    except (SiteFileError, SiteError) as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}") from error


def installation_text(for_all: Mapping[str, Any], of_file: Mapping[str, Any]) -> str:
    """What is set for all sites, on the screen and in the file, as a `vierluik.toml`."""
    return (
        toml_text({**for_all, **of_file})
        if for_all or of_file
        else f"# Nothing is set: every setting of {FILE} has its default.\n"
    )


def _import_site(database: Database, tables: Mapping[str, Any], name: str, *, preview: bool) -> None:
    file, now = read_site_file(tables, table()), datetime.now(UTC)
    with database.session() as session:
        site = get_site(session, name) if name else find_site(session, str(file.site["name"]))
        values = settings_of_site(site) if site else {}
        # Whoever may run commands here may also have an intranet watched.
        check_site_file(file, values, trusted=file.site.get("origins", ()))
        found = differences(site_file_of(session, site, table()) if site else SiteFile({}), file)
        _tell(found)
        if preview:
            say("Nothing was kept.")
            return
        site = site or make_site(session, file, now)
        bring_in(session, site, file, table(), BY, now, login=True)
        say(f"Site {site.id} '{site.name}' is as the file says; different were: {len(found)}.")


def _import_for_all(database: Database, tables: Mapping[str, Any], *, preview: bool) -> None:
    known = table()
    may = {one.name for one in known.at(Place.ALL)}
    try:
        values = {name: check(name, value) for name, value in tables.items() if name in may}
        for name in tables.keys() - may:
            check(name, tables[name])
            say(f"{name} stands in {FILE} only; it was left out.")
    except SettingFault as error:
        raise stop(Exit.WRONG_USE, f"{error}.") from error
    with database.session() as session:
        before = settings_for_all(session)
        changes = {
            name: values.get(name) for name in sorted(before.keys() | values.keys()) if before.get(name) != values.get(name)
        }
        _tell(Difference("settings", name, _said(before.get(name)), _said(value)) for name, value in changes.items())
        if preview:
            say("Nothing was kept.")
            return
        change_for_all(session, changes)
    say(f"{len(changes)} settings for all sites were changed.")


def _tell(found: Iterable[Difference]) -> None:
    """Each difference on a line, its fields with tabs between."""
    for one in found:
        was, now = ("-" if value is None else " ".join(value.split()) for value in (one.was, one.now))
        typer.echo(f"{one.part}\t{one.name}\t{was}\t{now}")


def _said(value: Any) -> str | None:
    return None if value is None else _toml(value)


def _toml(value: Any) -> str:
    return toml_text({"x": value}).partition(" = ")[2].strip()


def _site(session: Session, name: str) -> Site:
    try:
        return get_site(session, name)
    except SiteError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
