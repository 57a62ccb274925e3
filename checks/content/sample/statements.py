"""What a page states that another may state otherwise: numbers, addresses, opening hours, fees and terms, of a named subject.

A statement counts only where its subject is named: by the heading it stands under, its sentence, its row, or the name in JSON-LD.
Different notations of one fact are one value: telephone numbers as E.164 (ITU-T), hours as minutes, amounts as cents.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import phonenumbers

from checks.accessibility.wording import bare
from checks.content.blocks import Block, MainContent, sentences
from checks.content.dates.when import MONTHS
from checks.content.lists import word_list
from checks.verdict import Element

MOST_STATEMENTS = 40  # of one page
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Words that say what kind of fact follows, not of whom.
ABOUT_FACTS = word_list("sample/about_facts.txt")
# Hours of another kind than those of the counter itself are another subject.
QUALIFIERS = re.compile(
    r"telefonisch\w*|balie\w*|afspraak|inloop\w*|zomer\w*|winter\w*|vakantie\w*|feestdag\w*|avond\w*|koningsdag|kerst\w*|pasen|pinkster\w*|"
    r"ophalen|afhalen|spoed\w*|even weken|oneven|bezorg\w*|chat|whatsapp|schoolvakantie\w*|ramadan|gesloten|tijdelijk\w*|"
    r"aangepast\w*|vanaf|tot en met|kassa|horeca|verhuur",
    re.IGNORECASE,
)

OTHERS = re.compile(
    r"\b(?:politie|brandweer|ggd|notaris|rijk|provincie|waterschap|huisarts|woningcorporatie|stichting|vereniging)\b",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\w€/.,-])(?:\+31|0031|0)[\d ()–-]{8,16}\d(?![\w/-])|(?<![\w€/.,+-])14 ?0\d{2,3}(?![\d\w/-])")
MAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\b")
POSTCODE = re.compile(r"\b([1-9]\d{3}) ?([A-Z]{2})\b(?=[\s,]|$)")
STREET = re.compile(r"([A-ZÀ-Þ][\w.’' -]{2,40}?) (\d{1,5}(?: ?[-/]? ?[a-zA-Z0-9]{1,4})?)[\s,]*$")
HOURS = re.compile(
    r"(?P<from>\d{1,2})(?:[.:](?P<from_minute>\d\d))?(?: uur)? ?(?:-|–|—|tot en met|t/m|tot) ?"
    r"(?P<to>\d{1,2})(?:[.:](?P<to_minute>\d\d))?"
    r"(?= ?uur|\s|[,;.)]|$)"
)
DAY = re.compile(
    r"\b(" + "|".join(DAYS) + r")(?:en|s)?(?: ?(?:t/m|tot en met|tot|-|–) ?(" + "|".join(DAYS) + r"))?\b", re.IGNORECASE
)
OF_THE_DAY = re.compile(r"\b(?:gesloten|dicht|'s avonds|avond)\b", re.IGNORECASE)  # parts of a day, and hours that there are none
MONTH = re.compile(r"\b(?:" + "|".join(MONTHS) + r")\b", re.IGNORECASE)
CLOSED = re.compile(r"\b(?:gesloten|dicht)\b", re.IGNORECASE)

AMOUNT = re.compile(r"€ ?(\d{1,3}(?:\.\d{3})*|\d{1,6})(?:,(\d\d|-|–))?(?![\d.,]*\d)")
FEE = re.compile(
    r"\b(?:een|het|de|uw|voor een) ((?:[\w’'-]+ ){0,5}?[\w’'-]{4,40}) (?:kost|kosten|bedraagt|bedragen)"
    r"(?: dan| nu| u| standaard)? €",
    re.IGNORECASE,
)
TERM = re.compile(
    r"^(?:een|het|de|uw) ((?:[\w’'-]+ ){0,4}?[\w’'-]{4,40}) (?:is|ligt|duurt|krijgt u|ontvangt u)(?: [\w’'-]+){0,4}? "
    r"(\d{1,3}|één|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|dertien) "
    r"(werkdag|dag|week|weken|maand|jaar)(?:en)?\b",
    re.IGNORECASE,
)
COUNT = ("", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien")
# With these an amount or a term is not the whole of it.
PARTLY = re.compile(
    r"\b(?:per|vanaf|minimaal|maximaal|ten minste|hoogstens|korting|extra|toeslag|spoed\w*|meestal|soms|waarvan|tot)\b",
    re.IGNORECASE,
)
NO_SUBJECT = word_list("sample/no_subject.txt")


@dataclass(frozen=True)
class Statement:
    """One fact of one subject, as one page states it."""

    kind: str  # phone, mail, visit, post, hours, fee, term
    subject: str
    value: str  # the same for every notation
    shown: str  # as it is written
    element: Element


def statements_of(content: MainContent) -> list[Statement]:
    """What the main content and the JSON-LD of a page state."""
    found: dict[tuple[str, str, str], Statement] = {}
    for one in (*_in_blocks(content), *_in_data(content)):
        found.setdefault((one.kind, one.subject, one.value), one)
    return list(found.values())[:MOST_STATEMENTS]


def subject_of(text: str) -> str:
    """Of whom a heading speaks: its words without those that say what kind of fact follows. "" where nothing is left."""
    words = [word for word in bare(text.partition("(")[0]).split() if word not in ABOUT_FACTS]
    return " ".join(words) if sum(map(len, words)) > 3 else ""


# --- in the text ---------------------------------------------------------------------------------------------------


def _in_blocks(content: MainContent) -> Iterator[Statement]:
    top = next((subject_of(block.text) for block in content.blocks if block.tag == "h1"), "")
    for block in content.blocks:
        if block.is_heading or block.quoted:
            continue
        subject = subject_of(block.under) or top
        if subject and not _is_other_subject(block.text):
            yield from _contacts(subject, block)
            yield from _hours(subject, block)
        yield from _fees(block)
        yield from _terms(block)


def _is_other_subject(text: str) -> bool:
    """Whether a block names somebody of its own: "Bel de politie: 0900-8844"."""
    return OTHERS.search(text) is not None


def _contacts(subject: str, block: Block) -> Iterator[Statement]:
    phones = [href[4:] for href in block.links if href.lower().startswith("tel:")] + PHONE.findall(block.text)
    for written in phones:
        if number := phone_number(written):
            yield Statement("phone", subject, number, written.strip(), block.element)
    mails = [href[7:].partition("?")[0] for href in block.links if href.lower().startswith("mailto:")] + MAIL.findall(block.text)
    for written in mails:
        yield Statement("mail", subject, written.strip().casefold().rstrip("."), written.strip(), block.element)
    for match in POSTCODE.finditer(block.text):
        before = block.text[: match.start()].rstrip(" ,\n").replace("\n", " ")
        street = STREET.search(before[-60:])
        if not street:
            continue
        is_box = re.search(r"postbus$", street[1], re.IGNORECASE) is not None
        value = f"{match[1]}{match[2]} {re.sub(r'[^0-9a-z]', '', street[2].lower())}"
        yield Statement("post" if is_box else "visit", subject, value, f"{street[1]} {street[2]}, {match[0]}", block.element)


@lru_cache(maxsize=10_000)
def phone_number(written: str) -> str:
    """A telephone number in one form, E.164 or a short 14-number; "" where it is none of the Netherlands."""
    digits = re.sub(r"\D", "", written)
    if re.fullmatch(r"140\d{2,3}", digits):
        return digits
    try:
        number = phonenumbers.parse(written, "NL")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else ""


def _hours(subject: str, block: Block) -> Iterator[Statement]:
    """The hours of days in a block, or in a row of a table that begins with the name of a day."""
    in_table = bool(block.row) and DAY.fullmatch(block.row[0].strip().rstrip(":")) is not None
    text = " ".join((*block.row[:1], block.text, *block.row[1:])) if in_table else block.text
    days = list(DAY.finditer(text))
    around = f"{block.under} {block.head if in_table else ''} {DAY.sub(' ', text)}"
    if not days or QUALIFIERS.search(OF_THE_DAY.sub(" ", around)) or MONTH.search(text):
        return
    for number, day in enumerate(days):
        end = days[number + 1].start() if number + 1 < len(days) else len(text)
        said = text[day.end() : end]
        spans = [span for match in HOURS.finditer(said) if (span := _span(match))]
        if not spans and not CLOSED.search(said):
            continue
        value = "+".join(sorted(spans)) or "closed"
        first, last = DAYS.index(day[1].lower()), DAYS.index((day[2] or day[1]).lower())
        for one in range(first, last + 1):
            yield Statement(f"hours {DAYS[one]}", subject, value, f"{DAYS[one]} {_shown(value)}", block.element)


def _span(match: re.Match[str]) -> str:
    start, end = int(match["from"]) * 60 + int(match["from_minute"] or 0), int(match["to"]) * 60 + int(match["to_minute"] or 0)
    return f"{start:04}-{end:04}" if 0 <= start < end <= 1440 else ""


def _fees(block: Block) -> Iterator[Statement]:
    if block.tag == "td" and block.row and AMOUNT.fullmatch(block.text.strip()) and sum("€" in cell for cell in block.row) == 0:
        subject = _named(block.row[0])
        if subject:
            yield Statement("fee", subject, _cents(block.text), block.text.strip(), block.element)
        return
    for sentence in sentences(block.text):
        match = FEE.search(sentence)
        if match and len(AMOUNT.findall(sentence)) == 1 and not PARTLY.search(sentence) and (subject := _named(match[1])):
            amount = AMOUNT.search(sentence)
            assert amount
            yield Statement("fee", subject, _cents(amount[0]), amount[0], block.element)


def _terms(block: Block) -> Iterator[Statement]:
    for sentence in sentences(block.text):
        match = TERM.search(sentence)
        if match and not PARTLY.search(sentence) and (subject := _named(match[1])):
            written = match[2].lower().replace("é", "e")
            count = COUNT.index(written) if written in COUNT else int(written)
            unit = match[3].lower().replace("weken", "week")
            value = f"{count * 7} dag" if unit == "week" else f"{count} {unit}"
            kind = "term valid" if "geldig" in sentence else "term"
            yield Statement(f"{kind} {value.partition(' ')[2]}", subject, value, f"{match[2]} {match[3]}", block.element)


def _named(text: str) -> str:
    """The product that a fee or a term is of; "" where the words name none."""
    words = [word for word in bare(text).split() if word not in ("een", "het", "de", "uw", "van", "voor")]
    return " ".join(words) if any(word not in NO_SUBJECT and len(word) > 4 for word in words) else ""


def _cents(text: str) -> str:
    match = AMOUNT.search(text)
    if not match:
        return ""
    return str(int(match[1].replace(".", "")) * 100 + (int(match[2]) if match[2] and match[2].isdigit() else 0))


# --- in JSON-LD ----------------------------------------------------------------------------------------------------


def _in_data(content: MainContent) -> Iterator[Statement]:
    element = content.facts["root"]
    for text in content.facts["data"]:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            subject = subject_of(str(thing.get("name", ""))[:200])
            if subject:
                yield from _of_thing(subject, thing, element)


def _things(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a graph, at most 50."""
    left, seen = [data], 0
    while left and seen < 50:
        one = left.pop()
        seen += 1
        if isinstance(one, list):
            left += one[:50]
        elif isinstance(one, dict):
            yield one
            left += [value for value in one.values() if isinstance(value, (dict, list))][:20]


