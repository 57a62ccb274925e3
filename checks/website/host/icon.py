"""The website has an icon, by which people find its tab and bookmark again.

Source: HTML, link type "icon", and /favicon.ico where no page names one. Advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, is_clear, passed, untested
from rules.observation import HostObservation

RULE = "site-icon"
RULES = (RULE,)


def judge(host: HostObservation) -> Iterator[Verdict]:
    """Only of a host that shows a page of its own: one that leads to another host has no tab."""
    page = host.home[-1].page if host.home and not host.home[-1].leads_to else None
    if page is None or host.favicon is None:
        return
    named = host.favicon.status == 200 and not host.favicon.headers.get("content-type", "").lower().startswith("text/html")
    if page.has_icon or named:
        yield passed(host, RULE)
    else:
        yield cannot_tell(host, RULE) if is_clear(host.favicon) else untested(host, RULE)
