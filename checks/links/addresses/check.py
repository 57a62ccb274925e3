"""Links whose address alone tells that they do not work: no such place on the page, no mail address, no telephone number.

Advice: a dead link is a barrier to everybody alike, and no criterion asks for it. Sources: HTML, "navigate to a fragment";
RFC 6068 (mailto), RFC 5321 (addresses), RFC 3966 (tel); RFC 6761 and RFC 2606 (names that are no hosts of the internet).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

import phonenumbers

from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

PLACE, MAIL, TELEPHONE, HOST = "link-place", "link-mail", "link-telephone", "link-host"
RULES = (PLACE, MAIL, TELEPHONE, HOST)

MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
NO_HOST = re.compile(r"(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|test|invalid|example)$", re.IGNORECASE)
OF_THE_MAKERS = re.compile(
    r"(?:^|[.-])(?:test|tst|acc|acceptatie|acceptance|accept|staging|stage|dev|develop|ontwikkel|ontwikkeling|preview|uat|sandbox)\d*[.-]",
    re.IGNORECASE,
)
REGION, DUTCH = "NL", 31  # of numbers without a country
SHORT_NUMBERS = re.compile(r"112|113|140\d{2}|14 ?0\d{2,3}|116 ?\d{3}|0?900-?\d{4}|18\d{2}")


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """Each link by its address."""
    for link in document.facts["links"]:
        match link["kind"]:
            case "place":
                if link["exists"]:
                    yield passed(PLACE, link["element"])
                else:
                    yield cannot_tell(PLACE, link["element"], place=link["address"])
            case "mailto":
                yield _mail(link)
            case "tel":
                yield _telephone(link)
            case _:
                yield _host(link, document.facts["host"])


def _mail(link: dict[str, Any]) -> Verdict:
    addresses = [one.strip() for one in re.split(r"[,;]", link["address"].partition("?")[0]) if one.strip()]
    asks = link["address"].partition("?")[2].lower()
    if not addresses and re.search(r"(^|&)(to|body|subject)=", asks):
        return passed(MAIL, link["element"])  # "send this on": the visitor fills in to whom
    wrong = next((one for one in addresses if not MAILBOX.fullmatch(one)), None)
    if addresses and wrong is None:
        return passed(MAIL, link["element"])
    return cannot_tell(MAIL, link["element"], address=(wrong or link["address"])[:100])


def _telephone(link: dict[str, Any]) -> Verdict:
    number = link["address"].partition(";")[0].strip()
    return (
        passed(TELEPHONE, link["element"])
        if _can_be_called(number)
        else cannot_tell(TELEPHONE, link["element"], number=number[:40])
    )


def _can_be_called(number: str) -> bool:
    """Whether a number can exist; a Dutch number may be written without its country."""
    if SHORT_NUMBERS.fullmatch(number):
        return True
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return False
    if parsed.country_code == DUTCH and not SHORT_NUMBERS.fullmatch(str(parsed.national_number)):
        return phonenumbers.is_valid_number(parsed)
    return phonenumbers.is_possible_number(parsed)


def _host(link: dict[str, Any], own: str) -> Verdict:
    host = link["address"].strip("[]")
    if _is_of_the_makers(host) and not OF_THE_MAKERS.search(own):  # a trial version may lead to another one
        return cannot_tell(HOST, link["element"], host=host)
    return passed(HOST, link["element"])


def _is_of_the_makers(host: str) -> bool:
    """Whether a host is one that visitors cannot reach, or that makers try things on."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or NO_HOST.search(host) is not None or OF_THE_MAKERS.search(host) is not None
