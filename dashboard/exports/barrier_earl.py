"""What people met or saw as EARL: assertions of their own, by who said so; no verdict of an evaluator and none of a machine."""

from __future__ import annotations

from typing import Any

from dashboard.barrier_words import SOURCE
from dashboard.languages import translations
from rules.barrier import Barrier, BarrierSource
from rules.norm import Language, success_criteria


def source_node(source: BarrierSource, language: Language) -> dict[str, Any]:
    """Who asserts: residents and experts are not named."""
    name = translations(language).gettext(SOURCE[source])
    return {"@id": f"urn:vierluik:{source}", "@type": ["Assertor", "Organization"], "name": name}


def barrier_node(one: Barrier) -> dict[str, Any]:
    """What people met or saw, as an assertion of its own; one that is no matter of WCAG tests no criterion."""
    test = {"test": f"WCAG2:{success_criteria()[one.criterion].anchor}"} if one.criterion else {}
    return {
        "@id": f"urn:vierluik:{one.rule}",
        "@type": "Assertion",
        "assertedBy": f"urn:vierluik:{one.source}",
        "subject": {"@id": one.address, "@type": "TestSubject"},
        **test,
        "mode": "earl:manual",
        "date": one.on.isoformat(),
        "result": {"@type": "TestResult", "outcome": "earl:failed", "description": one.what},
    }
