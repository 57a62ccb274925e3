"""Of the API: what people decided about findings, and deciding; by the same rules and with the same trail as at the desk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from sqlalchemy.orm import Session

from dashboard.api.call import AnyCall, AnyPart, Call, one_of
from dashboard.api.problem import Problem
from dashboard.api.shapes import DecisionAsked, DecisionChange, DecisionShape, Part, ThingShape
from dashboard.screen import Id
from rules.decision import DecisionError, DecisionKind, Wanted
from storage.accounts import deciders
from storage.changes import Of
from storage.decisions import (
    NothingThere,
    OwnDecision,
    Thing,
    answer,
    decide,
    decisions_of_site,
    not_seconded,
    of_batch,
    second,
    standing,
    withdraw,
)
from storage.models import Decision
from storage.questions.pages import page_by_id

router = APIRouter()

Batch = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("/sites/{site_id}/decisions", name="api_decisions", tags=["decisions"])
def decisions(
    call: AnyCall,
    site_id: Id,
    asked: AnyPart,
    kind: Annotated[str, Query(max_length=20, description="One kind of decision, such as later.")] = "",
) -> Part[DecisionShape]:
    """What was decided, the newest first: a line for what was decided in one go."""
    one_of(kind, list(DecisionKind), "kind")
    kinds = [kind] if kind else [one.value for one in DecisionKind]
    with call.database.session() as session:
        call.site(session, site_id, Of.DECISIONS)
        found, _ = decisions_of_site(session, site_id, call.now, kinds, asked.limit + 1, before=asked.number)
        return call.part(
            found,
            asked,
            lambda one: one.first.id,
            lambda one: _shape(call, one.first, one.pages, one.findings, one.address),
        )


@router.post("/sites/{site_id}/decisions", name="api_decide", tags=["decisions"], status_code=201)
def make_decision(call: AnyCall, site_id: Id, sent: DecisionAsked) -> DecisionShape:
    """Decide about one thing or many. Where a second person has to agree, it stands as `waits` until they do."""
    try:
        with call.database.session() as session:
            site = call.site(session, site_id)
            things = [_thing(number, one) for number, one in enumerate(sent.things)]
            wanted = Wanted(DecisionKind(sent.kind), sent.reason, sent.note, sent.until, sent.to)
            rows = decide(session, site, things, wanted, call.who.name, deciders(session, site_id), call.now)
            return _told(call, session, rows)
    except NothingThere as error:
        raise Problem("gone") from error
    except DecisionError as error:
        raise Problem("not-valid", [(f"body.{error.field}", error.field)]) from error


def _thing(number: int, sent: ThingShape) -> Thing:
    if sent.cause is not None and sent.page is None and sent.rule is None:
        return Thing(None, "", sent.cause)
    if sent.cause is None and sent.page is not None and sent.rule:
        return Thing(sent.page, sent.rule)
    raise Problem("not-valid", [(f"body.things.{number}", "thing")])


@router.get("/sites/{site_id}/decisions/{batch}", name="api_decision", tags=["decisions"])
def decision(call: AnyCall, site_id: Id, batch: Batch) -> DecisionShape:
    """One decision. Its ETag is what `If-Match` asks for when it is changed."""
    with call.database.session() as session:
        call.site(session, site_id)
        return _told(call, session, _rows(session, site_id, batch))


@router.post("/sites/{site_id}/decisions/{batch}", name="api_change_decision", tags=["decisions"])
def change_decision(call: AnyCall, site_id: Id, batch: Batch, sent: DecisionChange) -> DecisionShape:
    """Agree as the second person, answer a question, or take a decision back; as it was when you saw it (`If-Match`)."""
    with call.database.session() as session:
        call.site(session, site_id)
        _as_seen(call, _rows(session, site_id, batch))
        try:
            match sent.act:
                case "second":
                    rows = second(session, site_id, batch, call.who.name, call.now)
                case "withdraw":
                    rows = withdraw(session, site_id, batch, call.who.name, call.now)
                case _ if sent.words.strip():
                    rows = answer(session, site_id, batch, sent.words.strip(), call.who.name)
                case _:
                    raise Problem("not-valid", [("body.words", "words")])
        except OwnDecision as error:
            raise Problem("own-decision") from error
        session.flush()
        return _told(call, session, rows)


def _rows(session: Session, site_id: int, batch: str) -> Sequence[Decision]:
    rows = of_batch(session, site_id, batch)
    if not rows:
        raise HTTPException(404)
    return rows


def _as_seen(call: Call, rows: Sequence[Decision]) -> None:
    """Raises Problem where the caller does not say what they saw, or it is something else by now."""
    seen = call.request.headers.get("if-match")
    if seen is None:
        raise Problem("if-match")
    if seen.strip() != "*" and _etag(call, rows) not in [one.strip() for one in seen.split(",")]:
        raise Problem("changed", headers={"ETag": _etag(call, rows)})


def _told(call: Call, session: Session, rows: Sequence[Decision]) -> DecisionShape:
    first = rows[-1]
    page = page_by_id(session, first.page_id) if first.page_id else None
    call.headed(_etag(call, rows))
    call.response.headers["Location"] = call.path("api_decision", site_id=first.site_id, batch=first.batch)
    pages = len({row.page_id for row in rows if row.page_id})
    return _shape(call, first, pages, len(rows), page.identity if page else "")


def _etag(call: Call, rows: Sequence[Decision]) -> str:
    """Made of all that is told of them, as it stands now."""
    fields = ("id", "kind", "note", "seconded_by", "answer", "answered_by", "withdrawn_at", "withdrawn_by", "assignee", "due_on")
    parts = [(*(str(getattr(row, name)) for name in fields), standing(row, call.now).value) for row in rows]
    return f'"{hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _shape(call: Call, first: Decision, pages: int, findings: int, address: str) -> DecisionShape:
    names = ("kind", "reason", "note", "rule", "person", "decided_at", "needs_second", "seconded_by", "due_on", "expires_at")
    return DecisionShape.model_validate(
        {
            **{name: getattr(first, name) for name in (*names, "answer", "answered_by", "withdrawn_by")},
            "id": first.batch,
            "page": first.page_id,
            "cause": first.cluster_id,
            "url": address,
            "pages": pages,
            "findings": findings,
            "standing": standing(first, call.now),
            "not_seconded": not_seconded(first),
            "to": first.assignee,
        }
    )
