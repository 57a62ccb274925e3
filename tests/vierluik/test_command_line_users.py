"""`vierluik user`, and `vierluik serve` that opens to others only once somebody may administer it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from storage.accounts import account_by_mail, has_accounts, log_in
from storage.database import Database
from vierluik.command_line import app
from vierluik.screen import Exit

SECRET = "de kat krabt de krullen van de trap\n"


def test_accounts_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'vierluik.db'}"

    def say(*order: str, secret: str = SECRET) -> tuple[int, str]:
        answer = CliRunner().invoke(app, [*order, "--db", url], input=secret)
        return answer.exit_code, answer.output

    code, said = say("serve", "--host", "0.0.0.0")
    assert code == Exit.WRONG_USE and "vierluik user add" in said
    code, said = say("user", "add", "Anne@example.nl", "--name", "Anne", "--role", "administrator", secret="kort\n")
    assert code == Exit.WRONG_USE and "at least 12 characters" in said
    code, said = say("user", "add", "Anne@example.nl", "--name", "Anne", "--role", "administrator")
    assert (code, said) == (Exit.FINE, "anne@example.nl is administrator of every site.\n")
    code, said = say("serve", "--host", "0.0.0.0")
    assert code == Exit.WRONG_USE and "public_url" in said
    code, said = say("user", "add", "bart@example.nl", "--name", "Bart", "--role", "editor", "--site", "nergens")
    assert code == Exit.WRONG_USE and "vierluik site list" in said
    code, said = say("user", "add", "bart@example.nl", "--name", "Bart", "--role", "editor", "--invite")
    assert code == Exit.FINE and "/nl/invitation/" in said
    code, said = say("user", "list")
    assert said == "anne@example.nl\tAnne\tadministrator of every site\tpassword only\n"
    code, said = say("user", "disable", "anne@example.nl")
    assert code == Exit.WRONG_USE and "administer everything" in said
    code, said = say("user", "reset", "anne@example.nl", secret="een heel ander lang geheim\n")
    assert code == Exit.FINE
    assert say("user", "reset", "nobody@example.nl")[0] == Exit.WRONG_USE
    database = Database(url)
    with database.session() as session:
        account = account_by_mail(session, "anne@example.nl")
        assert account is not None and has_accounts(session)
        assert log_in(session, "anne@example.nl", "een heel ander lang geheim", account.created_at) is account
    database.close()
