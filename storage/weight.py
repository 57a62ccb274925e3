"""How heavy and quick pages were when they were last measured: as figures of the page, and of the run that measured them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from statistics import median

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rules.weight import Weight
from storage.models import Page, PageState

MEDIANS = ("bytes", "requests", "first_byte_ms", "largest_paint_ms", "shift")
RUN = "run_id"  # beside the figures: which run measured them


def store_weight(session: Session, run_id: int, page_id: int, weight: Weight) -> None:
    """Kept in place: what is measured differs a little every time, and is no change of the page."""
    where = (PageState.page_id == page_id, PageState.closed_run_id.is_(None))
    session.execute(update(PageState).where(*where).values(weight={**asdict(weight), RUN: run_id}))


def weight_figures(session: Session, site_id: int, run_id: int) -> dict[str, float]:
    """The medians of what a run measured; nothing where it measured no page."""
    query = (
        select(PageState.weight)
        .join(Page, Page.id == PageState.page_id)
        .where(Page.site_id == site_id, PageState.closed_run_id.is_(None), PageState.weight.is_not(None))
    )
    measured = [weight for weight in session.scalars(query) if weight and weight.get(RUN) == run_id]
    if not measured:
        return {}
    medians = {f"median_{name}": _median(one[name] for one in measured) for name in MEDIANS}
    return {"pages_measured": len(measured), **{name: value for name, value in medians.items() if value is not None}}


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
