"""How long the detail of old runs is kept. Figures stay for ever: trends read them.

What was open when the detail's time was over stays too: only what had been closed before that day is removed.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rules.message import MessageState
from rules.statement_status import RESEARCH_MONTHS
from storage.blobs import remove_unused
from storage.frozen_pages import purge_frozen
from storage.journeys import purge_walks
from storage.message_models import Alarm, OutboxMessage
from storage.models import DetailPurge, DocumentFinding, DocumentState, Finding, Link, PageState, Request, Run
from storage.picture_models import StoredPagePicture
from storage.search_retention import months_back

DETAIL_MONTHS = 25  # a year back, and the year before it to compare with
PICTURE_MONTHS = 6  # of whole pages: large, and a newer one takes its place
REQUEST_MONTHS = 3  # of requests that were answered, and of messages that were sent or refused
EVIDENCE_MONTHS = RESEARCH_MONTHS  # the pages of a sample: as long as a statement may rest on the research
INTERVALS: dict[str, type[Finding | PageState | Link | DocumentFinding | DocumentState]] = {
    "findings": Finding,
    "page_states": PageState,
    "links": Link,
    "document_findings": DocumentFinding,
    "document_states": DocumentState,
}


def purge_detail(session: Session, now: datetime, months: int = DETAIL_MONTHS) -> DetailPurge | None:
    """Remove the detail that was closed before the retention period, and content that nothing refers to any more.

    Gives the proof, kept beside it: what was removed, and by which day. None: there was nothing to remove.
    """
    before = months_back(now.date(), months)
    closed = select(Run.id).where(Run.started_at < _midnight(before, now))
    removed = {name: _rows(session, delete(table).where(table.closed_run_id.in_(closed))) for name, table in INTERVALS.items()}
    asked = _midnight(months_back(now.date(), REQUEST_MONTHS), now)
    removed["requests"] = _rows(session, delete(Request).where(Request.finished_at < asked))
    is_over = OutboxMessage.state.in_([MessageState.SENT, MessageState.REFUSED])
    removed["messages"] = _rows(session, delete(OutboxMessage).where(is_over, OutboxMessage.written_at < asked))
    removed["alarms"] = _rows(session, delete(Alarm).where(Alarm.ended_at < _midnight(before, now)))
    removed["journey_steps"] = purge_walks(session, _midnight(before, now))
    removed["frozen_pages"] = purge_frozen(session, _midnight(months_back(now.date(), EVIDENCE_MONTHS), now))
    taken = _midnight(months_back(now.date(), PICTURE_MONTHS), now)
    removed["page_pictures"] = _rows(session, delete(StoredPagePicture).where(StoredPagePicture.taken_at < taken))
    detail = any(removed[name] for name in (*INTERVALS, "journey_steps"))
    removed["contents"] = remove_unused(session)
    if not any(removed.values()):
        return None
    proof = DetailPurge(purged_at=now, before=before if detail else None, removed=removed)
    session.add(proof)
    session.flush()
    return proof


def detail_removed_before(session: Session) -> date | None:
    """The day before which the detail of runs is not whole any more; None: all of it is there."""
    query = select(DetailPurge.before).where(DetailPurge.before.is_not(None)).order_by(DetailPurge.before.desc()).limit(1)
    return session.scalar(query)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _rows(session: Session, query: object) -> int:
    return int(session.execute(query.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
