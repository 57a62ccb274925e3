"""What fails, for the tools of builders: SARIF 2.1.0 and JUnit XML, of a report of a run and of an evaluation alike.

Source: OASIS SARIF 2.1.0; the JUnit form that continuous integration reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from dashboard.barrier_words import SOURCE
from dashboard.causes import rule_title
from dashboard.evaluation_words import OUTCOME
from dashboard.exports.honest import honest_lines, lines_of_report
from dashboard.languages import translations
from rules.barrier import Barrier, BarrierSource, number_of
from rules.evaluation import Results
from rules.norm import Language, success_criteria
from rules.outcome import Impact, Mender, Outcome
from rules.policy import rule_named
from rules.wcag_em import text_of

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"critical": "error", "serious": "error", "moderate": "warning", "minor": "note"}
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Issue:
    """One thing that was judged on one page: what fails, and what a person has to look at."""

    rule: str
    title: str
    outcome: Outcome
    level: str  # error, warning or note
    url: str
    message: str
    selector: str = ""
    html: str = ""


def issues_of_report(report: dict[str, Any], language: Language) -> Iterator[Issue]:
    """Every finding of a run, or of pages that were only checked; and what people met or saw."""
    yield from issues_of_barriers([barrier_of_report(one) for one in report.get("reported", ())], language)
    for page in (*report["pages"], *report["documents"]):
        for finding in page["findings"]:
            rule = rule_named(finding["rule"])
            yield Issue(
                rule=finding["rule"],
                title=rule.words[language].title if rule else finding["rule"],
                outcome=Outcome(finding["outcome"]),
                level=LEVELS[finding["impact"]] if finding["outcome"] == Outcome.FAILED else "note",
                url=page["url"],
                message=finding["message"][language],
                selector=" > ".join([*finding["target"]["frames"], finding["target"]["selector"]]),
                html=finding["target"]["html"],
            )


def issues_of_evaluation(results: Results, language: Language) -> Iterator[Issue]:
    """Every conclusion of an evaluation that is not met, and every page on which a criterion fails."""
    gettext = translations(language).gettext
    of_page: dict[str, int] = {}
    for one in results.deviations:
        of_page[one.criterion] = of_page.get(one.criterion, 0) + 1
        words = text_of(one.assessment, language) or gettext(OUTCOME[Outcome.FAILED])
        url = one.page.url if one.page else results.evaluation.scope.partition("\n")[0]
        yield Issue(one.criterion, success_criteria()[one.criterion].name[language], Outcome.FAILED, "error", url, words)
    for number, conclusion in results.conclusions.items():
        if conclusion.outcome is Outcome.CANNOT_TELL or (conclusion.outcome is Outcome.FAILED and number not in of_page):
            name = success_criteria()[number].name[language]
            words = gettext(OUTCOME[conclusion.outcome])
            level = "error" if conclusion.outcome is Outcome.FAILED else "note"
            yield Issue(number, name, conclusion.outcome, level, results.evaluation.scope.partition("\n")[0], words)


def barrier_of_report(told: dict[str, Any]) -> Barrier:
    """What people met or saw, of the JSON report."""
    plain = {name: told[name] for name in ("number", "what", "who", "criterion")}
    source, on = BarrierSource(told["source"]), date.fromisoformat(told["on"])
    return Barrier(told["url"], source=source, on=on, impact=Impact(told["impact"]), mender=Mender(told["mender"]), **plain)


def issues_of_barriers(barriers: Iterable[Barrier], language: Language) -> Iterator[Issue]:
    """What people met or saw, each under a name of its own; the source and the day stand in its words."""
    gettext = translations(language).gettext
    for one in barriers:
        level = LEVELS[one.impact]
        words = f"{one.what} ({gettext(SOURCE[one.source])}, {one.on.isoformat()})"
        yield Issue(one.rule, rule_title(one.rule, language), Outcome.FAILED, level, one.address, words)


def as_sarif(issues: Iterable[Issue], properties: dict[str, Any]) -> dict[str, Any]:
    """One run of results; `properties` says what was looked at and what was not."""
    found = list(issues)
    rules = dict.fromkeys(issue.rule for issue in found)
    titles = {issue.rule: issue.title for issue in found}
    order = {rule: place for place, rule in enumerate(rules)}
    return {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Vierluik",
                        "version": version("vierluik"),
                        "rules": [{"id": rule, "shortDescription": {"text": titles[rule]}} for rule in rules],
                    }
                },
                "results": [_result(issue, order) for issue in found],
                "properties": properties,
            }
        ],
    }


def _result(issue: Issue, order: dict[str, int]) -> dict[str, Any]:
    region: dict[str, Any] = {"region": {"snippet": {"text": issue.html}}} if issue.html else {}
    named: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": issue.selector}]} if issue.selector else {}
    return {
        "ruleId": issue.rule,
        "ruleIndex": order[issue.rule],
        "level": issue.level,
        "kind": "fail" if issue.outcome is Outcome.FAILED else "review",
        "message": {"text": issue.message or issue.title},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": issue.url}, **region}, **named}],
    } | ({} if issue.outcome is Outcome.FAILED else {"level": "none"})


def as_junit(
    name: str, cases: Iterable[tuple[str, str, list[Issue]]], skipped: Iterable[tuple[str, str, str]], about: Iterable[str]
) -> str:
    """JUnit XML. `cases`: class, name and what is wrong there; `skipped`: class, name and why nobody looked.

    `about`: what was looked at and what was not, and by what.
    """
    suite = Element("testsuite", {"name": _xml(name)})
    properties = SubElement(suite, "properties")
    for line in about:
        SubElement(properties, "property", {"name": "about", "value": _xml(line)})
    counts = {"tests": 0, "failures": 0, "skipped": 0}
    for classname, title, issues in cases:
        case = SubElement(suite, "testcase", {"classname": _xml(classname), "name": _xml(title)})
        failed = [issue for issue in issues if issue.outcome is Outcome.FAILED]
        if failed:
            lines = [f"{one.url} {one.selector}\n{one.message}".strip() for one in failed]
            SubElement(case, "failure", {"message": _xml(failed[0].title), "type": failed[0].rule}).text = _xml(
                "\n\n".join(lines)
            )
        elif issues:
            SubElement(case, "skipped", {"message": _xml(issues[0].message)})
            counts["skipped"] += 1
        counts["tests"] += 1
        counts["failures"] += bool(failed)
    for classname, title, why in skipped:
        case = SubElement(suite, "testcase", {"classname": _xml(classname), "name": _xml(title)})
        SubElement(case, "skipped", {"message": _xml(why)})
        counts["tests"] += 1
        counts["skipped"] += 1
    for key, value in counts.items():
        suite.set(key, str(value))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return NOT_IN_XML.sub("�", text)


def junit_of_report(report: dict[str, Any], language: Language, reason: Any) -> str:
    """A test case for each page and rule that ran there; what was not tested is skipped with its reason."""
    issues: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues_of_report(report, language):
        issues.setdefault((issue.url, issue.rule), []).append(issue)
    cases, skipped = [], []
    for page in (*report["pages"], *report["documents"]):
        if page["status"] in ("untested", "skipped"):
            skipped.append((page["url"], page["status"], reason(page["reason"], language)))
        for rule, outcome in sorted(page["outcomes"].items()):
            if outcome == Outcome.UNTESTED:
                skipped.append((page["url"], rule, outcome))
            elif outcome != Outcome.INAPPLICABLE:
                cases.append((page["url"], rule, issues.get((page["url"], rule), [])))
    cases += [("barriers", issue.title, [issue]) for issue in issues_of_report(report, language) if number_of(issue.rule)]
    return as_junit("Vierluik", cases, skipped, lines_of_report(report, language))


def junit_of_evaluation(results: Results, language: Language) -> str:
    """A test case for each criterion; what nobody judged, or nobody knows, is skipped."""
    gettext = translations(language).gettext
    issues: dict[str, list[Issue]] = {}
    for issue in issues_of_evaluation(results, language):
        issues.setdefault(issue.rule, []).append(issue)
    cases, skipped = [], []
    for number, one in results.conclusions.items():
        name = f"{number} {success_criteria()[number].name[language]}"
        if one.outcome in (Outcome.UNTESTED, Outcome.CANNOT_TELL, Outcome.INAPPLICABLE):
            skipped.append((results.evaluation.norm.title, name, gettext(OUTCOME[one.outcome])))
        else:
            cases.append((results.evaluation.norm.title, name, issues.get(number, [])))
    cases += [("barriers", issue.title, [issue]) for issue in issues_of_barriers(results.evaluation.barriers, language)]
    return as_junit(results.evaluation.title, cases, skipped, honest_lines(results, language))
