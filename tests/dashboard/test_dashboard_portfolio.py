"""All sites in one table: sorted by link, beside the register, and the same as a file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from dashboard_seed import NOW, fill
from lxml import html
from openpyxl import load_workbook
from starlette.testclient import TestClient

from rules.register import RegisterStatement
from storage.database import Database
from storage.questions.portfolio import portfolio
from storage.register import keep_register
from storage.sites import get_site


def names(answer: str) -> list[str]:
    return [head.text_content() for head in html.fromstring(answer).xpath("//tbody/tr/th/a")]


def test_table_and_file_say_the_same_in_the_order_that_is_asked(client: TestClient, stored: Database) -> None:
    with stored.session() as session:
        lines = {line.site.name: line for line in portfolio(session, date(2026, 10, 23), NOW.date())}
    shares = {name: line.share for name, line in lines.items()}
    assert any(share for share in shares.values())
    assert any(line.uptime.share for line in lines.values())
    for sort, turned in (("share", ""), ("share", "&turned=1"), ("name", ""), ("run", ""), ("uptime", ""), ("statement", "")):
        shown = names(client.get(f"/en/portfolio?sort={sort}{turned}").text)
        rows = list(csv.reader(io.StringIO(client.get(f"/en/portfolio.csv?sort={sort}{turned}").text.removeprefix("\ufeff"))))
        assert [row[0] for row in rows[1:]] == shown
        if sort == "share":
            known = [shares[name] for name in shown if shares[name] is not None]
            assert known == sorted(known, reverse=not turned)
            assert shares[shown[-1]] is None
    book = load_workbook(io.BytesIO(client.get("/en/portfolio.xlsx?sort=name").content))
    assert [row[0].value for row in book.active][1:] == names(client.get("/en/portfolio?sort=name").text)
    text = client.get("/nl/portfolio?sort=share").text
    assert 'aria-sort="ascending"' in text
    assert 'href="/nl/portfolio?sort=share&amp;turned=1"' in text


def test_the_statement_stands_beside_the_facts(empty: TestClient, database: Database) -> None:
    assert "vierluik import sites" in empty.get("/nl/portfolio").text
    fill(database)
    with database.session() as session:
        keep_register(
            session,
            [
                RegisterStatement("1", "example.nl", "Oud", "D", date(2020, 3, 1), ""),
                RegisterStatement("2", "example.nl", "Nieuw", "B", date(2024, 3, 1), ""),
            ],
            NOW,
        )
        site = get_site(session, "Nieuwe site")
        site.settings = {**site.settings, "owner": "=1+1"}
    shown = html.fromstring(empty.get("/nl/portfolio").text)
    assert "B voldoet gedeeltelijk" in " ".join(shown.text_content().split())
    assert "ouder dan een jaar" in shown.text_content()
    assert "'=1+1" in empty.get("/nl/portfolio.csv").text


@pytest.mark.parametrize("question", ["sort=colour", "page=0", "page=9999"])
def test_a_question_that_is_none_has_no_screen(client: TestClient, question: str) -> None:
    assert client.get(f"/nl/portfolio?{question}").status_code == 404
