"""Feedback is read from any table with its headings in Dutch or English; what is personal in it never comes out."""

from __future__ import annotations

import io
from datetime import date

import pytest

from checks.feedback.read import FeedbackOptions, FeedbackRead, read_feedback, read_mapping, read_scale
from rules.feedback import FeedbackError
from rules.search_log import Tally

SITE = "https://www.example.nl/"
YES = FeedbackOptions(confirmed=True)


def read(text: str | bytes, options: FeedbackOptions = YES, tally: Tally | None = None) -> FeedbackRead:
    body = text if isinstance(text, bytes) else text.encode()
    return read_feedback(io.BytesIO(body), SITE, options, tally or Tally())


def ratings(text: str | bytes, options: FeedbackOptions = YES) -> list[float | None]:
    return [None if one.rating is None else round(one.rating, 3) for one in read(text, options).answers]


@pytest.mark.parametrize(
    "text",
    [
        "Pagina;Datum;Cijfer;Opmerking\nhttps://www.example.nl/paspoort;05-01-2026;4;fijn\n",
        "url,date,rating,comment\nhttps://example.nl/paspoort?utm=1,2026-01-05,4,fijn\n",
        "Page URL\tCreated at\tScore\tFeedback\n/paspoort\t2026-01-05 10:00:00\t4/5\tFijn\n",
        "Adres;Ingevuld op;Sterren;Toelichting (open)\nwww.example.nl/paspoort;5 jan 2026;★★★★☆;fijn\n".encode("utf-16"),
        "pagina|datum|waardering|reactie\n/paspoort|2026-01-05T23:30:00+01:00|75%|fijn\n",
    ],
)
def test_tables_of_every_program_say_the_same(text: str | bytes) -> None:
    (answer,) = read(text).answers
    assert (answer.address, answer.day, answer.comment) == ("https://www.example.nl/paspoort", date(2026, 1, 5), "fijn")
    assert answer.rating == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("answer", "rating"),
    [
        ("Ja", 1.0),
        ("nee", 0.0),
        ("thumbs up", 1.0),
        ("duim omlaag", 0.0),
        ("👎", 0.0),
        ("Ja, ik vond het", 1.0),
        ("1", 1.0),
        ("0", 0.0),
        ("false", 0.0),
    ],
)
def test_thumbs_and_answers_are_the_ends_of_the_scale(answer: str, rating: float) -> None:
    assert ratings(f'Pagina;Datum;Nuttig?\n/a;2026-01-05;"{answer}"\n') == [rating]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ("1 5 3", [0.0, 1.0, 0.5]),
        ("1 10 7", [0.0, 1.0, 0.667]),
        ("0 1", [0.0, 1.0]),
        ("0 55 100", [0.0, 0.55, 1.0]),
        ("7,5 1", [0.722, 0.0]),
    ],
)
def test_the_scale_is_the_smallest_that_all_scores_fit_in(scores: str, expected: list[float]) -> None:
    assert ratings("Pagina;Datum;Cijfer\n" + "".join(f"/a;2026-01-05;{one}\n" for one in scores.split())) == expected


def test_a_person_may_name_the_scale() -> None:
    text = "Pagina;Datum;Cijfer\n/a;2026-01-05;4\n/a;2026-01-06;12\n"
    tally = Tally()
    found = read(text, FeedbackOptions(scale=read_scale("1-10"), confirmed=True), tally)
    assert [one.rating for one in found.answers] == [pytest.approx(1 / 3)]
    assert tally.bad_samples == [(3, "no-number")]


PERSONAL = (
    "123456782",
    "jan.jansen@example.org",
    "06-12345678",
    "NL91ABNA0417164300",
    "1234 AB 12",
    "01-02-1980",
)


def test_nothing_personal_comes_out() -> None:
    rows = "".join(f"/pagina/{number};2026-01-05;2;bel mij op of schrijf {one}\n" for number, one in enumerate(PERSONAL))
    tally = Tally()
    found = read(f"Pagina;Datum;Cijfer;Opmerking\n{rows}/zaak/jan.jansen@example.org;2026-01-05;2;\n", tally=tally)
    said = repr(found).lower()
    assert not [one for one in PERSONAL if one.lower() in said]
    assert tally.masked["e-mail"] == 2 and tally.masked["bsn"] == 1  # counted once each, also where a sample showed them
    with pytest.raises(FeedbackError) as asked:  # nor in the question that a person gets
        read(f"Pagina;Datum;Cijfer;Opmerking\n{rows}", FeedbackOptions())
    assert not [one for one in PERSONAL if one.lower() in str(asked.value).lower()]


def test_lines_that_cannot_be_read_are_counted_and_not_fatal() -> None:
    tally = Tally()
    text = (
        "Pagina;Datum;Cijfer\n/a;2026-01-05;4\n/a;onbekend;4\n/a;2026-01-05;veel\n;2026-01-05;4\n"
        "https://elders.example/;2026-01-05;4\nhttps://[;2026-01-05;4\n/a;2026-01-05;\n"
    )
    assert len(read(text, tally=tally).answers) == 1
    assert tally.bad_samples == [(3, "no-day"), (4, "no-number")]
    assert dict(tally.left_out) == {"no-page": 1, "other-site": 2}


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("", YES, "empty|no line with headings"),
        ("x", YES, "columns"),
        ("Naam;Kleur\na;b\n", YES, "say what they hold"),
        ("Pagina;Datum;Cijfer\n/a;2026-01-05;4\n", FeedbackOptions(), "--yes"),
        ("Pagina;Datum;Cijfer\n/a;2026-01-05;400\n", YES, "--scale"),
        ("Pagina;Datum\n", FeedbackOptions({"page": "Bladzijde"}), "no column 'Bladzijde'"),
        (b"PK\x03\x04 a spreadsheet", YES, "export it as CSV"),
        (b"\x1f\x8b\x08broken", YES, "gzip"),
    ],
)
def test_a_file_that_is_bad_as_a_whole_is_a_sentence(text: str | bytes, options: FeedbackOptions, sentence: str) -> None:
    with pytest.raises(FeedbackError, match=sentence):
        read(text, options)


def test_what_a_person_writes_is_read_or_refused() -> None:
    assert read_mapping("page=Waar, day=Wanneer,score=Hoe") == {"page": "Waar", "day": "Wanneer", "score": "Hoe"}
    for wrong in ("page", "colour=x", "page="):
        with pytest.raises(FeedbackError):
            read_mapping(wrong)
    for wrong in ("5", "5-1", "a-b"):
        with pytest.raises(FeedbackError):
            read_scale(wrong)
