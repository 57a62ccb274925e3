"""The commands about journeys; the work is done in `vierluik.journeys`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rules.journey import Way
from vierluik.opening import open_settings
from vierluik.options import LanguageOption, Words

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
