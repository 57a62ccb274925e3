"""A database of every earlier version, with data in every table, becomes one of today; nothing in it is lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Date, DateTime, Float, Integer, LargeBinary, MetaData, Numeric, Table, inspect, select
from sqlalchemy.engine import Connection

from storage.database import MIGRATIONS, Database, _upgrade

REVISIONS = sorted(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*.py"))
ROWS = 2
MOMENT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def tables_of(connection: Connection) -> list[Table]:
    skipped = ("alembic_", "page_search", "sqlite_", "apscheduler_", "procrastinate_")
    names = [name for name in inspect(connection).get_table_names() if not name.startswith(skipped)]
    metadata = MetaData()
    metadata.reflect(connection, only=names)
    return [table for table in metadata.sorted_tables if table.name in names]


def value_of(table: Table, column: Any, number: int, sqlite: bool) -> Any:
    """Something of the column's kind; of a reference, the row that it may lead to."""
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        return None if column.nullable and target.table.name in ("cluster",) else value_of(target.table, target, number, sqlite)
    kind = column.type
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Integer | Numeric | Float):
        return number
    if isinstance(kind, JSON):
        return {"number": number}
    if isinstance(kind, LargeBinary):
        return bytes([number, 0, 255])
    if isinstance(kind, DateTime):
        return MOMENT.replace(tzinfo=None) if sqlite else MOMENT
    if isinstance(kind, Date):
        return date(2026, 2, number)
    length = getattr(kind, "length", None) or 50
    return f"{number} {table.name} {column.name}"[:length]


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in tables_of(connection)
    }


@pytest.mark.parametrize("revision", REVISIONS)
def test_data_of_an_earlier_version_is_all_there(empty_database: Database, revision: str) -> None:
    sqlite = empty_database.is_sqlite
    with empty_database.engine.begin() as connection:
        _upgrade(connection, revision)
        for table in reversed(tables_of(connection)):
            connection.execute(table.delete())  # rows that the migrations themselves put there
        for table in tables_of(connection):
            rows = [
                {column.name: value_of(table, column, number, sqlite) for column in table.columns}
                for number in range(1, ROWS + 1)
            ]
            connection.execute(table.insert(), rows)
        before = contents(connection)
    assert before["site"]
    empty_database.migrate()
    with empty_database.engine.connect() as connection:
        after = contents(connection)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0] if column in after[name][0]} for row in after[name]]
        expected = [{column: row[column] for column in kept[0]} for row in rows]
        assert json.dumps(kept, default=str) == json.dumps(expected, default=str), name
