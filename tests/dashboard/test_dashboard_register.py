"""A site's first screen says what the public lists have of it, and how old they are."""

from __future__ import annotations

from datetime import date

from dashboard_seed import NOW, fill
from sqlalchemy import delete
from starlette.testclient import TestClient

from rules.register import RegisterStatement
from rules.upl import Product
from storage.database import Database
from storage.models import ListedProduct
from storage.products import keep_products
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


def test_whether_the_list_of_product_names_was_brought_in_is_said(empty: TestClient, database: Database) -> None:
    ids = fill(database)
    with database.session() as session:
        session.execute(delete(ListedProduct))
    assert "(UPL) is niet ingelezen" in empty.get(f"/nl/sites/{ids['site']}").text
    with database.session() as session:
        keep_products(session, [Product("http://standaarden.overheid.nl/owms/terms/paspoort", "paspoort")], NOW)
    assert "(UPL) is op " in empty.get(f"/nl/sites/{ids['site']}").text
    assert "(UPL) was brought in on" in empty.get(f"/en/sites/{ids['site']}").text
