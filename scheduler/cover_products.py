"""Looks which products of the national list (UPL) a site has a page for, and how often people search for each.

Done when a run has ended, and when a list or a search log was brought in. The pages stream past once, from storage.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from checks.accessibility.sample.facts import sample_page
from checks.municipal.product_coverage import CoverageOfProducts, CoveredPage, searches_of_products
from checks.municipal.products import ProductNames
from storage.database import Database
from storage.models import Site
from storage.product_coverage import keep_coverage, keep_searches
from storage.products import products_kept
from storage.questions.sites import site_by_id
from storage.sample import pages_of_sample, pages_with_facts
from storage.search_report import report

PAGES_AT_ONCE = 200
YEAR = timedelta(days=365)
MOST_QUERIES = 20_000  # the most asked ones, half a millisecond each


def cover_products(database: Database, site_id: int, now: datetime) -> None:
    """Look at all pages of a site as they are stored; without a list there is nothing to look for."""
    with database.session() as session:
        listed = products_kept(session)
        pages = pages_with_facts(session, site_id)
    if not listed:
        return
    names = ProductNames(listed)
    coverage = CoverageOfProducts(names)
    for start in range(0, len(pages), PAGES_AT_ONCE):
        with database.session() as session:
            for page in pages_of_sample(session, pages[start : start + PAGES_AT_ONCE]):
                coverage.add(
                    CoveredPage(page.page_id, sample_page(page.identity, page.facts, page.links), page.page_type, page.depth)
                )
    with database.session() as session:
        if (site := site_by_id(session, site_id)) and pages:
            keep_coverage(session, site_id, coverage.judge(), now)
            session.flush()
            count_searches(session, site, now, names)


def count_searches(session: Session, site: Site, now: datetime, names: ProductNames | None = None) -> None:
    """Count how often each product was searched for in the last year; without a search log that is not known.

    `names`: where they are ready; else those of the list are made ready, and without a list nothing is counted.
    """
    if names is None and not (listed := products_kept(session)):
        return
    names = names or ProductNames(listed)
    found = report(session, site, (now - YEAR).date(), now.date(), most=MOST_QUERIES)
    queries = ((line.text, line.searches) for line in found.queries)
    keep_searches(session, site.id, searches_of_products(names, queries) if found.total.searches else None)
