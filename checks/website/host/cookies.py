"""Nothing that follows a visitor is put in the browser before the visitor has agreed to it.

Source: Telecommunicatiewet article 11.7a (ePrivacy Directive 2002/58/EC, article 5(3)). Advice: a name only hints at what it is
for. Every page was opened in a browser in which nobody agreed to anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, passed, shown
from checks.website.sample.other_hosts import is_other
from rules.address import host_of
from rules.observation import CookieObservation

RULE = "cookie-before-consent"
RULES = (RULE,)

# Names by which widely used counters and advertisers know a visitor again.
FOLLOWS = re.compile(
    r"_ga(?:_.*)?$|_gid$|_gat|_gcl_|__utm|_fb[pc]$|_hj|_cl(?:ck|sk)$|_pk_|mtm_|nmstat$|_uet|muid$|ide$|nid$|"
    r"visitor_info1_live$|ysc$|_pin_|_ttp$|_tt_|li_|bcookie$|lidc$|guest_id|personalization_id$|optimizely|ajs_|amplitude|_scid",
    re.IGNORECASE,
)
MOST = 50


def judge(seen: CookieObservation) -> Iterator[Verdict]:
    own = host_of(seen.origin)
    asked = False
    for cookie in sorted(seen.cookies, key=lambda one: (one.host, one.name))[:MOST]:
        by_other = is_other(cookie.host, own)
        if by_other or FOLLOWS.match(cookie.name):
            asked = True
            message = "cantTell_other" if by_other else ""
            yield cannot_tell(seen, RULE, message, cookie=shown(cookie.name), setter=shown(cookie.host), days=cookie.days)
    if not asked and seen.pages:
        yield passed(seen, RULE)
