"""Of the API: links, documents, journeys and evaluations of a site."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy.orm import Session

from dashboard.api.call import AnyCall, AnyPart, Call, one_of
from dashboard.api.shapes import (
    DocumentFindingShape,
    DocumentShape,
    EvaluationShape,
    JourneyShape,
    LinkShape,
    Part,
    PlaceShape,
    WalkShape,
)
from dashboard.screen import Id
from dashboard.screens.documents import shown
from rules.evaluation import Results
from rules.observation import BROKEN, LinkClass
from storage.changes import Of
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import evaluations_of_site, load_evaluation, stored_evaluation
from storage.journey_models import JourneyRow, JourneyRun
from storage.journeys import journey_of_site, journeys_of_site, newest_walks, walks_of
from storage.questions.documents import DocumentRow, documents_of_run
from storage.questions.links import LinkRow, links_after

router = APIRouter()

PLACES = 5
MOST_WALKS = 500


@router.get("/sites/{site_id}/links", name="api_links", tags=["inventory"])
def links(
    call: AnyCall,
    site_id: Id,
    asked: AnyPart,
    kind: Annotated[
        str,
        Query(alias="class", max_length=10, description="dead, soft-404, moved, blocked, unsure or not asked; empty: broken."),
    ] = "",
) -> Part[LinkShape]:
    """Links that lead to nothing, or of another class. Sound ones stand in no list."""
    one_of(kind, [one for one in LinkClass if one is not LinkClass.OK], "class")
    with call.database.session() as session:
        _, run = call.judged(session, site_id)
        classes = [kind] if kind else list(BROKEN)
        found = links_after(session, site_id, run.id, classes, asked.limit + 1, asked.number, PLACES) if run else []
        return call.part(found, asked, lambda one: one.link.id, _link)


def _link(row: LinkRow) -> LinkShape:
    names = ("id", "url", "link_class", "status", "reason", "final_url", "suggestion", "asked_at")
    return LinkShape.model_validate(
        {
            **{name: getattr(row.link, name) for name in names},
            "places": row.count,
            "first_places": [PlaceShape(page=one.page_id, url=one.address or one.via, text=one.text) for one in row.places],
        }
    )


@router.get("/sites/{site_id}/documents", name="api_documents", tags=["inventory"])
def documents(call: AnyCall, site_id: Id, asked: AnyPart) -> Part[DocumentShape]:
    """PDF and office files, with what is wrong in each."""
    with call.database.session() as session:
        _, run = call.judged(session, site_id)
        rows = sorted(documents_of_run(session, site_id, run.id) if run else [], key=lambda one: one.document.id)
        return call.of_all(rows, asked, lambda one: one.document.id, lambda one: _document(call, one))


def _document(call: Call, row: DocumentRow) -> DocumentShape:
    facts = row.state.facts
    return DocumentShape.model_validate(
        {
            "id": row.document.id,
            "url": row.document.url,
            "type": row.state.kind,
            "status": row.state.status,
            "reason": row.state.reason,
            "title": facts.get("title", ""),
            "pages": facts.get("pages"),
            "tagged": facts.get("tagged"),
            "maybe_exempt": bool(facts.get("maybe_exempt", False)),
            "failed": row.failed,
            "findings": [
                DocumentFindingShape.model_validate(
                    {
                        "rule": one.finding.rule,
                        "outcome": one.finding.outcome,
                        "impact": one.finding.impact,
                        "message": one.message,
                    }
                )
                for one in shown(row, call.language)
            ],
        }
    )


@router.get("/sites/{site_id}/journeys", name="api_journeys", tags=["inventory"])
def journeys(call: AnyCall, site_id: Id, asked: AnyPart) -> Part[JourneyShape]:
    """The tasks of residents, each with how it went last."""
    with call.database.session() as session:
        call.site(session, site_id, Of.JOURNEYS)
        walks = newest_walks(session, site_id)
        rows = sorted(journeys_of_site(session, site_id), key=lambda one: one.id)
        return call.of_all(rows, asked, lambda one: one.id, lambda one: _journey(one, walks.get(one.id)))


def _journey(row: JourneyRow, walk: JourneyRun | None) -> JourneyShape:
    last = _walk(walk) if walk else None
    return JourneyShape.model_validate({"id": row.id, "title": row.title, "state": row.state, "last_walk": last})


@router.get("/sites/{site_id}/journeys/{journey_id}/walks", name="api_walks", tags=["inventory"])
def walks(call: AnyCall, site_id: Id, journey_id: Id, asked: AnyPart) -> Part[WalkShape]:
    """How a journey went each time, the oldest first; the newest 500 of them."""
    with call.database.session() as session:
        call.site(session, site_id, Of.JOURNEYS)
        if journey_of_site(session, site_id, journey_id) is None:
            raise HTTPException(404)
        return call.of_all(walks_of(session, journey_id, MOST_WALKS), asked, lambda one: one.id, _walk)


def _walk(walk: JourneyRun) -> WalkShape:
    names = ("id", "verdict", "started_at", "finished_at", "figures")
    return WalkShape.model_validate({name: getattr(walk, name) for name in names})


@router.get("/sites/{site_id}/evaluations", name="api_evaluations", tags=["inventory"])
def evaluations(call: AnyCall, site_id: Id, asked: AnyPart) -> Part[EvaluationShape]:
    """The evaluations by people, each with its tally."""
    with call.database.session() as session:
        call.site(session, site_id, Of.EVALUATIONS)
        rows = evaluations_of_site(session, site_id)[::-1]
        return call.of_all(rows, asked, lambda one: one.id, lambda one: _evaluation(session, one))


@router.get("/sites/{site_id}/evaluations/{number}", name="api_evaluation", tags=["inventory"])
def evaluation(call: AnyCall, site_id: Id, number: Id) -> EvaluationShape:
    """One evaluation with its tally."""
    with call.database.session() as session:
        call.site(session, site_id, Of.EVALUATIONS)
        row = stored_evaluation(session, number)
        if row is None or row.site_id != site_id:
            raise HTTPException(404)
        return _evaluation(session, row)


def _evaluation(session: Session, row: StoredEvaluation) -> EvaluationShape:
    told = Results.of(load_evaluation(session, row))
    figures = told.figures
    return EvaluationShape(
        id=row.id,
        kind=told.evaluation.kind,
        norm=row.norm,
        title=told.evaluation.title,
        made_on=row.made_on,
        evaluators=list(told.evaluation.evaluators),
        reviewer=told.evaluation.reviewer,
        criteria=figures.asked,
        outcomes=figures.outcomes,
        met=figures.met,
        judged=figures.judged,
        by_people=figures.by_people,
        disputed=figures.disputed,
        structured_pages=figures.structured,
        random_pages=figures.random,
        changed_at=row.changed_at,
    )
