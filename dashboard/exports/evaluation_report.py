"""The report of an evaluation as one HTML file, and as a tagged PDF (PDF/UA-1) of the same.

Source: the parts that a report must have by digitoegankelijk.nl (A commission, B evaluation, C object, D results); ISO 14289-1.
"""

from __future__ import annotations

from dashboard.exports.honest import honest_lines
from dashboard.exports.pdf_file import environment_for, font_addresses, pdf_of
from rules.criteria import criteria_table
from rules.evaluation import Results, SamplePart
from rules.norm import Language
from rules.outcome import Outcome


def as_html(results: Results, language: Language, *, fonts: bool = False) -> str:
    """The report as one file that refers to nothing; with `fonts` for the PDF, which puts the letters in."""
    return (
        environment_for(language)
        .get_template("report/evaluation.html.j2")
        .render(
            language=language,
            results=results,
            evaluation=results.evaluation,
            figures=results.figures,
            criteria=criteria_table(),
            outcomes=list(Outcome),
            parts=[(part, [page for page in results.evaluation.sample if page.part is part]) for part in SamplePart],
            honest=honest_lines(results, language),
            fonts=font_addresses() if fonts else [],
        )
    )


def as_pdf(results: Results, language: Language) -> bytes:
    """The report as PDF/UA-1. Nothing is fetched for it. Raises PdfMissing."""
    return pdf_of(as_html(results, language, fonts=True))
