"""The national index finds the documents that a public body publishes by the Woo: robots.txt names lists that can be read.

Sources: Wet open overheid, article 3.3; the DiWoo standard. Advice: from when a category has to be published, and on which of
its websites a body does so, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, is_clear, passed, shown, untested
from rules.observation import HostObservation, WooIndex

PRESENT, VALID = "woo-index", "woo-sitemaps"
RULES = (PRESENT, VALID)

MOST_IN_A_FILE = 50_000
UNKNOWN = frozenset({"woo-elsewhere", "woo-no-answer"})  # nothing was learnt of it
MESSAGES = {
    "sitemap-missing": "cantTell",
    "sitemap-broken": "cantTell_broken",
    "sitemap-too-large": "cantTell_too_large",
    "woo-document-gone": "cantTell_gone",
}


def judge(hosts: Sequence[HostObservation]) -> Iterator[Verdict]:
    """One website of a body that names the lists is enough; else the first is asked, not each of its sub-domains."""
    naming = [host for host in hosts if host.woo]
    for host in naming:
        yield passed(host, PRESENT)
        for index in host.woo:
            yield _valid(host, index)
    first = next((host for host in hosts if host.is_public and host.robots_txt is not None), None)
    if not naming and first is not None and first.robots_txt is not None:
        if is_clear(first.robots_txt):
            yield cannot_tell(first, PRESENT)
        else:
            yield untested(first, PRESENT)


def _valid(host: HostObservation, index: WooIndex) -> Verdict:
    if index.problem in UNKNOWN:
        return untested(host, VALID)
    address = shown(index.wrong or index.url, 200)
    if index.problem:
        return cannot_tell(host, VALID, MESSAGES[index.problem], address=address)
    if index.most_in_a_file > MOST_IN_A_FILE:
        return cannot_tell(host, VALID, "cantTell_many", address=address, documents=index.most_in_a_file)
    if index.described < index.listed:
        return cannot_tell(
            host, VALID, "cantTell_metadata", address=address, missing=index.listed - index.described, documents=index.listed
        )
    if index.dated < index.listed:
        return cannot_tell(
            host, VALID, "cantTell_dates", address=address, missing=index.listed - index.dated, documents=index.listed
        )
    return passed(host, VALID)  # a category without documents is none the worse for it
