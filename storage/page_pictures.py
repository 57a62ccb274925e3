"""Pictures of whole pages as they are kept: large, so few and short-lived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from rules.page_picture import Box, PagePicture
from storage.blobs import put_picture
from storage.picture_models import StoredPagePicture

MOST_OF_A_RUN = 50  # pages


@dataclass(frozen=True)
class KeptPicture:
    """A picture of a whole page as screens show it."""

    digest: str  # of the JPEG: `picture(digest)` in a template is its address
    width: int  # CSS pixels of the page that it shows
    height: int
    page_height: int  # CSS pixels of the whole page
    boxes: Mapping[str, Box]  # by the fingerprint of a finding
    taken_at: datetime


def keep_picture(session: Session, run_id: int, page_id: int, picture: PagePicture, now: datetime) -> None:
    """Keep how a page looks, in place of how it looked before."""
    session.execute(delete(StoredPagePicture).where(StoredPagePicture.page_id == page_id))
    session.add(
        StoredPagePicture(
            page_id=page_id,
            run_id=run_id,
            picture_blob=put_picture(session, picture.jpeg),
            width=picture.width,
            height=picture.height,
            page_height=picture.page_height,
            boxes={name: list(box) for name, box in picture.boxes.items()},
            taken_at=now,
        )
    )
    session.flush()


def kept_picture(session: Session, page_id: int) -> KeptPicture | None:
    """The newest picture of a whole page; None: there is none."""
    row = session.get(StoredPagePicture, page_id)
    if row is None:
        return None
    return KeptPicture(row.picture_blob, row.width, row.height, row.page_height, boxes_of(row.boxes), row.taken_at)


def boxes_of(stored: Mapping[str, list[int]]) -> dict[str, Box]:
    return {name: (box[0], box[1], box[2], box[3]) for name, box in stored.items()}
