"""The file of the W3C report tool: what we write opens there without loss, and what it saves comes back equal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pyld import jsonld

from rules.evaluation import (
    WHOLE_SAMPLE,
    Assessment,
    Evaluation,
    EvaluationError,
    Exemption,
    Results,
    SamplePage,
    SamplePart,
    SampleRole,
)
from rules.norm import norms, success_criteria
from rules.outcome import Outcome
from rules.wcag_em import TECHNOLOGIES, as_wcag_em, context, criterion_of_anchor, read_wcag_em

NOW = datetime(2026, 11, 23, 9, 30, 15, 123000, tzinfo=UTC)
URL = "https://www.example.nl/"


def page(number: int, title: str, part: SamplePart = SamplePart.STRUCTURED, url: str = "") -> SamplePage:
    return SamplePage(number, url or f"{URL}{number}", title, part, SampleRole.CHOSEN)


def said(criterion: str, number: int, outcome: Outcome, **more: Any) -> Assessment:
    return Assessment(criterion, number, "Anna", outcome, saved_at=NOW, **more)


PLANNED = {"planned_on": date(2027, 1, 2), "exemption": Exemption.BURDEN}
TOLD = Evaluation(
    site="Voorbeeldstad",
    norm_id="en301549-3.2.1",
    title="Onderzoek",
    commissioner="Gemeente",
    evaluators=("Anna",),
    on=date(2026, 11, 23),
    scope="https://www.example.nl",
    support_baseline="NVDA",
    technologies=("HTML", "PDF", "Eigen techniek"),
    essential_functions="Afspraak maken",
    sample=(
        page(1, "Start"),
        page(2, "Contact: adres"),
        page(3, "Start", SamplePart.RANDOM),
        page(4, "Inlog", url="achter DigiD"),
    ),
    assessments=(
        said(
            "1.1.1",
            1,
            Outcome.FAILED,
            description="Foto.",
            cause="CMS\n\nOud",
            planned_on=date(2027, 1, 2),
            exemption=Exemption.BURDEN,
        ),
        said("1.1.1", 2, Outcome.PASSED),
        said("1.4.3", WHOLE_SAMPLE, Outcome.PASSED, description="Gemeten."),
        *(said("2.4.2", number, Outcome.PASSED) for number in (1, 2, 3, 4)),
    ),
)


def opened(file: dict[str, Any]) -> dict[str, Any]:
    """What the tool has after opening a file, by its own rules: expand, frame, then find subject, test and outcome."""
    frame = {"@context": context(), "@type": "Evaluation"}
    told = jsonld.frame(jsonld.expand(file), frame)
    subjects = {}
    for name in ("structuredSample", "randomSample"):
        samples = told["selectSample"].get(name, [])
        for sample in samples if isinstance(samples, list) else [samples]:
            subjects[sample["title"]] = address_of(sample)
    tests = {f"{one.anchor}": number for number, one in success_criteria().items()}
    found = {}
    assertions = jsonld.frame(told, {"@context": context(), "@type": "Assertion"})
    for assertion in assertions.get("@graph", [assertions]):
        subject = assertion["subject"]
        kinds = subject["type"]
        where = "site" if "Website" in kinds else subject["title"]
        assert where == "site" or where in subjects, "the tool looks a page's assertions up by its title"
        number = tests[assertion["test"]["id"].split(":")[-1]]  # an id that is not known stops the tool
        outcome = assertion["result"]["outcome"]["id"]
        assert outcome.removeprefix("earl:") in set(Outcome)
        assert (number, where) not in found
        found[number, where] = (outcome, assertion["result"].get("description", ""))
    return {
        "found": found,
        "date": told["reportFindings"]["date"]["@value"],
        "title": told["reportFindings"]["title"],
        "addresses": subjects,
        "told": told,
    }


def address_of(sample: dict[str, Any]) -> str:
    """The tool takes the first of title and description that is an address for the page's id."""
    return next(
        (text for text in (sample["title"], sample["description"]) if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE)), ""
    )


