"""The forms in which a report can be had, and a report written in one of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic_core import to_json

from dashboard.exports.earl import as_earl
from dashboard.exports.tables import as_csv, as_text
from rules.norm import Language


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    EARL = "earl"
    CSV = "csv"


def written(report: dict[str, Any], form: Format, language: Language) -> str:
    """The report as text in one form; all forms are made of the JSON report, so that they say the same."""
    match form:
        case Format.JSON:
            return to_json(report, indent=1).decode() + "\n"
        case Format.EARL:
            return to_json(as_earl(report, language), indent=1).decode() + "\n"
        case Format.CSV:
            return as_csv(report, language)
        case Format.TEXT:
            return as_text(report, language)
