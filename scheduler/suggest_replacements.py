"""The end of a run: every broken link to the site itself gets the page that it should lead to, where that is nearly certain."""

from __future__ import annotations

from sqlalchemy.orm import Session

from checks.links.replacement import LivePage, LostLink, Replacements
from rules.site import Scope
from storage.lost_links import live_addresses, lost_addresses, set_suggestions


def suggest_replacements(session: Session, site_id: int, scope: Scope) -> None:
    """Store what each broken address of the site should be replaced by; those of other sites are their owner's."""
    lost = [one for one in lost_addresses(session, site_id) if scope.covers(one.url)]
    suggestions: dict[int, tuple[str, str]] = {}
    if lost:
        live = live_addresses(session, site_id).items()
        replacements = Replacements(LivePage(address, title) for address, title in live if scope.covers(address))
        for one in lost:
            found = replacements.of(LostLink(one.url, one.title, one.texts, one.moved_to, one.stands_on))
            if found:
                suggestions[one.link_id] = (found.address, found.reason)
    set_suggestions(session, site_id, suggestions)
