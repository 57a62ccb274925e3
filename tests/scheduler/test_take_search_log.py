"""Search logs that appear in a folder or are sent are brought in once, and nothing unmasked stays behind."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rules.search_log import IMPORT
from rules.site import Scope
from scheduler import take_search_log as module
from scheduler.clock import RunClock
from scheduler.watch_folders import WatchedFolders
from storage.database import Database
from storage.models import Request, SearchEventRow, SearchImport
from storage.requests import ask, ask_again
from storage.sites import add_site

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)  # the worker has a clock of its own, and single searches are kept 90 days
LINE = (
    f"10.1.2.3 - - [{YESTERDAY:%d/%b/%Y}"
    ':10:00:{second:02} +0000] "GET /zoeken?q=bel+0612345678 HTTP/1.1" 200 512 "-" '
    '"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"\n'
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def site(database: Database) -> int:
    with database.session() as session:
        return add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


def log(file: Path, lines: int = 3) -> Path:
    file.write_text("".join(LINE.format(second=second) for second in range(lines)))
    return file


def asked(database: Database) -> list[Request]:
    with database.session() as session:
        return list(session.scalars(select(Request).where(Request.kind == IMPORT).order_by(Request.id)))


def answer(database: Database, number: int, monkeypatch: pytest.MonkeyPatch) -> Request:
    monkeypatch.setattr(sys, "argv", ["take_search_log", database.url, str(number)])
    module.main()
    with database.session() as session:
        return session.get_one(Request, number)


def test_file_in_a_folder_is_asked_for_once_when_it_is_finished(database: Database, site: int, folder: Path) -> None:
    clock = RunClock(
        database, lambda site, by: [], lambda: NOW, WatchedFolders({"Proef": folder, "nobody": folder}, ["DOS-[0-9]+"])
    )
    file = log(folder / "access.log", 1)
    for unfinished in (".hidden", "half.log.part", "leeg.log"):
        (folder / unfinished).write_text("" if unfinished == "leeg.log" else "x")
    clock.look_at_folders()
    assert asked(database) == []  # it may still be written
    log(file, 2)
    clock.look_at_folders()
    assert asked(database) == []  # it was
    for _ in range(3):
        clock.look_at_folders()
    (one,) = asked(database)
    assert one.arguments["file"] == str(file)
    assert (one.site_id, one.arguments["case_numbers"]) == (site, ["DOS-[0-9]+"])
    after_a_restart = WatchedFolders({str(site): folder}, [])
    for _ in range(2):
        with database.session() as session:
            after_a_restart.look(session, NOW)
    assert len(asked(database)) == 1
    log(file, 3)
    for _ in range(2):
        clock.look_at_folders()
    assert len(asked(database)) == 2  # it grew: what is new in it is brought in


def test_folder_that_is_not_there_has_no_files(database: Database, site: int, folder: Path) -> None:
    folder.rmdir()
    clock = RunClock(database, lambda site, by: [], lambda: NOW, WatchedFolders({"Proef": folder}, []))
    clock.look_at_folders()
    assert asked(database) == []


@pytest.mark.parametrize("uploaded", [True, False])
def test_file_is_brought_in_and_what_was_sent_is_gone(
    database: Database, site: int, folder: Path, monkeypatch: pytest.MonkeyPatch, uploaded: bool
) -> None:
    file = log(folder / "access.log")
    with database.session() as session:
        number = ask(session, site, IMPORT, {"file": str(file), "uploaded": uploaded}, "dashboard", NOW).id
    done = answer(database, number, monkeypatch)
    assert (done.state, done.result["searches"], done.result["masked"]) == ("done", 3, 3)
    assert file.exists() is not uploaded
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(SearchEventRow)) == 3
    assert b"0612345678" not in Path(database.url.removeprefix("sqlite:///")).read_bytes()


def test_what_cannot_be_read_says_so_keeps_nothing_and_is_gone(
    database: Database, site: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "foto.jpg"
    file.write_bytes(os.urandom(2_000) + b"0612345678")
    with database.session() as session:
        number = ask(session, site, IMPORT, {"file": str(file), "uploaded": True}, "dashboard", NOW).id
        missing = ask(session, site, IMPORT, {"file": str(folder / "weg.log")}, "folder", NOW).id
    failed = answer(database, number, monkeypatch)
    assert failed.state == "failed"
    assert failed.result["error"]
    assert "0612345678" not in failed.result["error"]
    assert not file.exists()
    assert answer(database, missing, monkeypatch).result == {"error": "the file cannot be read: No such file or directory"}
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(SearchImport)) == 0


def test_a_table_without_headings_does_not_show_its_first_line(
    database: Database, site: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "vragen.csv"
    file.write_text("jan@voorbeeld.nl;0612345678\nafval;3\njan@voorbeeld.nl;2\n")
    for mapping in ("", "query=Vraag"):
        with database.session() as session:
            number = ask(session, site, IMPORT, {"file": str(file), "mapping": mapping}, "folder", NOW).id
        failed = answer(database, number, monkeypatch)
        assert failed.state == ("failed" if mapping else "asks")
        assert "voorbeeld" not in repr(failed.result).replace(str(file), "")
        assert "0612345678" not in repr(failed.result)


def test_a_question_about_columns_keeps_the_file_until_it_is_answered_or_too_late(
    database: Database, site: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    numbers = []
    for name in ("een.csv", "twee.csv"):
        (folder / name).write_text("Wat;Hoe vaak;x\nafval;30;1\nbel 0612345678;20;2\n")
        with database.session() as session:
            numbers.append(ask(session, site, IMPORT, {"file": str(folder / name), "uploaded": True}, "dashboard", NOW).id)
        asks = answer(database, numbers[-1], monkeypatch)
        assert asks.state == "asks" and not (folder / name).exists()
        assert "0612345678" not in repr(asks.result) and ["afval", "30", "1"] in asks.result["asks"]["sample"]
        kept = Path(asks.result["asks"]["file"])
        assert kept.stat().st_mode & 0o777 == 0o600
    with database.session() as session:
        first = session.get_one(Request, numbers[0])
        said = {"file": first.result["asks"]["file"], "mapping": "query=#1,searches=#2", "confirmed": True, "period": "2026-01"}
        ask_again(first, {**first.arguments, **said})
    done = answer(database, numbers[0], monkeypatch)
    assert (done.state, done.result["searches"]) == ("done", 50)
    assert [file.name for file in folder.iterdir()] == [kept.name]
    module.forget_questions(database, datetime.now(UTC) + timedelta(minutes=59))
    assert kept.exists()
    module.forget_questions(database, datetime.now(UTC) + timedelta(minutes=61))
    assert list(folder.iterdir()) == []
    with database.session() as session:
        assert session.get_one(Request, numbers[1]).state == "failed"