def test_the_tool_opens_what_we_write_without_loss() -> None:
    results = Results.of(TOLD)
    tool = opened(as_wcag_em(results))
    assert (tool["title"], tool["date"]) == ("Onderzoek", "2026-11-23")
    assert tool["told"]["defineScope"]["scope"]["title"] == "Voorbeeldstad"
    assert tool["told"]["defineScope"]["conformanceTarget"] == "AA"
    assert [one["title"] for one in tool["told"]["exploreTarget"]["technologiesReliedUpon"]] == ["HTML", "PDF", "Eigen techniek"]
    cells = {(one.criterion, one.page) for one in TOLD.assessments}
    pages = {1: "Start", 2: "“Contact: adres”", 3: "Inlog", 4: "Start (2)"}
    assert [tool["addresses"][title] for title in pages.values()] == [f"{URL}1", f"{URL}2", "", f"{URL}3"]
    assert {key for key in tool["found"] if key[1] != "site"} == {(criterion, pages[p]) for criterion, p in cells if p}
    assert tool["found"]["1.1.1", "Start"][0] == "earl:failed"
    assert "Oorzaak: CMS" in tool["found"]["1.1.1", "Start"][1]
    concluded = {number: tool["found"].get((number, "site"), ("earl:untested", ""))[0] for number in TOLD.norm.criteria}
    assert concluded == {number: f"earl:{one.outcome.value}" for number, one in results.conclusions.items()}


def test_our_own_file_comes_back_with_all_that_was_said_and_the_same_figures() -> None:
    results = Results.of(TOLD)
    read = read_wcag_em(json.dumps(as_wcag_em(results)).encode())
    back = read.evaluation
    assert {(one.criterion, one.page): one for one in TOLD.assessments} == {
        (one.criterion, one.page): one for one in back.assessments if one.saved_at
    }
    for name in ("site", "title", "commissioner", "evaluators", "on", "scope", "support_baseline", "technologies", "norm_id"):
        assert getattr(back, name) == getattr(TOLD, name), name
    in_file = sorted(TOLD.sample, key=lambda one: one.part is SamplePart.RANDOM)  # the random part comes after the structured
    assert [(one.url, one.part) for one in back.sample] == [(one.url, one.part) for one in in_file]
    before, after = results.figures, Results.of(back).figures
    assert (after.outcomes, after.structured, after.random) == (before.outcomes, before.structured, before.random)
    again = read_wcag_em(json.dumps(as_wcag_em(Results.of(back))).encode()).evaluation
    assert as_wcag_em(Results.of(again)) == as_wcag_em(Results.of(back))


def saved_by_the_tool(version: str = "2.1", *, pages: int = 2, random: int = 1) -> dict[str, Any]:
    """A file in the shape in which the tool saves: lists of one are that one, dates and modes are typed values."""
    subjects = [
        {"id": f"{URL}{number}", "type": ["TestSubject", "Webpage"], "title": f"Page {number}", "description": f"{URL}{number}"}
        for number in range(pages + random)
    ]
    site = {"id": "_:subject_1", "type": ["TestSubject", "Website"], "title": "Example", "description": "www.example.nl"}
    norm = next(norm for norm in norms().values() if norm.wcag == version)
    moment = {"type": "http://www.w3.org/TR/NOTE-datetime", "@value": "2026-01-08T10:11:12.123Z"}
    pairs = list(zip(Outcome, ("Pass", "Fail", "CannotTell", "NotApplicable", "NotTested"), strict=True))
    assertions = []
    for place, number in enumerate(norm.criteria):
        for subject in (site, *subjects):
            outcome, kind = pairs[(place + len(assertions)) % 5]
            result = {"type": "TestResult", "date": moment, "description": f"{number} said.", "outcome": {}}
            result["outcome"] = {"id": f"earl:{outcome.value}", "type": ["OutcomeValue", kind]}
            assertions.append(
                {
                    "type": "Assertion",
                    "date": moment,
                    "mode": {"type": "TestMode", "@value": "earl:manual"},
                    "subject": {key: subject[key] for key in ("id", "type", "title")},
                    "test": {
                        "id": f"WCAG{version.replace('.', '')}:{success_criteria()[number].anchor}",
                        "type": ["TestCriterion", "TestRequirement"],
                    },
                    "result": result,
                }
            )
    as_saved = lambda items: items[0] if len(items) == 1 else items  # noqa: E731
    return {
        "@context": context(),
        "type": "Evaluation",
        "language": "en",
        "reportToolVersion": "3.0.3",
        "defineScope": {
            "id": "_:defineScope",
            "scope": site,
            "wcagVersion": version,
            "conformanceTarget": "AA",
            "accessibilitySupportBaseline": "Firefox with NVDA",
            "additionalEvaluationRequirements": "None",
        },
        "exploreTarget": {
            "id": "_:exploreTarget",
            "technologiesReliedUpon": {"title": "HTML", "description": TECHNOLOGIES["HTML"]},
            "essentialFunctionality": "Make an appointment",
            "pageTypeVariety": "home, form",
        },
        "selectSample": {
            "id": "_:selectSample",
            "structuredSample": as_saved(subjects[:pages]),
            "randomSample": as_saved(subjects[pages:]),
        },
        "auditSample": assertions,
        "reportFindings": {
            "documentSteps": [{"id": f"_:{step}"} for step in ("about", "defineScope", "exploreTarget", "selectSample")],
            "title": "Evaluation of Example",
            "commissioner": "Example",
            "evaluator": "Anna",
            "date": {"type": "http://www.w3.org/TR/NOTE-datetime", "@value": "2026-01-08"},
            "summary": "Good and bad.",
            "evaluationSpecifics": "-",
        },
    }


