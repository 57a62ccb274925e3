"""`vierluik monitoring`: the figures that a member state asks for, over all sites that are watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from pydantic_core import to_json

from rules.evaluation import Conclusion, MachineLook, Results
from rules.monitoring import Method, MonitoringFigures, in_depth_figures, missing_pages, sample_size, simplified_figures
from rules.norm import DEFAULT_NORM, norms, success_criteria
from rules.outcome import Outcome
from storage.database import Database
from storage.evaluations import machine_look
from storage.questions.runs import latest_run
from storage.sites import all_sites
from storage.statements import failing_now, newest_results
from vierluik.screen import Exit, say, stop


def monitor(database: Database, inhabitants: int | None, period: int, output: Path | None) -> None:
    """Print the figures of both methods; write them with the names of the sites to a file where one is named."""
    with database.session() as session:
        sites = all_sites(session)
        by_machine = {site.name: failing_now(session, site.id) for site in sites if latest_run(session, site.id)}
        looks = [machine_look(run, run.norm) for site in sites if (run := latest_run(session, site.id))]
        by_people = {site.name: results for site in sites if (results := newest_results(session, site.id))}
    figures = [simplified_figures(by_machine), in_depth_figures(list(by_people.values()))]
    told: dict[str, Any] = {"methods": [asdict(one) for one in figures]}
    told["looked_at"] = looked_at(looks, list(by_people.values()))
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
    for name, value in told["looked_at"].items():
        typer.echo(f"looked at\t{name}\t{', '.join(map(str, value)) if isinstance(value, list) else value}")
    if output:
        try:
            output.write_bytes(to_json(told, indent=1) + b"\n")
        except OSError as error:
            raise stop(Exit.WRONG_USE, f"{output} cannot be written: {error.strerror}.") from error
        say(f"{output} was written.")
    say("The simplified method detects failures; a site without any is not thereby in conformity.")


def looked_at(looks: Sequence[MachineLook], evaluations: Sequence[Results]) -> dict[str, Any]:
    """What the figures rest on: pages of all sites, criteria by machines and by people, days, and programs with versions."""
    days = sorted(look.on for look in looks if look.on)
    judged = {number for results in evaluations for number, one in results.conclusions.items() if _is_by_people(one)}
    asked = {*norms()[DEFAULT_NORM].criteria, *(number for results in evaluations for number in results.conclusions)}
    tests, asks = ({number for look in looks for number in getattr(look, name)} for name in ("tests", "asks"))
    return {
        "pages_known": sum(look.known for look in looks),
        "pages_tested": sum(look.tested for look in looks),
        "pages_skipped": sum(look.skipped for look in looks),
        "pages_untested": sum(look.untested for look in looks),
        "criteria_partly_by_machine": len(tests),
        "criteria_asked_by_machine": len(asks),
        "criteria_judged_by_people": len(judged),
        "criteria_judged_by_nobody": len(asked - judged - tests - asks),
        "first_day": days[0].isoformat() if days else "",
        "last_day": days[-1].isoformat() if days else "",
        "programs": sorted({one for look in looks for one in (look.tool, *look.engines, look.browser) if one}),
    }


def _is_by_people(one: Conclusion) -> bool:
    return one.outcome is not Outcome.UNTESTED and not one.by_norm


def _print(figures: MonitoringFigures) -> None:
    """One method: sites, then principles, needs and the commonest criteria, fields with tabs between."""
    typer.echo(f"{figures.method}\tsites {figures.sites}\twithout failure found {figures.without_failure_found}")
    for one in figures.principles:
        typer.echo(f"{figures.method}\t{one.principle}\tfailing {one.failing}")
    for need, count in figures.needs.items():
        typer.echo(f"{figures.method}\tneed {need}\tfailing {count}")
    for number, count in figures.commonest[:10]:
        typer.echo(f"{figures.method}\t{number} {success_criteria()[number].name['en']}\tfailing {count}")
