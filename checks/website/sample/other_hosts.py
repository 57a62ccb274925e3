"""Which other hosts the pages of a website load something from: each learns who visits the municipality's website, and when.

Source: GDPR (AVG) articles 5 and 13, ePrivacy Directive 2002/58/EC article 5(3). Advice: whether it is right is for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checks.accessibility.sample.facts import SamplePage
from checks.verdict import Verdict, cannot_tell, passed
from rules.address import host_of

RULE = "other-host"
RULES = (RULE,)

MOST_HOSTS = 200
FEWEST_PAGES, USUAL = 3, 0.5  # on so many, and such a share, of the pages it is a matter of the template
# Second-level names under which anybody can have a name of his own.
SHARED = frozenset(
    {"co.uk", "ac.uk", "gov.uk", "org.uk", "com.au", "github.io", "azurewebsites.net", "cloudfront.net", "amazonaws.com"}
)


class OtherHosts:
    """Remembers how many pages load something from each host. `start`: the identity of the site's start page."""

    def __init__(self, start: str) -> None:
        self._start = start
        self._pages: Counter[str] = Counter()
        self._gathered = 0

    def add(self, page: SamplePage) -> None:
        self._gathered += page.website is not None
        for host in _others(page):
            if host in self._pages or len(self._pages) < MOST_HOSTS:
                self._pages[host] += 1

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """What most pages load stands on the start page, once; what few of them load on those."""
        if page.website is None:
            return
        mine = _others(page)
        for host, pages in sorted(self._pages.items()):
            if pages >= USUAL * self._gathered and pages >= FEWEST_PAGES:
                if page.address == self._start:
                    yield cannot_tell(RULE, page.root, "cantTell_site", host=host, pages=pages, all=self._gathered)
            elif host in mine:
                yield cannot_tell(RULE, page.root, host=host)
        if not mine:
            yield passed(RULE, page.root)


def _others(page: SamplePage) -> set[str]:
    own = host_of(page.address)
    return {host for host in (page.website or {"hosts": ()})["hosts"] if is_other(host, own)}


def is_other(host: str, own: str) -> bool:
    """Whether a host is of somebody else: it does not share the registered name."""
    return _registered(host) != _registered(own)


def _registered(host: str) -> str:
    labels = host.lower().rstrip(".").split(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    shared = ".".join(labels[-2:]) in SHARED
    return ".".join(labels[-3 if shared else -2 :])
