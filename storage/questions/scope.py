"""Which addresses of a site are known, to try a scope on before it is kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Page, PageState

MOST = 50_000


def known_addresses(session: Session, site_id: int) -> list[str]:
    """The addresses of pages that the newest run knows, tested or left out; of a very large site only so many."""
    query = (
        select(Page.identity)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(Page.site_id == site_id)
        .order_by(Page.id)
    )
    return list(session.scalars(query.limit(MOST)))
