"""Every test of this room runs on both databases: SQLite, and PostgreSQL where one can be started."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from postgres_server import new_postgres_database
from stored_story import Story

from rules.site import Scope
from storage.database import Database
from storage.sites import add_site


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
