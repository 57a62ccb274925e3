"""Every table of every screen as a file: the rows of the screen, all of its parts, its filters, and nothing that can be run."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from dashboard_seed import NOW
from lxml import html
from openpyxl import load_workbook
from starlette.testclient import TestClient
from test_dashboard_screens import SCREENS

from dashboard.app import create_app
from dashboard.table_as_seen import TableAsked, as_file
from dashboard.table_file import FORMULA
from storage.database import Database

OF_THEIR_OWN = {  # a file of its own, with more columns than the screen has room for, and a test of its own
    "/portfolio": "portfolio.csv",
    "/products": "products.csv",
    "/searches": "searches.csv",
    "/changes": "changes.csv",
    "/figures": "figures.csv",
}


def rows_of(table: Any) -> list[str]:
    """The first cell of each row, without its spaces: what is between two parts of a cell is a matter of layout."""
    return [squeezed(row[0].text_content()) for row in table.xpath(".//tbody/tr")]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f]", "", text)


def parts_of(client: TestClient, address: str) -> list[Any]:
    """A screen and all that its link to the next part leads to."""
    pages = [html.fromstring(client.get(address).text)]
    while following := pages[-1].xpath("//a[@rel='next'][contains(@href, 'page=')]/@href"):
        pages.append(html.fromstring(client.get(following[0]).text))
    return pages


def table_named(page: Any, name: str) -> Any:
    found = page.xpath("//*[@data-table=$name]/preceding::table[1]", name=name)
    return found[0] if found else None


@pytest.mark.slow
def test_every_table_of_every_screen_is_a_file_with_the_rows_of_the_screen(client: TestClient, ids: dict[str, int]) -> None:
    wrong, compared, seen = [], 0, set()
    for screen in SCREENS:
        address = f"/nl{screen.format(**ids)}"
        page = html.fromstring(client.get(address).text)
        names = page.xpath("//@data-table")
        if len(set(names)) != len(names):
            wrong.append(f"{screen}: two tables have one name")
        named = [table_named(page, name) for name in names]
        for table in page.iter("table"):
            has_own = any(
                screen.split("?")[0].endswith(end) and page.xpath(f"//a[contains(@href, '{file}')]")
                for end, file in OF_THEIR_OWN.items()
            )
            if not any(table is one for one in named) and not has_own:
                wrong.append(f"{screen}: no file of {table.findtext('caption')}")
        if "page=" in screen:
            continue
        parts = parts_of(client, address) if names else []
        for name in names:
            if (kind := (screen.split("?")[0].split("/")[-1], name)) in seen and "?" not in screen:
                continue  # the same table of another site
            seen.add(kind)
            shown = [row for part in parts if (table := table_named(part, name)) is not None for row in rows_of(table)]
            link = page.xpath("//*[@data-table=$name]//a[contains(@href, 'file=csv')]/@href", name=name)[0]
            answer = client.get(link)
            assert answer.headers["content-type"] == "text/csv; charset=utf-8", link
            heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
            compared += len(rows)
            if any(cell.startswith(FORMULA) and not re.fullmatch(r"-[\d.,]+", cell) for row in rows for cell in row):
                wrong.append(f"{link}: a formula")
            written = [squeezed(row[0]).removeprefix("'") for row in rows]
            if [row[:25] for row in written] != [row[:25] for row in shown] or any(len(row) != len(heads) for row in rows):
                wrong.append(f"{link}: {len(rows)} rows, the screen has {len(shown)}")
    assert not wrong
    assert compared > 400 and len(seen) > 20


def test_numbers_are_numbers_in_a_workbook_and_filters_hold(client: TestClient, ids: dict[str, int]) -> None:
    address = f"/nl/sites/{ids['site']}/pages?failures=1&table=pages&file=xlsx"
    sheet = load_workbook(io.BytesIO(client.get(address).content)).active
    assert sheet is not None
    heads, *rows = sheet.iter_rows(values_only=True)
    page = html.fromstring(client.get(f"/nl/sites/{ids['site']}/pages?failures=1").text)
    assert list(heads) == [cell.text_content().strip() for cell in page.xpath("//thead//th")]
    assert 0 < len(rows) < len(load_workbook(io.BytesIO(client.get(address.replace("failures=1&", "")).content)).active["A"])  # type: ignore[union-attr]
    assert any(isinstance(cell, int) for row in rows for cell in row)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("asks", ["table=nothing&file=csv", "table=%22%5D&file=csv", "table=pages&file=exe", "table=&file=csv"])
def test_what_is_no_table_is_no_file(client: TestClient, ids: dict[str, int], asks: str) -> None:
    answer = client.get(f"/nl/sites/{ids['site']}/pages?{asks}")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.status_code == (404 if asks == "table=nothing&file=csv" else 200)


def test_whoever_may_not_see_the_screen_gets_no_file(stored: Database, ids: dict[str, int]) -> None:
    app = create_app(stored, now=lambda: NOW)
    app.state.door.always_locked = True
    answer = TestClient(app, follow_redirects=False).get(f"/nl/sites/{ids['site']}/pages?table=pages&file=csv")
    assert answer.status_code == 303 and "/log-in" in answer.headers["location"]


def test_a_cell_is_its_words_and_a_formula_is_text() -> None:
    screen = """<table><thead><tr><th>Wat</th><th>Aantal</th><th>Aandeel</th></tr></thead><tbody>
      <tr><th>=HYPERLINK("http://evil.example")</th><td class="vl-number">1.234,5</td><td class="vl-number">12%</td></tr>
      <tr><th>@x<form><button>Weg</button></form> na</th><td class="vl-number">-3</td><td class="vl-number">1.2.3</td></tr>
      <tr><th>een<br>twee<div>drie</div>vier</th><td class="vl-number">12.000</td><td>12.000</td></tr>
    </tbody></table><p data-table="x"></p>"""
    answer = as_file(TableAsked("x", "csv", screen, "Niet alles."), "nl")
    assert answer is not None
    assert bytes(answer.body).decode("utf-8-sig").splitlines() == [
        "Wat;Aantal;Aandeel",
        '"\'=HYPERLINK(""http://evil.example"")";1234.5;12%',
        "'@x na;-3;1.2.3",
        "een twee drie vier;12000;12.000",
        "Niet alles.",
    ]


def test_a_file_as_the_first_thing_that_is_asked_leaves_the_screen_whole(stored: Database, ids: dict[str, int]) -> None:
    """The session of a file ends in an exception: what it had worked out is not remembered for others."""
    client = TestClient(create_app(stored, now=lambda: NOW))
    desk = f"/nl/sites/{ids['site']}/desk?for=*"
    for asked in ("promises", "nothing"):
        client.get(f"{desk}&table={asked}&file=csv")
        assert client.get(desk).status_code == 200
