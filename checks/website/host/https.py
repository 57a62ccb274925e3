"""A website of a public body is only there over a secure connection, and says so to browsers.

Sources: Besluit beveiligde verbinding met overheidswebsites en -webapplicaties (Stb. 2023, 179); RFC 6797 (HSTS), a year or
more; HTTP leads to HTTPS on the same host first, for a browser remembers HSTS by host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, failed, is_clear, is_secure, passed, shown, untested
from rules.address import host_of
from rules.observation import HostAnswer, HostObservation

FIRST, HSTS = "https-first", "hsts"
RULES = (FIRST, HSTS)

YEAR_S = 31_536_000
PERMANENT = frozenset({301, 308})
SHUT = frozenset({"connection-refused", "connection-failed", "timeout"})  # nobody answers there
MAX_AGE = re.compile(r"""(?:^|;)\s*max-age\s*=\s*"?(\d{1,12})"?\s*(?:;|$)""", re.IGNORECASE)


def judge(host: HostObservation) -> Iterator[Verdict]:
    """A host of our own network owes the open web nothing."""
    if not host.is_public:
        return
    if host.plain:
        yield _first(host)
    if is_secure(host) and host.home:
        yield _hsts(host, [answer for answer in host.home if not answer.url.startswith("http:")])


def _first(host: HostObservation) -> Verdict:
    """The way from http://host/ to https."""
    asked = host.plain[0]
    if asked.error in SHUT:
        works = is_secure(host) and bool(host.home) and host.home[0].status is not None
        return passed(host, FIRST) if works else untested(host, FIRST)
    for answer in host.plain:
        if not is_clear(answer):
            return untested(host, FIRST)
        if not answer.leads_to:
            # An error page without TLS keeps nobody from the secure one.
            return failed(host, FIRST, address=asked.url) if answer.status == 200 else untested(host, FIRST)
        if host_of(answer.leads_to) != host_of(asked.url):
            return failed(host, FIRST, "failed_elsewhere", address=asked.url, target=shown(answer.leads_to))
        if answer.leads_to.startswith("https:"):
            if answer.status in PERMANENT:
                return passed(host, FIRST)
            return cannot_tell(host, FIRST, address=asked.url, status=answer.status)
    # A browser, which keeps cookies, may well come out of a round in which one is set.
    comes_back = host.plain[-1].leads_to in {answer.url for answer in host.plain}
    if comes_back and any("set-cookie" in answer.headers for answer in host.plain):
        return untested(host, FIRST)
    return failed(host, FIRST, "failed_loop", address=asked.url)


def _hsts(host: HostObservation, answers: Sequence[HostAnswer]) -> Verdict:
    """A browser remembers what any answer of the host says, be it the page or a redirect on the way to it."""
    headers = [header for answer in answers if (header := answer.headers.get("strict-transport-security", ""))]
    ages = [int(age[1]) for header in headers if (age := MAX_AGE.search(header))]
    if max(ages, default=0) >= YEAR_S and any(map(is_clear, answers)):
        return passed(host, HSTS)
    if not all(map(is_clear, answers)):
        return untested(host, HSTS)
    if not headers:
        return failed(host, HSTS)
    if not ages:
        return failed(host, HSTS, "failed_broken", header=shown(headers[-1]))
    return failed(host, HSTS, "failed_short", days=max(ages) // 86_400)
