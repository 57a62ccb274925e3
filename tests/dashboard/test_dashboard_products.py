"""Products of the list on screen: counted, filtered by the address, taken out by a person, and as a harmless table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from dashboard_seed import HOSTILE, UPL, fill
from lxml import html
from starlette.testclient import TestClient

from dashboard.app import create_app
from storage.database import Database

OURS = {"sec-fetch-site": "same-origin"}


def names(client: TestClient, address: str) -> list[str]:
    shown = html.fromstring(client.get(address).text)
    return [" ".join(one.text_content().split()) for one in shown.cssselect("main table th[scope=row] > bdi")]


def chips(client: TestClient, address: str) -> list[int]:
    shown = html.fromstring(client.get(address).text)
    return [int(one.text_content().replace(".", "")) for one in shown.cssselect("main .vl-chip strong")]


@pytest.mark.parametrize(
    ("query", "first", "number"),
    [
        ("", "paspoort", 127),
        ("state=covered", "paspoort", 4),
        ("state=no-form", "stadspas", 1),
        ("state=searched", "visvergunning", 2),
        ("state=absent", "0", 120),
        ("state=not-offered", "Heel lange", 1),
        ("for=businesses&state=covered", "stadspas", 1),
        ("q=PASPOORT", "paspoort", 1),
        ("q=%25", "", 0),
    ],
)
def test_lists_are_filtered_by_their_address(
    client: TestClient, ids: dict[str, int], query: str, first: str, number: int
) -> None:
    found = names(client, f"/nl/sites/{ids['site']}/products?{query}")
    assert len(found) == min(number, 100)
    assert not found or found[0].startswith(first)
    lines = list(
        csv.reader(io.StringIO(client.get(f"/nl/sites/{ids['site']}/products.csv?{query}").text.lstrip("\ufeff")), delimiter=";")
    )
    assert len(lines) == number + 1


def test_counts_say_what_they_are_counted_over(client: TestClient, ids: dict[str, int]) -> None:
    address = f"/nl/sites/{ids['site']}/products"
    total, covered, no_form, searched, absent, not_offered = chips(client, address)
    assert total == covered + searched + absent + not_offered == 127
    assert no_form <= covered
    assert chips(client, f"{address}?q=paspoort") == [1, 1, 0, 0, 0, 0]
    assert chips(client, f"{address}?state=absent") == chips(client, address)


def test_no_cell_of_the_table_is_run_by_a_spreadsheet(client: TestClient, ids: dict[str, int]) -> None:
    text = client.get(f"/nl/sites/{ids['site']}/products.csv").text.lstrip("\ufeff")
    cells = [cell for line in csv.reader(io.StringIO(text), delimiter=";") for cell in line]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert any("alert" in cell for cell in cells)


@pytest.mark.parametrize("query", ["state=x", "for=nobody", "page=9"])
def test_what_is_no_list_is_not_there(client: TestClient, ids: dict[str, int], query: str) -> None:
    assert client.get(f"/nl/sites/{ids['site']}/products?{query}").status_code == 404


def test_a_person_takes_a_product_out_and_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    ids = fill(database)
    client = TestClient(create_app(database), follow_redirects=False, headers=OURS)
    post, uri = f"/nl/sites/{ids['site']}/products/offer?q=rijbewijs", f"{UPL}1"
    answer = client.post(post, data={"uri": uri, "offered": "0", "person": "Jan", "note": HOSTILE})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/nl/sites/{ids['site']}/products?q=rijbewijs")
    assert names(client, f"/nl/sites/{ids['site']}/products?state=not-offered&q=rijbewijs") == ["rijbewijs"]
    assert "<script>alert" not in client.get(f"/nl/sites/{ids['site']}/products?state=not-offered").text
    client.post(post, data={"uri": uri, "offered": "1"})
    assert names(client, f"/nl/sites/{ids['site']}/products?state=not-offered&q=rijbewijs") == []
    assert client.post(post, data={"uri": "http://elsewhere", "offered": "0"}).status_code == 404
    refused = client.post(post, data={"uri": uri, "offered": "0"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    database.close()
