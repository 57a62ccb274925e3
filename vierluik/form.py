"""The forms in which a report can be had, and a report written in one of them."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Any

from pydantic_core import to_json

from dashboard.exports.builders import as_sarif, issues_of_report, junit_of_report
from dashboard.exports.earl import as_earl
from dashboard.exports.honest import lines_of_report
from dashboard.exports.tables import as_csv, as_text
from rules.norm import Language
from rules.reason import reason_text


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    EARL = "earl"
    CSV = "csv"
    SARIF = "sarif"
    JUNIT = "junit"


def written(report: dict[str, Any], form: Format, language: Language) -> str:
    """The report as text in one form; all forms are made of the JSON report, so that they say the same."""
    match form:
        case Format.JSON:
            return to_json(report, indent=1).decode() + "\n"
        case Format.EARL:
            return to_json(as_earl(report, language), indent=1).decode() + "\n"
        case Format.CSV:
            return as_csv(report, language)
        case Format.SARIF:
            return to_json(as_sarif(issues_of_report(report, language), _looked_at(report, language)), indent=1).decode() + "\n"
        case Format.JUNIT:
            return junit_of_report(report, language, reason_text)
        case Format.TEXT:
            return as_text(report, language)


def _looked_at(report: dict[str, Any], language: Language) -> dict[str, Any]:
    """What was looked at and what was not, and by what."""
    counts = Counter(page["status"] for page in report["pages"])
    honest = lines_of_report(report, language)
    told = {"norm": report["norm"], "pages": dict(counts), "coverage": report.get("coverage"), "tool": report["tool"]}
    return told | {"honest": honest}
