"""Which links do not work, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.observation import BROKEN, LinkClass
from storage.models import Link, LinkSource, Page
from storage.questions.intervals import standing
from storage.remembered import remembered, run_ended


@dataclass(frozen=True)
class Place:
    """Where a link stands: on a page, in a style sheet that pages load, or in a document."""

    page_id: int | None
    address: str  # of the page; empty where it stands on none
    text: str
    element: str
    via: str


@dataclass(frozen=True)
class LinkRow:
    """A link with the first places where it stands and the number of all of them."""

    link: Link
    places: list[Place]
    count: int


@remembered(run_ended)
def class_counts(session: Session, site_id: int, run_id: int) -> Mapping[str, int]:
    """How many addresses of each class the site referred to at the end of a run."""
    links = standing(Link, run_id, Link.site_id == site_id, columns=(Link.link_class,))
    query = select(links.c.link_class, func.count()).group_by(links.c.link_class)
    return dict(session.execute(query).all())


def broken(counts: Mapping[str, int]) -> int:
    """How many links lead to nothing: the figure "dead_links" of a run."""
    return sum(counts.get(name, 0) for name in BROKEN)


def dead_per_thousand(counts: Mapping[str, int]) -> float | None:
    """Dead and soft-404 links per 1,000 that were asked; None where none was asked."""
    asked = sum(counts.values()) - counts.get(LinkClass.NOT_ASKED, 0)
    return 1000 * broken(counts) / asked if asked else None


def links_of_class(
    session: Session, site_id: int, run_id: int, classes: Sequence[str], limit: int, offset: int, places: int
) -> list[LinkRow]:
    """Links of some classes, in the order of the classes, each with the first places where it stands."""
    ids = standing(Link, run_id, Link.site_id == site_id, Link.link_class.in_(classes), columns=(Link.id, Link.link_class))
    # "dead" stands before "soft-404" in the alphabet, and the other classes are asked for one by one.
    query = select(Link).join(ids, ids.c.id == Link.id).order_by(ids.c.link_class, Link.url)
    links = session.scalars(query.limit(limit).offset(offset)).all()
    return _with_places(session, links, places)


def links_after(
    session: Session, site_id: int, run_id: int, classes: Sequence[str], limit: int, after: int, places: int
) -> list[LinkRow]:
    """Links of some classes in the order of their numbers, those after one."""
    ids = standing(Link, run_id, Link.site_id == site_id, Link.link_class.in_(classes), Link.id > after, columns=(Link.id,))
    query = select(Link).join(ids, ids.c.id == Link.id).order_by(Link.id).limit(limit)
    return _with_places(session, session.scalars(query).all(), places)


def links_on_page(
    session: Session, site_id: int, page_id: int, run_id: int, classes: Sequence[LinkClass], limit: int, *, for_good: bool = False
) -> list[LinkRow]:
    """The links of some classes that stand on one page, each with its places on that page.

    `for_good`: only those that are said to be so permanently.
    """
    on_page = select(LinkSource.link_id).where(LinkSource.page_id == page_id)
    ids = standing(
        Link,
        run_id,
        Link.id.in_(on_page),
        Link.site_id == site_id,
        Link.link_class.in_(classes),
        *([Link.permanent.is_(True)] if for_good else []),
        columns=(Link.id, Link.link_class),
    )
    query = select(Link).join(ids, ids.c.id == Link.id).order_by(ids.c.link_class, Link.url).limit(limit)
    return _with_places(session, session.scalars(query).all(), 5, page_id)


def _with_places(session: Session, links: Sequence[Link], limit: int, page_id: int | None = None) -> list[LinkRow]:
    places: dict[int, list[Place]] = {link.id: [] for link in links}
    counts: dict[int, int] = dict.fromkeys(places, 0)
    sources = select(
        LinkSource.id,
        func.row_number().over(partition_by=LinkSource.link_id, order_by=LinkSource.id).label("place"),
        func.count().over(partition_by=LinkSource.link_id).label("count"),
    ).where(LinkSource.link_id.in_(places))
    if page_id is not None:
        sources = sources.where(LinkSource.page_id == page_id)
    numbered = sources.subquery()
    query = (
        select(LinkSource, Page.identity, numbered.c.count)
        .join(numbered, numbered.c.id == LinkSource.id)
        .outerjoin(Page, Page.id == LinkSource.page_id)
        .where(numbered.c.place <= limit)
        .order_by(LinkSource.id)
    )
    for source, address, count in session.execute(query):
        counts[source.link_id] = count
        places[source.link_id].append(Place(source.page_id, address or "", source.text, source.element, source.via))
    return [LinkRow(link, places[link.id], counts[link.id]) for link in links]
