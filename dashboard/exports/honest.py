"""The honest line of every export of an evaluation: who looked at what, what nobody looked at, with which programs, and when."""

from __future__ import annotations

from dashboard.formatting import calendar_day
from dashboard.languages import N_, translations
from rules.evaluation import Results
from rules.norm import Language

BY_PEOPLE = N_(
    "Mensen beoordeelden %(people)s van de %(asked)s criteria, op %(pages)s pagina’s van de steekproef; %(none)s criteria zijn "
    "door niemand beoordeeld."
)
BY_MACHINE = N_(
    "De machine kende %(known)s pagina’s, toetste er %(tested)s en sloeg er %(skipped)s over (%(day)s); %(untested)s kon zij "
    "niet toetsen. Zij vindt van %(tests)s criteria een deel van de fouten en vraagt bij %(asks)s criteria alleen om een mens."
)
BY_NORM = N_("Criterium 4.1.1 (Parsen) geldt volgens W3C altijd als voldoende voor webpagina’s.")
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
