"""`vierluik import sites`: many sites at once, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from rules.address import origin_of
from rules.plain_table import MOST_BYTES
from rules.schedule import ScheduleError
from rules.site import Scope
from rules.site_list import SiteListError, read_site_list
from storage.database import Database
from storage.sites import SiteError, add_site, find_site
from vierluik.screen import Exit, say, stop
from vierluik.target import address_of, name_of


def bring_in(database: Database, file: Path) -> None:
    """Watch every site of a file from now on; one that is watched already stays as it is."""
    try:
        with file.open("rb") as stream:
            listed = read_site_list(stream.read(MOST_BYTES + 1))
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror or error}.") from error
    except SiteListError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. Nothing of it was kept.") from error
    new = known = 0
    with database.session() as session:
        for one in listed:
            try:
                address = address_of(one.url)
                if find_site(session, address) is not None:
                    known += 1
                    continue
                name = one.name or name_of(address)
                add_site(session, name, address, Scope((origin_of(address),)), datetime.now(UTC), cron=one.cron)
                new += 1
            except (SiteError, ScheduleError, ValueError, typer.Exit) as error:
                reason = str(error) if not isinstance(error, typer.Exit) else f"{one.url} is no address."
                session.rollback()
                raise stop(Exit.WRONG_USE, f"{file}, line {one.line}: {reason} Nothing of it was kept.") from error
    say(f"{new} sites are watched from now on; {known} were watched already.")
