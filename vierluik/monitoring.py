"""`vierluik monitoring`: the figures that a member state asks for, over all sites that are watched."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from pydantic_core import to_json

from rules.monitoring import Method, MonitoringFigures, in_depth_figures, missing_pages, sample_size, simplified_figures
from rules.norm import success_criteria
from storage.database import Database
from storage.questions.runs import latest_run
from storage.sites import all_sites
from storage.statements import failing_now, newest_results
from vierluik.screen import Exit, say, stop


def monitor(database: Database, inhabitants: int | None, period: int, output: Path | None) -> None:
    """Print the figures of both methods; write them with the names of the sites to a file where one is named."""
    with database.session() as session:
        sites = all_sites(session)
        by_machine = {site.name: failing_now(session, site.id) for site in sites if latest_run(session, site.id)}
        by_people = {site.name: results for site in sites if (results := newest_results(session, site.id))}
    figures = [simplified_figures(by_machine), in_depth_figures(list(by_people.values()))]
    told: dict[str, Any] = {"methods": [asdict(one) for one in figures]}
    told["sites"] = {Method.SIMPLIFIED: sorted(by_machine), Method.IN_DEPTH: sorted(by_people)}
    told["missing_pages"] = {name: missing_pages(results) for name, results in by_people.items()}
    if inhabitants is not None:
        try:
            size = sample_size(inhabitants, period)
        except ValueError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        told["sample_size"] = asdict(size)
        typer.echo(f"sites to look at\tsimplified {size.simplified}\tin-depth {size.in_depth}")
    for one in figures:
        _print(one)
    if output:
        try:
            output.write_bytes(to_json(told, indent=1) + b"\n")
        except OSError as error:
            raise stop(Exit.WRONG_USE, f"{output} cannot be written: {error.strerror}.") from error
        say(f"{output} was written.")
    say("The simplified method detects failures; a site without any is not thereby in conformity.")


def _print(figures: MonitoringFigures) -> None:
    """One method: sites, then principles, needs and the commonest criteria, fields with tabs between."""
    typer.echo(f"{figures.method}\tsites {figures.sites}\twithout failure found {figures.without_failure_found}")
    for one in figures.principles:
        typer.echo(f"{figures.method}\t{one.principle}\tfailing {one.failing}")
    for need, count in figures.needs.items():
        typer.echo(f"{figures.method}\tneed {need}\tfailing {count}")
    for number, count in figures.commonest[:10]:
        typer.echo(f"{figures.method}\t{number} {success_criteria()[number].name['en']}\tfailing {count}")
