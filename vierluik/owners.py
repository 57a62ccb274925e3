"""`vierluik import owners`: a file is opened here, and what came of it is said in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rules.owners import OwnersError, read_owners
from rules.plain_table import MOST_BYTES
from storage.database import Database
from storage.owners import keep_owners, owners_of_site
from storage.sites import SiteError, get_site
from vierluik.screen import Exit, say, stop


def bring_in(database: Database, file: Path, site_name: str) -> None:
    """Bring a file in and say what came of it; nothing of it is kept where that fails."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        with database.session() as session:
            site = get_site(session, site_name)
            rules = read_owners(content, site.start_url)
            new, changed = keep_owners(session, site.id, rules, "file", "command line", datetime.now(UTC))
            counts = owners_of_site(session, site.id)
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror or error}.") from error
    except SiteError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except OwnersError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. Nothing of it was kept; what was brought in before stays.") from error
    say(f"{len(rules)} lines: {new} new, {changed} changed.")
    for one in counts:
        say(f"{one.pages} pages: {one.owner or 'nobody'}")
