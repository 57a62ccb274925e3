"""`vierluik import feedback`: what came of it is said in both languages, and nothing personal is in the database file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rules.site import Scope
from storage.database import Database
from storage.sites import add_site
from vierluik.command_line import app
from vierluik.screen import Exit

SECRETS = ("123456782", "jan.jansen@example.org", "0612345678")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    stored = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    stored.migrate()
    with stored.session() as session:
        add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), datetime.now(UTC))
    stored.close()
    return tmp_path / "vierluik.db"


def bring_in(database: Path, text: str, *options: str) -> tuple[int, str]:
    file = database.with_name("feedback.csv")
    file.write_text(text, encoding="utf-8")
    order = ["import", "feedback", str(file), "--site", "Proef", "--db", f"sqlite:///{database}", *options]
    answer = CliRunner().invoke(app, order)
    return answer.exit_code, answer.output


def test_feedback_is_brought_in_once_and_said(database: Path) -> None:
    today = datetime.now(UTC).date().isoformat()
    text = "Waar;Wanneer;Hoe;Wat\n" + "".join(f"/a/{number};{today};4;ik ben {one}\n" for number, one in enumerate(SECRETS))
    code, said = bring_in(database, text)
    assert code == Exit.WRONG_USE and "--mapping" in said
    mapping = ("--mapping", "page=Waar,day=Wanneer,score=Hoe,comment=Wat")
    code, said = bring_in(database, text, *mapping, "--scale", "1-10")
    assert code == Exit.FINE and "Nieuw: 3" in said and "1 tot 10" in said and "bsn 1" in said
    code, said = bring_in(database, text, *mapping, "--scale", "1-10", "--language", "en")
    assert code == Exit.FINE and "nothing changed" in said
    kept = database.read_bytes()
    assert not [one for one in SECRETS if one.encode() in kept]


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("Naam;Kleur\na;b\n", (), "say what they hold"),
        ("Pagina;Datum;Cijfer\n/a;2026-01-05;4\n", (), "--yes"),
        ("Pagina;Datum;Cijfer\n/a;2026-01-05;4\n", ("--scale", "5"), "no scale"),
        ("Pagina;Datum;Cijfer\n/a;2026-01-05;4\n", ("--mapping", "x"), "no part of a mapping"),
        ("Pagina;Datum;Cijfer\n/a;2026-01-05;4\n", ("--yes", "--site", "Ander"), "no site"),
    ],
)
def test_what_is_wrong_is_a_sentence(database: Path, text: str, options: tuple[str, ...], sentence: str) -> None:
    code, said = bring_in(database, text, *options)
    assert code == Exit.WRONG_USE
    assert sentence in " ".join(said.split())
