"""The evidence of an evaluation's sample as it is kept: archives, raw results and pictures, until their time is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rules.frozen_page import RESULT, SNAPSHOT, FrozenPage
from rules.observation import PageSnapshot
from rules.page_picture import PagePicture
from rules.task import PageResult
from storage.blobs import PICTURE, get_content, get_text, put_content, put_picture, put_texts
from storage.frozen_models import StoredFrozenPage
from storage.page_pictures import KeptPicture, boxes_of

ARCHIVE = "archive"  # the kind of the blobs of WARC files, and of the files of documents


def keep_frozen(session: Session, evaluation_id: int, page: FrozenPage, by: str) -> bool:
    """Keep a page, in place of what was kept of it before. False: it did not open now, and what was kept before stays."""
    before = _row(session, evaluation_id, page.number)
    if before is not None and before.url == page.url and not before.reason and page.result.reason:
        return False
    _remove(session, evaluation_id, page.number)
    picture = page.picture
    session.add(
        StoredFrozenPage(
            evaluation_id=evaluation_id,
            number=page.number,
            url=page.url,
            title=page.title,
            is_document=page.is_document,
            status=page.result.status,
            reason=page.result.reason,
            frozen_at=page.frozen_at,
            frozen_by=by,
            made_with=page.made_with,
            result_blob=_text(session, RESULT.dump_json(page.result)),
            snapshot_blob=_text(session, SNAPSHOT.dump_json(page.snapshot)) if page.snapshot else None,
            archive_blob=put_content(session, ARCHIVE, page.archive) if page.archive else None,
            picture_blob=put_picture(session, picture.jpeg) if picture else None,
            width=picture.width if picture else 0,
            height=picture.height if picture else 0,
            page_height=picture.page_height if picture else 0,
            boxes={name: list(box) for name, box in picture.boxes.items()} if picture else {},
            size=len(page.archive),
        )
    )
    session.flush()
    return True


def kept_snapshot(session: Session, evaluation_id: int, number: int) -> PageSnapshot | None:
    """What the probes brought back of a kept page; None: nothing is kept of it."""
    row = _row(session, evaluation_id, number)
    text = get_text(session, row.snapshot_blob) if row else ""
    return SNAPSHOT.validate_json(text) if text else None


def keep_result(session: Session, evaluation_id: int, number: int, result: PageResult, judged_with: Mapping[str, Any]) -> None:
    """What is said of a kept page once it was compared with the others, and with what that was judged."""
    row = _row(session, evaluation_id, number)
    if row is not None:
        row.result_blob = _text(session, RESULT.dump_json(result))
        row.made_with = {**row.made_with, **judged_with}


def forget_frozen(session: Session, evaluation_id: int, numbers: set[int]) -> None:
    """Forget the pages that are not in the sample any more."""
    table = StoredFrozenPage
    session.execute(delete(table).where(table.evaluation_id == evaluation_id, table.number.not_in(numbers)))


def frozen_rows(session: Session, evaluation_id: int) -> list[StoredFrozenPage]:
    """What is kept of each page of the sample, without the content."""
    query = select(StoredFrozenPage).where(StoredFrozenPage.evaluation_id == evaluation_id)
    return list(session.scalars(query.order_by(StoredFrozenPage.number)))


def frozen_pages(session: Session, evaluation_id: int) -> Iterator[FrozenPage]:
    """Every kept page, one after the other: together they may be large."""
    for row in frozen_rows(session, evaluation_id):
        snapshot = get_text(session, row.snapshot_blob)
        jpeg = get_content(session, PICTURE, row.picture_blob or "")
        boxes = boxes_of(row.boxes)
        yield FrozenPage(
            number=row.number,
            url=row.url,
            title=row.title,
            frozen_at=row.frozen_at,
            made_with=row.made_with,
            result=RESULT.validate_json(get_text(session, row.result_blob)),
            snapshot=SNAPSHOT.validate_json(snapshot) if snapshot else None,
            archive=get_content(session, ARCHIVE, row.archive_blob or "") or b"",
            picture=PagePicture(jpeg, row.width, row.height, row.page_height, boxes) if jpeg else None,
            is_document=row.is_document,
        )


def frozen_picture(session: Session, evaluation_id: int, number: int) -> KeptPicture | None:
    """How a page of the sample looked when its evidence was kept; None: there is no picture."""
    row = _row(session, evaluation_id, number)
    if row is None or row.picture_blob is None:
        return None
    return KeptPicture(row.picture_blob, row.width, row.height, row.page_height, boxes_of(row.boxes), row.frozen_at)


def _row(session: Session, evaluation_id: int, number: int) -> StoredFrozenPage | None:
    query = select(StoredFrozenPage).filter_by(evaluation_id=evaluation_id, number=number)
    return session.scalars(query).one_or_none()


def _remove(session: Session, evaluation_id: int, number: int) -> None:
    table = StoredFrozenPage
    session.execute(delete(table).where(table.evaluation_id == evaluation_id, table.number == number))


def _text(session: Session, content: bytes) -> str:
    text = content.decode()
    return put_texts(session, "frozen", [text])[text]


def purge_frozen(session: Session, before: datetime) -> int:
    """Remove what was kept before a moment; gives how many pages."""
    query = delete(StoredFrozenPage).where(StoredFrozenPage.frozen_at < before)
    return int(session.execute(query.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
