"""An evaluation as tables: one CSV of all verdicts, and an Excel workbook with a sheet for each part of the report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from dashboard.barrier_words import SOURCE
from dashboard.evaluation_words import EXEMPTION, OUTCOME, PART, ROLE
from dashboard.exports.honest import honest_lines
from dashboard.exports.tables import harmless
from dashboard.languages import N_, translations
from rules.evaluation import WHOLE_SAMPLE, Results, SamplePart, deciding
from rules.norm import Language, success_criteria
from rules.outcome import Outcome

Row = list[str | int]
VERDICTS = ("criterion", "name", "level", "clause", "conclusion", "page", "title", "url", "outcome", "assessor")
OF_BARRIERS = ("barrier", "source", "met_on")
ABOUT = "about_this_file"  # the last column; only in the first row, so that programs that know the others find them as before
WORDS = ("description", "cause", "effect", "alternative", "measure", "planned_on", "exemption")
LONGEST_CELL = 32_000  # characters; Excel holds 32,767


def as_csv(results: Results, language: Language) -> str:
    """One line per criterion with its conclusion (no page), and one per page on which somebody judged it.

    After them what people met or saw, with a number in the column "barrier" and without a conclusion. Names of columns and
    outcomes are those of EARL, whatever the language: programs read them.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    heads = [*VERDICTS, *WORDS, *OF_BARRIERS, ABOUT]
    writer.writerow(heads)
    about = " ".join(honest_lines(results, language))
    for row in (*_verdicts(results, language), *_barriers(results, language)):
        whole: Row = [*row, *[""] * (len(heads) - len(row) - 1), about]
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in whole])
        about = ""
    return out.getvalue()


def _verdicts(results: Results, language: Language) -> Iterator[Row]:
    told = results.evaluation
    for number, one in results.conclusions.items():
        criterion = success_criteria()[number]
        start: Row = [number, criterion.name[language], criterion.level, told.norm.clause(number), one.outcome.value]
        whole = deciding(told.cell(number, WHOLE_SAMPLE), told.reviewer)
        said = [str(getattr(whole, name) or "") for name in WORDS] if whole else [""] * len(WORDS)
        yield [*start, "", "", "", one.outcome.value, whole.assessor if whole else "", *said]
        for page, outcome in one.pages.items():
            words = deciding(told.cell(number, page), told.reviewer)
            shown = told.page(page)
            if told.cell(number, page) and shown:
                texts = [str(getattr(words, name) or "") for name in WORDS] if words else [""] * len(WORDS)
                yield [*start, page, shown.title, shown.url, outcome.value, words.assessor if words else "", *texts]


def _barriers(results: Results, language: Language) -> Iterator[Row]:
    """What people met or saw: an observation, and no verdict on a criterion."""
    for one in results.evaluation.barriers:
        row = success_criteria().get(one.criterion)
        clause = results.evaluation.norm.clause(one.criterion) if row and results.evaluation.norm.asks(one.criterion) else ""
        start: Row = [one.criterion, row.name[language] if row else "", row.level if row else "", clause]
        yield [
            *start,
            "",
            "",
            "",
            one.address,
            "",
            "",
            one.what,
            "",
            one.who,
            "",
            "",
            "",
            "",
            one.number,
            one.source,
            str(one.on),
        ]


def as_xlsx(results: Results, language: Language) -> bytes:
    """The workbook. Every cell is a text or a number: nothing in it is a formula or a link."""
    out = io.BytesIO()
    on = results.evaluation.on
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        made = datetime(on.year, on.month, on.day, tzinfo=UTC) if on else datetime(2026, 1, 1, tzinfo=UTC)
        book.set_properties({"title": results.evaluation.title, "created": made.replace(tzinfo=None)})
        heading, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, heads, rows in _sheets(results, language):
            sheet = book.add_worksheet(name[:31])
            for column, head in enumerate(heads):
                sheet.write_string(0, column, head, heading)
            for place, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(place, column, cell, wrapped)
                    else:
                        sheet.write_string(place, column, cell[:LONGEST_CELL], wrapped)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(heads) - 1, 0), 24)
    return out.getvalue()


def _sheets(results: Results, language: Language) -> Iterator[tuple[str, list[str], list[Row]]]:
    _: Any = translations(language).gettext
    told, figures = results.evaluation, results.figures
    lines: list[Row] = [[line, ""] for line in honest_lines(results, language)]
    summary: list[Row] = [
        [_(N_("Titel van het rapport")), told.title],
        [_(N_("Opdrachtgever")), told.commissioner],
        [_(N_("Norm")), told.norm.title],
        [_(N_("Evaluatiemethode")), told.method],
        [_(N_("Datum van het rapport")), told.on.isoformat() if told.on else ""],
        [_(N_("Criteria die voldoen")), figures.met],
        [_(N_("Getoetste criteria")), figures.asked - figures.not_at_all],
        [_(N_("Alle criteria")), figures.asked],
        *[[_(OUTCOME[outcome]), count] for outcome, count in figures.outcomes.items()],
        [_(PART[SamplePart.STRUCTURED]), figures.structured],
        [_(PART[SamplePart.RANDOM]), figures.random],
        [_(N_("Gemeld door mensen")), len(told.barriers)],
        *lines,
    ]
    yield _(N_("Samenvatting")), [_(N_("Onderdeel")), _(N_("Waarde"))], summary
    criteria: list[Row] = [
        [
            number,
            success_criteria()[number].name[language],
            success_criteria()[number].level,
            told.norm.clause(number),
            _(OUTCOME[one.outcome]),
            *(one.count(outcome) for outcome in Outcome),
        ]
        for number, one in results.conclusions.items()
    ]
    counted = [_(OUTCOME[outcome]) for outcome in Outcome]
    heads = [_(N_("Succescriterium")), _(N_("Naam")), _(N_("Niveau")), "EN 301 549", _(N_("Uitkomst")), *counted]
    yield _(N_("Criteria")), heads, criteria
    pages: list[Row] = [[page.number, page.title, page.url, _(PART[page.part]), _(ROLE[page.role])] for page in told.sample]
    yield _(N_("Steekproef")), ["", _(N_("Pagina")), _(N_("Adres")), _(N_("Deel")), _(N_("Waarom zij erbij hoort"))], pages
    deviations: list[Row] = [
        [
            one.criterion,
            one.page.title if one.page else _(N_("De hele steekproef")),
            one.page.url if one.page else "",
            *(getattr(one.assessment, name) for name in WORDS[:5]),
            one.assessment.planned_on.isoformat() if one.assessment.planned_on else "",
            _(EXEMPTION[one.assessment.exemption]) if one.assessment.exemption else "",
        ]
        for one in results.deviations
    ]
    named = [
        _(N_("Beschrijving")),
        _(N_("Oorzaak")),
        _(N_("Gevolg")),
        _(N_("Alternatief")),
        _(N_("Maatregel")),
        _(N_("Planning")),
    ]
    heads = [_(N_("Succescriterium")), _(N_("Pagina")), _(N_("Adres")), *named, _(N_("Uitzondering"))]
    yield _(N_("Afwijkingen")), heads, deviations
    met: list[Row] = [
        [one.number, one.what, one.who, one.address, one.criterion, _(SOURCE[one.source]), one.on.isoformat()]
        for one in told.barriers
    ]
    heads = [_(N_("Nummer")), _(N_("Wat er gebeurde")), _(N_("Wie loopt er vast")), _(N_("Adres"))]
    yield (
        _(N_("Gemeld door mensen")),
        [*heads, _(N_("Succescriterium")), _(N_("Bron")), _(N_("Datum"))],
        met,
    )
