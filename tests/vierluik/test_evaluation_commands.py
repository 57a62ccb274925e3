"""An evaluation from the command line: begun, exported in every form, and brought in from the W3C report tool."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rules.site import Scope
from rules.task import PageResult, PageStatus
from storage.database import Database
from storage.models import Run
from storage.results import store_page
from storage.runs import FetchFacts, RunMadeWith, add_found, finish_run, start_run
from storage.sites import add_site
from vierluik.command_line import app

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORIGIN = "https://www.example.nl"
FORMS = ("html", "xlsx", "csv", "wcag-em", "earl", "openacr", "sarif", "junit", "statement")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a site that was run once, and one that was not."""
    folder = tmp_path_factory.mktemp("commands")
    database = Database(f"sqlite:///{folder / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "Proef", f"{ORIGIN}/", Scope((ORIGIN,)), NOW).id
        add_site(session, "Leeg", "https://leeg.example/", Scope(("https://leeg.example",)), NOW)
        run = start_run(session, site, RunMadeWith("en301549-3.2.1", "0" * 64, {"axe": "4"}), "here:1", "", NOW).id
        for path in ("/", "/contact", "/a"):
            url = f"{ORIGIN}{path}"
            add_found(session, run, [(url, url, 1)])
            store_page(session, site, run, url, PageResult(url, PageStatus.TESTED, final_url=url, title=path), FetchFacts(url, 1))
        finish_run(session, session.get_one(Run, run), complete=True, documents=0, now=NOW)
    database.close()
    return folder


def vierluik(place: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--db", f"sqlite:///{place / 'vierluik.db'}"])
    return result.exit_code, result.output


def test_an_evaluation_is_begun_exported_and_brought_in_again(place: Path) -> None:
    code, said = vierluik(place, "evaluation", "begin", "Proef", "--evaluator", "Anna", "--seed", "x")
    assert code == 0, said
    assert "Evaluation 1 of 'Proef' has begun" in said
    for form in FORMS:
        code, said = vierluik(place, "export", form, "--site", "Proef", "-o", str(place / form), "--evaluation", "1")
        assert (code, "1/50 criteria met" in said) == (0, True), said
        assert (place / form).stat().st_size > 300, form
    code, said = vierluik(place, "import", "wcag-em", str(place / "wcag-em"), "--site", "Leeg", "--evaluator", "Bram")
    assert code == 0 and "was brought in" in said, said
    listed = vierluik(place, "evaluation", "list", "Leeg")[1].strip().split("\t")
    assert listed[2:] == ["full", "en301549-3.2.1", "1/50", "49"]


def test_a_run_is_exported_for_builders(place: Path) -> None:
    for form in ("sarif", "junit", "csv"):
        assert vierluik(place, "export", form, "--site", "Proef", "-o", str(place / f"run.{form}"))[0] == 0
    run = json.loads((place / "run.sarif").read_text())["runs"][0]
    assert run["properties"]["pages"] == {"tested": 3}
    assert (place / "run.junit").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("evaluation", "begin", "Leeg", "--evaluator", "Anna"), "vierluik run 2"),
        (("evaluation", "begin", "Proef", "--evaluator", " "), "at least one evaluator"),
        (("evaluation", "list", "Elders"), "no site 'Elders'"),
        (("export", "html", "--site", "Proef", "-o", "x", "--evaluation", "99"), "no evaluation 99"),
        (("export", "text", "--site", "Proef", "-o", "x", "--evaluation", "1"), "cannot be had as text"),
    ],
)
def test_what_cannot_be_is_a_sentence(place: Path, words: tuple[str, ...], sentence: str) -> None:
    code, said = vierluik(place, *words)
    assert code == 2
    assert sentence in said


def test_a_file_that_is_no_evaluation_is_a_sentence(place: Path) -> None:
    file = place / "no.json"
    file.write_text("[]")
    code, said = vierluik(place, "import", "wcag-em", str(file), "--site", "Proef")
    assert code == 2
    assert "holds no evaluation" in said and "Nothing of it was kept" in said


def test_evidence_is_written_once_and_verified(place: Path) -> None:
    vierluik(place, "evaluation", "begin", "Proef", "--evaluator", "Anna")
    first, second = place / "first.zip", place / "second.zip"
    for file in (first, second):
        code, said = vierluik(place, "export", "evidence", "--site", "Proef", "-o", str(file))
        assert code == 0, said
    assert "never written over" in vierluik(place, "export", "evidence", "--site", "Proef", "-o", str(first))[1]
    code, said = vierluik(place, "verify", str(second), "--previous", str(first), "--known")
    assert (code, "all as they were made" in said, "written down here" in said) == (0, True, True), said
    assert vierluik(place, "verify", str(first), "--previous", str(second))[0] == 1
    first.write_bytes(b"nothing")
    code, said = vierluik(place, "verify", str(first))
    assert code == 2 and "cannot be opened as a pack" in said


def test_the_figures_of_a_member_state_are_counted_over_all_sites(place: Path) -> None:
    file = place / "monitoring.json"
    code, said = vierluik(place, "monitoring", "--inhabitants", "17900000", "--json", str(file))
    assert code == 0, said
    assert "simplified 612\tin-depth 41" in said and "is not thereby in conformity" in said
    told = json.loads(file.read_text())
    assert told["sites"]["simplified"] == ["Proef"]
    assert told["looked_at"]["pages_known"] > 0 and told["looked_at"]["criteria_judged_by_nobody"] > 0 and "pages_known" in said
    assert told["methods"][0]["sites"] == 1
    assert vierluik(place, "monitoring", "--inhabitants", "0")[0] == 2
