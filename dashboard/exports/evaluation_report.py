"""The report of an evaluation as one HTML file, and as a tagged PDF (PDF/UA-1) of the same.

Source: the parts that a report must have by digitoegankelijk.nl (A commission, B evaluation, C object, D results); ISO 14289-1.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboard.evaluation_words import NO_PDF
from dashboard.exports.honest import honest_lines
from dashboard.languages import LANGUAGES
from dashboard.templating import teach
from rules.criteria import criteria_table
from rules.evaluation import Results, SamplePart
from rules.norm import Language
from rules.outcome import Outcome

FONTS = ("noto-sans-latin.woff2", "noto-sans-latin-ext.woff2")
OWN = "vierluik-font:"  # the only addresses that the PDF may read


class PdfMissing(RuntimeError):
    """What makes a PDF cannot be loaded here; the sentence says what to do."""


def environment_for(language: Language) -> Environment:
    found = Environment(
        loader=PackageLoader("dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(found, language)
    return found


ENVIRONMENTS: dict[Language, Environment] = {}


def as_html(results: Results, language: Language, *, fonts: bool = False) -> str:
    """The report as one file that refers to nothing; with `fonts` for the PDF, which puts the letters in."""
    if not ENVIRONMENTS:
        ENVIRONMENTS.update({one: environment_for(one) for one in LANGUAGES})
    return (
        ENVIRONMENTS[language]
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
            fonts=[f"{OWN}{name}" for name in FONTS] if fonts and _has_fonts() else [],
        )
    )


def as_pdf(results: Results, language: Language) -> bytes:
    """The report as PDF/UA-1. Nothing is fetched for it. Raises PdfMissing."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        raise PdfMissing(NO_PDF) from error

    class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Gives our own letters, and nothing else: what people wrote reaches no file and no host."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(OWN)
            if url.startswith(OWN) and name in FONTS:
                return URLFetcherResponse(url, _font(name), {"Content-Type": "font/woff2"})
            raise ValueError(f"{url[:100]} is not read for a report")

    made: bytes = HTML(string=as_html(results, language, fonts=True), url_fetcher=Fetcher()).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _font(name: str) -> bytes:
    return resources.files("dashboard").joinpath(f"static/vendor/{name}").read_bytes()


def _has_fonts() -> bool:
    return all(resources.files("dashboard").joinpath(f"static/vendor/{name}").is_file() for name in FONTS)
