"""`vierluik import search-log` says in plain words what came of a file; what is wrong ends in a sentence and exit code 2."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest
import search_logs as logs
from test_command_line_bad_input import vierluik

pytestmark = pytest.mark.slow


def with_site(folder: Path) -> None:
    code, _, said = vierluik(folder, "site", "add", "https://www.voorbeeld.nl/", "--name", "Voorbeeld")
    assert code == 0, said


def test_a_log_is_brought_in_and_summed_up(tmp_path: Path) -> None:
    with_site(tmp_path)
    (tmp_path / "log.gz").write_bytes(gzip.compress(logs.COMBINED))
    command = ("import", "search-log", "log.gz", "--site", "Voorbeeld")
    code, _, said = vierluik(tmp_path, *command, "--dry-run")
    assert (code, "Er is niets bewaard." in said) == (0, True)
    code, _, said = vierluik(tmp_path, *command)
    assert code == 0
    assert "12 regels gelezen als 'combined': 2 zoekopdrachten en 1 kliks, 2026-01-05 t/m 2026-01-05." in said
    assert "Persoonsgegevens vervangen: bsn" in said
    assert "1 bezoek van Vierluik zelf" in said
    assert "Onleesbare regels: 1 (regel 12: niet in deze vorm)" in said
    assert "Niet te bepalen uit deze bron: of er iets gevonden werd" in said
    assert not [planted for planted in logs.PLANTED if planted in said]
    code, _, said = vierluik(tmp_path, *command, "--language", "en")
    assert (code, "brought in before; nothing changed" in said) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nergens.log", "--site", "Voorbeeld"), "nergens.log cannot be read: No such file or directory."),
        ((".", "--site", "Voorbeeld"), "cannot be read: Is a directory."),
        (("log.csv", "--site", "Elders"), "There is no site 'Elders'"),
        (("log.csv", "--site", "Voorbeeld"), "they would be read as"),
        (("log.csv", "--site", "Voorbeeld", "--mapping", "vraag=Gezocht"), "write field=heading"),
        (("log.csv", "--site", "Voorbeeld", "--period", "2026-13"), "is no period; write 2026-01"),
        (("log.csv", "--site", "Voorbeeld", "--search-address", "zoeken?"), "is no search address; write for example /zoeken?q="),
        (("log.csv", "--site", "Voorbeeld", "--source", "combined"), "no request in it looks like a search"),
    ],
)
def test_what_is_wrong_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    with_site(tmp_path)
    (tmp_path / "log.csv").write_text(logs.GENERIC)
    code, _, said = vierluik(tmp_path, "import", "search-log", *arguments)
    assert (code, sentence in said) == (2, True), said


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    with_site(tmp_path)
    (tmp_path / "log").write_text(
        "\n".join(logs.line(f"/zoeken?q=vraag{number}", ip=f"10.0.0.{number % 250}") for number in range(40_000))
    )
    size = sum(file.stat().st_size for file in tmp_path.glob("vierluik.db*"))
    code, _, said = vierluik(tmp_path, "import", "search-log", "log", "--site", "Voorbeeld", largest_file=size + 500_000)
    assert (code, "Look whether its disk is full" in said) == (2, True), said
    database = sqlite3.connect(tmp_path / "vierluik.db")
    assert [database.execute(f"SELECT count(*) FROM search_{table}").fetchone()[0] for table in ("event", "query", "import")] == [
        0,
        0,
        0,
    ]
    database.close()
    code, _, said = vierluik(tmp_path, "import", "search-log", "log", "--site", "Voorbeeld")
    assert (code, "40.000 zoekopdrachten" in said) == (0, True), said


def test_case_numbers_of_the_settings_are_masked(tmp_path: Path) -> None:
    settings = 'case_number_patterns = ["dos-[0-9]{3}"]\n'
    code, _, said = vierluik(tmp_path, "site", "add", "https://www.voorbeeld.nl/", "--name", "Voorbeeld", settings=settings)
    (tmp_path / "log").write_text(logs.line("/zoeken?q=bezwaar+DOS-123"))
    code, _, said = vierluik(tmp_path, "import", "search-log", "log", "--site", "1", settings=settings)
    assert (code, "zaaknummer 1" in said) == (0, True), said
    code, _, said = vierluik(tmp_path, "site", "list", settings='case_number_patterns = ["("]\n')
    assert (code, "no regular expression" in said) == (2, True), said
