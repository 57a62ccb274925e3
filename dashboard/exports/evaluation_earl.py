"""An evaluation as EARL 1.0 in JSON-LD: what people said, each as an assertion by that person, and the conclusions.

Source: EARL 1.0 Schema (W3C). The context stands in the file: nothing has to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.exports.barrier_earl import barrier_node, source_node
from dashboard.exports.honest import honest_lines
from rules.evaluation import WHOLE_SAMPLE, Results
from rules.norm import Language, Norm, success_criteria
from rules.outcome import Outcome
from rules.wcag_em import text_of

Node = dict[str, Any]
SITE = "urn:vierluik:site"
CONCLUDED_BY = "urn:vierluik:evaluation"


def as_earl(results: Results, language: Language) -> Node:
    """The graph: who asserts, the criteria, and the website and each page with the assertions on it."""
    told = results.evaluation
    people = {name: f"_:person{place}" for place, name in enumerate(dict.fromkeys(one.assessor for one in told.assessments), 1)}
    assertors = [{"@id": node, "@type": ["Assertor", "Person"], "name": name} for name, node in people.items()]
    whole = {
        "@id": CONCLUDED_BY,
        "@type": ["Assertor", "Organization"],
        "name": told.title,
        "date": told.on.isoformat() if told.on else "",
        "description": "\n".join(honest_lines(results, language)),
    }
    site = {
        "@id": SITE,
        "@type": "TestSubject",
        "title": told.site,
        "description": told.scope,
        "assertions": [*_conclusions(results), *_said(results, WHOLE_SAMPLE, people, language)],
    }
    pages = [
        {
            "@id": page.url,
            "@type": "TestSubject",
            "title": page.title,
            "isPartOf": [SITE],
            "assertions": list(_said(results, page.number, people, language)),
        }
        for page in told.sample
    ]
    assertors += [source_node(source, language) for source in dict.fromkeys(one.source for one in told.barriers)]
    met = [barrier_node(one) for one in told.barriers]
    return {
        "@context": _context(told.norm, language),
        "@graph": [whole, *assertors, *_criteria(told.norm, language), site, *pages, *met],
    }


def _context(norm: Norm, language: Language) -> Node:
    return {
        "@vocab": "http://www.w3.org/ns/earl#",
        "earl": "http://www.w3.org/ns/earl#",
        "WCAG2": f"https://www.w3.org/TR/WCAG{norm.wcag.replace('.', '')}/#",
        "dct": "http://purl.org/dc/terms/",
        "name": "http://usefulinc.com/ns/doap#name",
        "title": "dct:title",
        "description": {"@id": "dct:description", "@language": language},
        "date": "dct:date",
        "isPartOf": {"@id": "dct:isPartOf", "@type": "@id", "@container": "@set"},
        "assertions": {"@reverse": "earl:subject", "@container": "@set"},
        "assertedBy": {"@type": "@id"},
        "test": {"@type": "@id"},
        "mode": {"@type": "@id"},
        "outcome": {"@type": "@id"},
    }


def _criteria(norm: Norm, language: Language) -> list[Node]:
    rows = [success_criteria()[number] for number in norm.criteria]
    return [
        {
            "@id": f"WCAG2:{one.anchor}",
            "@type": ["TestCriterion", "TestRequirement"],
            "title": f"{one.number} {one.name[language]}",
        }
        for one in rows
    ]


def _conclusions(results: Results) -> Iterator[Node]:
    for number, one in results.conclusions.items():
        yield _assertion(number, CONCLUDED_BY, one.outcome, "", "earl:unknownMode" if one.by_norm else "earl:manual")


def _said(results: Results, page: int, people: dict[str, str], language: Language) -> Iterator[Node]:
    for said in results.evaluation.assessments:
        if said.page == page:
            yield _assertion(said.criterion, people[said.assessor], said.outcome, text_of(said, language), "earl:manual")


def _assertion(criterion: str, by: str, outcome: Outcome, text: str, mode: str) -> Node:
    result: Node = {"@type": "TestResult", "outcome": f"earl:{outcome.value}"}
    return {
        "@type": "Assertion",
        "assertedBy": by,
        "test": f"WCAG2:{success_criteria()[criterion].anchor}",
        "mode": mode,
        "result": result | ({"description": text} if text else {}),
    }
