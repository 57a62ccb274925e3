"""A list of tasks is read as spreadsheets save it; what is wrong in it is said, with its line."""

from __future__ import annotations

import pytest

from rules.findability import RightPage
from rules.task_file import MOST_TASKS, TaskFileError, read_tasks

HOME = "https://www.example.nl/"
HEADING = "taak;zoekwoorden;pagina's;product\n"
LINE = "Paspoort aanvragen;paspoort | pas  verlengen;/paspoort | https://www.example.nl/id 1;paspoort\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_list_is_read_however_a_spreadsheet_saved_it(encoding: str, delimiter: str) -> None:
    text = (HEADING + LINE + "\n").replace(";", delimiter).replace("Paspoort aan", "Réspaspoort aan").replace("\n", "\r\n")
    (task,) = read_tasks(text.encode(encoding), HOME)
    assert task.title == "Réspaspoort aanvragen"
    assert task.queries == ("paspoort", "pas verlengen")
    assert task.right == (RightPage("https://www.example.nl/paspoort", 3), RightPage("https://www.example.nl/id", 1))
    assert task.product == "paspoort"


def test_columns_may_stand_in_another_order_and_in_english() -> None:
    (task,) = read_tasks(b'page,task,queries\n/paspoort,"Passport, new",passport', HOME)
    assert (task.title, task.queries) == ("Passport, new", ("passport",))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column taak"),
        (b"\x00\x81\x8d\xff", "no column|no text|plain text"),
        (b"%PDF-1.7\n%\xe2\xe3", "no column"),
        (HEADING.encode(), "0 tasks"),
        (b"taak;pagina\nx;/y", "no column zoekwoorden"),
        ((HEADING + "Paspoort;;/paspoort").encode(), "Line 2: 'Paspoort' has 0 search words"),
        ((HEADING + "Paspoort;p;").encode(), "Line 2: 'Paspoort' has 0 pages"),
        ((HEADING + ";p;/p").encode(), "Line 2: the task must be"),
        ((HEADING + "Paspoort;p;javascript:alert(1)").encode(), "is no page"),
        ((HEADING + "Paspoort;p;paspoort.html").encode(), "is no page"),
        ((HEADING + "Paspoort;p;/p 9").encode(), "is no page"),
        ((HEADING + f"Paspoort;{'p' * 121};/p").encode(), "120 characters"),
        ((HEADING + LINE + LINE).encode(), "there twice"),
        ((HEADING + "".join(f"t{number};q;/p\n" for number in range(MOST_TASKS + 1))).encode(), f"1 to {MOST_TASKS}"),
        (b'taak;zoekwoorden;pagina\n"open;q;/p', "no CSV"),
        (b"x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, said: str) -> None:
    with pytest.raises(TaskFileError, match=said):
        read_tasks(content, HOME)


def test_fault_names_its_field() -> None:
    with pytest.raises(TaskFileError) as caught:
        read_tasks((HEADING + "Paspoort;p;nergens").encode(), HOME)
    assert caught.value.field == "pages"
