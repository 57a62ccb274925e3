"""`python -m vierluik.reference` writes `docs/settings.md` and `docs/command-line.md`; `--check`: are they current?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from rules.generated_page import table, write_or_check
from rules.setting import OWN_OF_SITE, WHY_ONLY_IN_FILE, OnlyInFile, Place
from vierluik.command_line import app
from vierluik.screen import Exit
from vierluik.settings import DATABASE_VARIABLE, FILE, Settings, as_toml
from vierluik.settings_table import WHERE

MODULE = "vierluik.reference"
NOTICE = f"<!-- Made by `python -m {MODULE}`; do not edit. -->"
PRECEDENCE = (
    "An administrator can also set most of them on the screen **Instellingen**, for one site or for all. What counts is the",
    "first of these that says something: an option of the command, the site's screen, `vierluik.toml`, the screen for all",
    "sites, the default. The screen shows each value with where it comes from; what the file says for all sites can be read",
    "there and not be changed. `include` and `exclude` are of a site alone, and `page_types` of a site come before those for",
    "all. No screen writes in the file, and `vierluik check`, which stores nothing, goes by the file alone.",
    "",
    "`vierluik settings show --site SITE` prints what counts and why. `vierluik settings export` writes all that is set as",
    "TOML, with `--site SITE` all of one site: its settings, schedules, owners, own rules, search tasks and targets.",
    "`vierluik settings import FILE` brings that into this or another installation. Secrets are never in it: a log-in names",
    "where its secret is.",
)
EXIT_CODES = {
    Exit.FINE: "fine",
    Exit.FINDINGS: (
        "`check --fail-on`: something of that impact or worse failed; `test findability`: a task is lost; "
        "`verify`: a pack is not as it was made"
    ),
    Exit.WRONG_USE: "wrong use or a wrong setting; the sentence says what to write",
    Exit.NOTHING_JUDGED: "nothing could be judged, or `doctor` misses something",
    Exit.INTERRUPTED: "interrupted; it can be continued",
}


def settings_page() -> str:
    """Every setting with its default and its meaning."""
    rows = [
        [f"`{name}`", f"`{as_toml(field.get_default())}`", field.description or "", _screen_of(name)]
        for name, field in Settings.model_fields.items()
    ]
    lines = [
        "# Settings",
        "",
        NOTICE,
        "",
        f"They stand in `{FILE}`, in the folder where Vierluik is started; what is left out has its default. An unknown name",
        f"or a wrong value is an error that says what to write. `{DATABASE_VARIABLE}` and `--db` win over `database`.",
        "",
        *PRECEDENCE,
        "",
        *table(("setting", "default", "meaning", "on a screen"), rows),
    ]
    return "\n".join(lines) + "\n"


def _screen_of(name: str) -> str:
    """For what a setting can be set on a screen, or why not."""
    where = WHERE.get(name, OnlyInFile.MACHINES)  # a test asks for those that it does not name
    if isinstance(where, OnlyInFile):
        return f"no: {WHY_ONLY_IN_FILE[where]}"
    if name in OWN_OF_SITE:
        return "one site; in the file it is what new sites of `vierluik run URL` begin with"
    return "all sites, one site" if Place.SITE in where[1] else "all sites"


def command_line_page() -> str:
    """Every command with its arguments and options."""
    lines = [
        "# Command line",
        "",
        NOTICE,
        "",
        "`vierluik --help` and `--help` behind every command say the same.",
        "",
        *table(("exit code", "meaning"), [[str(code.value), meaning] for code, meaning in EXIT_CODES.items()]),
        *_command(get_command(app), "vierluik"),
    ]
    return "\n".join(lines) + "\n"


def _command(command: Any, name: str) -> Iterator[str]:
    """A command, or the commands of a group, which only holds them together."""
    if members := getattr(command, "commands", None):
        for word, member in members.items():
            yield from _command(member, f"{name} {word}")
        return
    with command.make_context(name, [], resilient_parsing=True) as context:
        parameters = command.get_params(context)
        arguments = [one for one in parameters if one.param_type_name == "argument"]
        options = [one for one in parameters if one.param_type_name == "option"]
        usage = [one.metavar or one.name.upper() for one in arguments]
        yield from ("", f"## {' '.join([name, *usage])}", "", command.help, "")
        rows = [[f"`{usage[number]}`", one.help] for number, one in enumerate(arguments)]
        rows += [_option(one.get_help_record(context)) for one in options]
        yield from table(("argument or option", "meaning"), rows)


def _option(record: tuple[str, str]) -> list[str]:
    name, meaning = record
    return [f"`{name}`", meaning.replace("  [", " [")]


if __name__ == "__main__":
    pages = {"settings.md": settings_page(), "command-line.md": command_line_page()}
    sys.exit(write_or_check(pages, MODULE, sys.argv[1:]))
