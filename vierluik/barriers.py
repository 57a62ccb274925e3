"""`vierluik import findings`: what people met or saw, of a table that they made; what came of it is said in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rules.barrier import BarrierError, read_barriers
from rules.plain_table import MOST_BYTES
from storage.barriers import keep_barriers
from storage.database import Database
from storage.sites import SiteError, get_site
from vierluik.screen import Exit, say, stop


def bring_in(database: Database, file: Path, site_name: str, person: str) -> None:
    """Bring a file in and say what came of it; nothing of it is kept where that fails."""
    now = datetime.now(UTC)
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        with database.session() as session:
            site = get_site(session, site_name)
            barriers = read_barriers(content, site.start_url, now.date())
            kept = keep_barriers(session, site, barriers, person, now)
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror or error}.") from error
    except SiteError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except BarrierError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. Nothing of it was kept; what was brought in before stays.") from error
    say(f"{len(barriers)} findings of people: {len(kept.numbers)} new, {kept.known} known already.")
    if kept.masked:
        kinds = ", ".join(f"{kind} {count}" for kind, count in kept.masked.most_common())
        say(f"Personal data was replaced: {kinds}. Look whether the texts can still be understood, and for names.")
