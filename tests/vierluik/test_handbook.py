"""The handbooks show pictures that the command makes, of screens that are there, and name commands that are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.main import get_command

from dashboard.app import create_app
from rules.site import Scope
from storage.database import Database
from storage.sites import add_site
from vierluik.command_line import app
from vierluik.handbook import FOLDER, SCREENS, main

ROOT = Path(__file__).parents[2]
BOOKS = sorted((ROOT / "docs/gebruik").glob("*.md"))


def test_each_reader_has_a_handbook() -> None:
    assert [book.stem for book in BOOKS] == ["adviseur", "auditor", "beheerder", "redacteur"]


def test_every_picture_is_there_and_is_made_by_the_command() -> None:
    shown = {name for book in BOOKS for name in re.findall(r"!\[[^\]]+\]\(beelden/([a-z-]+)\.png\)", book.read_text("utf-8"))}
    assert shown <= set(SCREENS)
    for name in SCREENS:
        picture = (ROOT / FOLDER / f"{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 300_000


def test_every_command_and_link_of_the_handbooks_exists() -> None:
    command = get_command(app)
    for book in BOOKS:
        text = book.read_text("utf-8")
        for words in re.findall(r"`vierluik ([a-z -]+?)(?: [A-Zh`.-]|`)", text):
            known = command
            for word in words.split()[:2]:
                known = getattr(known, "commands", {}).get(word, known if not hasattr(known, "commands") else None)
                assert known is not None, (book.name, words)
        for link in re.findall(r"\]\((\.\./[^)]+)\)", text):
            assert (book.parent / link).exists(), (book.name, link)


def test_every_pictured_screen_is_an_address_of_the_dashboard(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'v.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "Stad", "https://s.example/", Scope(("https://s.example",)), datetime(2026, 11, 23, tzinfo=UTC))
    with TestClient(create_app(database)) as client:
        answers = {screen: client.get(screen.format(site=site.id)).status_code for screen in SCREENS.values()}
    assert set(answers.values()) == {200}, answers
    database.close()


def test_without_a_dashboard_the_command_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["handbook", "http://127.0.0.1:9", "--folder", str(tmp_path)])
    assert main() == 3
    assert "vierluik demo" in capsys.readouterr().err
