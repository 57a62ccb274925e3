"""Content that is stored once, by its hash."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Blob


def texts(session: Session, hashes: Iterable[str | None]) -> dict[str, str]:
    """The text of each blob by its hash. What is not there is left out; a byte that is no UTF-8 is replaced."""
    wanted = {key for key in hashes if key}
    if not wanted:
        return {}
    return {blob.hash: _text(blob) for blob in session.scalars(select(Blob).where(Blob.hash.in_(wanted)))}


def _text(blob: Blob) -> str:
    content = zlib.decompress(blob.content) if blob.compressed else blob.content
    return content.decode("utf-8", "replace")
