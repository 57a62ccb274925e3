"""What an address leads to, judged from one look at it or two.

"dead" is said only after two looks, at least 30 s apart, that failed alike; what a busy or careful server may answer to
a robot is never called dead.
"""

from __future__ import annotations

import re

from checks.links.soft_404 import is_soft_404
from rules.login import LOGS_OUT
from rules.observation import LinkAnswer, LinkClass, LinkObservation

SECONDS_BETWEEN_LOOKS = 30.0
REFUSES_ROBOTS = frozenset({401, 402, 403, 405, 406, 407, 418, 429, 451, 999})
GONE = frozenset({404, 410})
# What says something of the moment, or of the host, and nothing of the address.
PASSES = frozenset({408, 421, 425, 502, 503, 504})
NAME_OR_DOOR_GONE = frozenset({"unknown-host", "connection-refused"})

# The second group are words that name much else, too: only a whole part of a path counts.
LOGIN = re.compile(
    r"\b(log-?in|inloggen|sign-?in|sso|oauth2?|saml2?|adfs|digid|eherkenning)\b|"
    r"(?<=/)(aanmelden|account|auth|idp|openid)(?=[/?#]|$)",
    re.IGNORECASE,
)


def classify(link: LinkObservation, *, own_site: bool, network_works: bool) -> tuple[LinkClass, str]:
    """The class of a link and the reason behind it (a key of `rules.reason`, or empty).

    `network_works`: at least one other host answered in this run. Where none did, our own connection may be at fault,
    and no other host is accused.
    """
    if link.first is None:
        return LinkClass.NOT_ASKED, link.reason
    last = link.second or link.first
    if last.status is not None and last.status < 400:
        if LOGIN.search(last.final_url) and not LOGIN.search(link.url):
            return LinkClass.BLOCKED, "needs-login"
        if link.shown and is_soft_404(link.shown):
            return LinkClass.SOFT_404, ""
        return (LinkClass.MOVED if last.final_url else LinkClass.OK), ""
    if last.status in REFUSES_ROBOTS:
        return LinkClass.BLOCKED, ""
    if last.error in ("private-address", LOGS_OUT):
        return LinkClass.NOT_ASKED, last.error
    if link.second is None:
        return LinkClass.UNSURE, link.first.error or "one-look"
    if not _alike(link.first, link.second):
        return LinkClass.UNSURE, "looks-differ"
    if _is_gone(last, own_site=own_site) and (own_site or network_works):
        return LinkClass.DEAD, last.error
    return LinkClass.UNSURE, last.error or "server-error"


def _alike(first: LinkAnswer, second: LinkAnswer) -> bool:
    return (first.status is None, first.error) == (second.status is None, second.error)


def _is_gone(answer: LinkAnswer, *, own_site: bool) -> bool:
    """Whether the answer means that nothing is there.

    Of another host only what says just that: some answer robots with a 400. On the site itself every other error counts too.
    """
    if answer.status is None:
        return answer.error in NAME_OR_DOOR_GONE or (own_site and answer.error == "redirect-loop")
    return answer.status in GONE or (own_site and answer.status not in PASSES)
