"""A site's first screen says what the register has of it, and when that was too long ago."""

from __future__ import annotations

from datetime import date

from dashboard_seed import NOW, fill
from starlette.testclient import TestClient

from rules.register import RegisterStatement
from storage.database import Database
from storage.register import keep_register

OLD = RegisterStatement("1", "example.nl", "<b>Oude</b> site", "D", date(2020, 3, 1), "https://register.example/1")
NEW = RegisterStatement("2", "example.nl", "Nieuwe site", "A", date(2026, 10, 1), "")


def test_statements_of_a_site_are_shown_with_status_and_age(empty: TestClient, database: Database) -> None:
    ids = fill(database)
    with database.session() as session:
        keep_register(session, [OLD, NEW, RegisterStatement("3", "elders.nl", "Elders", "E", None, "")], NOW)
    shown = empty.get(f"/nl/sites/{ids['site']}").text
    assert shown.index("A: voldoet volledig") < shown.index("D: voldoet niet")
    assert shown.count("langer dan een jaar geleden") == 1
    assert "1 maart 2020" in shown
    assert "<b>Oude" not in shown
    assert "Elders" not in shown
    assert "D: does not meet the requirements" in empty.get(f"/en/sites/{ids['site']}").text
