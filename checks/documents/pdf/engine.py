"""PDF/UA-1 by page-validation: the one place that knows this package."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import page as page_validation

from checks.documents.snapshot import EngineFailure

MOST = 2_000  # failures that are kept


def engine_failures(file: Path) -> list[EngineFailure] | None:
    """The conditions that are broken; None where the engine could not read the file to its end."""
    limits = page_validation.SafetyLimits(max_total_decoded_content_size=128 * 1024 * 1024)
    try:
        report = page_validation.validate_pdf(file, profile=page_validation.ValidationProfile.PDF_UA_1, limits=limits)
    except page_validation.PageError:
        return None
    return [EngineFailure(failure.rule_id, _page_of(str(failure.message))) for failure in report.failures[:MOST]]


def _page_of(message: str) -> int:
    found = re.search(r"\bpage (\d{1,6})\b", message)
    return int(found[1]) if found else 0


def engine_version() -> str:
    return version("page-validation")
