"""The database: SQLite by default, PostgreSQL by its URL; one code path for both."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from storage.remembered import MEMORY, Memory, keep_fresh

CONNECTS_WITHIN_S = 10  # a server that is gone is said to be gone
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 0x7669_6D67  # of our own among PostgreSQL's advisory locks


class DatabaseError(Exception):
    """The database cannot be used; the sentence says why and what to do."""


class Database:
    """One database. Every use is a short session; a session that fails leaves nothing half written."""

    def __init__(self, url: str) -> None:
        """Open a database by its URL, such as "sqlite:///vierluik.db" or "postgresql://user@host/name".

        Raises DatabaseError where the URL is not one, or is of a kind that is not supported.
        """
        self.url = url
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            elif parsed.get_backend_name() != "sqlite":
                raise DatabaseError(f"Vierluik keeps its data in SQLite or PostgreSQL, not in {parsed.get_backend_name()}.")
            # What is stored never stands in an error: among it is what people searched for.
            waits = {} if parsed.get_backend_name() == "sqlite" else {"connect_timeout": CONNECTS_WITHIN_S}
            self.engine: Engine = create_engine(parsed, json_serializer=None, hide_parameters=True, connect_args=waits)
        except (ArgumentError, NoSuchModuleError) as error:
            raise DatabaseError(
                f"'{url}' is not a database URL. Write for example sqlite:///vierluik.db or postgresql://user@host/name."
            ) from error
        self._notes: dict[str, Any] = {}  # of each session
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.name = parsed.render_as_string(hide_password=True)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_up_sqlite)

    def remembering(self) -> Database:
        """The same database for a process that shows what is stored: its sessions keep answers of large questions in memory."""
        shown = copy.copy(self)
        shown._notes = {MEMORY: Memory()}
        return shown

    @property
    def conninfo(self) -> str:
        """The address of a PostgreSQL database as its own programs write it, with its password."""
        return make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back whole when anything in it fails.

        Raises DatabaseError where the database is full, cannot be written, or is gone.
        """
        try:
            with Session(self.engine, expire_on_commit=False, info=self._notes) as session, session.begin():
                yield session
            keep_fresh(session)
        except (OperationalError, sqlite3.OperationalError) as error:
            raise self._unusable(error) from error

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """A connection for one statement that is a transaction of its own: one way to the server and back in place of three.

        Raises DatabaseError as a session does.
        """
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection
        except (OperationalError, sqlite3.OperationalError) as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> DatabaseError:
        return DatabaseError(
            f"The database {self.name} cannot be used any more: {_first_line(error)}. Look whether its disk is full and "
            f"whether it may be written, then try again."
        )

    def migrate(self) -> None:
        """Bring the tables to today's form; what is stored stays. Raises DatabaseError where that cannot be done."""
        try:
            with self.engine.begin() as connection:
                if self._is_current(connection):
                    return
                # The dashboard, runs and workers may all start at once: one migrates, the others wait for the whole of it.
                if self.is_sqlite:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
                if not self._is_current(connection):
                    _upgrade(connection, "head")
        except (OperationalError, sqlite3.OperationalError) as error:
            raise DatabaseError(f"The database {self.name} cannot be opened: {_first_line(error)}") from error

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database, whatever is written meanwhile."""
        try:
            with self.engine.connect() as connection:
                if self.is_sqlite:
                    connection.exec_driver_sql("BEGIN")
                else:
                    connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                yield connection
        except (OperationalError, sqlite3.OperationalError) as error:
            raise DatabaseError(f"The database {self.name} cannot be read: {_first_line(error)}") from error

    @contextmanager
    def building(self, schema: str) -> Iterator[Connection]:
        """A connection to tables of an earlier form, brought to today's form at the end; whole or not at all.

        Raises DatabaseError where the form is that of a later Vierluik, and where there are tables already.
        """
        if schema not in {file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*.py")}:
            raise DatabaseError("It was made by a later Vierluik. Install that one first.")
        try:
            with self.engine.begin() as connection:
                if self.is_sqlite:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # else SQLite would keep the new tables whatever follows
                if inspect(connection).has_table("alembic_version"):
                    raise DatabaseError(f"{self.name} has tables already, and nothing is written over them. Name a new database.")
                _upgrade(connection, schema)
                yield connection
                _upgrade(connection, "head")
        except (OperationalError, sqlite3.OperationalError) as error:
            raise DatabaseError(f"The database {self.name} cannot be written: {_first_line(error)}") from error

    def is_current(self) -> bool:
        """Whether the tables have today's form. Raises DatabaseError where the database cannot be used."""
        try:
            with self.engine.connect() as connection:
                return self._is_current(connection)
        except (OperationalError, sqlite3.OperationalError) as error:
            raise DatabaseError(f"The database {self.name} cannot be opened: {_first_line(error)}") from error

    @staticmethod
    def _is_current(connection: Connection) -> bool:
        """Whether the newest migration has been applied; their files begin with their numbers."""
        if not inspect(connection).has_table("alembic_version"):
            return False
        newest = max(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*.py"))
        return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == newest)

    def close(self) -> None:
        self.engine.dispose()


def _upgrade(connection: Connection, revision: str) -> None:
    # Loading Alembic takes longer than a short command does; it is rarely needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Readers and one writer at once (WAL), wait for each other, and keep references whole."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _first_line(error: Exception) -> str:
    """What the database itself said; an error while connecting comes without SQLAlchemy's words around it."""
    return str(getattr(error, "orig", error)).strip().splitlines()[0]