def _of_thing(subject: str, thing: dict[str, Any], element: Element) -> Iterator[Statement]:
    if isinstance(phone := thing.get("telephone"), str) and (number := phone_number(phone[:40])):
        yield Statement("phone", subject, number, phone[:40], element)
    if isinstance(mail := thing.get("email"), str) and MAIL.fullmatch(mail.removeprefix("mailto:")[:100]):
        yield Statement("mail", subject, mail.removeprefix("mailto:").casefold(), mail.removeprefix("mailto:"), element)
    address = thing.get("address")
    if isinstance(address, dict):
        street, postcode = (
            str(address.get("streetAddress", ""))[:100],
            str(address.get("postalCode", ""))[:10].upper().replace(" ", ""),
        )
        house = STREET.search(street)
        if house and re.fullmatch(r"\d{4}[A-Z]{2}", postcode):
            kind = "post" if "postbus" in street.lower() else "visit"
            value = f"{postcode} {re.sub(r'[^0-9a-z]', '', house[2].lower())}"
            yield Statement(kind, subject, value, f"{street}, {postcode}", element)
    yield from _hours_of_thing(subject, thing, element)


def _hours_of_thing(subject: str, thing: dict[str, Any], element: Element) -> Iterator[Statement]:
    specified = thing.get("openingHoursSpecification")
    spans: dict[int, list[str]] = defaultdict(list)
    for one in specified if isinstance(specified, list) else [specified]:
        if not isinstance(one, dict) or "validFrom" in one:
            continue
        days = one.get("dayOfWeek")
        opens, closes = str(one.get("opens", "")), str(one.get("closes", ""))
        for day in days if isinstance(days, list) else [days]:
            name = str(day).rpartition("/")[2].lower()
            if name in ENGLISH_DAYS and re.match(r"\d\d:\d\d", opens) and re.match(r"\d\d:\d\d", closes):
                spans[ENGLISH_DAYS.index(name)].append(f"{_minutes(opens):04}-{_minutes(closes):04}")
    for day, hours in spans.items():
        value = "+".join(sorted(hours))
        yield Statement(f"hours {DAYS[day]}", subject, value, f"{DAYS[day]} {_shown(value)}", element)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:5])


def _shown(value: str) -> str:
    """Opening hours as a Dutch text has them."""
    if value == "closed":
        return "gesloten"
    return " en ".join(f"{_clock(one[:4])}-{_clock(one[5:])} uur" for one in value.split("+"))


def _clock(minutes: str) -> str:
    return f"{int(minutes) // 60}.{int(minutes) % 60:02}"
