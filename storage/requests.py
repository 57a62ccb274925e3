"""Write down what a button asks for; the scheduler takes it up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Request


class AlreadyAsked(Exception):
    """The same is asked for already and waits for the scheduler."""


def ask(session: Session, site_id: int, kind: str, arguments: dict[str, Any], requested_by: str, now: datetime) -> Request:
    """Add a waiting request. Raises AlreadyAsked where the same one waits."""
    waiting = select(Request).where(Request.site_id == site_id, Request.kind == kind, Request.state == "waiting")
    if any(request.arguments == arguments for request in session.scalars(waiting)):
        raise AlreadyAsked(kind)
    request = Request(
        site_id=site_id,
        kind=kind,
        arguments=arguments,
        state="waiting",
        requested_by=requested_by,
        requested_at=now,
        result={},
    )
    session.add(request)
    session.flush()
    return request


def was_asked(session: Session, site_id: int, kind: str, what: dict[str, Any]) -> bool:
    """Whether a request with these among its arguments was ever made, whatever became of it."""
    asked = session.scalars(select(Request.arguments).where(Request.site_id == site_id, Request.kind == kind))
    return any(what.items() <= arguments.items() for arguments in asked)


def take_requests(session: Session, kind: str, now: datetime) -> list[Request]:
    """Every waiting request of a kind, oldest first; from now on they are taken."""
    query = select(Request).where(Request.kind == kind, Request.state == "waiting").order_by(Request.id)
    taken = list(session.scalars(query.with_for_update(skip_locked=True)))
    for request in taken:
        request.state = "taken"
        request.taken_at = now
    return taken


def finish_request(session: Session, number: int, state: str, result: dict[str, Any], now: datetime) -> None:
    """What was asked for is done, or failed; the result says how."""
    request = session.get(Request, number)
    if request is not None:
        request.state = state
        request.result = result
        request.finished_at = now
