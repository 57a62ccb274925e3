"""How many people a page reaches, by the best source that is known of the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.address import page_of_log
from rules.worklist import PeopleSource
from storage.blobs import short_hash
from storage.models import Measurement, Page, SearchEventRow, SearchSource, Site
from storage.search_log import bounds_ms

VISITS = "visits"  # the KPI that measurements of visits to pages name
DAYS = 90  # of clicks in the site's own search
MONTH = 365.25 / 12  # days


@dataclass(frozen=True)
class People:
    """The people of pages, by the identity's hash; of a page that is not in it nothing is known."""

    source: PeopleSource
    by_hash: Mapping[str, float] = field(default_factory=dict)


def people_of_site(session: Session, site: Site, today: date) -> People:
    """Monthly visits where somebody brought them in, else searches that led to a page, else links to it."""
    if visits := _visits(session, site.id):
        return People(PeopleSource.VISITS, visits)
    if searches := _searches(session, site, today):
        return People(PeopleSource.SEARCHES, searches)
    query = select(Page.identity_hash, Page.linked_from).where(Page.site_id == site.id, Page.linked_from > 0)
    if links := {key: float(count) for key, count in session.execute(query) if count}:
        return People(PeopleSource.LINKS, links)
    return People(PeopleSource.NOTHING)


def _visits(session: Session, site_id: int) -> dict[str, float]:
    """The newest visits of each page, of whatever period, as if of one month."""
    query = (
        select(Measurement.address_hash, Measurement.value, Measurement.first_day, Measurement.last_day)
        .where(Measurement.site_id == site_id, Measurement.kpi == VISITS, Measurement.address_hash != "")
        .order_by(Measurement.last_day, Measurement.first_day.desc())
    )
    return {key: value * MONTH / ((last - first).days + 1) for key, value, first, last in session.execute(query)}


def _searches(session: Session, site: Site, today: date) -> dict[str, float]:
    since, _ = bounds_ms(today - timedelta(days=DAYS), ZoneInfo(site.time_zone))
    sources = select(SearchSource.id).where(SearchSource.site_id == site.id)
    query = (
        select(SearchEventRow.page, func.count())
        .where(SearchEventRow.source_id.in_(sources), SearchEventRow.at_ms >= since, SearchEventRow.is_click.is_(True))
        .group_by(SearchEventRow.page)
    )
    found: dict[str, float] = {}
    for page, count in session.execute(query):
        key = short_hash(page_of_log(site.start_url, page or "").encode())
        found[key] = found.get(key, 0.0) + count * MONTH / DAYS
    return found
