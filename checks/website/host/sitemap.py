"""The sitemap names the pages of the website, all of them and no others.

Source: sitemaps.org protocol 0.9. Advice: nobody has to have one.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, passed, shown, untested
from rules.observation import SitemapObservation

PRESENT, ADDRESSES, COMPLETE, DATES = "sitemap-present", "sitemap-addresses", "sitemap-complete", "sitemap-dates"
RULES = (PRESENT, ADDRESSES, COMPLETE, DATES)

LARGE = 10  # pages: with fewer, links are enough, and one moment for all may well be true
MISSING_SHARE = 0.2  # of the pages that links lead to


def judge(seen: SitemapObservation) -> Iterator[Verdict]:
    for url, reason in seen.unread:
        yield cannot_tell(seen, PRESENT, f"cantTell_{reason.removeprefix('sitemap-').replace('-', '_')}", address=shown(url))
    if not seen.files:
        if not seen.unread and seen.pages >= LARGE:
            yield cannot_tell(seen, PRESENT)
        return
    yield passed(seen, PRESENT)
    yield from _addresses(seen)
    if not seen.complete:
        yield untested(seen, COMPLETE)
    elif seen.listed and seen.pages >= LARGE:
        missing = seen.counts.get("unlisted", 0)
        if missing > MISSING_SHARE * seen.pages:
            yield cannot_tell(seen, COMPLETE, missing=missing, pages=seen.pages, example=shown(seen.unlisted[0]))
        else:
            yield passed(seen, COMPLETE)
    if seen.dated >= LARGE:
        if seen.future:
            yield cannot_tell(seen, DATES, "cantTell_future", moment=shown(seen.future[0]))
        elif seen.same_moment == seen.dated:
            yield cannot_tell(seen, DATES, pages=seen.dated)
        else:
            yield passed(seen, DATES)


def _addresses(seen: SitemapObservation) -> Iterator[Verdict]:
    some = {"gone": seen.gone, "moved": seen.moved, "elsewhere": seen.elsewhere}
    wrong = [(name, urls) for name, urls in some.items() if urls]
    for name, urls in wrong:
        message = "" if name == "gone" else f"cantTell_{name}"
        yield cannot_tell(seen, ADDRESSES, message, kind=name, count=seen.counts.get(name, len(urls)), example=shown(urls[0]))
    if not seen.complete:  # what was wrong in an earlier run may not have been asked in this one
        yield untested(seen, ADDRESSES)
    elif not wrong and seen.listed:
        yield passed(seen, ADDRESSES)
