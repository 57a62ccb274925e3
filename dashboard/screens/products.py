"""Products of the national list (UPL): which have a page, which are searched for in vain, which lack an online form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.languages import translations
from dashboard.screen import AnyScreen, Id, PageNumber, Screen
from dashboard.security import is_own_post
from dashboard.table_file import TableKind, table_file
from dashboard.words import word
from rules.content_gap import FoundPage
from rules.product_coverage import CoverageState
from rules.stemming import meaning
from storage.page_texts import find_pages
from storage.product_coverage import (
    LONGEST_NOTE,
    LONGEST_PERSON,
    ProductRow,
    products_of_site,
    say_not_offered,
    say_offered,
)
from storage.products import products_since
from storage.questions.runs import latest_run

router = APIRouter()

PART = 100  # rows on one screen
PERHAPS = 2  # pages that are named where none was recognised
AUDIENCES = ("citizens", "businesses")
COLUMNS = (
    "product", "uri", "state", "page", "matched_by", "clicks", "searches_12_months", "site_search", "request", "online_form",
    "form_address", "person", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which products are asked for."""

    state: str
    audience: str
    text: str

    @property
    def as_query(self) -> str:
        """For the address, behind its question mark."""
        return urlencode(
            {key: value for key, value in (("state", self.state), ("for", self.audience), ("q", self.text)) if value}
        )

    def fits(self, row: ProductRow) -> bool:
        return self.fits_but_state(row) and (not self.state or self.state in row.states)

    def fits_but_state(self, row: ProductRow) -> bool:
        is_for = {"citizens": row.product.for_citizen, "businesses": row.product.for_business}
        found = f"{row.product.name} {row.title} {row.address} {' '.join(row.coverage.queries)}".casefold()
        return (not self.audience or is_for[self.audience]) and self.text.casefold() in found


def wanted(
    state: Annotated[str, Query(max_length=20)] = "",
    audience: Annotated[str, Query(alias="for", max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
) -> Wanted:
    if (state and state not in set(CoverageState)) or (audience and audience not in AUDIENCES):
        raise HTTPException(404)
    return Wanted(state, audience, q.strip())


AnyWanted = Annotated[Wanted, Depends(wanted)]


@router.get("/{language}/sites/{site_id}/products", name="products", response_class=HTMLResponse)
def products(screen: AnyScreen, site_id: Id, wanted: AnyWanted, number: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        rows = [row for row in products_of_site(session, site) if wanted.fits_but_state(row)]
        found = sorted(filter(wanted.fits, rows), key=_order)
        pagination = screen.pagination(number, len(found), PART)
        part = found[pagination.offset : pagination.offset + PART]
        return screen.show(
            "products.html.j2",
            site=site,
            run=latest_run(session, site_id),
            since=products_since(session),
            rows=part,
            perhaps={row.product.uri: _perhaps(session, site_id, row) for row in part if _is_missing(row)},
            counts={state: sum(state in row.states for row in rows) for state in CoverageState},
            total=len(rows),
            requests=sum(CoverageState.COVERED in row.states and row.product.is_request for row in rows),
            knows_searches=any(row.coverage.searches is not None for row in rows),
            looked_at=rows[0].coverage.looked_at if rows else None,
            wanted=wanted,
            states=list(CoverageState),
            longest_note=LONGEST_NOTE,
            longest_person=LONGEST_PERSON,
            pagination=pagination,
        )


@router.get("/{language}/sites/{site_id}/products.{kind}", name="products_table")
def products_table(screen: AnyScreen, site_id: Id, wanted: AnyWanted, kind: TableKind) -> Response:
    """The list as it is seen, all of its parts; cells that a spreadsheet would run are made harmless."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        rows = [_cells(row, screen) for row in sorted(filter(wanted.fits, products_of_site(session, site)), key=_order)]
    return table_file(f"producten-{site_id}", kind, COLUMNS, rows, screen.language)


@router.post("/{language}/sites/{site_id}/products/offer", name="judge_product")
def judge_product(
    screen: AnyScreen,
    site_id: Id,
    wanted: AnyWanted,
    uri: Annotated[str, Form(max_length=300)],
    offered: Annotated[bool, Form()],
    person: Annotated[str, Form(max_length=LONGEST_PERSON)] = "",
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
) -> RedirectResponse:
    """A person says that the municipality does not offer a product, or takes that back; the list stays as it was asked for."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        if uri not in {row.product.uri for row in products_of_site(session, site)}:
            raise HTTPException(404)
        if offered:
            say_offered(session, site_id, uri)
        else:
            say_not_offered(session, site_id, uri, person.strip(), note.strip(), screen.now)
    back = screen.path("products", site_id=site_id)
    return RedirectResponse(f"{back}?{wanted.as_query}" if wanted.as_query else back, status_code=303)


def _order(row: ProductRow) -> tuple[int, str]:
    """The most searched first; then by name."""
    return -(row.coverage.searches or 0), row.product.name.casefold()


def _is_missing(row: ProductRow) -> bool:
    return bool(row.states & {CoverageState.SEARCHED, CoverageState.ABSENT})


def _perhaps(session: Session, site_id: int, row: ProductRow) -> list[FoundPage]:
    """Pages that say all of the words of a product's name somewhere: perhaps one is about it."""
    return find_pages(session, site_id, [{stem} for stem in meaning(row.product.name)], PERHAPS)


def _cells(row: ProductRow, screen: Screen) -> list[object]:
    say = translations(screen.language).gettext
    coverage, decision = row.coverage, row.not_offered
    searches = "" if coverage.searches is None else coverage.searches
    return [
        row.product.name,
        row.product.uri,
        ", ".join(say(word("coverage", state)) for state in CoverageState if state in row.states),
        row.address,
        say(word("matched", coverage.matched_by)) if row.address else "",
        "" if row.depth is None else row.depth,
        searches,
        say(word("verdict", row.found.verdict)) if row.found else "",
        "x" if row.product.is_request else "",
        say(word("form", coverage.form)) if row.address and row.product.is_request else "",
        coverage.form_url,
        decision.person if decision else "",
        decision.note if decision else "",
    ]
