"""Fields of a form say what is asked, and stand in the structure.

Source: WCAG 2.2 SC 4.1.2, 3.3.2, 1.3.1; EN 301 549 clauses 10.4.1.2, 10.3.3.2, 10.1.3.1; techniques PDF10 and PDF12;
ISO 14289-1 clause 7.18; Matterhorn 28.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.documents.snapshot import DocumentSnapshot, Field
from checks.documents.verdict import Verdict, failed, passed

NAME = "document-field-name"
TAGGED = "document-field-tagged"
RULES = (NAME, TAGGED)
NEEDS = ("structure",)


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    fields = document.fields
    if not fields:
        return
    nameless = [field for field in fields if not field.tooltip]
    yield failed(NAME, **_places(nameless, len(fields))) if nameless else passed(NAME)
    if document.tagged:
        outside = [field for field in fields if not field.tagged]
        yield failed(TAGGED, **_places(outside, len(fields))) if outside else passed(TAGGED)


def _places(fields: list[Field], total: int) -> dict[str, Any]:
    return {
        "arguments": {"count": len(fields), "total": total, "example": fields[0].name or fields[0].kind or "?"},
        "pages": tuple(field.page for field in fields),
        "examples": tuple(field.name for field in fields),
        "element": "Form",
    }
