"""The certificate proves the name of the website, and will go on doing so.

Sources: RFC 5280; the TLS guidelines of the NCSC, which the Besluit beveiligde verbinding (Stb. 2023, 179) names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, failed, is_secure, passed, untested
from rules.observation import HostObservation

RULE = "certificate"
RULES = (RULE,)

SOON_DAYS = 30
LAST_PART = 3  # certificates that live shortly are renewed when a third of their time is left: before that nothing is late


def judge(host: HostObservation) -> Iterator[Verdict]:
    """Only where TLS is owed; a host of our own network may have an authority of its own."""
    shown = host.certificate
    if not host.is_public or not is_secure(host):
        return
    if shown is None:  # nobody spoke TLS in time: this says nothing about the certificate that was seen before
        yield untested(host, RULE)
    elif shown.problem == "not-trusted":
        yield cannot_tell(host, RULE, "cantTell_issuer")
    elif shown.problem:
        yield failed(host, RULE, f"failed_{shown.problem.replace('-', '_')}")
    elif shown.valid_until:
        now, until = datetime.fromisoformat(host.asked_at), datetime.fromisoformat(shown.valid_until)
        lives = (until - datetime.fromisoformat(shown.valid_from)).days if shown.valid_from else SOON_DAYS * LAST_PART
        left = (until - now).days
        late = left < min(SOON_DAYS, lives / LAST_PART)
        yield cannot_tell(host, RULE, days=max(left, 0), until=until.date().isoformat()) if late else passed(host, RULE)
