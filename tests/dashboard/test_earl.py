"""EARL says what the JSON report says, and is read the way the ACT Rules Community reads implementation reports."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from pyld import jsonld
from sqlalchemy import select

from dashboard.exports.earl import as_earl
from rules.document import DocumentResult
from rules.finding import Finding, Target
from rules.norm import Language, norms, success_criteria
from rules.outcome import Impact, Outcome
from rules.reason import reason_text
from rules.rule import catalogue
from rules.task import PageResult, PageStatus
from storage.database import Database
from storage.models import Run
from storage.report import report_of_check, report_of_run

NORM = norms()["en301549-3.2.1"]
TOOL = {"name": "Vierluik", "version": "9.9", "engines": {"axe": "4.11"}, "browser": "Chromium"}
EARL = "http://www.w3.org/ns/earl#"
VOCABULARIES = (
    EARL,
    "http://purl.org/dc/terms/",
    "http://usefulinc.com/ns/doap#",
    "http://www.w3.org/2009/pointers#",
    "http://www.w3.org/2011/content#",
    "urn:vierluik:",
)
# The words of EARL 1.0 that a report of ours uses; another would be a typing error that @vocab hides.
EARL_WORDS = {"Assertion", "Assertor", "Software", "TestSubject", "TestCriterion", "TestResult"}
EARL_WORDS |= {"subject", "assertedBy", "mode", "test", "result", "outcome", "pointer"}
# How a mapping tool asks for assertions: by type, whatever the names of the keys are in the file.
FRAME = {
    "@context": {
        "@vocab": EARL,
        "earl": EARL,
        "source": "http://purl.org/dc/terms/source",
        "title": "http://purl.org/dc/terms/title",
        "isPartOf": "http://purl.org/dc/terms/isPartOf",
        "outcome": {"@type": "@id"},
        "name": "http://usefulinc.com/ns/doap#name",
        "release": "http://usefulinc.com/ns/doap#release",
        "revision": "http://usefulinc.com/ns/doap#revision",
    },
    "@type": "earl:Assertion",
}


def nothing_is_fetched(url: str, options: object) -> Any:
    raise AssertionError(f"the report refers to {url}")


def expanded(report: dict[str, Any]) -> list[Any]:
    plain = json.loads(json.dumps(report))
    return jsonld.expand(plain, {"documentLoader": nothing_is_fetched})  # type: ignore[no-any-return]


def framed(report: dict[str, Any], frame: dict[str, Any] = FRAME) -> list[dict[str, Any]]:
    plain = json.loads(json.dumps(report))
    found = jsonld.frame(plain, frame, {"documentLoader": nothing_is_fetched})
    return found.get("@graph", [found])


def finding(rule: str, outcome: Outcome, selector: str, frames: tuple[str, ...] = ()) -> Finding:
    target = Target(frames, selector, '<img src="a.png">')
    return Finding(rule, 1, outcome, Impact.SERIOUS, ("axe", "vierluik"), target, outcome.value)


RESULTS = [
    PageResult(
        "https://gemeente.example/",
        PageStatus.TESTED,
        title='Start: "<b>\u202e',
        findings=(
            finding("image-alternative", Outcome.FAILED, "main > img", ("iframe:nth-child(2)", "#binnen")),
            finding("image-alternative", Outcome.FAILED, "footer > img"),
            finding("link-purpose", Outcome.CANNOT_TELL, "a"),
            finding("heading-one", Outcome.CANNOT_TELL, "html"),
        ),
        outcomes={
            "image-alternative": Outcome.FAILED,
            "link-purpose": Outcome.CANNOT_TELL,
            "heading-one": Outcome.CANNOT_TELL,
            "page-title": Outcome.PASSED,
            "video-captions": Outcome.INAPPLICABLE,
            "text-contrast": Outcome.UNTESTED,
        },
    ),
    PageResult("https://gemeente.example/traag", PageStatus.UNTESTED, "load-timeout"),
]
DOCUMENTS = [DocumentResult("https://gemeente.example/a.pdf", "application/pdf", PageStatus.UNTESTED, "document-not-judged")]


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return report_of_check(RESULTS, NORM, TOOL, DOCUMENTS)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_earl_is_json_ld_that_fetches_nothing_and_means_what_it_says(report: dict[str, Any], language: Language) -> None:
    seen: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            seen.update(key for key in value if not key.startswith("@"))
            seen.update(value.get("@type", ()) if isinstance(value.get("@type"), list) else ())
            for one in value.values():
                walk(one)

    walk(expanded(as_earl(report, language)))
    assert all(word.startswith(VOCABULARIES) for word in seen)
    assert {word.removeprefix(EARL) for word in seen if word.startswith(EARL)} == EARL_WORDS


def test_every_finding_is_an_assertion_and_every_other_rule_says_how_it_ended(report: dict[str, Any]) -> None:
    found = framed(as_earl(report, "nl"))
    first = [one for one in found if one["subject"]["source"] == "https://gemeente.example/"]
    assert Counter((one["test"]["title"], one["result"]["outcome"]) for one in first) == {
        ("image-alternative", "earl:failed"): 2,
        ("link-purpose", "earl:cantTell"): 1,
        ("heading-one", "earl:cantTell"): 1,
        ("page-title", "earl:passed"): 1,
        ("video-captions", "earl:inapplicable"): 1,
        ("text-contrast", "earl:untested"): 1,
    }


def test_a_page_that_was_not_tested_has_every_rule_untested_with_the_reason(report: dict[str, Any]) -> None:
    slow = next(node for node in as_earl(report, "en")["@graph"] if node["@id"] == "https://gemeente.example/traag")
    assert {one["test"]["title"] for one in slow["assertions"]} == set(RESULTS[0].outcomes)
    assert {one["result"]["outcome"] for one in slow["assertions"]} == {"earl:untested"}
    assert {one["result"]["description"] for one in slow["assertions"]} == {reason_text("load-timeout", "en")}


def test_where_no_page_was_tested_every_rule_of_the_norm_is_untested() -> None:
    graph = as_earl(report_of_check(RESULTS[1:], NORM, TOOL, []), "nl")["@graph"]
    tests = {one["test"]["title"] for node in graph for one in node.get("assertions", ())}
    assert tests == {rule.id for rule in catalogue().values() if rule.belongs_to(NORM) and not rule.of_documents}


def test_a_document_that_was_not_judged_is_named_without_assertions(report: dict[str, Any]) -> None:
    document = as_earl(report, "nl")["@graph"][-1]
    assert (document["source"], document["assertions"]) == ("https://gemeente.example/a.pdf", [])


def test_an_assertion_points_at_its_element_and_says_in_words_what_is_wrong(report: dict[str, Any]) -> None:
    for language, key in (("nl", "nl"), ("en", "en")):
        node = next(node for node in as_earl(report, language)["@graph"] if node["@type"] == "TestSubject")
        result = node["assertions"][0]["result"]
        assert result["pointer"]["expression"] == "main > img"
        assert result["pointer"]["frames"] == ["iframe:nth-child(2)", "#binnen"]
        assert result["description"] == report["pages"][0]["findings"][0]["message"][key]
        assert node["assertions"][0]["mode"] == "earl:automatic"
        assert node["title"] == 'Start: "<b>\u202e'


def test_a_mapping_tool_reads_the_rule_its_criteria_and_its_act_rules(report: dict[str, Any]) -> None:
    images = [one for one in framed(as_earl(report, "nl")) if one["test"]["title"] == "image-alternative"]
    parts = {part["@id"] for one in images for part in [one["test"]["isPartOf"]]}
    assert parts == {"https://www.w3.org/TR/WCAG21/#non-text-content"}
    node = next(node for node in as_earl(report, "nl")["@graph"] if node.get("title") == "image-alternative")
    assert node["isPartOf"] == ["WCAG2:non-text-content"]
    assert node["conformsTo"] == ["https://www.w3.org/WAI/standards-guidelines/act/rules/23a2a8/"]
    advice = next(node for node in as_earl(report, "nl")["@graph"] if node.get("title") == "heading-one")
    assert advice["isPartOf"] == []


def test_the_tool_is_named_with_its_version(report: dict[str, Any]) -> None:
    (tool,) = framed(as_earl(report, "nl"), FRAME | {"@type": "earl:Assertor"})
    assert (tool["name"], tool["release"]["revision"]) == ("Vierluik", "9.9")
    assert all(one["assertedBy"]["name"] == "Vierluik" for one in framed(as_earl(report, "nl")))


def test_criteria_have_the_ids_of_wcag() -> None:
    anchors = {number: success_criteria()[number].anchor for number in ("1.1.1", "1.2.1", "2.2.2", "2.4.11", "3.3.4", "4.1.2")}
    assert list(anchors.values()) == [
        "non-text-content",
        "audio-only-and-video-only-prerecorded",
        "pause-stop-hide",
        "focus-not-obscured-minimum",
        "error-prevention-legal-financial-data",
        "name-role-value",
    ]
    assert len({criterion.anchor for criterion in success_criteria().values()}) == len(success_criteria())


def test_figures_of_a_stored_run_equal_those_of_its_json_report(stored: Database) -> None:
    with stored.session() as session:
        runs = session.scalars(select(Run).where(Run.state == "finished").limit(4)).all()
        assert runs
        for run in runs:
            report = report_of_run(session, run, TOOL)
            assertions = [one for node in as_earl(report, "nl")["@graph"] for one in node.get("assertions", ())]
            counts = Counter(one["result"]["outcome"] for one in assertions)
            findings = Counter(one["outcome"] for page in report["pages"] for one in page["findings"])
            outcomes = Counter(outcome for page in report["pages"] for outcome in page["outcomes"].values())
            left = sum(page["status"] in ("untested", "skipped") for page in report["pages"])
            rules = {rule for page in report["pages"] for rule in page["outcomes"]}
            pointed = Counter(one["result"]["outcome"] for one in assertions if "pointer" in one["result"])
            assert {name: pointed[f"earl:{name}"] for name in findings} == findings
            assert counts["earl:passed"] == outcomes["passed"]
            assert counts["earl:inapplicable"] == outcomes["inapplicable"]
            assert counts["earl:untested"] == outcomes["untested"] + left * len(rules)
