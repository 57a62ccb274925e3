"""All sites in one table beside the register, a search over everything, and a list of sites that is brought in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from dashboard_seed import NOW, copy_of
from lxml import html
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard.app import create_app
from rules.register import RegisterStatement
from rules.site_list import SiteListError, read_site_list
from rules.task import PageText
from storage.database import Database
from storage.page_texts import store_page_text
from storage.questions.runs import run_history
from storage.questions.sites import all_sites
from storage.register import keep_register
from vierluik.command_line import app
from vierluik.screen import Exit


@pytest.fixture(scope="module")
def house(
    filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, dict[str, int], TestClient]]:
    database, ids = copy_of(filled[0], tmp_path_factory.mktemp("portfolio")), filled[1]
    with database.session() as session:
        said = [RegisterStatement("1", "example.nl", "Voorbeeldstad", "C", date(2024, 1, 1), "https://www.example.org/1")]
        keep_register(session, said, NOW)
        store_page_text(session, ids["page"], "Verhuizing doorgeven", PageText(("Verhuizing",), "U verhuist binnen de gemeente."))
    yield database, ids, TestClient(create_app(database, now=lambda: NOW), follow_redirects=False)
    database.close()


def test_every_site_stands_beside_its_status_in_the_register(house: tuple[Database, dict[str, int], TestClient]) -> None:
    database, ids, client = house
    page = html.fromstring(client.get("/nl/portfolio").text)
    cells = {
        row.xpath("string(th/a)"): [" ".join(cell.text_content().split()) for cell in row.findall("td")]
        for row in page.xpath("//tbody/tr")
    }
    with database.session() as session:
        assert set(cells) == {site.name for site in all_sites(session)}
        latest = run_history(session, ids["site"])[-1]
    failing, tested = latest.figure("pages_with_failure") or 0, latest.figure("pages_tested") or 1
    shown = cells["Voorbeeldstad"]
    assert shown[0] == f"{100 * (tested - failing) / tested:.1f}%".replace(".", ",")
    assert shown[3] == "C: eerste maatregelen genomen langer dan een jaar niet herzien"
    assert cells["Nieuwe site"][0] == "onbekend" and cells["Nieuwe site"][4] == "nog niet"
    table = client.get("/nl/portfolio.csv?sort=free").text.splitlines()
    assert len(table) == len(cells) + 1 and "Grote site" in table[1]  # nothing of it is free of failures
    assert client.get("/nl/portfolio?sort=score").status_code == 404


def test_a_search_finds_pages_rules_and_sites(house: tuple[Database, dict[str, int], TestClient]) -> None:
    _, ids, client = house
    assert f"/nl/pages/{ids['page']}" in client.get("/nl/search", params={"q": "verhuizen"}).text
    assert "/nl/rules/image-alternative" in client.get("/nl/search", params={"q": "image-alt"}).text
    assert "/nl/rules/text-contrast" in client.get("/nl/search", params={"q": "1.4.3"}).text
    assert f'href="/nl/sites/{ids["big_site"]}"' in client.get("/nl/search", params={"q": "grote"}).text
    for odd in ('"', "' OR 1=1 --", "NEAR(", "*", "\x00", "<script>"):
        answer = client.get("/nl/search", params={"q": odd})
        assert answer.status_code == 200 and "<script>" not in answer.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "its first line"),
        (b"naam\nx\n", "its first line"),
        (b"adres;naam\n;x\n", "line 2 has no address"),
        (b"adres\nhttps://a.nl/\nhttps://a.nl/\n", "a second time"),
        (b"adres\n", "no site"),
        (b"adres\n\xff\n", "UTF-8"),
    ],
)
def test_a_wrong_list_says_where(text: bytes, says: str) -> None:
    with pytest.raises(SiteListError, match=says):
        read_site_list(text)


def test_sites_are_brought_in_whole_or_not_at_all(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'vierluik.db'}", tmp_path / "sites.csv"

    def bring_in(text: str) -> tuple[int, str]:
        file.write_text(text, encoding="utf-8")
        answer = CliRunner().invoke(app, ["import", "sites", str(file), "--db", url])
        return answer.exit_code, answer.output

    assert bring_in("adres;naam;cron\nhttps://www.a.nl/;A;0 3 * * 1\nb.nl;;\n")[1].startswith(
        "2 sites are watched from now on; 0"
    )
    assert bring_in("adres\nhttps://www.a.nl/\nhttps://c.nl/\n")[1].startswith("1 sites are watched from now on; 1 were")
    code, said = bring_in("adres;naam;cron\nhttps://d.nl/;D;\nhttps://e.nl/;E;ooit\n")
    assert code == Exit.WRONG_USE and "line 3" in said
    database = Database(url)
    with database.session() as session:
        assert sorted(site.start_url for site in all_sites(session)) == ["https://b.nl/", "https://c.nl/", "https://www.a.nl/"]
    database.close()
