"""Criteria: for each what rules test, what they ask, and the question that a person has to answer."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from dashboard.screen import AnyScreen
from rules.criteria import Reach, counts, rows_of
from rules.norm import DEFAULT_NORM, norms

router = APIRouter()


@router.get("/{language}/criteria", name="criteria", response_class=HTMLResponse)
def criteria(screen: AnyScreen, norm: Annotated[str, Query(max_length=30)] = "") -> HTMLResponse:
    shown = norms().get(norm or DEFAULT_NORM)
    if shown is None:
        raise HTTPException(404)
    rows = rows_of(shown)
    return screen.show(
        "criteria.html.j2",
        norm=shown,
        norms=list(norms().values()),
        counts=counts(rows),
        reaches=list(Reach),
        principles=[(principle, list(group)) for principle, group in groupby(rows, lambda row: row.criterion.principle)],
    )
