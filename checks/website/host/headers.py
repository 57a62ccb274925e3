"""The headers by which a website asks browsers to guard its visitors.

Sources: W3C Content Security Policy Level 3; WHATWG Fetch (nosniff); W3C Referrer Policy. Advice, as on internet.nl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, is_clear, passed, untested
from rules.observation import HostAnswer, HostObservation, HostPage

RULE = "security-headers"
RULES = (RULE,)

POLICY, SNIFFING, REFERRER, FRAMING = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-Frame-Options",
)
ANCESTORS = re.compile(r"(?:^|[;,])\s*frame-ancestors\b", re.IGNORECASE)
TELLS_ALL = frozenset({"unsafe-url"})


def judge(host: HostObservation) -> Iterator[Verdict]:
    """The page that a visitor of the host sees first; each header that it lacks is a question of its own."""
    if not host.home:
        return
    answer = host.home[-1]
    if not is_clear(answer):
        yield untested(host, RULE)
    elif answer.status == 200 and not answer.leads_to and answer.page is not None:
        asked = list(_asked(host, answer, answer.page))
        yield from asked or [passed(host, RULE)]


def _asked(host: HostObservation, answer: HostAnswer, page: HostPage) -> Iterator[Verdict]:
    headers = answer.headers
    policy = headers.get(POLICY.lower(), "") or page.policy
    if not policy:
        tried = POLICY.lower() + "-report-only" in headers
        yield cannot_tell(host, RULE, "cantTell_report_only" if tried else "", header=POLICY)
    if "nosniff" not in headers.get(SNIFFING.lower(), "").lower():
        yield cannot_tell(host, RULE, header=SNIFFING)
    referrer = (headers.get(REFERRER.lower(), "") or page.referrer).lower()
    if not referrer:
        yield cannot_tell(host, RULE, header=REFERRER)
    elif referrer.split(",")[-1].strip() in TELLS_ALL:
        yield cannot_tell(host, RULE, "cantTell_referrer", header=REFERRER)
    # A policy that stands in the page cannot say who may frame it (CSP 3, 6.4.2).
    if FRAMING.lower() not in headers and not ANCESTORS.search(headers.get(POLICY.lower(), "")):
        yield cannot_tell(host, RULE, "cantTell_framing", header=FRAMING)