def without_assertors(file: dict[str, Any]) -> str:
    """The statements of a file as RDF, in their canonical order; who asserted is a thing that the tool does not write."""
    bare = {**file, "auditSample": [{k: v for k, v in one.items() if k != "assertedBy"} for one in file["auditSample"]]}
    normal: str = jsonld.normalize(bare, {"algorithm": "URDNA2015", "format": "application/n-quads"})
    return normal


@pytest.mark.parametrize(("version", "pages", "random"), [("2.1", 2, 1), ("2.2", 1, 1), ("2.1", 1, 0)])
def test_a_file_of_the_tool_comes_back_equal(version: str, pages: int, random: int) -> None:
    file = saved_by_the_tool(version, pages=pages, random=random)
    read = read_wcag_em(json.dumps(file).encode())
    assert (read.unknown_tests, read.unknown_outcomes, read.unknown_subjects, read.renamed, read.merged) == ([], [], [], [], 0)
    assert without_assertors(as_wcag_em(Results.of(read.evaluation))) == without_assertors(file)


def test_what_other_tools_write_wrongly_is_said_and_the_rest_is_taken_over() -> None:
    file = saved_by_the_tool(pages=3)
    [first, second, third] = file["selectSample"]["structuredSample"]
    second["title"] = first["title"]
    file["auditSample"][0]["test"]["id"] = "WCAG21:something-else"
    file["auditSample"][1]["result"]["outcome"] = {"id": "earl:compliant"}
    file["auditSample"][2]["subject"] = {"id": "https://elsewhere.example/", "title": "Elsewhere"}
    again = json.loads(json.dumps(file["auditSample"][3]))
    again["result"]["outcome"]["id"], again["result"]["description"] = "earl:passed", "Other words."
    file["auditSample"][3]["result"]["outcome"]["id"] = "earl:failed"
    file["auditSample"].append(again)
    read = read_wcag_em(json.dumps(file).encode())
    assert read.unknown_tests == ["WCAG21:something-else"]
    assert read.unknown_outcomes == ["compliant"]
    assert read.unknown_subjects == ["Elsewhere"]
    assert (read.renamed, read.merged) == ([first["title"]], 1)
    assert third["title"] in [one.title for one in read.evaluation.sample]
    [merged] = [one for one in read.evaluation.assessments if "Other words." in one.description]
    assert merged.outcome is Outcome.CANNOT_TELL


def test_an_evaluation_by_wcag_2_0_is_read_by_its_old_names() -> None:
    file = saved_by_the_tool(pages=1)
    file["defineScope"]["wcagVersion"] = "2.0"
    file["auditSample"] = [one for one in file["auditSample"] if "non-text-content" in one["test"]["id"]]
    for one in file["auditSample"]:
        one["test"]["id"] = "WCAG20:text-equiv-all"
    read = read_wcag_em(json.dumps(file).encode())
    assert read.older_wcag == "2.0"
    assert {one.criterion for one in read.evaluation.assessments} == {"1.1.1"}
    assert len(criterion_of_anchor()) >= 38 + 56


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"[]", b"{}", b"null", b'"x"', b'{"type":"Evaluation"}', b"[" * 100_000, b'{"@graph": 3}'],
)
def test_what_is_no_evaluation_is_a_sentence(body: bytes) -> None:
    with pytest.raises(EvaluationError, match="The file"):
        read_wcag_em(body)


@pytest.mark.parametrize("broken", ["defineScope", "selectSample", "exploreTarget", "reportFindings", "auditSample"])
@pytest.mark.parametrize("value", [None, [], "x", 3, {"@value": {}}, [[[]]]])
def test_a_part_that_is_something_else_breaks_nothing(broken: str, value: object) -> None:
    file = saved_by_the_tool(pages=1) | {broken: value}
    read = read_wcag_em(json.dumps(file).encode())
    assert Results.of(replace(read.evaluation, title="x")).figures.asked == 50


def test_wcag_3_is_not_known() -> None:
    file = saved_by_the_tool()
    file["defineScope"]["wcagVersion"] = "3.0"
    with pytest.raises(EvaluationError, match=r"2\.0, 2\.1, 2\.2"):
        read_wcag_em(json.dumps(file).encode())
