"""Write down what a button asks for; the scheduler takes it up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.models import Request

RUN = "run"  # the kind of a request for a run over a site
OPEN = ("waiting", "taken")  # states of what has no answer yet


class AlreadyAsked(Exception):
    """The same is asked for already and waits for the scheduler."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.kind)
        self.request = request


def ask(session: Session, site_id: int, kind: str, arguments: dict[str, Any], requested_by: str, now: datetime) -> Request:
    """Add a waiting request. Raises AlreadyAsked where the same one waits."""
    waiting = select(Request).where(Request.site_id == site_id, Request.kind == kind, Request.state == "waiting")
    same = next((one for one in session.scalars(waiting) if one.arguments == arguments), None)
    if same is not None:
        raise AlreadyAsked(same)
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


def is_open(session: Session, site_id: int, kind: str) -> bool:
    """Whether something of a kind waits, or goes on."""
    opened = select(Request.id).where(Request.site_id == site_id, Request.kind == kind, Request.state.in_(OPEN))
    return session.scalar(opened.limit(1)) is not None


def take_requests(session: Session, kind: str, now: datetime) -> list[Request]:
    """Every waiting request of a kind, oldest first; from now on they are taken."""
    waiting = session.scalars(select(Request).where(Request.kind == kind, Request.state == "waiting").order_by(Request.id))
    return [request for request in waiting.all() if _take(session, request, now)]


def take_for_free_sites(session: Session, kinds: Collection[str], busy: Collection[int], now: datetime) -> Iterator[Request]:
    """The oldest waiting request of each site at which nothing goes on; each is taken when it is given."""
    query = select(Request).where(Request.kind.in_(kinds), Request.state == "waiting").order_by(Request.id)
    seen = set(busy)
    for request in session.scalars(query).all():
        if request.site_id not in seen:
            seen.add(request.site_id)
            if _take(session, request, now):
                yield request


def _take(session: Session, request: Request, now: datetime) -> bool:
    """False where another scheduler was first, or is at it: nobody waits for it."""
    still_waits = select(Request.id).where(Request.id == request.id, Request.state == "waiting").with_for_update(skip_locked=True)
    taken = update(Request).where(Request.id == still_waits.scalar_subquery()).values(state="taken", taken_at=now)
    if session.scalar(taken.returning(Request.id).execution_options(synchronize_session=False)) is None:
        return False
    session.refresh(request)
    return True


def note_process(session: Session, number: int, process: str) -> None:
    """Who answers a request that is taken."""
    session.execute(update(Request).where(Request.id == number).values(result={"process": process}))


def give_back(session: Session, is_gone: Callable[[str], bool], now: datetime) -> None:
    """What a scheduler that is gone had taken waits again. A run that it had started is found by its own sign of life."""
    for request in session.scalars(select(Request).where(Request.state == "taken")).all():
        if request.kind == RUN:
            finish_request(session, request.id, "failed", {"reason": "scheduler-gone"}, now)
        elif is_gone(str(request.result.get("process", ""))):
            request.state, request.result = "waiting", {}


def cancel_waiting(session: Session, site_id: int, now: datetime) -> int:
    """Take back what was asked of a site and did not begin; gives how much."""
    waiting = session.scalars(select(Request).where(Request.site_id == site_id, Request.state == "waiting")).all()
    for request in waiting:
        finish_request(session, request.id, "cancelled", {}, now)
    return len(waiting)


def asking_requests(session: Session, kind: str, *, before: datetime) -> list[Request]:
    """Requests that wait for a person's answer since before a moment."""
    query = select(Request).where(Request.kind == kind, Request.state == "asks", Request.finished_at < before)
    return list(session.scalars(query))


def ask_again(request: Request, arguments: dict[str, Any]) -> None:
    """A person answered: the request waits for the scheduler once more."""
    request.state, request.arguments, request.result = "waiting", arguments, {}
    request.taken_at = request.finished_at = None


def finish_request(session: Session, number: int, state: str, result: dict[str, Any], now: datetime) -> None:
    """What was asked for is done, or failed; the result says how."""
    request = session.get(Request, number)
    if request is not None:
        request.state = state
        request.result = result
        request.finished_at = now
