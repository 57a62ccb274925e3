"""`vierluik token`: made and printed once, listed without it, and revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from storage.accounts import add_account
from storage.database import Database
from storage.tokens import holder_of
from vierluik.command_line import app


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'vierluik.db'}"


def run(address: str, *words: str) -> Result:
    return CliRunner().invoke(app, ["token", *words, "--db", address])


def test_a_token_is_made_listed_and_removed(address: str) -> None:
    made = run(address, "add", "Power BI", "--scope", "read", "--scope", "run", "--days", "10")
    token = made.stdout.strip()
    assert made.exit_code == 0 and token.startswith("vl_") and len(token) == 46
    database = Database(address)
    with database.session() as session:
        assert holder_of(session, token, datetime.now(UTC)) is not None
    listed = run(address, "list").stdout
    assert f"{token[:10]}…\tPower BI\tno account\tread,run\tvalid" in listed and token not in listed and "used 2" in listed
    assert run(address, "remove", "1").exit_code == 0
    with database.session() as session:
        assert holder_of(session, token, datetime.now(UTC)) is None
    assert "revoked" in run(address, "list").stdout
    database.close()


def test_what_is_wrong_is_said(address: str) -> None:
    assert run(address, "add", "x", "--days", "0").exit_code == 2
    database = Database(address)
    database.migrate()
    with database.session() as session:
        add_account(session, "anne@example.nl", "Anne", "de kat krabt de krullen van de trap", datetime.now(UTC))
    database.close()
    for words, sentence in (
        (("add", "x"), "Say whose token it is"),
        (("add", "x", "--account", "bart@example.nl"), "has no account"),
        (("add", "", "--account", "anne@example.nl"), "Write a name"),
        (("remove", "7"), "There is no token 7"),
    ):
        answer = run(address, *words)
        assert answer.exit_code == 2 and sentence in answer.output, answer.output
    assert run(address, "add", "x", "--account", "anne@example.nl").exit_code == 0
