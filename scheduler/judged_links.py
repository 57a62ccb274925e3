"""What the links of a run come to: what the crawler saw of them, as the checks judge it and storage keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from checks.links.classify import classify
from rules.crawl import LinkSeen
from storage.results import JudgedLink


def moved_to(links: Iterable[LinkSeen]) -> dict[str, str]:
    """The addresses that lead elsewhere, and where to."""
    looks = (seen.observation.second or seen.observation.first for seen in links)
    return {last.url: last.final_url for last in looks if last and last.final_url}


def judged_link(seen: LinkSeen, *, network_works: bool) -> JudgedLink:
    """`network_works`: whether the machine's own connection was fine; else nothing is called dead."""
    link = seen.observation
    kind, reason = classify(link, own_site=seen.own_site, network_works=network_works)
    last = link.second or link.first
    return JudgedLink(
        url=link.url,
        link_class=kind,
        status=last.status if last else None,
        reason=reason,
        final_url=last.final_url if last else "",
        content_type=last.content_type if last else "",
        permanent=last.permanent if last else False,
        is_earlier=link.is_earlier,
    )
