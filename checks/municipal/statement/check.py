"""The accessibility statement of a site leads to the register, says what it must, and is not too old.

Source: Besluit digitale toegankelijkheid overheid and its checklist (the statement is reviewed within a year, rests on research
of at most 36 months old, and stands in the public register); Implementing Decision (EU) 2018/1523, annex. No success criterion
says so, so it is advice: it asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from checks.content.dates.when import as_written, dates_in
from checks.municipal.page_type import page_type_of, speaks_of_statement
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed
from rules.page_type import PageType

COMPLETE, CURRENT = "statement-complete", "statement-current"
RULES = (COMPLETE, CURRENT)

REGISTER = re.compile(r"toegankelijkheidsverklaring\.nl/register/|dashboard\.digitoegankelijk\.nl", re.IGNORECASE)
SIGNS: dict[str, re.Pattern[str]] = {
    "status": re.compile(
        r"voldoet (?:\w+ )?(?:volledig|gedeeltelijk|niet|aan)|(?:volledig|gedeeltelijk|niet) (?:toegankelijk|voldoe\w*)|"
        r"eerste maatregelen|\bstatus\b|\b(?:fully|partially|partly|not) (?:compliant|conform\w*)",
    ),
    "contact": re.compile(r"@|\bmail\b|e-mail|\bbel\b|telefo|contactformulier|\b14 ?0\d{2,3}\b|\bmeld\b|\breport\b|\bcontact"),
    "complaint": re.compile(r"ombudsman|klacht|complaint|niet tevreden|bezwaar|college voor de rechten"),
}
# What a date is of, by the nearest of these words before it.
OF_WHAT = re.compile(
    r"(?P<research>onderz\w+|getoetst|toetsing|audit\w*|inspectie|rapport\w*|evalua\w+|tested|evaluated)|"
    r"(?P<statement>verklaring|opgesteld|bijgewerkt|gewijzigd|herzien|geactualiseerd|ondertekend|akkoord|vastgesteld|gepubliceerd|"
    r"statement|updated|reviewed)|"
    r"(?P<plan>gepland|planning|uiterlijk|vóór|voor|opgelost|hersteld|klaar|streven|before|planned|sinds|vanaf|wet|besluit)\b"
)
BEFORE = 80  # characters in which that word stands
MOST_DAYS = {"statement": 366, "research": 1_096}  # one year; 36 months


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """The page with the statement. One that leaves all to the register owes no more than to lead there."""
    facts = document.facts
    if not facts or page_type_of(document.page) is not PageType.STATEMENT or not speaks_of_statement(facts["text"]):
        return
    text = facts["text"].lower()
    in_register = REGISTER.search(text) or any(REGISTER.search(url) for _, url in facts["links"])
    missing = [] if in_register else ["register", *(part for part, sign in SIGNS.items() if not sign.search(text))]
    if missing:
        yield cannot_tell(COMPLETE, facts["root"], **{part: "•" if part in missing else "" for part in ("register", *SIGNS)})
    else:
        yield passed(COMPLETE, facts["root"])
    yield from _ages(facts, text)


def newest_dates(text: str, today: date) -> dict[str, date]:
    """The newest date of the statement, and of the research under it, where a text names them; in lower case."""
    newest: dict[str, date] = {}
    for match, day in dates_in(text):
        words = list(OF_WHAT.finditer(text[max(0, match.start() - BEFORE) : match.start()]))
        kind = words[-1].lastgroup if words else None
        if kind in MOST_DAYS and day <= today:
            newest[kind] = max(newest.get(kind, day), day)
    return newest


def _ages(facts: dict[str, Any], text: str) -> Iterator[Verdict]:
    today = date(*facts["today"])
    for kind, day in newest_dates(text, today).items():
        if (today - day).days > MOST_DAYS[kind]:
            yield cannot_tell(
                CURRENT, facts["root"], "cantTell" if kind == "statement" else "cantTell_research", date=as_written(day)
            )
        else:
            yield passed(CURRENT, facts["root"])
