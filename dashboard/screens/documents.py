"""PDF and office files of a site: what is wrong in each, and which pages refer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from dashboard.screen import AnyScreen, Id, PageNumber
from rules.norm import Language
from rules.outcome import Outcome
from rules.rule import Rule, catalogue
from storage.models import DocumentFinding
from storage.questions.documents import DocumentRow, add_sources, documents_of_run
from storage.questions.runs import latest_run

router = APIRouter()

PART = 25  # documents on one screen
PLACES = 5  # pages that refer to one


@dataclass(frozen=True)
class ShownFinding:
    """One finding in words."""

    finding: DocumentFinding
    rule: Rule | None
    message: str

    @property
    def is_advice(self) -> bool:
        return self.rule is not None and self.rule.is_advice

    @property
    def kind(self) -> str:
        if self.finding.outcome == Outcome.FAILED:
            return "failed"
        return "advice" if self.is_advice else "question"


def shown(row: DocumentRow, language: Language) -> list[ShownFinding]:
    """The findings of a document: failures first, then questions, then advice."""
    found = []
    for finding in row.findings:
        rule = catalogue().get(finding.rule)
        message = rule.message(language, finding.message, finding.arguments) if rule else finding.rule
        found.append(ShownFinding(finding, rule, message))
    return sorted(found, key=lambda one: ("failed", "question", "advice").index(one.kind))


@router.get("/{language}/sites/{site_id}/documents", name="documents", response_class=HTMLResponse)
def documents(
    screen: AnyScreen, site_id: Id, rule: Annotated[str, Query(max_length=60)] = "", number: PageNumber = 1
) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        rows = documents_of_run(session, site_id, run.id, rule) if run else []
        pagination = screen.pagination(number, len(rows), PART)
        part = rows[pagination.offset : pagination.offset + PART]
        add_sources(session, site_id, part, PLACES)
    return screen.show(
        "documents.html.j2",
        site=site,
        run=run,
        rule=catalogue().get(rule),
        rows=[(row, shown(row, screen.language)) for row in part],
        failing=sum(bool(row.failed) for row in rows),
        scans=sum(row.state.facts.get("text") == "scan" for row in rows),
        pagination=pagination,
    )
