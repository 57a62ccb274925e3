"""What a site has of each municipal product of the list: kept by the scheduler, decided by a person, asked by the dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.findability import TaskState
from rules.product_coverage import CoverageState, OnlineForm, ProductCoverage, ProductSearches
from storage.findability import tasks_of_site
from storage.models import (
    FindabilityResult,
    ListedProduct,
    Page,
    PageState,
    ProductCoverageRow,
    ProductNotOffered,
    Site,
    table_of,
)
from storage.questions.findability import finished_tests, results_of_test

LONGEST_NOTE = 500
LONGEST_PERSON = 200


@dataclass(frozen=True)
class ProductRow:
    """All that is known of one product on one site."""

    product: ListedProduct
    coverage: ProductCoverageRow
    address: str  # of its page; empty: none was recognised
    title: str
    language: str
    depth: int | None  # clicks from the start page; None: no links lead there, or there is no page
    found: FindabilityResult | None  # by the site's own search, in the newest test; None: there is no task for it
    not_offered: ProductNotOffered | None

    @property
    def states(self) -> frozenset[CoverageState]:
        """The lists that it stands in."""
        if self.not_offered:
            return frozenset({CoverageState.NOT_OFFERED})
        if not self.address:
            return frozenset({CoverageState.SEARCHED if self.coverage.searches else CoverageState.ABSENT})
        lacks_form = self.product.is_request and self.coverage.form == OnlineForm.NOT_SEEN
        return frozenset({CoverageState.COVERED, *([CoverageState.NO_FORM] if lacks_form else [])})


def keep_coverage(session: Session, site_id: int, found: Iterable[ProductCoverage], now: datetime) -> None:
    """Keep what was seen of the products of a site, in place of all that was; searches are counted after it."""
    session.execute(delete(ProductCoverageRow).where(ProductCoverageRow.site_id == site_id))
    rows: list[dict[str, Any]] = [
        {
            "site_id": site_id, "uri": one.uri, "page_id": one.page_id, "matched_by": one.matched_by or "", "pages": one.pages,
            "form": one.form, "form_url": one.form_url, "searches": None, "queries": [], "looked_at": now,
        }
        for one in found
    ]  # fmt: skip
    if rows:
        session.execute(insert(table_of(ProductCoverageRow)), rows)


def keep_searches(session: Session, site_id: int, searches: Mapping[str, ProductSearches] | None) -> None:
    """Keep how often each product was searched for; None: no search log of the site was brought in."""
    for row in session.scalars(select(ProductCoverageRow).where(ProductCoverageRow.site_id == site_id)):
        found = searches.get(row.uri) if searches is not None else None
        row.searches = None if searches is None else found.searches if found else 0
        row.queries = list(found.queries) if found else []


def products_of_site(session: Session, site: Site) -> list[ProductRow]:
    """Every municipal product of the list, by name; none where the site was not looked at since the list came."""
    rows = session.execute(
        select(ListedProduct, ProductCoverageRow, Page.identity, PageState.title, PageState.language, PageState.depth)
        .add_columns(ProductNotOffered)
        .join(ProductCoverageRow, (ProductCoverageRow.uri == ListedProduct.uri) & (ProductCoverageRow.site_id == site.id))
        .outerjoin(PageState, (PageState.page_id == ProductCoverageRow.page_id) & PageState.closed_run_id.is_(None))
        .outerjoin(Page, Page.id == PageState.page_id)
        .outerjoin(ProductNotOffered, (ProductNotOffered.uri == ListedProduct.uri) & (ProductNotOffered.site_id == site.id))
        .where(ListedProduct.for_municipality)
        .order_by(ListedProduct.name)
    ).all()
    by_name, by_page = _results(session, site.id)
    return [
        ProductRow(
            product,
            coverage,
            address or "",
            title or "",
            language or "",
            depth,
            by_name.get(product.name.casefold()) or by_name.get(product.uri.casefold()) or by_page.get(address or ""),
            decision,
        )
        for product, coverage, address, title, language, depth, decision in rows
    ]


def _results(session: Session, site_id: int) -> tuple[dict[str, FindabilityResult], dict[str, FindabilityResult]]:
    """What the newest test says, by the product that a task names, and by the right pages of tasks."""
    tests = finished_tests(session, site_id, 1)
    results = results_of_test(session, tests[-1].id) if tests else {}
    by_name: dict[str, FindabilityResult] = {}
    by_page: dict[str, FindabilityResult] = {}
    for task in tasks_of_site(session, site_id, TaskState.CONFIRMED):
        if result := results.get(task.id):
            by_name.setdefault(task.product.casefold(), result)
            for url in task.grades:
                by_page.setdefault(_identity(url), result)
    by_name.pop("", None)
    by_page.pop("", None)
    return by_name, by_page


def _identity(url: str) -> str:
    try:
        return page_identity(url)
    except ValueError:
        return ""


def say_not_offered(session: Session, site_id: int, uri: str, person: str, note: str, now: datetime) -> None:
    """A person says that the municipality does not offer a product; said again, the newer words stand."""
    decision = ProductNotOffered(site_id=site_id, uri=uri, person=person, note=note, decided_at=now)
    session.merge(decision)


def say_offered(session: Session, site_id: int, uri: str) -> None:
    """Take that back."""
    if decision := session.get(ProductNotOffered, (site_id, uri)):
        session.delete(decision)
