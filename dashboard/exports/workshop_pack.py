"""The data of a journey workshop as one HTML file, and as a tagged PDF (PDF/UA-1) of the same; both hold their pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping

from dashboard.crawled import clean
from dashboard.exports.pdf_file import PICTURE, environment_for, font_addresses, pdf_of
from dashboard.workshop import Workshop
from rules.norm import Language


def as_html(work: Workshop, pictures: Mapping[str, bytes], language: Language) -> str:
    """One file that refers to nothing. `pictures`: JPEG by its hash."""
    return _html(work, language, lambda digest: f"data:image/jpeg;base64,{b64encode(pictures[digest]).decode()}", [])


def as_pdf(work: Workshop, pictures: Mapping[str, bytes], language: Language) -> bytes:
    """The same as PDF/UA-1. Nothing is fetched for it. Raises PdfMissing."""
    html = _html(work, language, lambda digest: PICTURE + digest, font_addresses())
    return pdf_of(html, {PICTURE + digest: picture for digest, picture in pictures.items()})


def _html(work: Workshop, language: Language, source: Callable[[str], str], fonts: list[str]) -> str:
    # A string of a style sheet: what could end it is taken out.
    footer = "".join(char for char in clean(f"{work.site.name}: {work.title}")[:90] if char.isalnum() or char in " .,:-")
    template = environment_for(language).get_template("report/workshop.html.j2")
    return template.render(work=work, source=source, fonts=fonts, footer=footer)
