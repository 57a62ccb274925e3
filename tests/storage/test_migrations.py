"""The tables are made by migrations, on both databases, and are what the models say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from stored_story import Story, failure, page_tested, rows

from storage.database import Database, DatabaseError
from storage.every_model import Base


def test_an_empty_database_gets_every_table(empty_database: Database) -> None:
    empty_database.migrate()
    assert set(Base.metadata.tables) < set(inspect(empty_database.engine).get_table_names())


def test_several_programs_that_start_at_once_migrate_once(empty_database: Database) -> None:
    if empty_database.is_sqlite:
        pytest.skip("Only PostgreSQL is used by several machines.")
    others = [Database(empty_database.engine.url.render_as_string(hide_password=False)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for ended in [threads.submit(database.migrate) for database in others]:
            ended.result()
    for database in others:
        database.close()
    assert set(Base.metadata.tables) < set(inspect(empty_database.engine).get_table_names())


def test_migrating_twice_changes_nothing(story: Story) -> None:
    story.run(page_tested("/", failure()))
    before = rows(story.database)
    story.database.migrate()
    assert rows(story.database) == before


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_of_the_models})
        assert compare_metadata(context, Base.metadata) == []


def is_of_the_models(_thing: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
    """The full-text index is the databases' own: one of SQLite's tables, or an index over an expression."""
    return not (name or "").startswith("page_search")


def test_a_database_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        database.migrate()
    database.close()


@pytest.mark.parametrize("url", ["mysql://me@host/name", "nothing at all", "sqlite"])
def test_what_is_no_database_is_a_sentence(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"SQLite or PostgreSQL|sqlite:///"):
        Database(url)


def test_a_password_is_never_shown() -> None:
    database = Database("postgresql://me:geheim@localhost/vierluik")
    assert "geheim" not in database.name
    database.close()
