"""A file of HTML as a tagged PDF (PDF/UA-1), for which nothing is fetched but our own letters and the pictures that are given.

Source: ISO 14289-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboard.evaluation_words import NO_PDF
from dashboard.languages import LANGUAGES
from dashboard.templating import teach
from rules.norm import Language

FONTS = ("noto-sans-latin.woff2", "noto-sans-latin-ext.woff2")
OWN = "vierluik-font:"  # with what stands below, the only addresses that a PDF may read
PICTURE = "vierluik-picture:"

ENVIRONMENTS: dict[Language, Environment] = {}


class PdfMissing(RuntimeError):
    """What makes a PDF cannot be loaded here; the sentence says what to do."""


def environment_for(language: Language) -> Environment:
    """The templates of files that stand by themselves."""
    if not ENVIRONMENTS:
        ENVIRONMENTS.update({one: _environment(one) for one in LANGUAGES})
    return ENVIRONMENTS[language]


def _environment(language: Language) -> Environment:
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


def font_addresses() -> list[str]:
    """The letters that go into a PDF; none where they were not installed."""
    found = all(resources.files("dashboard").joinpath(f"static/vendor/{name}").is_file() for name in FONTS)
    return [f"{OWN}{name}" for name in FONTS] if found else []


def pdf_of(html: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a page of HTML. `pictures`: JPEG by the address that the page gives them. Raises PdfMissing."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        raise PdfMissing(NO_PDF) from error
    given = pictures or {}

    class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Gives what is ours, and nothing else: what people wrote reaches no file and no host."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(OWN)
            if url.startswith(OWN) and name in FONTS:
                return URLFetcherResponse(url, _font(name), {"Content-Type": "font/woff2"})
            if url in given:
                return URLFetcherResponse(url, given[url], {"Content-Type": "image/jpeg"})
            raise ValueError(f"{url[:100]} is not read for a report")

    made: bytes = HTML(string=html, url_fetcher=Fetcher()).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _font(name: str) -> bytes:
    return resources.files("dashboard").joinpath(f"static/vendor/{name}").read_bytes()
