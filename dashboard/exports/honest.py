"""The honest line of every screen and export: who looked at what, what nobody looked at, with which programs, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dashboard.barrier_words import SOURCE
from dashboard.formatting import calendar_day
from dashboard.languages import N_, translations
from rules.barrier import Barrier
from rules.criteria import Reach, rows_of
from rules.evaluation import Results
from rules.norm import Language, norms

BY_PEOPLE = N_(
    "Mensen beoordeelden %(people)s van de %(asked)s criteria, op %(pages)s pagina’s van de steekproef; %(none)s criteria zijn "
    "door niemand beoordeeld."
)
BY_MACHINE = N_(
    "De machine kende %(known)s pagina’s, toetste er %(tested)s en sloeg er %(skipped)s over (%(day)s); %(untested)s kon zij "
    "niet toetsen. Zij vindt van %(tests)s criteria een deel van de fouten en vraagt bij %(asks)s criteria alleen om een mens."
)
BY_NORM = N_("Criterium 4.1.1 (Parsen) geldt volgens W3C altijd als voldoende voor webpagina’s.")
BY_RUN = N_(
    "De machine kende %(known)s pagina’s, toetste er %(tested)s, nam er %(carried)s over en sloeg er %(skipped)s over (%(day)s); "
    "%(untested)s kon zij niet toetsen."
)
REACH = N_(
    "Van de %(asked)s criteria van %(norm)s vindt de machine bij %(tests)s een deel van de fouten en vraagt zij bij %(asks)s "
    "om een mens; bij %(none)s ziet zij niets. Dit bestand bevat geen oordelen van mensen over criteria."
)
REPORTED = N_("Gemeld door mensen en nog open: %(count)s.")
NEVER = N_("Dat een machine niets vindt is nooit een ‘voldoende’.")


def honest_lines(results: Results, language: Language) -> list[str]:
    """Sentences, one a line; the last names programs and versions."""
    gettext = translations(language).gettext
    told, look = results.figures, results.evaluation.machine
    people = {"people": told.by_people, "asked": told.asked, "pages": told.structured + told.random, "none": told.not_at_all}
    lines = [gettext(BY_PEOPLE) % people]
    if told.by_norm:
        lines.append(gettext(BY_NORM))
    if look.run and look.on:
        counts = {"known": look.known, "tested": look.tested, "skipped": look.skipped, "untested": look.untested}
        reach = {"tests": len(look.tests), "asks": len(look.asks), "day": calendar_day(look.on, language)}
        lines.append(gettext(BY_MACHINE) % (counts | reach))
    lines.append(gettext(NEVER))
    versions = [look.tool, *look.engines, look.browser]
    return [*lines, *([", ".join(filter(None, versions))] if any(versions) else [])]


def barrier_lines(barriers: Iterable[Barrier], language: Language) -> list[str]:
    """What people met or saw, one a line, after a line with how much there is; none where there is nothing."""
    gettext, found = translations(language).gettext, list(barriers)
    lines = [
        f"{one.number}. {one.criterion or '-'} {one.address}: {' '.join(one.what.split())} "
        f"({gettext(SOURCE[one.source])}, {one.on.isoformat()})"
        for one in found
    ]
    return [gettext(REPORTED) % {"count": len(found)}, *lines] if found else []


def lines_of_report(report: dict[str, Any], language: Language) -> list[str]:
    """The honest lines of the report of a run, or of pages that were only checked; the last names programs and versions."""
    gettext, norm = translations(language).gettext, norms()[report["norm"]]
    lines = []
    if counts := report.get("coverage"):
        day = datetime.fromisoformat(report["run"]["started_at"]).date()
        told = {name: counts[name] for name in ("tested", "skipped", "untested")}
        known = {"known": counts["found"], "carried": counts["carried_over"], "day": calendar_day(day, language)}
        lines.append(gettext(BY_RUN) % (told | known))
    reach = [row.reach for row in rows_of(norm)]
    tests, asks = reach.count(Reach.TESTED), reach.count(Reach.ASKED)
    of_norm = {"asked": len(reach), "norm": norm.title, "tests": tests, "asks": asks, "none": len(reach) - tests - asks}
    lines.append(gettext(REACH) % of_norm)
    if reported := report.get("reported"):
        lines.append(gettext(REPORTED) % {"count": len(reported)})
    tool = report["tool"]
    engines = [f"{name} {number}" for name, number in sorted(tool["engines"].items())]
    versions = [f"Vierluik {tool['version']}", *engines, tool.get("browser") or ""]
    return [*lines, gettext(NEVER), ", ".join(filter(None, versions))]
