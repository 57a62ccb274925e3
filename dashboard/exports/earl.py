"""A report as EARL 1.0 in JSON-LD, in the shape of the implementation reports of the ACT Rules Community.

Source: EARL 1.0 Schema (W3C); ACT Rules, "Reporting Format": a graph of test subjects, each with the assertions made of it,
each with the test's title and the success criteria it is part of. The context stands in the file: nothing has to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.exports.barrier_earl import barrier_node, source_node
from dashboard.exports.builders import barrier_of_report
from dashboard.exports.honest import lines_of_report
from rules.barrier import BarrierSource
from rules.norm import Language, Norm, norms, success_criteria
from rules.outcome import Outcome
from rules.policy import rule_named
from rules.reason import reason_text
from rules.rule import Rule, catalogue

Node = dict[str, Any]

ASSERTOR = "_:vierluik"
ACT_RULE = "https://www.w3.org/WAI/standards-guidelines/act/rules/{}/"
ONCE_A_PAGE = (Outcome.PASSED, Outcome.INAPPLICABLE, Outcome.UNTESTED)


def as_earl(report: dict[str, Any], language: Language) -> Node:
    """One assertion per finding, and one per rule and page that passed, was inapplicable or was not tested.

    A page that could not be tested, or was skipped, has each rule of the report as untested, with the reason.
    """
    norm = norms()[report["norm"]]
    rules = sorted({rule for page in report["pages"] for rule in _outcomes(page)}) or _rules_of(norm)
    subjects = [_subject(page, list(_assertions(page, rules, norm, language))) for page in report["pages"]]
    documents = [_subject(one, list(_assertions(one, [], norm, language))) for one in report["documents"]]
    tested = {rule for document in report["documents"] for rule in _outcomes(document)}
    tests = [_test(rule, norm, rule_named(rule), language) for rule in (*rules, *sorted(tested))]
    said = _assertor(report["tool"]) | {"description": " ".join(lines_of_report(report, language))}
    met = [barrier_node(barrier_of_report(one)) for one in report.get("reported", ())]
    people = [
        source_node(BarrierSource(one), language) for one in dict.fromkeys(one["source"] for one in report.get("reported", ()))
    ]
    return {"@context": _context(norm, language), "@graph": [said, *tests, *people, *subjects, *documents, *met]}


def _context(norm: Norm, language: Language) -> Node:
    """What every word of the file means. Words of our own, which EARL has none for, are below urn:vierluik."""
    return {
        "@vocab": "http://www.w3.org/ns/earl#",
        "earl": "http://www.w3.org/ns/earl#",
        "WCAG2": f"https://www.w3.org/TR/WCAG{norm.wcag.replace('.', '')}/#",
        "dct": "http://purl.org/dc/terms/",
        "doap": "http://usefulinc.com/ns/doap#",
        "ptr": "http://www.w3.org/2009/pointers#",
        "cnt": "http://www.w3.org/2011/content#",
        "name": "doap:name",
        "release": "doap:release",
        "revision": "doap:revision",
        "Version": "doap:Version",
        "source": "dct:source",
        "title": "dct:title",
        "description": {"@id": "dct:description", "@language": language},
        "date": "dct:date",
        "hasPart": "dct:hasPart",
        "isPartOf": {"@id": "dct:isPartOf", "@type": "@id", "@container": "@set"},
        "conformsTo": {"@id": "dct:conformsTo", "@type": "@id", "@container": "@set"},
        "assertions": {"@reverse": "earl:subject", "@container": "@set"},
        "assertedBy": {"@type": "@id"},
        "mode": {"@type": "@id"},
        "outcome": {"@type": "@id"},
        "CSSSelectorPointer": "ptr:CSSSelectorPointer",
        "expression": "ptr:expression",
        "chars": "cnt:chars",
        "frames": {"@id": "urn:vierluik:frames", "@container": "@list"},
        "engines": {"@id": "urn:vierluik:engines", "@container": "@set"},
        "impact": "urn:vierluik:impact",
    }


def _assertor(tool: dict[str, Any]) -> Node:
    engines = [
        {"@type": "Software", "name": name, "release": {"@type": "Version", "revision": version}}
        for name, version in tool["engines"].items()
    ]
    return {
        "@id": ASSERTOR,
        "@type": ["Assertor", "Software"],
        "name": tool["name"],
        "release": {"@type": "Version", "revision": tool["version"]},
        "hasPart": engines,
    }


def _test(rule_id: str, norm: Norm, rule: Rule | None, language: Language | None = None) -> Node:
    """A rule as the test of an assertion; with a language also what it is called for people."""
    criteria = [number for number in rule.criteria if norm.asks(number)] if rule else []
    test: Node = {
        "@type": "TestCriterion",
        "@id": f"urn:vierluik:rule:{rule_id}",
        "title": rule_id,
        "isPartOf": [f"WCAG2:{success_criteria()[number].anchor}" for number in criteria],
    }
    if rule and rule.act:
        test["conformsTo"] = [ACT_RULE.format(act) for act in rule.act]
    if rule and language:
        test["description"] = rule.words[language].title
        test["revision"] = str(rule.version)
    return test


def _subject(page: dict[str, Any], assertions: list[Node]) -> Node:
    title = {"title": page["title"]} if page.get("title") else {}
    return {"@type": "TestSubject", "@id": page["url"], "source": page["url"], **title, "assertions": assertions}


def _assertions(page: dict[str, Any], rules: list[str], norm: Norm, language: Language) -> Iterator[Node]:
    for finding in page["findings"]:
        yield _assertion(finding["rule"], norm, _result_of(finding, language))
    found = {finding["rule"] for finding in page["findings"]}
    outcomes = _outcomes(page)
    for rule, outcome in sorted(outcomes.items()):
        # What failed is told finding by finding; a rule of which every finding was taken away still says how it ended.
        if outcome in ONCE_A_PAGE or rule not in found:
            yield _assertion(rule, norm, _result(outcome))
    if page["status"] in ("untested", "skipped"):
        why = {"description": reason_text(page["reason"], language)}
        for rule in rules:
            yield _assertion(rule, norm, _result(Outcome.UNTESTED) | why)


def _assertion(rule_id: str, norm: Norm, result: Node) -> Node:
    return {
        "@type": "Assertion",
        "assertedBy": ASSERTOR,
        "mode": "earl:automatic",
        "test": _test(rule_id, norm, rule_named(rule_id)),
        "result": result,
    }


def _result(outcome: str) -> Node:
    return {"@type": "TestResult", "outcome": f"earl:{outcome}"}


def _result_of(finding: dict[str, Any], language: Language) -> Node:
    target = finding["target"]
    result = _result(finding["outcome"]) | {
        "description": finding["message"][language],
        "impact": finding["impact"],
        "engines": finding["engines"],
    }
    rule = rule_named(finding["rule"])
    if rule and rule.of_documents:
        return result  # a finding stands for all its places in a document, which no selector points at
    return result | {
        "pointer": {
            "@type": "CSSSelectorPointer",
            "expression": target["selector"],
            "frames": target["frames"],
            "chars": target["html"],
        }
    }


def _outcomes(page: dict[str, Any]) -> dict[str, str]:
    outcomes: dict[str, str] = page.get("outcomes", {})
    return outcomes


def _rules_of(norm: Norm) -> list[str]:
    """Where no page was tested: all that would have been."""
    return [rule.id for rule in catalogue().values() if rule.belongs_to(norm) and not rule.of_documents]
