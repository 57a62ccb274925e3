"""What page-validation says of a PDF, as findings of our rules.

Where a check of our own speaks for the same thing, it speaks; the engine adds what only it saw. Conditions that stop nobody are
said of documents that claim PDF/UA, as advice. Source: ISO 14289-1 (PDF/UA-1); Matterhorn Protocol 1.1.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from checks.documents.snapshot import DocumentSnapshot, EngineFailure
from checks.documents.verdict import Verdict, cannot_tell, failed, passed

PDF_UA = "document-pdf-ua"
TABLE = "document-table-structure"
LIST = "document-list-structure"
ANNOTATION = "document-annotation"
FONTS = "document-fonts-readable"
RULES = (PDF_UA, TABLE, LIST, ANNOTATION)
NEEDS = ("engine",)
ENGINE = "page-validation"
CLAIMS = re.compile(r"PDFUA1-ID-(SCHEMA|PART)-\d+")


@dataclass(frozen=True)
class Condition:
    """One condition of PDF/UA that the engine tests, and what it means to us."""

    clause: str  # of ISO 14289-1
    rule: str  # ours; empty: nobody is stopped by it
    message: str
    failed: bool


@cache
def mapping() -> dict[str, Condition]:
    """Every condition by the engine's name for it."""
    text = resources.files("checks.documents.pdf").joinpath("mapping.toml").read_text(encoding="utf-8")
    return {
        name: Condition(one["clause"], one.get("rule", ""), one.get("message", ""), one.get("failed", False))
        for name, one in tomllib.loads(text).items()
    }


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    if document.engine is None:
        return
    by_condition: dict[str, list[EngineFailure]] = defaultdict(list)
    for failure in document.engine:
        by_condition[failure.rule].append(failure)
    ours: dict[tuple[str, str, bool], list[EngineFailure]] = defaultdict(list)
    others: list[EngineFailure] = []
    for name, failures in by_condition.items():
        condition = mapping().get(name)
        if condition is None or not condition.rule:
            others += failures
        elif condition.rule == FONTS and not document.claims_ua:
            continue  # the letters themselves were counted: a dot of a list that nobody can name is no barrier
        elif document.tagged or condition.rule == FONTS:
            ours[condition.rule, condition.message, condition.failed] += failures
    for (rule, message, proven), failures in ours.items():
        yield _verdict(rule, message, failures, proven=proven)
    yield from _passed(document, {rule for rule, _, _ in ours})
    yield from _ua_only(document, others, bool(ours))


def _verdict(rule: str, message: str, failures: list[EngineFailure], *, proven: bool) -> Verdict:
    clauses = sorted({mapping()[failure.rule].clause for failure in failures}, key=_in_order)
    say = failed if proven else cannot_tell
    return say(
        rule,
        message,
        arguments={"count": len(failures)},
        pages=tuple(failure.page for failure in failures),
        examples=tuple(f"ISO 14289-1, {clause}" for clause in clauses),
        element="structure",
        engine=ENGINE,
    )


def _passed(document: DocumentSnapshot, met: set[str]) -> Iterator[Verdict]:
    if document.tables and TABLE not in met:
        yield passed(TABLE)
    if document.lists and LIST not in met:
        yield passed(LIST)


def _ua_only(document: DocumentSnapshot, failures: list[EngineFailure], has_ours: bool) -> Iterator[Verdict]:
    missing = [failure for failure in failures if CLAIMS.fullmatch(failure.rule)]
    if document.claims_ua and failures:
        clauses = sorted({mapping()[failure.rule].clause for failure in failures if failure.rule in mapping()}, key=_in_order)
        yield cannot_tell(
            PDF_UA,
            arguments={"count": len({failure.rule for failure in failures}), "clauses": ", ".join(clauses)},
            pages=tuple(failure.page for failure in failures),
            examples=tuple(sorted({failure.rule for failure in failures})),
            element="PDF",
            engine=ENGINE,
        )
    elif missing and len(missing) == len(failures) and not has_ours and document.tagged:
        # All else that PDF/UA asks is there: only that the file does not say so.
        yield cannot_tell(PDF_UA, "not_claimed", element="PDF", engine=ENGINE)
    elif document.claims_ua:
        yield passed(PDF_UA)


def _in_order(clause: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", clause)]
