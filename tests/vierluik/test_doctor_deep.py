"""`vierluik doctor --deep` tries everything out, and says what to do where something does not work."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.run_settings import ENGINES
from storage.database import Database
from vierluik import deep_examination
from vierluik.deep_examination import examine_deeply
from vierluik.examined import Examined
from vierluik.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    tmp_path.joinpath("here").mkdir()
    return Settings(
        database=f"sqlite:///{tmp_path / 'vierluik.db'}",
        watch_folders={"Proef": tmp_path / "here", "Niets": tmp_path / "nowhere"},
        min_free_disk_bytes=1 << 60,
    )


def by_name(found: list[Examined]) -> dict[str, Examined]:
    return {one.what: one for one in found}


@pytest.mark.slow
def test_each_engine_is_put_to_work(settings: Settings) -> None:
    found = by_name(list(deep_examination._engines(settings)))
    assert set(found) == {f"engine {engine} at work" for engine in ENGINES}
    assert [one.sentence for one in found.values() if not one.fine] == []


def test_what_does_not_work_is_named_with_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep_examination, "_engines", lambda settings: iter(()))
    found = by_name(list(examine_deeply(settings)))
    assert {name for name, one in found.items() if one.fine} == {
        "database version", "migrations", "database writes", "clock", "time zones"
    }  # fmt: skip
    assert "make room" in found["disk"].sentence
    folders = settings.watch_folders.values()
    assert all("no such site" in found[f"watched folder {folder}"].sentence for folder in folders)


def test_a_database_that_cannot_be_written_is_said(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(settings.database).migrate()
    read_only = Database(f"sqlite:///file:{tmp_path / 'vierluik.db'}?mode=ro&uri=true")
    [*_, last] = deep_examination._database(read_only)
    assert (last.fine, "readonly" in last.sentence, "whether it may be written" in last.sentence) == (False, True, True)
    read_only.close()
