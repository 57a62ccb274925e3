"""An evaluation in every form that it can be had in; all of them are made of the same results, so that their figures agree."""

from __future__ import annotations

from enum import StrEnum

from pydantic_core import to_json

from dashboard.exports import evaluation_earl, evaluation_tables, statement
from dashboard.exports.builders import as_sarif, issues_of_barriers, issues_of_evaluation, junit_of_evaluation
from dashboard.exports.evaluation_report import as_html, as_pdf
from dashboard.exports.honest import barrier_lines, honest_lines
from dashboard.exports.openacr import as_openacr
from dashboard.languages import N_
from rules.evaluation import Results
from rules.norm import Language
from rules.wcag_em import as_wcag_em


class EvaluationForm(StrEnum):
    """The forms of an evaluation."""

    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"
    WCAG_EM = "wcag-em"
    EARL = "earl"
    OPENACR = "openacr"
    SARIF = "sarif"
    JUNIT = "junit"
    STATEMENT = "statement"


WORDS: dict[str, str] = {
    EvaluationForm.PDF: N_("PDF (PDF/UA)"),
    EvaluationForm.HTML: N_("Webpagina (HTML)"),
    EvaluationForm.XLSX: N_("Excel"),
    EvaluationForm.CSV: N_("CSV"),
    EvaluationForm.WCAG_EM: N_("WCAG-EM Report Tool (JSON)"),
    EvaluationForm.EARL: N_("EARL (JSON-LD)"),
    EvaluationForm.OPENACR: N_("OpenACR (YAML)"),
    EvaluationForm.SARIF: N_("SARIF"),
    EvaluationForm.JUNIT: N_("JUnit"),
    EvaluationForm.STATEMENT: N_("Concept-verklaring"),
}
ENDINGS: dict[str, tuple[str, str]] = {  # ending of the file, media type
    EvaluationForm.PDF: ("pdf", "application/pdf"),
    EvaluationForm.HTML: ("html", "text/html; charset=utf-8"),
    EvaluationForm.XLSX: ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    EvaluationForm.CSV: ("csv", "text/csv; charset=utf-8"),
    EvaluationForm.WCAG_EM: ("json", "application/ld+json"),
    EvaluationForm.EARL: ("jsonld", "application/ld+json"),
    EvaluationForm.OPENACR: ("yaml", "application/yaml"),
    EvaluationForm.SARIF: ("sarif", "application/sarif+json"),
    EvaluationForm.JUNIT: ("xml", "application/xml"),
    EvaluationForm.STATEMENT: ("html", "text/html; charset=utf-8"),
}


def written(results: Results, form: EvaluationForm, language: Language) -> bytes:
    """The evaluation in one form. Raises PdfMissing where a PDF cannot be made here."""
    match form:
        case EvaluationForm.PDF:
            return as_pdf(results, language)
        case EvaluationForm.HTML:
            return as_html(results, language).encode()
        case EvaluationForm.XLSX:
            return evaluation_tables.as_xlsx(results, language)
        case EvaluationForm.CSV:
            return evaluation_tables.as_csv(results, language).encode()
        case EvaluationForm.WCAG_EM:
            return to_json(as_wcag_em(results, "\n".join(_about(results, language))), indent=1) + b"\n"
        case EvaluationForm.EARL:
            return to_json(evaluation_earl.as_earl(results, language), indent=1) + b"\n"
        case EvaluationForm.OPENACR:
            return as_openacr(results, language).encode()
        case EvaluationForm.SARIF:
            told = results.figures
            figures = {"barriers": len(results.evaluation.barriers), "asked": told.asked, "met": told.met}
            figures |= {outcome.value: count for outcome, count in told.outcomes.items()}
            properties = {"figures": figures, "honest": honest_lines(results, language)}
            met = issues_of_barriers(results.evaluation.barriers, language)
            return to_json(as_sarif((*issues_of_evaluation(results, language), *met), properties), indent=1) + b"\n"
        case EvaluationForm.JUNIT:
            return junit_of_evaluation(results, language).encode()
        case EvaluationForm.STATEMENT:
            return statement.as_html(results, language).encode()


def _about(results: Results, language: Language) -> list[str]:
    """The honest lines, and what people met or saw."""
    return [*honest_lines(results, language), *barrier_lines(results.evaluation.barriers, language)]
