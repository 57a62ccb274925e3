"""A backup is read back whole, into either database, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from conftest import new_postgres_database
from sqlalchemy import inspect, select
from stored_story import Story, failure, page_tested, rows

from storage.backup import BackupError, restore_backup, write_backup
from storage.blobs import put_picture, put_texts
from storage.database import Database, DatabaseError
from storage.every_model import Base
from storage.models import Blob, Page, Site

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
EVERY_BYTE = bytes(range(256)) * 3


def told(story: Story) -> None:
    """Two runs, and content of every kind."""
    story.run(page_tested("/", failure()), page_tested("/a", failure(name="a")))
    story.run(page_tested("/"), page_tested("/b"))
    with story.database.session() as session:
        put_picture(session, EVERY_BYTE)
        put_texts(session, "snippet", ["\ud800 half", "", "a\x00b", "x" * 400_000])


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.session() as session:
        tables = Base.metadata.sorted_tables
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))] for table in tables
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database that was never used."""
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path / 'other.db'}")
    return Database(new_postgres_database(request.getfixturevalue("postgres")()))


def test_everything_comes_back_in_either_database(story: Story, other: Database, tmp_path: Path) -> None:
    told(story)
    written = write_backup(story.database, tmp_path / "vierluik.backup", "Vierluik 0.1", NOW)
    assert restore_backup(other, tmp_path / "vierluik.backup") == written
    assert contents(other) == contents(story.database)
    assert written["blob"] > 0
    with other.session() as session:  # numbers count on where they stopped, and what belongs together does
        session.add(Site(name="Nieuw", start_url="https://nieuw.nl/", origins=["https://nieuw.nl"], created_at=NOW))
        session.flush()
        session.delete(session.scalars(select(Site).where(Site.name == "Voorbeeld")).one())
        session.flush()
        assert session.scalars(select(Page)).all() == []
    other.close()


def test_a_database_that_holds_something_is_not_written_over(story: Story, tmp_path: Path) -> None:
    told(story)
    write_backup(story.database, tmp_path / "b", "Vierluik", NOW)
    before = rows(story.database)
    with pytest.raises(DatabaseError, match="nothing is written over them"):
        restore_backup(story.database, tmp_path / "b")
    assert rows(story.database) == before
    with pytest.raises(BackupError, match="exists already"):
        write_backup(story.database, tmp_path / "b", "Vierluik", NOW)


@pytest.mark.parametrize(
    "damage", ["torn", "garbled", "a row less", "another schema", "an unknown table", "wrong bytes", "empty", "other"]
)
def test_a_damaged_backup_leaves_nothing(story: Story, other: Database, tmp_path: Path, damage: str) -> None:
    told(story)
    file = tmp_path / "vierluik.backup"
    write_backup(story.database, file, "Vierluik", NOW)
    spoil(file, damage)
    with pytest.raises((BackupError, DatabaseError), match=r"Nothing was read back|later Vierluik|no backup"):
        restore_backup(other, file)
    assert inspect(other.engine).get_table_names() == []
    other.close()


def spoil(file: Path, damage: str) -> None:
    packed = file.read_bytes()
    lines = zstandard.ZstdDecompressor().stream_reader(packed).read().splitlines(keepends=True)
    last_table = max(number for number, line in enumerate(lines) if line.startswith(b'{"table"'))
    blob = next(number for number, line in enumerate(lines) if line.startswith(b'{"table":"blob"'))
    match damage:
        case "torn":
            lines.pop()
        case "garbled":
            file.write_bytes(packed[: len(packed) // 2] + b"\x00\xff" * 8 + packed[len(packed) // 2 :])
            return
        case "a row less":
            del lines[blob + 1]
        case "another schema":
            lines[0] = json.dumps({**json.loads(lines[0]), "schema": "9999"}).encode() + b"\n"
        case "an unknown table":
            lines.insert(last_table, b'{"table":"sqlite_master","columns":["name"]}\n["x"]\n')
        case "wrong bytes":
            row = json.loads(lines[blob + 1])
            names = json.loads(lines[blob])["columns"]
            row[names.index("content")] = "geen base64!"
            lines[blob + 1] = json.dumps(row).encode() + b"\n"
        case "empty":
            lines = []
        case "other":
            file.write_bytes(b"PK\x03\x04 something else")
            return
    file.write_bytes(zstandard.ZstdCompressor().compress(b"".join(lines)))


def test_a_backup_that_cannot_be_written_is_a_sentence(story: Story, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot be written"):
        write_backup(story.database, tmp_path / "no" / "such" / "folder", "Vierluik", NOW)
    with pytest.raises(BackupError, match="cannot be read"):
        restore_backup(story.database, tmp_path / "missing")


def test_a_full_disk_leaves_no_half_backup(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(story)
    folder = tmp_path / "backups"
    folder.mkdir()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.backup._line", full)
    with pytest.raises(BackupError, match="No space left"):
        write_backup(story.database, folder / "b", "Vierluik", NOW)
    assert list(folder.iterdir()) == []


def test_what_is_written_meanwhile_is_not_half_in_it(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(story)
    before = rows(story.database)
    from storage import backup

    line = backup._line
    once = iter([True])

    def write_between(out: Any, value: Any) -> None:
        if next(once, False):
            with story.database.session() as session:
                session.add(Blob(hash="f" * 32, kind="snippet", content=b"new"))
        line(out, value)

    monkeypatch.setattr(backup, "_line", write_between)
    assert write_backup(story.database, tmp_path / "b", "Vierluik", NOW)["blob"] == before["blob"]
