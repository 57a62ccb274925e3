"""An address that does not exist is answered with "not found", and with a page that helps whoever came there.

Source: RFC 9110, 15.5.5 (404 Not Found). That the page helps is advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.links.classify import LOGIN
from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, failed, is_clear, passed, shown, untested
from rules.address import host_of
from rules.observation import HostAnswer, HostObservation, HostPage

STATUS, HELPS = "not-found-status", "not-found-helps"
RULES = (STATUS, HELPS)

ABSENT = frozenset({404, 410})
SAYS_SO = re.compile(
    r"404|niet (?:\w+ )?(?:gevonden|beschikbaar|bestaat|vinden)|bestaat (?:hier )?(?:niet|niet meer|helaas)|onvindbaar|kwijt|"
    r"verdwaald|not (?:be )?found|(?:does not|doesn.t) exist|no longer|cannot find|can.t find|page missing|oeps|oops|helaas",
    re.IGNORECASE,
)
FEWEST_WORDS = 5  # with less, scripts write the page
FEWEST_WAYS = 3  # links that make a way on


def judge(host: HostObservation) -> Iterator[Verdict]:
    answer = host.made_up
    if answer is None:
        return
    if answer.status in ABSENT and not answer.error:
        yield passed(host, STATUS)
        if answer.page is not None and answer.page.words >= FEWEST_WORDS:
            yield _helps(host, answer.page)
    elif not is_clear(answer) or answer.status != 200 or _leads_all_away(host, answer):
        yield from (untested(host, rule) for rule in RULES)
    elif answer.leads_to:
        yield failed(host, STATUS, "failed_moved", target=shown(answer.leads_to))
    else:
        yield failed(host, STATUS)


def _leads_all_away(host: HostObservation, answer: HostAnswer) -> bool:
    """Whether the host sends every visitor on: to a log-in, or to the host for which this is only another name."""
    to_login = LOGIN.search(answer.leads_to) is not None and not LOGIN.search(host.origin)
    onwards = host.home[-1].leads_to if host.home else ""
    return bool(answer.leads_to) and (to_login or (bool(onwards) and host_of(onwards) != host_of(host.origin)))


def _helps(host: HostObservation, page: HostPage) -> Verdict:
    if not SAYS_SO.search(f"{page.title} {page.heading}"):
        return cannot_tell(host, HELPS, "cantTell_title", title=shown(page.title) or "-")
    if not page.language:
        return cannot_tell(host, HELPS, "cantTell_language")
    if not page.leads_home and not page.has_search and page.leads_on < FEWEST_WAYS:
        return cannot_tell(host, HELPS)
    return passed(host, HELPS)
