"""Content by its hash, stored once."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import CompoundSelect, delete, exists, or_, select, union
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from rules.observation import PageLink
from storage.frozen_models import StoredFrozenPage
from storage.journey_models import JourneyStepRow
from storage.models import Blob, Cluster, Finding, PageState, table_of
from storage.picture_models import StoredPagePicture

WORTH_COMPRESSING = 200  # bytes
PICTURE = "picture"
RULE_LIST = "rules"  # the kind of the lists of names that outcomes are written by: see storage.outcome_lists


def short_hash(content: bytes) -> str:
    """128 bits of SHA-256, as hex: short enough to index, long enough never to meet its equal."""
    return hashlib.sha256(content).hexdigest()[:32]


def put_texts(session: Session, kind: str, texts: Iterable[str]) -> dict[str, str]:
    """Store texts that are not there yet; gives the hash of each text."""
    hashes = {text: short_hash(text.encode("utf-8", "surrogatepass")) for text in dict.fromkeys(texts)}
    rows = [_row(kind, text.encode("utf-8", "surrogatepass"), digest) for text, digest in hashes.items()]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(table_of(Blob)).on_conflict_do_nothing(), rows)
    return hashes


def put_picture(session: Session, picture: bytes) -> str:
    """Store a picture; gives its hash."""
    return put_content(session, PICTURE, picture)


def put_content(session: Session, kind: str, content: bytes) -> str:
    """Store what is packed already; gives its hash."""
    digest = short_hash(content)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"hash": digest, "kind": kind, "compressed": False, "content": content}
    session.execute(insert(table_of(Blob)).on_conflict_do_nothing(), [row])
    return digest


def get_picture(session: Session, digest: str) -> bytes | None:
    """A picture by its hash; None where there is none."""
    return get_content(session, PICTURE, digest)


def get_content(session: Session, kind: str, digest: str) -> bytes | None:
    """Content of a kind by its hash; None where there is none."""
    blob = session.get(Blob, digest)
    return content_of(blob) if blob and blob.kind == kind else None


def has_picture(session: Session, digest: str) -> bool:
    """Whether a picture is still there: what nothing refers to is removed."""
    return session.scalar(select(Blob.hash).where(Blob.hash == digest, Blob.kind == "picture")) is not None


def put_json(session: Session, kind: str, value: Any) -> str:
    text = _packed(value)
    return put_texts(session, kind, [text])[text]


def packed_links(links: Iterable[PageLink]) -> str:
    """What a page refers to, as it is stored."""
    return _packed([[link.url, link.text, link.element] for link in links])


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def get_text(session: Session, digest: str | None) -> str:
    """The text of a blob; empty where there is none."""
    blob = session.get(Blob, digest) if digest else None
    return content_of(blob).decode("utf-8", "surrogatepass") if blob else ""


def get_texts(session: Session, digests: Iterable[str | None]) -> dict[str, str]:
    """The texts of many blobs, by hash."""
    wanted = sorted({digest for digest in digests if digest})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        for blob in session.scalars(select(Blob).where(Blob.hash.in_(wanted[start : start + 500]))):
            found[blob.hash] = content_of(blob).decode("utf-8", "surrogatepass")
    return found


def get_json(session: Session, digest: str | None, default: Any) -> Any:
    text = get_text(session, digest)
    return json.loads(text) if text else default


def remove_unused(session: Session) -> int:
    """Remove content that nothing refers to any more; gives how much of it there was."""
    other = aliased(Blob)
    used: CompoundSelect[Any] = union(
        select(PageState.outcomes_blob).where(PageState.outcomes_blob.is_not(None)),
        select(PageState.links_blob).where(PageState.links_blob.is_not(None)),
        select(PageState.sample_blob).where(PageState.sample_blob.is_not(None)),
        select(PageState.assets_blob).where(PageState.assets_blob.is_not(None)),
        select(Finding.snippet_blob).where(Finding.snippet_blob.is_not(None)),
        select(Cluster.picture_blob).where(Cluster.picture_blob.is_not(None)),
        select(StoredPagePicture.picture_blob),
        select(StoredFrozenPage.result_blob),
        select(StoredFrozenPage.snapshot_blob).where(StoredFrozenPage.snapshot_blob.is_not(None)),
        select(StoredFrozenPage.archive_blob).where(StoredFrozenPage.archive_blob.is_not(None)),
        select(StoredFrozenPage.picture_blob).where(StoredFrozenPage.picture_blob.is_not(None)),
        select(JourneyStepRow.picture_blob).where(JourneyStepRow.picture_blob.is_not(None)),
    )
    lists_are_used = exists().where(other.kind == "outcomes", other.hash.in_(used))
    unused = or_(Blob.kind != RULE_LIST, ~lists_are_used)
    gone = delete(Blob).where(Blob.hash.not_in(used), unused).execution_options(synchronize_session=False)
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def content_of(blob: Blob) -> bytes:
    return zlib.decompress(blob.content) if blob.compressed else blob.content


def _row(kind: str, content: bytes, digest: str) -> dict[str, Any]:
    compressed = zlib.compress(content) if len(content) > WORTH_COMPRESSING else content
    return {"hash": digest, "kind": kind, "compressed": compressed is not content, "content": compressed}
