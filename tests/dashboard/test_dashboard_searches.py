"""What residents search for is shown as it is stored: rare queries never, hostile ones as harmless text."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from dashboard_seed import HOSTILE, NOW
from lxml import html
from starlette.testclient import TestClient

from dashboard.screens.searches import period_of
from dashboard.table_file import safe_cell, table_file
from rules.search_log import QueryTotal, Source, Tally, text_number
from storage.database import Database
from storage.models import SearchGap, SearchQuery, Site
from storage.search_clusters import Member, keep_clusters
from storage.search_gaps import Unfound, keep_gaps
from storage.search_log import ImportWriter, source_of
from storage.search_report import Share, report


def table(page: html.HtmlElement, section: str) -> dict[str, list[str]]:
    rows = page.xpath(f"//section[@aria-labelledby='{section}']//tbody/tr")
    return {
        " ".join(row.find("th").text_content().split()): [" ".join(cell.text_content().split()) for cell in row.findall("td")]
        for row in rows
    }


def test_month_stands_beside_the_same_month_of_last_year(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    shown = html.fromstring(client.get(f"/nl/sites/{ids['site']}/searches?month=2026-10").text)
    with stored.session() as session:
        site = session.get_one(Site, ids["site"])
        now = report(session, site, date(2026, 10, 1), date(2026, 10, 31)).total
        before = report(session, site, date(2025, 10, 1), date(2025, 10, 31)).total
    measures = table(shown, "measures")
    assert measures["keer gezocht"] == [str(now.searches), str(before.searches)]
    assert now.zero_results is not None
    assert f"({now.zero_results.count} van {now.zero_results.of})" in measures["zonder resultaat"][0]
    assert "waarschijnlijk" in measures["zonder resultaat"][0]  # few searches: with the interval
    assert measures["het bezoek eindigde met zoeken"][0] == "niet te bepalen uit deze bron"
    assert measures["hoe hoog de eerste klik staat (1 is altijd bovenaan)"][0] == "0,83"  # (8 x 1 + 9 x 1 + 9 x 1/2) / 26


def test_the_newest_whole_month_comes_first_and_a_part_is_compared_with_the_same_days(
    client: TestClient, ids: dict[str, int]
) -> None:
    shown = html.fromstring(client.get(f"/nl/sites/{ids['site']}/searches").text)
    assert shown.xpath("//option[@selected]/@value") == ["2026-10"]
    part = client.get(f"/nl/sites/{ids['site']}/searches?month=2026-11").text
    assert "1 november 2026 tot en met 9 november 2026" in part
    for month in ("2024-10", "2026-12", "2026-13", "x"):
        assert client.get(f"/nl/sites/{ids['site']}/searches?month={month}").status_code == 404


def test_rare_queries_are_one_line_and_have_no_screen(client: TestClient, ids: dict[str, int]) -> None:
    address = f"/nl/sites/{ids['site']}/searches"
    september = client.get(f"{address}?month=2026-09").text
    assert "zeldzaam" not in september
    assert "1 zoekvraag van minder dan vijf bezoeken" in table(html.fromstring(september), "list")
    assert "zeldzaam" not in client.get(f"{address}.csv?month=2026-09").text
    assert client.get(f"{address}/{text_number('=1+1;zeldzaam')}").status_code == 404
    assert client.get(f"{address}/{text_number('nooit gevraagd')}").status_code == 404
    assert client.get(f"/nl/sites/{ids['new_site']}/searches/{ids['query']}").status_code == 404


@pytest.mark.parametrize("language", ["nl", "en"])
def test_file_has_the_rows_of_the_screen(client: TestClient, ids: dict[str, int], language: str) -> None:
    answer = client.get(f"/{language}/sites/{ids['site']}/searches.csv?month=2026-09")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";" if language == "nl" else ",")
    shown = html.fromstring(client.get(f"/nl/sites/{ids['site']}/searches?month=2026-09").text)
    assert [int(row[1]) for row in rows[:-1]] == [int(cells[0]) for cells in table(shown, "list").values()]
    assert int(rows[-1][1]) == sum(int(row[1]) for row in rows[:-1])  # the totals stay whole
    assert len({len(row) for row in [head, *rows]}) == 1
    filtered = client.get(f"/{language}/sites/{ids['site']}/searches.csv?month=2026-09&q=grof").content.decode("utf-8-sig")
    assert [row.split(";" if language == "nl" else ",")[0] for row in filtered.split("\r\n")[1:-1]] == ["grofvuil"]
    workbook = client.get(f"/{language}/sites/{ids['site']}/searches.xlsx?month=2026-09")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.content)).active
    told = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert told == [[cell.removeprefix("'") for cell in row] for row in (head, *rows)]
    assert client.get(f"/{language}/sites/{ids['site']}/searches.exe").status_code in (404, 422)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+31", "'+31"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\u202e=1", "'=1"),
        (-2, -2),
    ],
)
def test_no_cell_becomes_a_formula(cell: object, safe: object) -> None:
    assert safe_cell(cell) == safe


def test_a_whole_month_is_compared_with_the_whole_month() -> None:
    """Also where that was a day longer: who exports by month has no other days."""
    known = date(2023, 1, 1), date(2025, 12, 14)
    assert period_of("2025-02", known).year_before == (date(2024, 2, 1), date(2024, 2, 29))
    assert period_of("2024-02", known).year_before == (date(2023, 2, 1), date(2023, 2, 28))
    assert period_of("2025-12", known).year_before == (date(2024, 12, 1), date(2024, 12, 14))


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    cells = ["=1+1", "+31", "-2", "@SUM(A1)", "\x01=1", "https://x.example/", 12]
    made = table_file("x", "xlsx", ["a"], [[cell] for cell in cells], "nl")
    column = [row[0] for row in openpyxl.load_workbook(io.BytesIO(made.body)).active.iter_rows(min_row=2)]
    assert [cell.value for cell in column] == ["=1+1", "+31", "-2", "@SUM(A1)", "=1", "https://x.example/", 12]
    assert {cell.data_type for cell in column} == {"s", "n"} and not any(cell.hyperlink for cell in column)


def test_query_shows_what_visits_did_after_it(client: TestClient, ids: dict[str, int]) -> None:
    address = f"/nl/sites/{ids['site']}/searches"
    passport = html.fromstring(client.get(f"{address}/{ids['query']}").text)
    (clicked,) = passport.xpath("//section[@aria-labelledby='clicks']//li")
    assert "/paspoort" in clicked.text_content()
    assert "Taak found" in passport.xpath("//section[@aria-labelledby='tasks']")[0].text_content()
    waste = html.fromstring(client.get(f"{address}/{ids['unfound']}").text)
    (following,) = waste.xpath("//section[@aria-labelledby='next']//li/span/a")
    assert following.text_content() == "afval"
    assert following.get("href") == f"{address}/{text_number('afval')}"


def test_hostile_query_is_text(client: TestClient, ids: dict[str, int]) -> None:
    for screen, filtered in (("", ""), (f"/{ids['hostile_query']}", ""), ("", HOSTILE), (".csv", "")):
        answer = client.get(f"/nl/sites/{ids['site']}/searches{screen}", params={"q": filtered})
        assert answer.status_code == 200
        assert screen == ".csv" or "<script>" not in answer.text
        assert "\u202e" not in answer.text
    assert client.get(f"/nl/sites/{ids['site']}/searches", params={"q": "x" * 5_000}).status_code == 404


def test_unfound_query_says_why_and_what_to_do(client: TestClient, ids: dict[str, int]) -> None:
    shown = html.fromstring(client.get(f"/nl/sites/{ids['site']}/not-found").text)
    (line,) = shown.xpath("//section[@aria-labelledby='open']//ol/li")
    text = " ".join(line.text_content().split())
    assert text.startswith("grofvuil ongeveer 9 bezoeken per maand")
    assert "27 van 27 keer zonder resultaat" in text
    assert "Zet het woord van bewoners in de tekst, of als zoekwoord." in text
    assert "zeldzaam" not in shown.text_content()


def test_what_was_mended_is_measured_from_that_day_on(client: TestClient, ids: dict[str, int]) -> None:
    shown = html.fromstring(client.get(f"/nl/sites/{ids['site']}/not-found").text)
    (line,) = shown.xpath("//section[@aria-labelledby='done']//ol/li")
    text = " ".join(line.text_content().split())
    assert "gedaan op 23 september 2026" in text
    assert "Ervoor: 100%" in text and "(21 keer gezocht)" in text
    assert "Sindsdien: 14 keer gezocht in wat is ingelezen; vanaf 20 keer staat hier wat het bracht." in text


def test_done_is_written_down_and_taken_back(empty: TestClient, database: Database) -> None:
    with database.session() as session:
        site = Site(
            name="Proef", start_url="https://www.example.nl/", origins=["https://www.example.nl"], settings={}, created_at=NOW
        )
        session.add(site)
        session.flush()
        number, query = site.id, text_number("grofvuil")
        session.add(SearchQuery(site_id=number, id=query, text="grofvuil"))
        keep_gaps(session, number, [(Unfound(query, "grofvuil", "results", 9, Share(9, 9)), None)], NOW)

    def done() -> bool:
        with database.session() as session:
            return session.get_one(SearchGap, (number, query)).done_at is not None

    address = f"/nl/sites/{number}/not-found/{query}"
    assert empty.post(address, data={"done": "1"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not done()
    for press, state in (("1", True), ("0", False)):
        assert empty.post(address, data={"done": press}, headers={"sec-fetch-site": "same-origin"}).status_code == 303
        assert done() is state
    assert empty.post(f"{address}1", data={"done": "1"}, headers={"sec-fetch-site": "same-origin"}).status_code == 404
    assert "Nog niet te zeggen" in empty.get(f"/nl/sites/{number}/not-found").text  # no page was ever read


def test_season_of_last_year_is_announced(client: TestClient, ids: dict[str, int]) -> None:
    shown = html.fromstring(client.get(f"/nl/sites/{ids['site']}/ahead").text)
    (row,) = shown.xpath("//ol[@class='vl-policies']/li")
    text = " ".join(row.text_content().split())
    assert text.startswith("kerstboom 56 keer gezocht in die weken")
    assert "Hier klikten zij" not in text  # the clicks of last year are gone with their visits


def test_less_than_a_year_says_so(empty: TestClient, database: Database) -> None:
    with database.session() as session:
        site = Site(
            name="Proef", start_url="https://www.example.nl/", origins=["https://www.example.nl"], settings={}, created_at=NOW
        )
        session.add(site)
        session.flush()
        writer = ImportWriter(session, site, source_of(session, site, Source.MATOMO), NOW)
        writer.add(QueryTotal(date(2026, 1, 1), date(2026, 1, 31), "afval", 9, 9))
        writer.write_totals(Source.MATOMO)
        writer.finish(Tally(), "0" * 64, Source.MATOMO)
        number = site.id
    text = empty.get(f"/nl/sites/{number}/ahead").text
    assert "Hiervoor is een jaar aan zoekopdrachten nodig. Er zijn er vanaf 1 januari 2026" in text
    overview = html.fromstring(empty.get(f"/nl/sites/{number}/searches").text)
    assert table(overview, "measures")["zonder resultaat"] == ["niet te bepalen uit deze bron", "onbekend"]


def test_what_asks_for_one_thing_is_one_row_with_its_forms(empty: TestClient, database: Database) -> None:
    asked = {"kerstboom": 60, "kerstboom inleveren": 30, "paspoort": 70}
    with database.session() as session:
        site = Site(
            name="Proef", start_url="https://www.example.nl/", origins=["https://www.example.nl"], settings={}, created_at=NOW
        )
        session.add(site)
        session.flush()
        writer = ImportWriter(session, site, source_of(session, site, Source.MATOMO), NOW)
        for text, searches in asked.items():
            writer.add(QueryTotal(date(2026, 1, 1), date(2026, 1, 31), text, searches, searches))
        writer.write_totals(Source.MATOMO)
        writer.finish(Tally(), "0" * 64, Source.MATOMO)
        head = Member(text_number("kerstboom"), "")
        keep_clusters(session, site.id, {text_number(text): head for text in asked if "kerst" in text})
        address = f"/nl/sites/{site.id}/searches"
    rows = table(html.fromstring(empty.get(address).text), "list")
    assert [(name.split()[0], cells[0]) for name, cells in rows.items()] == [("kerstboom", "90"), ("paspoort", "70")]
    assert "en op 1 andere manier" in next(iter(rows))
    assert len(table(html.fromstring(empty.get(f"{address}?q=inleveren").text), "list")) == 1
    detail = html.fromstring(empty.get(f"{address}/{head.head}").text)
    assert "kerstboom inleveren" in detail.xpath("//section[@aria-labelledby='alike']")[0].text_content()
    file = csv.reader(io.StringIO(empty.get(f"{address}.csv").content.decode("utf-8-sig")), delimiter=";")
    assert {row[0]: row[-1] for row in list(file)[1:-1]} == {
        "kerstboom": "kerstboom",
        "kerstboom inleveren": "kerstboom",
        "paspoort": "paspoort",
    }


def test_searches_at_google_stand_beside_those_on_the_site(empty: TestClient, database: Database) -> None:
    with database.session() as session:
        site = Site(
            name="Proef", start_url="https://www.example.nl/", origins=["https://www.example.nl"], settings={}, created_at=NOW
        )
        session.add(site)
        session.flush()
        address = f"/nl/sites/{site.id}"
    assert empty.get(f"{address}/google").status_code == 404
    for kind, rows in (
        (Source.SEARCH_CONSOLE, {"paspoort": (900, 90), "gemeente": (400, 9)}),
        (Source.MATOMO, {"paspoort": (70, None)}),
    ):
        with database.session() as session:
            writer = ImportWriter(session, session.get_one(Site, 1), source_of(session, session.get_one(Site, 1), kind), NOW)
            for text, (searches, clicked) in rows.items():
                writer.add(QueryTotal(date(2026, 1, 1), date(2026, 1, 31), text, searches, None, clicked=clicked))
            writer.write_totals(kind)
            writer.finish(Tally(), kind.value.rjust(64, "0"), kind)
    rows_shown = table(html.fromstring(empty.get(f"{address}/google").text), "list")
    assert {name: (cells[0], cells[2]) for name, cells in rows_shown.items()} == {
        "paspoort": ("900", "70"),
        "gemeente": ("400", "–"),
    }
    assert "10" in rows_shown["paspoort"][1]
    assert f"{address}/google" in empty.get(f"{address}/searches").text
