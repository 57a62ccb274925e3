"""`vierluik import sites`: all of a file or nothing, and every bad line with its number."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from rules.schedule import WorkKind
from rules.site_list import SiteListError, read_site_list
from storage.database import Database
from storage.schedules import find_schedule
from storage.sites import all_sites
from vierluik.command_line import app

GOOD = "naam;adres;eigenaar;rooster\r\nStad;https://www.stad.example/;Team Web;wekelijks\r\nDorp;dorp.example;;\r\n"


def bring_in(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.chdir(folder)
    (folder / "sites.csv").write_bytes(text.encode("cp1252"))
    done = CliRunner().invoke(app, ["import", "sites", "sites.csv", "--db", f"sqlite:///{folder / 'v.db'}"])
    return done.exit_code, done.output


def watched(folder: Path) -> dict[str, tuple[str, str, str]]:
    database = Database(f"sqlite:///{folder / 'v.db'}")
    with database.session() as session:
        found = {}
        for site in all_sites(session):
            schedule = find_schedule(session, site.id, WorkKind.FULL)
            found[site.name] = site.start_url, site.settings.get("owner", ""), schedule.cron if schedule else ""
    database.close()
    return found


def test_a_list_is_brought_in_once_and_changes_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = bring_in(tmp_path, GOOD, monkeypatch)
    assert (code, said.split(".")[0]) == (0, "2 sites were added, 0 changed, 0 were the same already")
    assert watched(tmp_path) == {
        "Stad": ("https://www.stad.example/", "Team Web", "0 3 * * 0"),
        "Dorp": ("https://dorp.example/", "", ""),
    }
    assert "0 sites were added, 0 changed, 2 were the same" in bring_in(tmp_path, GOOD, monkeypatch)[1]
    other = "address,name,schedule\nhttps://www.stad.example/,Stad,none\n"
    assert "0 sites were added, 1 changed" in bring_in(tmp_path, other, monkeypatch)[1]
    assert watched(tmp_path)["Stad"] == ("https://www.stad.example/", "Team Web", "")


def test_one_bad_line_keeps_all_of_the_file_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(tmp_path, "name,address\nStad,https://www.stad.example/\n", monkeypatch)
    bad = (
        "name,address,schedule\nNieuw,https://nieuw.example/,\nStad,https://elders.example/,\nAnders,https://www.stad.example/,\n"
    )
    code, said = bring_in(tmp_path, bad, monkeypatch)
    assert code == 2
    assert "line 3: 'Stad' is watched already" in said
    assert "line 4: https://www.stad.example/ is watched already, as 'Stad'" in said
    assert list(watched(tmp_path)) == ["Stad"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: there is no column 'name'"),
        ("name,url\n", "line 2: there is no site"),
        ("site\nx\n", "line 1: there is no column 'address'"),
        ("name,address\n\n,https://a.example/\n", "line 3: a name has 1 to 200 plain signs"),
        ("name,address\n12,https://a.example/\n", "line 2: '12' is a number"),
        ("name,address\nA,javascript:alert(1)\n", "line 2: 'javascript:alert(1)' is no web address"),
        ("name,address\nA,\n", "line 2: '' is no web address"),
        ("name,address,schedule\nA,a.example,sometimes\n", "line 2: 'sometimes' is no cron line"),
        ("name,address\nA,a.example\nA,b.example\n", "line 3: the name 'A' stands on line 2 too"),
        ("name,address\nA,a.example\nB,https://a.example/\n", "line 3: the address 'https://a.example/' stands on line 2 too"),
        ('name,address\n"A\x1b[2J",a.example\n', "line 2: a name has 1 to 200 plain signs"),
        ("name,address\x00\n", "line 1: the file is no CSV"),
        (f"name,address\nA,{'x' * 200_000}\n", "line 2: this is no line of a CSV file"),
    ],
)
def test_each_fault_is_said_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(SiteListError, match=r"^line") as caught:
        read_site_list(text.encode())
    assert sentence in str(caught.value)


def test_a_name_and_password_in_an_address_are_left_out() -> None:
    assert read_site_list(b"name,address\nA,https://me:secret@a.example/x#y\n")[0].address == "https://a.example/x"
