"""What a site's sitemaps say, held against what the walk met: kept as counts and a few examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from rules.address import origin_of, page_identity
from rules.observation import LinkAnswer, SitemapObservation

MOST_EXAMPLES = 5
MOST_UNREAD = 20
MOST_MOMENTS = 100_000
TIME_ZONES = timedelta(days=1)  # somewhere it is tomorrow already


@dataclass
class SitemapFacts:
    """Filled as the sitemaps are read."""

    files: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)  # identities of pages of the site
    elsewhere: list[str] = field(default_factory=list)
    moments: Counter[str] = field(default_factory=Counter)

    def add(self, inside: Iterable[str], outside: Iterable[str], modified: Iterable[str]) -> None:
        self.files += 1
        self.listed.update(map(page_identity, inside))
        self.elsewhere += outside
        if len(self.moments) < MOST_MOMENTS:
            self.moments.update(modified)

    def observed(
        self, start: str, answers: Mapping[str, LinkAnswer], pages: Mapping[str, int | None], *, complete: bool
    ) -> SitemapObservation:
        """`answers`: of each address that was asked, after a second look. `pages`: identity and click depth of what is a page."""
        now = datetime.now(UTC)
        known = [(url, answers[url]) for url in sorted(self.listed) if url in answers]
        gone = [url for url, answer in known if answer.status is not None and answer.status in (404, 410)]
        moved = [url for url, answer in known if answer.status == 200 and answer.final_url]
        linked = [url for url, depth in sorted(pages.items()) if depth is not None and "?" not in url]
        unlisted = [url for url in linked if url not in self.listed]
        future = [moment for moment in sorted(self.moments) if _is_later(moment, now)]
        some = {"elsewhere": self.elsewhere, "gone": gone, "moved": moved, "future": future, "unlisted": unlisted}
        return SitemapObservation(
            origin=origin_of(start),
            asked_at=now.isoformat(),
            complete=complete,
            files=self.files,
            unread=tuple(self.unread[:MOST_UNREAD]),
            listed=len(self.listed) + len(self.elsewhere),
            dated=self.moments.total(),
            same_moment=max(self.moments.values(), default=0),
            pages=len(linked),
            counts={name: len(all_of_it) for name, all_of_it in some.items()},
            **{name: tuple(all_of_it[:MOST_EXAMPLES]) for name, all_of_it in some.items()},
        )


def _is_later(moment: str, now: datetime) -> bool:
    """Whether a W3C date or moment is still to come, whatever the time zone."""
    try:
        day = date.fromisoformat(moment[:10])
    except ValueError:
        return False
    return day > (now + TIME_ZONES).date()
