"""Findability through the real command: exit codes, sentences, and what was stored stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_command_line_bad_input import SHORT, vierluik

from crawler.browser import BrowserFile
from vierluik.sample_site import serve

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("command-line-findability")]
SETTINGS = SHORT.replace("load_timeout_s = 2.0", "load_timeout_s = 10.0") + 'engines = ["vierluik"]\n'
TASKS = "taak;zoekwoorden;pagina's\nPaspoort;{word};/producten/paspoort\n"


def call(folder: Path, *arguments: str) -> tuple[int, str, str]:
    return vierluik(folder, *arguments, settings=SETTINGS)


def test_bad_use_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "fout.csv").write_text("taak;zoekwoorden\nPaspoort;paspoort\n", encoding="utf-8")
    call(tmp_path, "site", "add", "http://127.0.0.1:9/", "--name", "Proef")
    for arguments, said in [
        (("test", "findability", "Niemand"), "There is no site 'Niemand'"),
        (("test", "findability", "Proef"), "has no confirmed task"),
        (("import", "tasks", "weg.csv", "--site", "Proef"), "cannot be read"),
        (("import", "tasks", "fout.csv", "--site", "Proef"), "There is no column pagina's"),
        (("site", "tasks", "Proef", "--confirm", "Niets"), "has no task 'Niets'"),
        (("site", "search", "Proef", "--template", "https://www.example.nl/zoeken"), "{query} where the words go"),
    ]:
        code, _, errors = call(tmp_path, *arguments)
        assert (code, said in errors) == (2, True), (arguments, errors)


def test_host_that_does_not_answer_gives_three(tmp_path: Path, browser: BrowserFile) -> None:
    (tmp_path / "taken.csv").write_text(TASKS.format(word="paspoort"), encoding="utf-8")
    call(tmp_path, "site", "add", "http://127.0.0.1:9/", "--name", "Proef")
    assert call(tmp_path, "import", "tasks", "taken.csv", "--site", "Proef")[0] == 0
    code, _, errors = call(tmp_path, "test", "findability", "Proef", "--language", "en")
    assert code == 3 and len(errors) > 20


def test_lost_task_gives_one(tmp_path: Path, browser: BrowserFile) -> None:
    with serve("clean") as server:
        call(tmp_path, "site", "add", server.url, "--name", "Stad")
        for word, code, verdict in (("paspoort", 0, "gevonden\t1"), ("reispapier", 1, "verkeerde woorden\t-")):
            (tmp_path / "taken.csv").write_text(TASKS.format(word=word), encoding="utf-8")
            assert call(tmp_path, "import", "tasks", "taken.csv", "--site", "Stad")[0] == 0
            ended, shown, errors = call(tmp_path, "test", "findability", "Stad", "--offline")
            assert (ended, shown) == (code, f"{verdict}\tPaspoort\n")
            assert bool(re.search(r"Lost since [\d-]+: Paspoort \(was at rank 1", errors)) == (code == 1)
            assert "nobody confirmed it yet" in errors
        ended, shown, _ = call(tmp_path, "site", "search", "Stad", "--confirm")
        assert ended == 0 and re.search(r"template\thttp://127.0.0.1:\d+/zoeken\?q={query}", shown)
        assert call(tmp_path, "site", "tasks", "Stad", "--remove", "all")[0] == 0
        assert call(tmp_path, "site", "tasks", "Stad")[1] == ""
