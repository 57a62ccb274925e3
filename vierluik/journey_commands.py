"""The commands about journeys; the work is done in `vierluik.journeys`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rules.journey import Way
from vierluik.opening import in_force, open_database, open_settings
from vierluik.options import DatabaseOption, LanguageOption, Words

journey_app = typer.Typer(help="Tasks of residents, from question to confirmation.", no_args_is_help=True, rich_markup_mode=None)


@journey_app.command("try")
def journey_try(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The steps of a journey: see docs/journeys.md.")],
    site: Annotated[str, typer.Option("--site", metavar="URL", help="The start page, where the file names paths only.")] = "",
    way: Annotated[list[Way] | None, typer.Option("--way", help="Only this way; all five by default.")] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="Where the picture goes; FILE-WAY.jpg by default.")
    ] = None,
    engines: Annotated[bool, typer.Option("--engines/--no-engines", help="Also judge every state of its pages.")] = False,
    language: LanguageOption = Words.NL,
) -> None:
    """Walk a journey now, in five ways, and show where it breaks, with a picture. Nothing is sent, and nothing stored."""
    from vierluik.journeys import try_journey

    settings = open_settings().for_run()
    raise typer.Exit(try_journey(file, site, tuple(way or Way), settings, language.value, picture, engines=engines))


@journey_app.command("record")
def journey_record(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page where residents begin.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where it is written.")],
    title: Annotated[str, typer.Option("--title", help="What it is called; the heading of the last page by default.")] = "",
) -> None:
    """Write a journey by watching a browser window; what is typed is replaced by made-up data, and nothing is sent."""
    from vierluik.journeys import record_journey

    record_journey(url, output, title, open_settings().for_run())


@journey_app.command("add")
def journey_add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The steps of a journey: see docs/journeys.md.")],
    site: Annotated[str, typer.Option("--site", help="A site's name or number.")],
    database: DatabaseOption = None,
) -> None:
    """Keep a journey of a site; one of the same title is changed."""
    from vierluik.journeys import add_journey

    add_journey(open_database(open_settings(database=database)), site, file)


@journey_app.command("allow")
def journey_allow(
    hosts: Annotated[list[str] | None, typer.Argument(metavar="HOST …", help="Test hosts: https://test.example.nl.")] = None,
    site: Annotated[str, typer.Option("--site", help="A site's name or number.")] = ...,  # type: ignore[assignment]
    nowhere: Annotated[bool, typer.Option("--nowhere", help="From here on nothing is sent anywhere.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Let the journeys of a site send their forms on named test hosts; without hosts: show where they may."""
    from vierluik.journeys import allow_sending

    allow_sending(open_database(open_settings(database=database)), site, hosts or [], nowhere=nowhere)


@journey_app.command("list")
def journey_list(
    site: Annotated[str, typer.Argument(help="A site's name or number.")],
    propose: Annotated[bool, typer.Option("--propose", help="Propose journeys for what most people search for.")] = False,
    confirm: Annotated[str, typer.Option("--confirm", metavar="JOURNEY", help="A proposed one is right: number or title.")] = "",
    remove: Annotated[str, typer.Option("--remove", metavar="JOURNEY", help="Take one away, by its number or title.")] = "",
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """The journeys of a site: number, state, what became of it the last time, title."""
    from vierluik.journeys import list_journeys

    list_journeys(
        open_database(open_settings(database=database)), site, language.value, propose=propose, confirm=confirm, remove=remove
    )


def journeys(
    site: Annotated[str, typer.Argument(help="A site's name or number.")],
    offline: Annotated[bool, typer.Option("--offline", help="Refuse everything outside the site's scope.")] = False,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """Walk every journey of a site in five ways; ends with 1 where one breaks."""
    from vierluik.journeys import test_journeys

    settings = open_settings(database=database)
    stored = open_database(settings)
    wanted = in_force(settings, stored, site).for_run(offline=offline)
    raise typer.Exit(test_journeys(stored, site, wanted, language.value))
