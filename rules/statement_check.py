"""The accessibility statement on the live site, compared with what people and machines know of the site.

Source: the checklist of digitoegankelijk.nl (updated within a year, contact links work, every deviation listed).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import unquote

from rules.norm import success_criteria
from rules.statement_status import RESEARCH_MONTHS, REVIEW_MONTHS, add_months

CRITERION = re.compile(r"(?<![v\d])\b([1-4]\.\d\.\d{1,2})\b(?!\.\d)")
A_VERSION = re.compile(r"(?:301[ -]?549|versie|version|wcag)[^.\n]{0,12}$", re.IGNORECASE)
SOLVED = re.compile(
    r"\b(?:is|zijn|werd|werden|inmiddels)\b[^.\n]{0,60}\b(?:opgelost|hersteld|verholpen)\b|\bstatus\W{0,3}(?:opgelost|hersteld)|"
    r"\b(?:has|have) been (?:fixed|solved|resolved)\b",
    re.IGNORECASE,
)
MAIL = re.compile(r"[^\s@<>()\[\]\"',;:]{1,64}@[^\s@<>()\[\]\"',;:/]{1,200}")
PHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)31[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ -]?\d){8}(?![\d])|(?<!\d)14 ?0\d{2,4}(?!\d)")
CONTACT_PAGE = re.compile(r"contact|meld|klacht|feedback|formulier|report|complain", re.IGNORECASE)
SEGMENT = 600  # characters after a criterion that are about it


class DifferenceKind(StrEnum):
    """What does not agree."""

    SOLVED_BUT_PRESENT = "solved-but-present"
    NOT_LISTED = "not-listed"
    LISTED_BUT_MET = "listed-but-met"
    LISTS_NOTHING = "lists-nothing"
    OLD = "old"
    OLD_RESEARCH = "old-research"
    DEAD_LINK = "dead-link"
    DEAD_MAIL = "dead-mail"  # an address that cannot take mail: it is written wrong, or its domain does not exist
    NO_CONTACT = "no-contact"  # no mail address, no telephone number and no page to report a problem on


@dataclass(frozen=True)
class StatementRead:
    """What stands on the page."""

    url: str
    text: str
    links: tuple[str, ...] = ()
    dates: Mapping[str, date] | None = None  # "statement" and "research", where the page names them
    dead_mails: tuple[str, ...] = ()  # addresses on it that cannot take mail


@dataclass(frozen=True)
class Difference:
    """One thing that does not agree, and what it is about."""

    kind: DifferenceKind
    about: str = ""  # a criterion, an address or a day


def mentioned(text: str) -> dict[str, bool]:
    """The criteria that a text names; True where it says that it was solved, each time that it is named."""
    matches = [one for one in CRITERION.finditer(text) if not A_VERSION.search(text[max(0, one.start() - 30) : one.start()])]
    found: dict[str, bool] = {}
    for place, one in enumerate(matches):
        if one[1] not in success_criteria():
            continue
        ends = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        solved = bool(SOLVED.search(text[one.end() : min(ends, one.end() + SEGMENT)]))
        found[one[1]] = found.get(one[1], True) and solved
    return found


def mails_in(text: str, links: Iterable[str]) -> list[str]:
    """The e-mail addresses that a page names, in words or as links, each once."""
    linked = [one for link in links if link.lower().startswith("mailto:") for one in link[7:].partition("?")[0].split(",")]
    named = [*(unquote(one).strip() for one in linked), *(one.rstrip(".") for one in MAIL.findall(text))]
    return [one for one in dict.fromkeys(named) if one]


def names_a_contact(read: StatementRead) -> bool:
    """Whether a resident finds a way to say something: an address, a number, or a page for it."""
    others = [link for link in read.links if not link.lower().startswith("mailto:")]
    ways = [link for link in others if link.lower().startswith("tel:") or CONTACT_PAGE.search(link)]
    return bool(ways or mails_in(read.text, read.links) or PHONE.search(read.text))


def compare_statement(
    read: StatementRead, failing: Collection[str], met: Collection[str], dead: Collection[str], today: date
) -> list[Difference]:
    """What does not agree.

    `failing`: criteria with a failure now, by people or by machines. `met`: criteria that people found met; that machines find
    nothing is no reason to take a criterion off the list. `dead`: addresses of the site's links that are dead.
    """
    named = mentioned(read.text)
    found = []
    if failing and not named:
        found.append(Difference(DifferenceKind.LISTS_NOTHING))
    for criterion in success_criteria():
        if criterion in failing and named.get(criterion) is True:
            found.append(Difference(DifferenceKind.SOLVED_BUT_PRESENT, criterion))
        elif criterion in failing and named and criterion not in named:
            found.append(Difference(DifferenceKind.NOT_LISTED, criterion))
        elif criterion in met and criterion not in failing and named.get(criterion) is False:
            found.append(Difference(DifferenceKind.LISTED_BUT_MET, criterion))
    most = {"statement": (REVIEW_MONTHS, DifferenceKind.OLD), "research": (RESEARCH_MONTHS, DifferenceKind.OLD_RESEARCH)}
    for kind, day in (read.dates or {}).items():
        months, difference = most[kind]
        if today > add_months(day, months):
            found.append(Difference(difference, day.isoformat()))
    found += [Difference(DifferenceKind.DEAD_LINK, url) for url in dict.fromkeys(read.links) if url.partition("#")[0] in dead]
    found += [Difference(DifferenceKind.DEAD_MAIL, mail) for mail in read.dead_mails]
    if not names_a_contact(read):
        found.append(Difference(DifferenceKind.NO_CONTACT))
    return found
