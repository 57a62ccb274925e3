"""A backup of the whole database in one file that any Vierluik can read back, into SQLite or PostgreSQL.

The file is Zstandard over lines of JSON: what made it, then every table with its columns and rows, then how many rows each
had. It is written from one snapshot, so runs may go on meanwhile. A file without its last line is a torn one, and refused
before anything is kept. A backup of an earlier Vierluik is read into the tables of its day and brought to today's form.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard
from sqlalchemy import JSON, Connection, Date, DateTime, LargeBinary, MetaData, Table, func, inspect, null, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from storage.database import Database

FORMAT = "vierluik-backup-1"
OF_OTHERS = ("alembic_", "apscheduler_", "procrastinate_", "page_search", "sqlite_")  # made anew, or not ours
AT_ONCE = 500  # rows
LONGEST_LINE = 1 << 28  # bytes of one row


class BackupError(ValueError):
    """The backup cannot be written or read back; the sentence says why and what to do."""


def write_backup(database: Database, file: Path, made_by: str, now: datetime) -> dict[str, int]:
    """Write everything into a new file; gives the rows of each table. An existing file is never written over.

    Raises BackupError where the file cannot be written, DatabaseError where the database cannot be read.
    """
    part = file.with_name(f"{file.name}.part")
    if file.exists():
        raise BackupError(f"{file} exists already, and a backup is never written over another. Name a new file.")
    try:
        with part.open("xb") as raw, zstandard.ZstdCompressor(level=6).stream_writer(raw) as packed:
            rows = _write(database, packed, made_by, now)
        part.rename(file)
    except FileExistsError as error:
        raise BackupError(
            f"{part} exists: another backup is being written, or one broke off. Remove it and try again."
        ) from error
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BackupError(f"{file} cannot be written: {error.strerror}. Nothing was kept of it.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return rows


def _write(database: Database, packed: BinaryIO, made_by: str, now: datetime) -> dict[str, int]:
    out = cast("BinaryIO", io.BufferedWriter(packed, 1 << 20))
    counted: dict[str, int] = {}
    with database.snapshot() as connection:
        schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
        _line(out, {"format": FORMAT, "made_by": made_by, "made_at": now.isoformat(), "schema": schema})
        for table in _tables(connection):
            columns = list(table.columns)
            _line(out, {"table": table.name, "columns": [column.name for column in columns]})
            query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
            counted[table.name] = 0
            for row in connection.execute(query):
                _line(out, [_out(column.type, value) for column, value in zip(columns, row, strict=True)])
                counted[table.name] += 1
        _line(out, {"end": counted})
    out.flush()
    return counted


def _line(out: BinaryIO, value: Any) -> None:
    # Escaped, so that half a character (a lone surrogate) survives too.
    out.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")


def restore_backup(database: Database, file: Path) -> dict[str, int]:
    """Read a backup into an empty database, whole or not at all; gives the rows of each table.

    Raises BackupError where the file is no backup, is torn, or does not fit; DatabaseError where it is of a later Vierluik, or
    the database has tables already.
    """
    try:
        with file.open("rb") as raw, zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(raw) as unpacked:
            lines = _lines(io.BufferedReader(unpacked, 1 << 20), file)
            head = next(lines)
            if not isinstance(head, dict) or head.get("format") != FORMAT:
                raise BackupError(f"{file} is no backup of Vierluik. Make one with: vierluik backup FILE")
            with database.building(str(head.get("schema"))) as connection:
                return _read(connection, lines, file)
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from error
    except zstandard.ZstdError as error:
        raise BackupError(f"{file} is no backup of Vierluik, or it is damaged: {error}. Nothing was read back.") from error
    except StopIteration as error:
        raise BackupError(f"{file} is empty. Nothing was read back.") from error
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise BackupError(f"{file} does not fit the tables: {reason}. Nothing was read back.") from error


def _lines(stream: io.BufferedReader, file: Path) -> Iterator[Any]:
    while line := stream.readline(LONGEST_LINE):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise BackupError(f"{file} is damaged. Nothing was read back.") from error


def _read(connection: Connection, lines: Iterator[Any], file: Path) -> dict[str, int]:
    tables = {table.name: table for table in _tables(connection)}
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for made in reversed(tables.values()):
        connection.execute(made.delete())  # rows that the migrations put there; the backup has its own
    counted: dict[str, int] = {}
    table: Table | None = None
    columns: list[str] = []
    waiting: list[dict[str, Any]] = []

    def put() -> None:
        if table is not None and waiting:
            connection.execute(table.insert(), waiting)
            counted[table.name] += len(waiting)
            waiting.clear()

    for line in lines:
        if isinstance(line, list) and table is not None and len(line) == len(columns):
            values = zip(columns, line, strict=True)
            waiting.append({name: _in(table.columns[name].type, value, connection) for name, value in values})
            if len(waiting) == AT_ONCE:
                put()
        elif isinstance(line, dict) and line.get("table") in tables:
            put()
            table, columns = tables[line["table"]], list(line["columns"])
            if unknown := set(columns).difference(table.columns.keys()):
                raise BackupError(f"{file} has columns that are not known: {', '.join(sorted(unknown))}. Nothing was read back.")
            counted[table.name] = 0
        elif isinstance(line, dict) and "end" in line:
            put()
            if line["end"] != counted:
                raise BackupError(f"{file} is damaged: it has not the rows that it says. Nothing was read back.")
            _number_on(connection, tables)
            return counted
        else:
            raise BackupError(f"{file} is damaged. Nothing was read back.")
    raise BackupError(f"{file} is torn: its end is missing. Nothing was read back.")


def _tables(connection: Connection) -> list[Table]:
    """Our tables as they are in the database, those that others refer to first."""
    names = [name for name in inspect(connection).get_table_names() if not name.startswith(OF_OTHERS)]
    metadata = MetaData()
    metadata.reflect(connection, only=names)
    return [table for table in metadata.sorted_tables if table.name in names]


def _number_on(connection: Connection, tables: dict[str, Table]) -> None:
    """PostgreSQL counts on by itself, and must know from where."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        if "id" in table.columns and connection.scalar(select(func.pg_get_serial_sequence(table.name, "id"))):
            newest = connection.scalar(select(func.max(table.columns.id)))
            if newest is not None:
                connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), newest)))


def _out(kind: TypeEngine[Any], value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return {"json": value} if isinstance(kind, JSON) and value is not None else value


def _in(kind: TypeEngine[Any], value: Any, connection: Connection) -> Any:
    if value is None:
        return null() if isinstance(kind, JSON) else None
    with suppress(ValueError, TypeError, KeyError):
        if isinstance(kind, JSON):
            return value["json"]
        if isinstance(kind, LargeBinary):
            return base64.b64decode(value, validate=True)
        if isinstance(kind, DateTime):
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=None) if connection.dialect.name == "sqlite" else moment
        if isinstance(kind, Date):
            return date.fromisoformat(value)
        return value
    raise BackupError(f"The backup is damaged: {str(value)[:60]!r} is no {kind}. Nothing was read back.")
