"""Who finds a leak in the website can find whom to tell: security.txt, at its place, valid and not expired.

Source: RFC 9116; on the "pas toe of leg uit" list of Forum Standaardisatie since 25 May 2023.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, failed, is_clear, passed, shown, untested
from rules.observation import HostAnswer, HostObservation, is_security_txt

PRESENT, VALID = "security-txt-present", "security-txt-valid"
RULES = (PRESENT, VALID)

FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]*)\s*:\s*(.*)")
CONTACT = re.compile(r"mailto:[^\s@]+@[^\s@]+$|tel:\+?[\d.() -]+$|https://[^\s/]\S*$", re.IGNORECASE)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)$")
ABSENT = frozenset({200, 404, 410})  # a host that answers everything with a page has no such file either
LONGEST = 2_000  # characters of a field


def judge(host: HostObservation) -> Iterator[Verdict]:
    answer = host.security_txt
    if not host.is_public or answer is None:
        return
    if not is_clear(answer):
        yield from (untested(host, rule) for rule in RULES)
        return
    if not is_security_txt(answer):
        yield failed(host, PRESENT) if answer.status in ABSENT else untested(host, PRESENT)
        return
    yield passed(host, PRESENT)
    yield _valid(host, answer)


def _valid(host: HostObservation, answer: HostAnswer) -> Verdict:
    if answer.is_cut:
        return cannot_tell(host, VALID, "cantTell_large")
    fields = fields_of(answer.body)
    contacts, expires = fields["contact"], fields["expires"]
    if not contacts:
        return failed(host, VALID, "failed_contact")
    if not expires:
        return failed(host, VALID, "failed_expires")
    if len(expires) > 1:
        return failed(host, VALID, "failed_twice")
    moment = _moment(expires[0])
    if moment is None:
        return failed(host, VALID, "failed_moment", value=shown(expires[0]))
    if moment < datetime.fromisoformat(host.asked_at):
        return failed(host, VALID, date=moment.date().isoformat())
    if wrong := [one for one in contacts if not CONTACT.match(one)]:
        return cannot_tell(host, VALID, "cantTell_contact", value=shown(wrong[0]))
    if not answer.headers.get("content-type", "").lower().startswith("text/plain"):
        return cannot_tell(host, VALID, kind=shown(answer.headers.get("content-type", "")) or "-")
    return passed(host, VALID)


def fields_of(text: str) -> defaultdict[str, list[str]]:
    """The fields by name in lower case. Comments and the armour of a signature (RFC 9116, 2.3) hold none."""
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.removeprefix("\ufeff").partition("-----BEGIN PGP SIGNATURE-----")[0].splitlines():
        if found := FIELD.fullmatch(line.strip()):
            fields[found[1].lower()].append(found[2][:LONGEST].strip())
    return fields


def _moment(text: str) -> datetime | None:
    """A moment as RFC 3339 writes it; None: it is none, or no day of the calendar."""
    if not MOMENT.match(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None
