"""Series that others measured are read in every form that spreadsheets give them; what is none is counted or refused."""

from __future__ import annotations

import io
from datetime import date

import pytest

from checks.feedback.measurements import read_measurements, read_period
from rules.measurement import Measurement, MeasurementError
from rules.search_log import Tally

START, LATEST = "https://www.example.nl/", date(2026, 11, 23)


def read(text: str | bytes, source: str = "") -> tuple[list[Measurement], Tally]:
    tally = Tally()
    body = text if isinstance(text, bytes) else text.encode()
    return read_measurements(io.BytesIO(body), START, source, LATEST, tally), tally


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        ("2025-Q4", (2025, 10, 1), (2025, 12, 31)),
        ("Q1 2026", (2026, 1, 1), (2026, 3, 31)),
        ("2026 kwartaal 2", (2026, 4, 1), (2026, 6, 30)),
        ("2026-02", (2026, 2, 1), (2026, 2, 28)),
        ("31-01-2026", (2026, 1, 31), (2026, 1, 31)),
        ("2026-01-01..2026-03-31", (2026, 1, 1), (2026, 3, 31)),
    ],
)
def test_periods_in_every_form(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert read_period(text) == (date(*first), date(*last))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_dutch_spreadsheet_in_every_encoding(encoding: str) -> None:
    text = (
        "Periode;Reeks;Waarde;n;Bron;Pagina;KPI\n2026-Q1;Tevredenheid café;7,4;1.212;KTO;/paspoort?x=1;\n"
        "2026;Gevonden;83 %;;;;success-at-3\n"
    )
    found, tally = read(text.encode(encoding), "eigen meting")
    page = "https://www.example.nl/paspoort"
    assert found == [
        Measurement("Tevredenheid café", "KTO", date(2026, 1, 1), date(2026, 3, 31), 7.4, 1212, page),
        Measurement("Gevonden", "eigen meting", date(2026, 1, 1), date(2026, 12, 31), 83, None, "", "success-at-3"),
    ]
    assert tally.bad_lines == 0


def test_english_headings_and_commas() -> None:
    (one,), _ = read('date,series,value,answers\n2026-01-31,Satisfaction,"1,234.5",20\n')
    assert (one.value, one.answers) == (1234.5, 20)


def test_bad_lines_are_counted_with_their_reason() -> None:
    lines = [
        "2026-01;a;7",
        "gisteren;a;7",
        "2026-01;b;veel",
        "2026-01;;7",
        "2026-01;bel 0612345678;7",
        "2031;a;7",
        "2026-01;c;nan",
    ]
    found, tally = read("periode;reeks;waarde\n" + "\n".join(lines))
    assert [one.series for one in found] == ["a"]
    assert [reason for _, reason in tally.bad_samples] == ["no-day", "no-number", "no-series", "personal", "no-number"]
    assert tally.left_out["in-the-future"] == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("periode;waarde\n2026;7", "there is none for series"),
        ("periode;reeks;waarde\n2026-01;a;7\n2026-01;a;8", "line 3 gives 'a' of 2026-01-01 to 2026-01-31 a second value"),
        ("periode;reeks;waarde;pagina\n2026-01;a;7;https://ander.example/x", "of another site"),
        ("periode;reeks;waarde\n2099-01;a;7", "in the future"),
        ("periode;reeks;waarde\n", "no value"),
        (b"PK\x03\x04" + b"\x00" * 100, "export it as CSV"),
    ],
)
def test_a_file_that_is_bad_as_a_whole_is_a_sentence(text: str | bytes, sentence: str) -> None:
    with pytest.raises(MeasurementError, match=sentence):
        read(text)
