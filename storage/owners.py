"""Whose pages are whose: the rules that were said, and what follows from them for every page of a site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from rules.owners import OwnedBy, OwnedPage, OwnerRule, Owners
from storage.desk_models import OwnerRule as Row
from storage.models import Cluster, Page, PageState


@dataclass(frozen=True)
class OwnerCount:
    """An owner, and how many pages are theirs; an empty name: nobody's."""

    owner: str
    pages: int


def keep_owners(
    session: Session, site_id: int, said: Iterable[OwnerRule], source: str, by: str, now: datetime
) -> tuple[int, int]:
    """Keep rules; one about the same takes the place of the earlier one. Gives how many are new and how many changed."""
    counts = _keep(session, site_id, said, source, by, now)
    apply_owners(session, site_id)
    return counts


def replace_owners(session: Session, site_id: int, said: Sequence[OwnerRule], source: str, by: str, now: datetime) -> None:
    """Keep these rules and no others but those about templates, whose numbers no file knows."""
    stays = {(rule.kind.value, rule.value) for rule in said}
    for row in owner_rules_of_site(session, site_id):
        if row.kind != OwnedBy.TEMPLATE and (row.kind, row.value) not in stays:
            session.delete(row)
    _keep(session, site_id, said, source, by, now)
    apply_owners(session, site_id)


def _keep(session: Session, site_id: int, said: Iterable[OwnerRule], source: str, by: str, now: datetime) -> tuple[int, int]:
    known = {(row.kind, row.value): row for row in session.scalars(select(Row).where(Row.site_id == site_id))}
    new = changed = 0
    for rule in said:
        row = known.get((rule.kind.value, rule.value))
        if row is None:
            row = Row(site_id=site_id, kind=rule.kind.value, value=rule.value)
            session.add(row)
            new += 1
        elif row.owner == rule.owner:
            continue
        else:
            changed += 1
        row.owner, row.source, row.said_by, row.said_at = rule.owner, source, by, now
    session.flush()
    return new, changed


def remove_owner(session: Session, site_id: int, number: int) -> Row | None:
    """Forget one rule; gives what it was."""
    row = session.scalars(select(Row).where(Row.site_id == site_id, Row.id == number)).first()
    if row is not None:
        session.delete(row)
        session.flush()
        apply_owners(session, site_id)
    return row


def owner_rules_of_site(session: Session, site_id: int) -> Sequence[Row]:
    order = (Row.kind, Row.value)
    return session.scalars(select(Row).where(Row.site_id == site_id).order_by(*order)).all()


def apply_owners(session: Session, site_id: int) -> None:
    """Write with every page whose it is; done when a rule changes, and at the end of a run for the pages that are new."""
    rules = [OwnerRule(OwnedBy(row.kind), row.value, row.owner) for row in owner_rules_of_site(session, site_id)]
    owners = Owners(rules)
    query = select(Page.id, Page.identity, Page.author, Page.template_id, Page.owner).where(Page.site_id == site_id)
    changed = [
        {"id": number, "owner": owner}
        for number, identity, author, template, was in session.execute(query)
        for owner in [owners.of(OwnedPage(identity, author, template))]
        if owner != was
    ]
    if changed:
        session.execute(update(Page), changed)


def owners_of_site(session: Session, site_id: int) -> list[OwnerCount]:
    """Every owner of pages that are on the site now, the most pages first; nobody last."""
    pages = func.count()
    query = (
        select(Page.owner, pages)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(Page.site_id == site_id)
        .group_by(Page.owner)
    )
    found = [OwnerCount(owner, count) for owner, count in session.execute(query)]
    return sorted(found, key=lambda one: (not one.owner, -one.pages, one.owner))


def authors_of_site(session: Session, site_id: int) -> list[OwnerCount]:
    """The authors that pages name, with how many; for a rule about them."""
    query = select(Page.author, func.count()).where(Page.site_id == site_id, Page.author != "").group_by(Page.author)
    return sorted(
        (OwnerCount(author, count) for author, count in session.execute(query)), key=lambda one: (-one.pages, one.owner)
    )


@dataclass(frozen=True)
class TemplateOfSite:
    """A page template with how many pages have it, and one of them."""

    number: int
    pages: int
    example: str


def page_templates_of_site(session: Session, site_id: int) -> list[TemplateOfSite]:
    """The page templates that pages have, the most pages first."""
    query = (
        select(Cluster.id, func.count(), func.min(Page.identity))
        .join(Cluster, Cluster.id == Page.template_id)
        .where(Page.site_id == site_id)
        .group_by(Cluster.id)
    )
    found = [TemplateOfSite(number, count, example) for number, count, example in session.execute(query)]
    return sorted(found, key=lambda one: (-one.pages, one.number))
