"""Who has no DigiD, or cannot use it, finds another way on the same page: by telephone, at the counter, on paper.

Source: the municipal promise of a safety net beside the digital counter. No success criterion says so, so it is advice: it asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.content.blocks import main_content
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed
from rules.observation import PageLink

FACTS = "content"
RULE = "digid-alternative"
RULES = (RULE,)

LOG_IN = re.compile(r"\bdigid\b", re.IGNORECASE)
# A link to explain DigiD, or to ask for one, is no way into a form.
ABOUT_DIGID = re.compile(
    r"\b(?:wat is|over|geen|nog geen|meer (?:over|informatie)|hulp|helpdesk|uitleg|app|machtig\w*|www)\b|"
    r"\bdigid (?:aanvragen|activeren)\b|"
    r"^\W*digid(?:\.nl)?\W*$",
    re.IGNORECASE,
)
OTHER_WAY = re.compile(
    r"\b(?:bel|belt|bellen|telefonisch\w*|telefoon\w*|balie|loket|stadhuis|gemeentehuis|stadskantoor|gemeentekantoor|publiekshal|"
    r"langs(?:komen)?|langskomt|afspraak|per post|op papier|papieren|printen|uitprinten|brief|schriftelijk|zonder digid|"
    r"geen digid|niet digitaal|spreekuur|wijkteam|inloop\w*)\b|\b14 ?0\d{2,3}\b",
    re.IGNORECASE,
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """A page with a link to log in with DigiD, and what its own text offers beside it; the footer is not about this."""
    content = main_content(document)
    if content is None:
        return
    logins = [link for link in document.page.links if link.element == "a" and _logs_in(link)]
    if not logins:
        return
    offers = OTHER_WAY.search(f"{content.text} {content.facts['beside']}") or any(block.links for block in content.blocks)
    if offers:
        yield passed(RULE, content.facts["root"])
    else:
        yield cannot_tell(RULE, content.facts["root"], link=logins[0].text[:80])


def _logs_in(link: PageLink) -> bool:
    return LOG_IN.search(link.text) is not None and not ABOUT_DIGID.search(link.text)
