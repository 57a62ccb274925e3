"""Every example of every rule about documents, as a real file, gets the outcome that its heading promises."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from document_files import file_of

from checks.documents.limits import Limits
from checks.documents.read import judge_file
from checks.documents.topics import topics
from checks.documents.topics.pdfua import mapping
from rules.norm import success_criteria
from rules.outcome import Outcome
from rules.rule import Example, Rule, catalogue
from rules.task import PageStatus

DOCUMENTS = [rule for rule in catalogue().values() if rule.area == "documents"]
EXAMPLES = {
    f"{rule.id}/{number}-{example.outcome}": (rule, example)
    for rule in DOCUMENTS
    for number, example in enumerate(rule.examples, start=1)
}


@pytest.mark.parametrize("path", EXAMPLES)
def test_example_gets_the_outcome_its_heading_promises(path: str, tmp_path: Path) -> None:
    rule, example = EXAMPLES[path]
    result = judged(rule, example, tmp_path)
    assert result.status is PageStatus.TESTED, result.reason
    assert result.notes == ()
    promised = Outcome.CANNOT_TELL if rule.is_advice and example.outcome is Outcome.FAILED else example.outcome
    assert result.outcomes[rule.id] is promised, (example.why, result.findings)
    for finding in result.findings:
        # A message that is not given what it speaks of would be shown as the rule's title.
        message = catalogue()[finding.rule].words["nl"].messages[finding.message]
        needed = {name for _, name, _, _ in Formatter().parse(message) if name}
        assert needed <= set(finding.arguments), finding.rule


def judged(rule: Rule, example: Example, folder: Path):  # type: ignore[no-untyped-def]
    file = folder / "voorbeeld"  # a name without a suffix: the content says what it is
    file.write_bytes(file_of(example.pages[0]))
    return judge_file(file, "https://voorbeeld.nl/download/1", "en301549-4.1.1", Limits())


def test_every_rule_shows_what_passes_and_what_does_not() -> None:
    assert DOCUMENTS
    for rule in DOCUMENTS:
        shown = {example.outcome for example in rule.examples}
        assert shown & {Outcome.PASSED, Outcome.INAPPLICABLE}, rule.id
        assert shown & {Outcome.FAILED, Outcome.CANNOT_TELL}, rule.id


def test_every_page_has_a_topic_that_judges_it_and_every_topic_a_page() -> None:
    judged = {rule for topic in topics() for rule in topic.rules}
    assert judged == {rule.id for rule in DOCUMENTS}


def test_no_rule_speaks_of_a_clause_that_is_void_for_documents() -> None:
    """EN 301 549 v3.2.1 leaves 10.2.4.1, 10.2.4.5, 10.3.2.3 and 10.3.2.4 void."""
    for rule in DOCUMENTS:
        assert all(success_criteria()[number].document_clause for number in rule.criteria), rule.id


def test_every_condition_of_the_engine_is_spoken_for() -> None:
    rules = {rule.id for rule in DOCUMENTS}
    for name, condition in mapping().items():
        assert not condition.rule or condition.rule in rules, name
        if condition.rule:
            key = condition.message or ("failed" if condition.failed else "cantTell")
            assert key in catalogue()[condition.rule].words["nl"].messages, name
