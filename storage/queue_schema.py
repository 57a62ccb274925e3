"""Brings Procrastinate's tables into our PostgreSQL database, and from an older form to that of the installed version."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database, DatabaseError

LOCK = 0x7669_6572  # of our own among PostgreSQL's advisory locks: two programs that start at once take turns
NUMBERED = re.compile(r"(\d+)\.(\d+)\.(\d+)_\d+_")


def bring_up_queue(database: Database) -> None:
    """Make the queue's tables where they are not there; change nothing where they are of the installed version.

    Raises DatabaseError on SQLite, which has no queue, and where the tables cannot be made.
    """
    if database.is_sqlite:
        raise DatabaseError(
            f"Workers need PostgreSQL, and the database is {database.name}. Name one with --db or in vierluik.toml, for "
            f'example: database = "postgresql://user@host/vierluik".'
        )
    from psycopg import Error  # only there where PostgreSQL is used

    installed = version("procrastinate")
    try:
        with database.session() as session:
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            if session.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
                scripts = [_schema()]
            else:
                made_by = session.scalar(text("SELECT obj_description(to_regclass('procrastinate_jobs'))")) or ""
                if made_by == installed:
                    return
                scripts = _migrations_after(made_by)
            driver: Any = session.connection().connection.driver_connection
            for script in scripts:
                driver.execute(script)
            session.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{installed}'"))
    except (SQLAlchemyError, Error) as error:
        raise DatabaseError(f"The tables of the queue cannot be made in {database.name}: {error}") from error


def _schema() -> str:
    from procrastinate.schema import SchemaManager  # loaded where it is used: most commands know no queue

    return SchemaManager.get_schema()


def _migrations_after(made_by: str) -> list[str]:
    """The steps from the version that made the tables; they sort by their names."""
    from procrastinate.schema import SchemaManager

    if not re.fullmatch(r"\d+\.\d+\.\d+", made_by):
        raise DatabaseError(
            "There are tables of Procrastinate in this database that Vierluik did not make. Give it one of its own."
        )
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [file.read_text(encoding="utf-8") for file in files if _version_of(file.name) > _version_of(f"{made_by}_0_")]


def _version_of(name: str) -> tuple[int, ...]:
    found = NUMBERED.match(name)
    assert found, name
    return tuple(int(part) for part in found.groups())
