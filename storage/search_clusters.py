"""Which queries ask for one thing: kept as they were found, and added up for a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from storage.models import SearchCluster, table_of
from storage.search_report import QueryLine, Share


@dataclass(frozen=True)
class Member:
    """Where a query belongs."""

    head: int  # the query that is asked most
    product: str  # of the list of products; empty: none


@dataclass(frozen=True)
class QueryGroup:
    """Lines of a report that ask for one thing, the most asked first."""

    lines: tuple[QueryLine, ...]
    total: QueryLine
    key: int | None  # the same for this group in another period
    product: str = ""

    @property
    def head(self) -> QueryLine:
        return self.lines[0]


def keep_clusters(session: Session, site_id: int, members: Mapping[int, Member]) -> None:
    """Keep these clusters in place of those before."""
    session.execute(delete(SearchCluster).where(SearchCluster.site_id == site_id))
    rows: list[dict[str, Any]] = [
        {"site_id": site_id, "query_id": query, "head_id": member.head, "product": member.product}
        for query, member in members.items()
    ]
    if rows:
        session.execute(insert(table_of(SearchCluster)), rows)


def clusters_of_site(session: Session, site_id: int) -> dict[int, Member]:
    """The cluster of each query that stands not alone, or names a product."""
    rows = session.execute(
        select(SearchCluster.query_id, SearchCluster.head_id, SearchCluster.product).where(SearchCluster.site_id == site_id)
    )
    return {query: Member(head, product) for query, head, product in rows}


def asked_like(session: Session, site_id: int, query: int) -> list[int]:
    """The queries that ask for the same as this one, itself among them."""
    own = select(SearchCluster.head_id).where(SearchCluster.site_id == site_id, SearchCluster.query_id == query)
    members = select(SearchCluster.query_id).where(SearchCluster.site_id == site_id, SearchCluster.head_id.in_(own))
    return sorted({query, *session.scalars(members)})


def grouped(lines: Iterable[QueryLine], clusters: Mapping[int, Member]) -> list[QueryGroup]:
    """The lines of a report by what they ask for, what is asked most first."""
    found: defaultdict[int | None, list[QueryLine]] = defaultdict(list)
    for line in lines:
        member = clusters.get(line.query or 0)
        found[member.head if member else line.query].append(line)
    groups = []
    for key, members in found.items():
        members.sort(key=lambda line: (-line.searches, line.text))
        member = clusters.get(members[0].query or 0)
        groups.append(QueryGroup(tuple(members), _added_up(members), key, member.product if member else ""))
    return sorted(groups, key=lambda group: (-group.total.searches, group.head.text))


def _added_up(lines: Sequence[QueryLine]) -> QueryLine:
    """Several lines as one; what no line knows is not known."""
    if len(lines) == 1:
        return lines[0]

    def share(name: str) -> Share | None:
        known = [found for line in lines if (found := getattr(line, name)) is not None]
        return Share(sum(one.count for one in known), sum(one.of for one in known)) if known else None

    visits = [line.sessions for line in lines if line.sessions is not None]
    return QueryLine(
        lines[0].text,
        len(lines),
        sum(line.searches for line in lines),
        share("zero_results"),
        share("clicked"),
        share("abandoned"),
        share("exits"),
        None,
        None,
        sum(visits) if visits else None,
        lines[0].query,
    )
