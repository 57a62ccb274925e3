"""`vierluik import sites`: many sites at once, all of the file or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rules.site_list import SiteListError, read_site_list
from storage.database import Database
from storage.site_list import bring_in_sites
from vierluik.screen import Exit, say, stop


def bring_in(database: Database, file: Path) -> None:
    """Raises typer.Exit where the file cannot be brought in; nothing of it is kept then."""
    try:
        listed = read_site_list(file.read_bytes())
        with database.session() as session:
            done = bring_in_sites(session, listed, datetime.now(UTC))
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror}.") from error
    except SiteListError as error:
        raise stop(Exit.WRONG_USE, f"{file}: nothing was brought in.\n{error}") from error
    added = "1 site was" if done.added == 1 else f"{done.added} sites were"
    say(f"{added} added, {done.changed} changed, {done.same} were the same already.")
