"""The tree keeps its contract: imports go down, nothing names a machine or a registry, documents say what is there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from rules.reason import REASONS
from vierluik.command_line import app
from vierluik.settings import Settings

ROOT = Path(__file__).parents[1]
REGISTRIES = ("registry.npmjs.org", "pypi.org/simple", "files.pythonhosted.org", "registry.yarnpkg.com")
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|work|mnt)/\w")
TEXTS = {".py", ".md", ".toml", ".json", ".js", ".css", ".j2", ".po", ".csv", ".lock", ".txt", ".html", ".xml", ".svg", ""}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is kept in git, those not yet added included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("This is no git clone; what is kept in it cannot be listed.")
    return tuple(file for name in listed.split("\0") if name and (file := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    for file in tracked():
        if file.suffix in TEXTS and file != Path(__file__):
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8", errors="replace")


def test_rooms_import_downwards_only() -> None:
    result = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_no_file_names_a_registry() -> None:
    assert [(name, host) for name, text in texts() for host in REGISTRIES if host in text] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert [(name, found[0]) for name, text in texts() for found in MACHINE_PATH.finditer(text)] == []


def test_every_python_package_is_pinned_by_hash_and_has_no_address() -> None:
    lock = ROOT.joinpath("requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", lock) if entry.strip() and not entry.startswith("#")]
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[\w.\[\],-]+==[\w.!+-]+( ;[^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]
    assert not re.search(r"(?m)https?://|^\s*--(index|find|extra)|@ file:", lock)


def test_every_browser_side_package_is_pinned_by_hash_and_has_no_address() -> None:
    lock = json.loads(ROOT.joinpath("assets/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_no_fetched_or_built_file_is_kept() -> None:
    kept = [file.relative_to(ROOT).as_posix() for file in tracked()]
    assert [
        name for name in kept if re.search(r"(^|/)(vendor|node_modules|__pycache__|\.venv|dist|build)/|\.(pyc|db)$", name)
    ] == []


# --- documents -----------------------------------------------------------------------------------------------------

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def known_options() -> dict[str, set[str]]:
    """The options of every command, by the words that call it."""
    root = get_command(app)
    found: dict[str, set[str]] = {}
    for word, command in root.commands.items():
        for name, member in {
            word: command,
            **{f"{word} {one}": each for one, each in getattr(command, "commands", {}).items()},
        }.items():
            found[name] = {"--help", *(option for parameter in member.params for option in parameter.opts)}
    return found


def documents() -> Iterator[tuple[str, str]]:
    for name, text in texts():
        if name.endswith(".md") and not name.startswith(("rules/catalogue/", "vierluik/sample_site/", "tests/")):
            yield name, text


def spoken_commands(text: str) -> Iterator[str]:
    """Every call of vierluik in code: a line of a block, or between backticks."""
    for line in text.splitlines():
        if line.startswith("    ") and (found := re.match(r"\s+(?:\.venv/bin/)?vierluik (.*)", line)):
            yield found[1].partition("  #")[0]
        for code in re.findall(r"`([^`]+)`", line):
            if found := re.match(r"(?:\.venv/bin/)?vierluik (.*)", code):
                yield found[1]


def test_documents_name_only_commands_and_options_that_exist() -> None:
    options = known_options()
    wrong = []
    for name, text in documents():
        for call in spoken_commands(text):
            words = call.split()
            command = next((one for one in (" ".join(words[:2]), words[0]) if one in options), None)
            if command is None and words[0] != "--help":
                wrong.append((name, call))
            elif command is not None:
                wrong += [(name, call, option) for option in OPTION.findall(call) if option not in options[command]]
    assert wrong == []


def test_documents_name_only_make_targets_that_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", ROOT.joinpath("Makefile").read_text(encoding="utf-8")))
    calls = [(name, target) for name, text in documents() for target in re.findall(r"(?:`|^    )make ([a-z]+)", text, re.M)]
    assert calls
    assert [(name, target) for name, target in calls if target not in targets] == []


def is_there(name: str, target: str) -> bool:
    return "://" in target or target.startswith("mailto:") or (ROOT / name).parent.joinpath(target).exists()


def test_documents_link_only_to_files_that_exist() -> None:
    links = [(name, target) for name, text in documents() for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)]
    assert links
    assert [link for link in links if not is_there(*link)] == []


def test_reasons_name_only_settings_that_exist() -> None:
    named = {word for sentences in REASONS.values() for text in sentences for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", text)}
    assert named - set(Settings.model_fields) == set()
