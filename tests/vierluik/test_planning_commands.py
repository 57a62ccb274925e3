"""Schedules from the command line, and what a wrong use of them says."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from vierluik.command_line import app

RUNNER = CliRunner()


@pytest.fixture
def database(tmp_path: object) -> str:
    url = f"sqlite:///{tmp_path}/vierluik.db"
    RUNNER.invoke(app, ["site", "add", "https://www.example.nl/", "--name", "Proef", "--cron", "0 3 * * *", "--db", url])
    return url


def said(database: str, *words: str) -> tuple[int, str]:
    result = RUNNER.invoke(app, ["site", *words, "--db", database])
    return result.exit_code, " ".join(result.output.split())


def test_a_schedule_is_shown_set_and_removed(database: str) -> None:
    code, shown = said(database, "schedule", "Proef", "--language", "en")
    assert (code, shown.partition(" next ")[0]) == (0, "full 0 3 * * * every night at 3:00 (Europe/Amsterdam)")
    code, shown = said(database, "schedule", "Proef", "30 2 * * 1-6", "--kind", "incremental", "--quiet-hours", "7:00-19:00")
    assert code == 0
    assert "op maandag tot en met zaterdag om 2.30 uur (Europe/Amsterdam) quiet 07:00-19:00" in shown
    code, shown = said(database, "schedule", "Proef", "--spread", "600", "--kind", "incremental")
    assert "30 2 * * 1-6" in shown and "quiet 07:00-19:00 spread 600 s" in shown
    assert said(database, "schedule", "Proef", "", "--kind", "full")[0] == 0
    assert said(database, "schedule", "Proef")[1].startswith("incremental 30 2")
    assert said(database, "schedule", "all")[1].startswith("imports * * * * *")
    assert said(database, "schedule", "all", "0 4 * * *", "--kind", "retention")[0] == 0
    assert "incremental 30 2 * * 1-6" in said(database, "list")[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("schedule", "Proef", "every night"), "is no cron line"),
        (("schedule", "Proef", "0 3 30 2 *"), "that day never comes"),
        (("schedule", "Proef", "0 3 * * *", "--zone", "Mars"), "There is no time zone 'Mars'"),
        (("schedule", "Proef", "0 3 * * *", "--quiet-hours", "nacht"), "Write their begin and end: 07:00-19:00"),
        (("schedule", "Proef", "0 3 * * *", "--spread", "-5"), "The spread is 0 to 86400 seconds"),
        (("schedule", "Proef", "--spread", "5", "--kind", "findability"), "has no schedule of the kind findability yet"),
        (("schedule", "Proef", "0 3 * * *", "--kind", "retention"), "has no work of the kind retention"),
        (("schedule", "all", "0 3 * * *"), "has no work of the kind full"),
        (("schedule", "Niets", "0 3 * * *"), "There is no site 'Niets'"),
        (("run-now", "all"), "of one site"),
        (("cancel", "all"), "Name one site"),
        (("pause", "Niets"), "There is no site 'Niets'"),
    ],
)
def test_a_wrong_use_is_a_sentence_and_changes_nothing(database: str, words: tuple[str, ...], sentence: str) -> None:
    before = said(database, "schedule", "Proef")
    code, shown = said(database, *words)
    assert (code, sentence in shown) == (2, True), shown
    assert said(database, "schedule", "Proef") == before


def test_work_is_asked_for_taken_back_paused_and_resumed(database: str) -> None:
    assert "is asked for (request 1)" in said(database, "run-now", "Proef", "--kind", "full")[1]
    assert said(database, "run-now", "Proef", "--kind", "full") == (
        0,
        "'Proef': full was asked for already, and waits for `vierluik serve`.",
    )
    assert "requests taken back: 1" in said(database, "cancel", "Proef")[1]
    assert "nothing goes on and nothing waits" in said(database, "cancel", "Proef")[1]
    assert "1 schedule paused" in said(database, "pause", "Proef")[1]
    assert said(database, "schedule", "Proef")[1].endswith("paused")
    assert "1 schedule resumed" in said(database, "resume", "Proef")[1]
    assert " next " in said(database, "schedule", "Proef")[1]
