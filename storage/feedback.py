"""What visitors say of pages: kept masked and exactly once, summed by page and month, and removed when its time is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, delete, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from rules.feedback import ANSWER_MONTHS, COMMENT_DAYS, FEWEST, POSITIVE, Feedback
from storage.blobs import short_hash
from storage.models import FeedbackAnswer, FeedbackImport, Page, PageState, table_of
from storage.search_report import Share
from storage.search_retention import months_back

BATCH = 500  # numbers in one question


@dataclass(frozen=True)
class FeedbackMonth:
    """The answers of one month."""

    month: date  # its first day
    share: Share  # that are positive, of those with a score
    mean: float  # 0 to 1


@dataclass(frozen=True)
class Comment:
    """What a visitor wrote, masked."""

    day: date
    text: str
    rating: float | None


@dataclass(frozen=True)
class PageFeedback:
    """What the visitors of a page find of it."""

    share: Share | None  # None: nobody gave a score
    mean: float | None
    months: list[FeedbackMonth]  # the oldest first
    comments: list[Comment]  # the newest first


@dataclass(frozen=True)
class FeedbackRow:
    """One page in the list."""

    address: str
    page_id: int | None  # None: no run has met it
    title: str
    language: str
    share: Share
    mean: float


def known_feedback(session: Session, site_id: int, digest: str) -> bool:
    """Whether this very file was brought in before."""
    found = select(FeedbackImport.id).where(FeedbackImport.site_id == site_id, FeedbackImport.digest == digest)
    return session.scalar(found) is not None


def keep_feedback(session: Session, site_id: int, answers: Iterable[Feedback], digest: str, now: datetime) -> int:
    """Keep the answers of a file; those that another file brought are known. Gives how many are new."""
    alike: Counter[Feedback] = Counter()
    rows: dict[int, dict[str, object]] = {}
    count = 0
    for answer in answers:
        count += 1
        number = answer.number(alike[answer])
        alike[answer] += 1
        rows[number] = {
            "site_id": site_id, "id": number, "address": answer.address, "address_hash": short_hash(answer.address.encode()),
            "day": answer.day, "rating": answer.rating, "comment": answer.comment,
        }  # fmt: skip
    numbers = list(rows)
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        known = select(FeedbackAnswer.id).where(FeedbackAnswer.site_id == site_id, FeedbackAnswer.id.in_(part))
        for number in session.scalars(known):
            del rows[number]
    if rows:
        session.execute(insert(table_of(FeedbackAnswer)), list(rows.values()))
    session.add(FeedbackImport(site_id=site_id, digest=digest, imported_at=now, answers=count, added=len(rows)))
    return len(rows)


def purge_feedback(session: Session, now: datetime) -> tuple[int, int]:
    """Remove comments and answers that are older than they may be; gives how many of each."""
    today = now.date()
    old = update(FeedbackAnswer).where(FeedbackAnswer.day < today - timedelta(days=COMMENT_DAYS), FeedbackAnswer.comment != "")
    comments = session.execute(old.values(comment="")).rowcount  # type: ignore[attr-defined]
    gone = delete(FeedbackAnswer).where(FeedbackAnswer.day < months_back(today, ANSWER_MONTHS))
    return comments, session.execute(gone).rowcount  # type: ignore[attr-defined]


def feedback_of_page(session: Session, page: Page, most_comments: int) -> PageFeedback | None:
    """What visitors say of a page; None: nobody has said anything."""
    mine = (FeedbackAnswer.site_id == page.site_id, FeedbackAnswer.address_hash == page.identity_hash)
    if session.scalar(select(FeedbackAnswer.id).where(*mine).limit(1)) is None:
        return None
    by_day = session.execute(_summed(FeedbackAnswer.day).where(*mine).group_by(FeedbackAnswer.day).order_by(FeedbackAnswer.day))
    months: dict[date, tuple[int, int, float]] = {}
    for day, count, positive, total in by_day:
        before = months.get(day.replace(day=1), (0, 0, 0.0))
        months[day.replace(day=1)] = (before[0] + count, before[1] + positive, before[2] + total)
    count, positive, total = (sum(part) for part in zip(*months.values(), strict=True)) if months else (0, 0, 0.0)
    written = select(FeedbackAnswer.day, FeedbackAnswer.comment, FeedbackAnswer.rating).where(*mine, FeedbackAnswer.comment != "")
    return PageFeedback(
        Share(int(positive), int(count)) if count else None,
        total / count if count else None,
        [FeedbackMonth(month, Share(good, of), summed / of) for month, (of, good, summed) in months.items()],
        [
            Comment(*row)
            for row in session.execute(written.order_by(FeedbackAnswer.day.desc(), FeedbackAnswer.id).limit(most_comments))
        ],
    )


def least_liked(session: Session, site_id: int, limit: int, offset: int) -> tuple[list[FeedbackRow], int]:
    """Pages with enough answers, the smallest positive share first, and how many there are."""
    hashed = FeedbackAnswer.address_hash
    sums = _summed(hashed).where(FeedbackAnswer.site_id == site_id).group_by(hashed).having(func.count() >= FEWEST)
    found = sums.add_columns(func.min(FeedbackAnswer.address).label("address")).subquery()
    total = session.scalar(select(func.count()).select_from(found)) or 0
    rows = session.execute(
        select(found, Page.id.label("page_id"), PageState.title, PageState.language)
        .outerjoin(Page, (Page.identity_hash == found.c.address_hash) & (Page.site_id == site_id))
        .outerjoin(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .order_by(found.c.positive * 1.0 / found.c.count, found.c.count.desc(), found.c.address)
        .limit(limit)
        .offset(offset)
    ).mappings()
    return [
        FeedbackRow(
            row["address"], row["page_id"], row["title"] or "", row["language"] or "",
            Share(int(row["positive"]), int(row["count"])), row["total"] / row["count"],
        )
        for row in rows
    ], total  # fmt: skip


def feedback_counts(session: Session, site_id: int) -> tuple[int, int]:
    """How many answers with a score a site has, and about how many pages."""
    pages = func.count(FeedbackAnswer.address_hash.distinct())
    mine = (FeedbackAnswer.site_id == site_id, FeedbackAnswer.rating.is_not(None))
    answers, about = session.execute(select(func.count(), pages).where(*mine)).one()
    return answers, about


def _summed(by: InstrumentedAttribute[Any]) -> Select[Any]:
    """Answers with a score: how many, how many positive, and the sum of their ratings."""
    positive = func.sum(case((FeedbackAnswer.rating >= POSITIVE, 1), else_=0)).label("positive")
    total = func.sum(FeedbackAnswer.rating).label("total")
    return select(by, func.count().label("count"), positive, total).where(FeedbackAnswer.rating.is_not(None))
