"""`vierluik backup` and `vierluik restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from storage.backup import BackupError, restore_backup, write_backup
from storage.database import Database, DatabaseError
from vierluik.screen import Exit, say, stop


def make_backup(database: Database, file: Path) -> None:
    """Write a backup, and say what is in it."""
    try:
        rows = write_backup(database, file, f"Vierluik {version('vierluik')}", datetime.now(UTC))
    except BackupError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    say(f"{file}: {sum(rows.values())} rows of {len(rows)} tables, {file.stat().st_size / 1e6:.1f} MB.")
    say("Keep it as you keep the database: masked search queries and the notes of people are in it.")


def read_backup(url: str, file: Path) -> None:
    """Read a backup into a database that has nothing yet, and say what came back."""
    try:
        database = Database(url)
        rows = restore_backup(database, file)
    except (BackupError, DatabaseError) as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    database.close()
    say(f"{sum(rows.values())} rows of {len(rows)} tables stand in {database.name}.")
