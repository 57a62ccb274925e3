"""`vierluik import owners`: whose pages are whose, or a sentence that says what to write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner

from rules.site import Scope
from storage.database import Database
from storage.owners import owner_rules_of_site
from storage.sites import add_site
from vierluik.command_line import app
from vierluik.screen import Exit


def test_owners_are_brought_in_whole_or_not_at_all(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'vierluik.db'}"
    database = Database(url)
    database.migrate()
    with database.session() as session:
        number = add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), datetime.now(UTC)).id
    file = tmp_path / "owners.csv"

    def bring_in(text: str, *options: str) -> tuple[int, str]:
        file.write_text(text, encoding="utf-8")
        answer = CliRunner().invoke(app, ["import", "owners", str(file), "--db", url, *(options or ("--site", "Proef"))])
        return answer.exit_code, answer.output

    assert bring_in("pad;eigenaar\n/afval/;anne@example.nl\n/;webteam\n") == (Exit.FINE, "2 lines: 2 new, 0 changed.\n")
    assert bring_in("pad;eigenaar\n/afval/;bart\n") == (Exit.FINE, "1 lines: 0 new, 1 changed.\n")
    code, said = bring_in("pad;eigenaar\n/nieuws/;x\n/afval/;\n")
    assert code == Exit.WRONG_USE and "line 3: name an owner" in said
    code, said = bring_in("pad;eigenaar\n/;x\n", "--site", "Nergens")
    assert code == Exit.WRONG_USE and "vierluik site list" in said
    file.unlink()
    answer = CliRunner().invoke(app, ["import", "owners", str(file), "--db", url, "--site", "Proef"])
    assert answer.exit_code == Exit.WRONG_USE and "cannot be read" in answer.output
    with database.session() as session:
        assert [(row.value, row.owner) for row in owner_rules_of_site(session, number)] == [("/", "webteam"), ("/afval/", "bart")]
    database.close()
