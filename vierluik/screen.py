"""What the command line shows: plain lines, progress bars on a terminal, sentences for errors, exit codes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

import structlog
import typer

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from scheduler.run_site import Progress

PLAIN_LINE_EVERY_S = 10.0


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    FINE = 0
    FINDINGS = 1  # at or above --fail-on
    WRONG_USE = 2
    NOTHING_JUDGED = 3
    INTERRUPTED = 4


class Voice:
    """How a command speaks: to a person, or in the log of what runs by itself."""

    as_log = False


def stop(code: Exit, sentence: str) -> typer.Exit:
    """Say why a command ends; raise what this gives."""
    if Voice.as_log:
        structlog.get_logger("vierluik").error("said", text=sentence)
        return typer.Exit(code)
    colour = typer.colors.RED if code in (Exit.WRONG_USE, Exit.NOTHING_JUDGED) else None
    typer.secho(sentence, err=True, bold=True, fg=colour)
    return typer.Exit(code)


def say(line: str) -> None:
    """A line for a person, on standard error, so that standard output stays what was asked for."""
    if Voice.as_log:
        structlog.get_logger("vierluik").info("said", text=line)
        return
    typer.echo(line, err=True)


class RunDisplay:
    """Shows how far a run is: a bar on a terminal, a line every ten seconds elsewhere."""

    def __init__(self, bars: Bars | None) -> None:
        self.bars = bars
        self.task = bars.add_task("pages", total=None, links=0) if bars else None
        self.last_line = time.monotonic()
        self.notice = ""

    def show(self, progress: Progress) -> None:
        done, total, what = progress.done, max(progress.found, progress.done), "pages"
        if progress.to_look_again:
            done, total, what = progress.looked_again, progress.to_look_again, "second look"
        elif progress.judged < progress.to_judge:
            done, total, what = progress.judged, progress.to_judge, "documents"
        if progress.notice != self.notice:
            self.notice = progress.notice
            say(self.notice or "Pages are tested again.")
        if self.bars and self.task is not None:
            self.bars.update(self.task, description=what, completed=done, total=total, links=progress.links)
        elif time.monotonic() - self.last_line > PLAIN_LINE_EVERY_S:
            self.last_line = time.monotonic()
            say(f"{what}: {done} of {total}, {progress.links} links")


@contextmanager
def run_display() -> Iterator[RunDisplay]:
    if Voice.as_log or not sys.stderr.isatty():
        yield RunDisplay(None)
        return
    # Loaded where they are used: most runs are made by a clock, and nobody watches.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[links]} links"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True, highlight=False), transient=True) as bars:
        yield RunDisplay(bars)
