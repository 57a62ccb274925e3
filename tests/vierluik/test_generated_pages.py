"""The pages of `docs/` that are made of the code are current and complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from rules.criteria import page as criteria_page
from rules.generated_page import DOCS, table, write_or_check
from rules.index import index
from rules.norm import norms, success_criteria
from rules.rule import catalogue
from vierluik.command_line import app
from vierluik.reference import command_line_page, settings_page
from vierluik.screen import Exit
from vierluik.settings import Settings

PAGES = {"rules.md": index, "criteria.md": criteria_page, "settings.md": settings_page, "command-line.md": command_line_page}


def commands_of(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with the words that call it."""
    members = getattr(command, "commands", None)
    if not members:
        yield name, command
    for word, member in (members or {}).items():
        yield from commands_of(member, f"{name} {word}")


COMMANDS = dict(commands_of(get_command(app), "vierluik"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name: str) -> None:
    module = {"rules.md": "rules.index", "criteria.md": "rules.criteria"}.get(name, "vierluik.reference")
    assert DOCS.joinpath(name).read_text(encoding="utf-8") == PAGES[name](), f"Refresh it with: python -m {module}"


def test_every_rule_and_every_criterion_of_a_norm_is_listed() -> None:
    page = index()
    for rule in catalogue().values():
        assert f"[{rule.id}](../rules/catalogue/{rule.area}/{rule.id}.md)" in page
        assert DOCS.joinpath(f"../rules/catalogue/{rule.area}/{rule.id}.md").is_file()
    for norm in norms().values():
        for number in norm.criteria:
            assert f"\n| {number} | {success_criteria()[number].name['nl']} |" in page


def test_every_setting_is_documented() -> None:
    page = settings_page()
    for name, field in Settings.model_fields.items():
        assert f"\n| `{name}` |" in page
        assert field.description, name
        assert field.description.endswith("."), name


def test_every_command_and_every_option_is_documented() -> None:
    page = command_line_page()
    for name, command in COMMANDS.items():
        assert f"\n## {name}" in page
        assert command.help
        section = page.partition(f"\n## {name}")[2].partition("\n## ")[0]
        for parameter in command.params:
            assert parameter.help, (name, parameter.name)
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert option in section


def test_help_names_every_command() -> None:
    groups = {name.split()[1] for name in COMMANDS}
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for word in groups:
        assert re.search(rf"(?m)^\W*{word}\s", result.output), word
    for name in COMMANDS:
        answer = CliRunner().invoke(app, [*name.split()[1:], "--help"])
        assert answer.exit_code == 0, name
        assert "Usage: " in answer.output


def test_every_exit_code_is_documented() -> None:
    for code in Exit:
        assert f"\n| {code.value} |" in command_line_page()


def test_check_says_how_to_refresh_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = {"a.md": "# A\n"}
    assert write_or_check(pages, "some.module", ["--check"], tmp_path) == 1
    assert "docs/a.md is not current. Refresh it with: python -m some.module" in capsys.readouterr().err
    assert write_or_check(pages, "some.module", [], tmp_path) == 0
    assert write_or_check(pages, "some.module", ["--check"], tmp_path) == 0
    (tmp_path / "a.md").write_text("# B\n", encoding="utf-8")
    assert write_or_check(pages, "some.module", ["--check"], tmp_path) == 1
    assert write_or_check(pages, "some.module", ["--chek"], tmp_path) == 2


def test_a_cell_cannot_break_its_table() -> None:
    assert table(("a", "b"), [("x | y", "one\ntwo")]) == ["| a | b |", "| --- | --- |", "| x \\| y | one two |"]
