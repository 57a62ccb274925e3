"""What is past: deadlines and closures that are over, figures of a year that is over, pages that nobody has touched for years.

Advice. A passed date is a fact, but whether it should go is the editor's to say: so it asks. A date that tells of the past is
none of it, nor is news, which bears its own date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from checks.content.blocks import Block, MainContent, main_content, sentences
from checks.content.dates.when import as_written, dates_in
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

PASSED_DATE, OLD_YEAR, OLD_PAGE = "date-passed", "year-passed", "page-not-reviewed"
RULES = (PASSED_DATE, OLD_YEAR, OLD_PAGE)

BEFORE = 300  # characters before a date that may say what it is of
MOST_DATES = 20  # of one sentence

UNTIL = re.compile(
    r"\b(?:tot en met|t/m|tot|uiterlijk(?: op| vóór| voor)?|vóór|voor)"
    r"(?: (?:maan|dins|woens|donder|vrij|zater|zon)dag)?(?: de)? $",
    re.IGNORECASE,
)
# What a reader is told to do or may do, now.
DO = re.compile(
    r"\b(?:aanmeld\w*|meld|inschrijv\w*|schrijf|aanvra\w+|vraag|vragen|reageer\w*|reageren|indienen|dien|dienen|opgeven|geef|stem|stemmen|"
    r"insturen|stuur|sturen|inlever\w*|lever|leveren|deelnemen|meedoen|doe|bezwaar|zienswijze\w*|inzien|inzage|bekijken|bestel|"
    r"bestellen|koop|kopen|solliciteren|solliciteer|betalen|betaal|bezoeken|terecht|ophalen|haal)\b",
    re.IGNORECASE,
)
NOW = re.compile(
    r"\b(?:kan|kunt|kun|kunnen|mag|mogen|moet|moeten|is mogelijk|ligt|liggen|loopt|lopen|meld|schrijf|vraag|dien|stuur|"
    r"reageer|geef|stem|lever|doe|bestel|koop|solliciteer|betaal|haal)\b",
    re.IGNORECASE,
)
# Something that is open, closed or valid up to a day.
STATE = re.compile(
    r"\b(?:is|zijn|blijft|blijven)\b.{0,80}\b(?:gesloten|dicht|afgesloten|gestremd|open|geopend|geldig|beschikbaar|"
    r"buiten gebruik|niet bereikbaar|bereikbaar|te zien|te bezoeken)\b",
    re.IGNORECASE,
)
# The past, and what is told of it.
PAST = re.compile(
    r"\b(?:kon|konden|was|waren|werd|werden|had|hadden|heeft|hebben|mocht|mochten|moest|moesten|ging|gingen|gold|golden|liep|liepen|lag|"
    r"lagen|geweest|verlopen|voorbij|afgelopen|destijds|toen|vroeger|sinds|eerder|geboren|overleden|bouwjaar|betaalde|betaalden)\b",
    re.IGNORECASE,
)
# For whom a day in the past may decide: "wie voor 1 januari 2015 is ingeschreven", "rijbewijzen van voor …".
CONDITION = re.compile(
    r"\b(?:wie|als|indien|wanneer|mits|tenzij|die|dat|degenen?|gebouwd|geboren|afgegeven|ingeschreven|verhuisd|verbouwd|verleend|"
    r"aangevraagd|ingediend|ingegaan|uitgegeven|gekocht|gestart|aangemeld)\b[^.]{0,120}$|\bvan (?:vóór|voor)(?: \w+dag)? $",
    re.IGNORECASE,
)

NEWS_ADDRESS = re.compile(
    r"/(?:nieuws\w*|actueel|news|archief|archive|pers\w*|blog\w*|bekendmaking\w*|raad\w*|vergadering\w*|besluit\w*|agenda|geschiedenis|"
    r"publicaties|verslag\w*)(?:/|$|-)|/(?:19|20)\d\d/",
    re.IGNORECASE,
)
NEWS_TYPE = re.compile(r'"@type"\s*:\s*"(?:NewsArticle|BlogPosting|Article|Event|Report)"')
PUBLISHED = re.compile(r"(?:gepubliceerd|geplaatst|nieuwsbericht|persbericht|datum|bericht van)\W", re.IGNORECASE)
# Headings with figures that are of one year.
OF_A_YEAR = re.compile(
    r"\b(?:tarieven|tarief|kosten|prijzen|leges|legestarieven|afvalkalender|ophaaldagen|inzameldagen|openingstijden|feestdagen|"
    r"vakantiedata|schoolvakanties|belastingtarieven|huurprijzen|inkomensgrenzen|bedragen|normen)\b.{0,30}?\b(20\d\d)\b(?![-/–]\d)",
    re.IGNORECASE,
)
OLDER_ON_PURPOSE = re.compile(
    r"archief|vorige|voorgaande|eerdere|oude|ouder|historisch|verleden|terugblik|jaarverslag", re.IGNORECASE
)
# The day of the page itself, which is not that of its figures.
OF_THE_PAGE = re.compile(r"gewijzigd|bijgewerkt|aangepast|herzien|gecontroleerd|wijziging|update|©|copyright", re.IGNORECASE)
LAST_CHANGED = re.compile(
    r"\b(?:laatst|voor het laatst)(?: (?:is|werd|deze pagina))* (?:gewijzigd|bijgewerkt|aangepast|herzien|gecontroleerd|bewerkt)"
    r"(?: op)?:? ?$|\blaatste (?:wijziging|update|aanpassing|controle)(?: op)?:? ?$",
    re.IGNORECASE,
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """The deadlines in the text, the year in its headings, and the day on which the page says that it was changed."""
    content = main_content(document)
    if content is None or _is_of_its_day(content, document.page.url):
        return
    yield from _deadlines(content)
    yield from _years(content)
    changed = _last_changed(content)
    if changed is None:
        return
    day, block = changed
    element = block.element if block else content.facts["root"]
    months = document.page.review_months
    if months_between(day, content.today) >= months:
        yield cannot_tell(OLD_PAGE, element, date=as_written(day), months=months)
    else:
        yield passed(OLD_PAGE, element)


def months_between(earlier: date, later: date) -> int:
    """Whole months."""
    return 12 * (later.year - earlier.year) + later.month - earlier.month - (later.day < earlier.day)


def _is_of_its_day(content: MainContent, url: str) -> bool:
    """Whether a page is news or a record: it bears a date of its own, and the reader sees by that what is over."""
    if NEWS_ADDRESS.search(url.partition("://")[2].partition("?")[0]) or any(map(NEWS_TYPE.search, content.facts["data"])):
        return True
    for block in content.blocks[:6]:
        if not OF_THE_PAGE.search(block.text) and any(
            match.start() < 40 and (len(block.text) - len(match[0]) < 12 or PUBLISHED.match(block.text))
            for match, _ in dates_in(block.text)
        ):
            return True
    return False


def _deadlines(content: MainContent) -> Iterator[Verdict]:
    for block in content.blocks:
        if block.quoted:
            continue
        text = f"{block.under}. {block.text}" if OLDER_ON_PURPOSE.search(block.under) else block.text
        if OLDER_ON_PURPOSE.search(text):
            continue
        seen, over = False, None
        for sentence in sentences(block.text):
            for match, day in islice(dates_in(sentence), MOST_DATES):
                before = _before(sentence, match)
                if not UNTIL.search(before) or not _tells_of_now(sentence, before):
                    continue
                seen = True
                if day < content.today and over is None:
                    over = sentence, match[0]
        if over:
            yield cannot_tell(PASSED_DATE, block.element, date=over[1], sentence=over[0][:160])
        elif seen:
            yield passed(PASSED_DATE, block.element)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - BEFORE) : match.start()]


def _tells_of_now(sentence: str, before: str) -> bool:
    """Whether a sentence says what a reader can do, or what is open, up to a day; a condition about the past is neither."""
    if PAST.search(sentence) or CONDITION.search(before):
        return False
    return (DO.search(sentence) is not None and NOW.search(sentence) is not None) or STATE.search(sentence) is not None


def _years(content: MainContent) -> Iterator[Verdict]:
    """Headings with tariffs of a year that is over, on a page that has no later year."""
    this_year = content.today.year
    tells = "\n".join(block.text for block in content.blocks if not OF_THE_PAGE.search(block.text))
    is_later = any(int(year) >= this_year for year in re.findall(r"\b20\d\d\b", tells))
    for block in content.blocks:
        if not (block.is_heading or block.tag == "caption"):
            continue
        match = OF_A_YEAR.search(block.text)
        if not match or OLDER_ON_PURPOSE.search(block.text):
            continue
        if int(match[1]) < this_year and not is_later:
            yield cannot_tell(OLD_YEAR, block.element, heading=block.text[:120], year=match[1])
        else:
            yield passed(OLD_YEAR, block.element)


def _last_changed(content: MainContent) -> tuple[date, Block | None] | None:
    """When a page says that it was changed last: in its text, else in its head."""
    for block in content.blocks:
        for match, day in dates_in(block.text):
            if LAST_CHANGED.search(_before(block.text, match)):
                return day, block
    stated = [content.facts["modified"], *(_modified(one) for one in content.facts["data"])]
    days = [day for text in stated for _, day in dates_in(text[:10])]
    return (max(days), None) if days else None


def _modified(data: str) -> str:
    """The dateModified of a page's JSON-LD; "" where it has none or is no JSON."""
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    value = found.get("dateModified") if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""
