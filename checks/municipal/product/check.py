"""A page about something to ask for says what it costs, how long it takes, for whom it is and how to go about it.

Source: what Samenwerkende Catalogi and the single digital gateway (Regulation (EU) 2018/1724, annex of article 10) ask of a
product's description. No success criterion says so, so it is advice: it asks, once for the page. Signs of each part are looked
for in all of the page's text, whatever its headings are called: only what nothing speaks of is said to be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.accessibility.wording import bare
from checks.municipal.page_type import page_type_of
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed
from rules.page_type import PageType

RULE = "product-complete"
RULES = (RULE,)

FEWEST_WORDS = 20  # less says nothing of the product itself: a list, a page still to be loaded, a form
MOST_OTHERS = 4  # links to other products: more is a page that leads to them
SHORT = 150  # words of a page that may only send visitors on to another body

# What the heading of a page names that is asked for, and what is only reported.
ASKED = re.compile(
    r"\b(?:aanvragen|aanvraag|vergunning|\w{2,30}vergunning|ontheffing|subsidie|uittreksel|paspoort|rijbewijs|id-kaart|"
    r"identiteitskaart|\w{2,30}(?:parkeerkaart|uittreksel|verklaring|ontheffing|subsidie)|stadspas|apply|permit)\b"
)
REPORTED = re.compile(r"\b(?:melden|melding|doorgeven|aangeven|aangifte|\w{2,30}aangifte|afmelden|aanmelden|opzeggen|report)\b")
# Of what people get money for nobody asks the price.
GIVES_MONEY = re.compile(r"subsidie|uitkering|bijstand|toeslag|vergoeding|kwijtschelding|tegemoetkoming|bezwaar|schuld|bijdrage")
# No product of the municipality: it can be had elsewhere, or not any more.
ELSEWHERE = re.compile(
    r"\b(?:bij|via|door|aan) (?:de|het) (?:provincie|rijk|rdw|cak|uwv|svb|waterschap|belastingdienst|politie|ind|duo|kadaster|"
    r"notaris|rijksoverheid|ministerie|omgevingsdienst|kvk|kamer van koophandel|cbr|rechtbank|justis)\b|"
    r"\bbij (?:duo|uwv|cak|justis|kvk)\b|"
    r"\b(?:bestaat niet meer|is (?:vervallen|gestopt|gesloten)|niet meer (?:nodig|mogelijk|aanvragen)|geen vergunning nodig)\b"
)
NUMBER = (
    r"(?:\d{1,3}|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|enkele|paar|aantal|one|two|three|four|six|eight)"
)
SIGNS: dict[str, re.Pattern[str]] = {
    "cost": re.compile(
        r"€|\beuro'?s?\b|\beur\b|gratis|kosteloos|kosten|\bkost\b|\bleges|tarie(?:f|ven)|\bprij(?:s|zen)\b|betaal|betalen|"
        r"bijdrage|\bborg\b|belasting|\bfees?\b|\bcosts?\b|\bfree\b|\bpay"
    ),
    "term": re.compile(
        rf"\b{NUMBER} (?:tot |à |of |en |to )?(?:\d{{1,3}} )?(?:volle |hele )?(?:werk|kalender|working )?"
        r"(?:minu(?:ut|ten|tes)|u(?:ur|ren)|hours?|dag(?:en)?|days?|we(?:ek|ken|eks)|maand(?:en)?|months?)\b|"
        r"termijn\b|levertijd|doorlooptijd|\bhoe lang\b|\bduurt\b|werkdag|dezelfde dag|same day|\bspoed|"
        r"\b(?:direct|meteen|gelijk|onmiddellijk) (?:mee|klaar|geregeld|geldig|uw|je|een|bericht|antwoord|aan de balie)|"
        r"\bimmediately\b"
    ),
    "who": re.compile(
        r"voorwaard|inwoner|bewoner|ondernemer|iedereen|\b(?:jonger|ouder) dan\b|\brecht op\b|geldt (?:voor|alleen)|"
        r"\byou\b|\bwho\b|\bvoor (?:wie|u|jou|bedrijven|organisaties|verenigingen|mensen|kinderen|jongeren|ouderen|gezinnen)\b|"
        r"\b(?:als|indien|wanneer) (?:u|je|uw)\b|\bwie (?:kan|mag|komt|moet)\b|"
        r"\b(?:u|je) (?:bent|woont|hebt|heeft|wilt|moet|mag|kunt|kan|krijgt|vraagt|wil|hoeft)\b|"
        r"\b(?:hebt|heeft|bent|woont|wilt|wil|heb|ben|woon|gaat|ga|kunt|moet) (?:u|je)\b"
    ),
    "way": re.compile(
        r"afspraak|formulier|\bbel(?:t|len)?\b|\bmail(?:t|en)?\b|\blangskom|\bkom(?:t|en)? (?:u )?langs\b|\bbalie\b|loket|"
        r"stadhuis|gemeentehuis|stadskantoor|gemeentekantoor|digid|eherkenning|e-mail|\bstuur|\bopsturen|inlever|\bonline\b|"
        r"\bdigitaal\b|\b14 ?0\d{2,3}\b|schriftelijk|\bper post\b|\bvraagt? (?:u|je|het|de|een|hem|deze|uw|via|dit)\b|"
        r"\bappointment\b|\bform\b"
    ),
}
ACTS = re.compile(
    r"aanvra|regel|meld|doorge|aangev|inschrijv|inlog|log in|formulier|afspraak|start|apply|verleng|download|bereken|betaal"
)
CONTACT = ("tel:", "mailto:")


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """A page of one product, its heading naming what is asked for or reported."""
    facts = document.facts
    if not facts or page_type_of(document.page) is not PageType.PRODUCT:
        return
    owed = _owed(facts, document.page.response.url)
    if not owed:
        return
    missing = [part for part in owed if not _says(facts, part)]
    if missing:
        # A part that is there is nothing: the message leaves out what it would say of it.
        yield cannot_tell(RULE, facts["root"], **{part: "•" if part in missing else "" for part in SIGNS})
    else:
        yield passed(RULE, facts["root"])


def _owed(facts: dict[str, Any], url: str) -> tuple[str, ...]:
    """The parts that a page must offer; none where it is about nothing that can be asked for here."""
    heading, text = bare(facts["heading"]), facts["text"].lower()
    sends_on = facts["words"] < SHORT and ELSEWHERE.search(text)
    if facts["words"] < FEWEST_WORDS or facts["embedded"] or sends_on or _leads_on(facts, url):
        return ()
    if ASKED.search(heading):
        return tuple(part for part in SIGNS if part != "cost" or not GIVES_MONEY.search(heading))
    return ("way",) if REPORTED.search(heading) else ()


def _leads_on(facts: dict[str, Any], url: str) -> bool:
    """Whether a page mostly leads to pages below it, or to other products."""
    here = url.partition("?")[0].rstrip("/")
    below = {address for _, address in facts["links"] if address.startswith(f"{here}/")}
    others = {address for name, address in facts["links"] if ASKED.search(bare(name)) and not address.startswith(here)}
    return max(len(below), len(others)) > MOST_OTHERS


def _says(facts: dict[str, Any], part: str) -> bool:
    return SIGNS[part].search(facts["text"].lower()) is not None or (part == "way" and _offers_a_way(facts))


def _offers_a_way(facts: dict[str, Any]) -> bool:
    """Whether there is a form, a number to call or a link or button that does something."""
    names = (*facts["buttons"], *(name for name, _ in facts["links"]))
    reaches = any(url.startswith(CONTACT) for _, url in facts["links"])
    return facts["fields"] > 0 or reaches or any(ACTS.search(name.lower()) for name in names)
