"""The export of the public register is read as it is, and what is no such export is told with a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rules.register import NEEDED, RegisterError, host_of_address, read_register

REAL = Path(__file__).parents[2].parent / "shared/data/register/register_download_20241130.csv"
HEAD = "ID;Overheidsinstantie;Naam;Type;Status;Overheidsinstantie;Register URL;Primair webadres;Aanvullende webadressen;"
HEAD += "Datum akkoord organisatie"
LINE = "86;Gemeente;Site;website;B - Voldoet gedeeltelijk;Yes;https://register.example/86;https://www.A.example/x;"
LINE += "b.example c.example;4-1-2024"


def body(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([HEAD, *lines]).encode(encoding)


def test_a_statement_counts_for_each_of_its_hosts() -> None:
    found = read_register(body(LINE))
    assert [one.host for one in found] == ["a.example", "b.example", "c.example"]
    assert (found[0].status, found[0].agreed_on, found[0].url) == ("B", date(2024, 1, 4), "https://register.example/86")


def test_apps_lines_cut_short_and_odd_cells_are_left_out_or_empty() -> None:
    app, odd = (
        LINE.replace("website", "mobiele applicatie"),
        LINE.replace("4-1-2024", "ooit").replace("https://reg", "javascript:reg"),
    )
    found = read_register(body(app, "87;Gemeente", odd, LINE.replace("B - ", "? - "), encoding="utf-8-sig"))
    assert {(one.agreed_on, one.url) for one in found} == {(None, "")}


@pytest.mark.parametrize(
    "wrong", [b"", b"ID,Naam\n1,2", b"\x00\x01", b"%PDF-1.7", body(), "naïef".encode("cp1252"), b'"' + b"x" * 2_000_000]
)
def test_another_file_is_told_with_a_sentence(wrong: bytes) -> None:
    with pytest.raises(RegisterError):
        read_register(wrong)


def test_addresses_as_people_write_them_have_a_host() -> None:
    assert host_of_address("www.Westland.nl/loket") == "westland.nl"
    assert [host_of_address(text) for text in ("", "geen", "https://[::1", "http://", "a" * 300 + ".nl")] == [""] * 5


def test_the_export_of_2024_is_read_whole() -> None:
    if not REAL.exists():
        pytest.skip("the register's export is not on this machine")
    found = read_register(REAL.read_bytes())
    assert len({one.number for one in found}) > 6_000
    assert all(one.status in "ABCDE" for one in found)
    assert NEEDED
