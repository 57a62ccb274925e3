"""Options that many commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from vierluik.settings import DATABASE_VARIABLE


class Words(StrEnum):
    NL = "nl"
    EN = "en"


DatabaseOption = Annotated[
    str | None, typer.Option("--db", metavar="URL", envvar=DATABASE_VARIABLE, help="The database; wins over vierluik.toml.")
]
LanguageOption = Annotated[Words, typer.Option("--language", envvar="VIERLUIK_LANGUAGE", help="The language of the words.")]
