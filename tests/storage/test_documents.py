"""Documents are kept as intervals: what stays writes nothing, what is mended is closed, what could not be read stays open."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from stored_story import ORIGIN, Story

from rules.document import DocumentFacts, DocumentKind, DocumentResult, Version
from rules.finding import Finding, Target
from rules.observation import PageLink
from rules.outcome import Impact, Outcome
from rules.task import PageStatus
from storage.documents import carry_over, close_documents_not_met, roll_up_documents, store_document, versions_judged
from storage.models import DocumentFinding, DocumentState, Run, RunRule
from storage.questions.documents import documents_of_run
from storage.report import report_of_run


def finding(rule: str = "document-title", **arguments: object) -> Finding:
    target = Target((), "p. 1", "<document>\nAfval\x00kalender", "document")
    return Finding(rule, 1, Outcome.FAILED, Impact.MODERATE, ("vierluik",), target, "failed", dict(arguments))


FOUND = DocumentResult(
    f"{ORIGIN}/file/1",
    DocumentKind.PDF,
    PageStatus.TESTED,
    facts=DocumentFacts(pages=3, words=900, title="Afval\x00kalender"),
    findings=(finding(),),
    outcomes={"document-title": Outcome.FAILED, "document-tagged": Outcome.PASSED},
)
MENDED = replace(FOUND, findings=(), outcomes={"document-title": Outcome.PASSED, "document-tagged": Outcome.PASSED})
UNREAD = DocumentResult(FOUND.url, DocumentKind.PDF, PageStatus.UNTESTED, "timeout")


def tell(story: Story, *results: DocumentResult, complete: bool = True, unsure: tuple[str, ...] = ()) -> int:
    run_id, _ = story.run()
    with story.database.session() as session:
        met = [store_document(session, story.site_id, run_id, result) for result in results]
        if complete:
            close_documents_not_met(session, story.site_id, run_id, met, unsure)
    return run_id


def counted(story: Story) -> tuple[int, int]:
    with story.database.session() as session:
        return tuple(session.scalar(select(func.count()).select_from(one)) or 0 for one in (DocumentState, DocumentFinding))  # type: ignore[return-value]


def found(story: Story, run_id: int) -> dict[str, list[str]]:
    with story.database.session() as session:
        rows = documents_of_run(session, story.site_id, run_id)
        return {row.document.url: [f"{one.rule} {one.outcome}" for one in row.findings] for row in rows}


def test_the_same_document_writes_no_new_rows(story: Story) -> None:
    first = tell(story, FOUND)
    assert counted(story) == (1, 1)
    second = tell(story, FOUND)
    assert counted(story) == (1, 1)
    assert found(story, first) == found(story, second) == {FOUND.url: ["document-title failed"]}


def test_what_is_mended_is_closed_and_earlier_runs_still_say_it(story: Story) -> None:
    first, second = tell(story, FOUND), tell(story, MENDED)
    assert found(story, first) == {FOUND.url: ["document-title failed"]}
    assert found(story, second) == {FOUND.url: []}


def test_numbers_in_a_message_change_without_a_new_finding(story: Story) -> None:
    tell(story, replace(FOUND, findings=(finding(count=3),)))
    tell(story, replace(FOUND, findings=(finding(count=2),)))
    with story.database.session() as session:
        (row,) = session.scalars(select(DocumentFinding)).all()
        assert row.arguments == {"count": 2}
        assert row.closed_run_id is None


def test_what_was_found_in_a_document_that_cannot_be_read_now_stays_open(story: Story) -> None:
    tell(story, FOUND)
    second = tell(story, UNREAD)
    assert found(story, second) == {FOUND.url: ["document-title failed"]}


def test_a_rule_that_did_not_come_to_its_end_closes_nothing(story: Story) -> None:
    tell(story, FOUND)
    second = tell(story, replace(MENDED, partly=frozenset({"document-title"})))
    assert found(story, second) == {FOUND.url: ["document-title failed"]}


def test_a_document_that_no_page_refers_to_any_more_is_gone(story: Story) -> None:
    tell(story, FOUND)
    assert found(story, tell(story, complete=False)) == {FOUND.url: ["document-title failed"]}
    assert found(story, tell(story)) == {}


def test_a_document_whose_host_is_in_trouble_is_not_gone(story: Story) -> None:
    tell(story, FOUND)
    assert found(story, tell(story, unsure=(FOUND.url,))) == {FOUND.url: ["document-title failed"]}


def test_a_version_is_known_again_until_the_rules_change(story: Story) -> None:
    run_id, _ = story.run()
    link = PageLink(f"{ORIGIN}/afval", "afval", "document")
    versioned = replace(FOUND, facts=DocumentFacts(links=(link,)), version=Version('"a1"'))
    with story.database.session() as session:
        number = store_document(session, story.site_id, run_id, versioned, "rules of today")
        assert versions_judged(session, story.site_id, "rules of today") == {FOUND.url: Version('"a1"')}
        assert versions_judged(session, story.site_id, "rules of tomorrow") == {}
        assert carry_over(session, story.site_id, FOUND.url) == (number, [(link.url, "")])
        store_document(session, story.site_id, run_id, replace(versioned, partly=frozenset({"document-title"})), "rules of today")
        assert versions_judged(session, story.site_id, "rules of today") == {}, "a rule did not come to its end"


def test_rules_are_counted_in_documents_as_they_are_on_pages(story: Story) -> None:
    counts = []
    for result in (FOUND, FOUND, UNREAD, MENDED):
        run_id = tell(story, result)
        with story.database.session() as session:
            roll_up_documents(session, story.site_id, run_id)
            row = session.get(RunRule, (run_id, "document-title"))
            counts.append(row and (row.failed, row.failed_pages, row.pages, row.new, row.closed))
    assert counts == [(1, 1, 1, 1, 0), (1, 1, 1, 0, 0), None, (0, 0, 1, 0, 1)]


def test_the_report_says_what_was_found_by_clause_ten(story: Story) -> None:
    run_id = tell(story, FOUND)
    with story.database.session() as session:
        report = report_of_run(session, session.get_one(Run, run_id), {"name": "Vierluik", "version": "0"})
    (document,) = report["documents"]
    assert document["findings"][0]["clauses"] == ["10.2.4.2"]
    assert document["criteria"]["2.4.2"] == "failed"
    assert "2.4.5" not in document["criteria"]
    assert document["facts"]["pages"] == 3
    assert "\x00" not in document["facts"]["title"]
