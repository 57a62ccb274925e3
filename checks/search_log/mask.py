"""Personal data in what people typed is replaced by its kind, before anything is written.

Source: the forms in use in the Netherlands (citizen service number, IBAN, E.164, the 14 side codes of number plates, postcodes).
Every bare number of 8 digits and more is masked, whether its check digit fits or not: who mistypes his number is still a person.
Names are known by their company ("mijn naam is …") and by short lists; many are missed, and the threshold on rare queries
guards those.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from checks.search_log.names import FIRST_NAMES, PARTICLES, PLACE_ENDINGS, SURNAME_ENDINGS, SURNAMES
from rules.pattern import first_match

LONGEST_READ = 4_000  # characters of a query that are looked at
LONGEST_KEPT = 300
MOST_ROUNDS = 8  # of decoding; nobody types more
NO_CODES = str.maketrans("%&", "  ")
LONGEST_PAGE = 500
CACHE = 100_000  # distinct queries that are remembered with their masked form

EMAIL = re.compile(
    r"[^\s@\[\]]{1,64}@[^\s@\[\]]{1,255}"
    r"|[\w.+'-]{1,64}\s?(?:@|[(\[{]\s?(?:at|apenstaartje)\s?[)\]}]|\bat\b|\bapenstaartje\b)\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[(\[{]\s?(?:dot|punt)\s?[)\]}]|\bpunt\b|\bdot\b)\s?[a-z]{2,24})+\b"
)
MAY_BE_EMAIL = re.compile(r"\bat\b|apenstaart")
MAY_BE_NUMBER = re.compile(r"\d[^\d]*\d|(?<![a-z0-9])[a-z]{1,3}[-. ]?\d")  # nothing with fewer is masked
# "container 240": words too long for a plate and not those that announce a case number, and at the end a short number.
SHORT_NUMBER = re.compile(r"(?:(?!zaak|kenm|doss|refe|aans|fact|aanv|meld|bezw)[a-z]{4,} )+\d{1,3}")
MAY_BE_LONG = re.compile(r"\d(?:.*?\d){7}")
IBAN_NL = re.compile(r"(?<![a-z0-9])nl(?:[ .-]?\d){2}(?:[ .-]?[a-z]){4}(?:[ .-]?\d){7,10}(?!\d)")
IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?)(?![a-z0-9])")
MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
MONTHS += "|january|february|march|may|june|july|august|october|jan|feb|mrt|maa|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec"
SPELLED = "een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|(?:der|veer|vijf|zes|zeven|acht|negen)tien"
SPELLED += "|(?:(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)[eë]n)?twintig|(?:(?:een|één)en)?dertig"
DAY = rf"(?:(?<!\d)\d{{1,2}}(?:e|ste|de|st|nd|rd|th)?|\b(?:één|eerste|{SPELLED})(?:de|ste)?)"
WRITTEN_YEAR = r"'?(?:(?:19|20)\d\d|\d\d)(?!\d)"
WRITTEN_DATE = re.compile(
    rf"{DAY}[ ./-]{{0,3}}(?:{MONTHS})\.?[ ,./-]{{0,3}}{WRITTEN_YEAR}"
    rf"|\b(?:{MONTHS})\.? {{0,2}}\d{{1,2}}(?:st|nd|rd|th)?,? ?(?:of )?'?(?:19|20)\d\d(?!\d)"
    rf"|(?<=geboren )(?:(?:in )?(?:(?:{MONTHS}) )?(?:19|20)\d\d|(?:op )?\d{{1,2}} \d{{1,2}} \d\d)(?!\d)"
)
AMOUNT = re.compile(
    r"€ ?\d{1,3}(?:\.\d{3})*(?:,\d\d|,-)?(?![\d.])|(?<![\d.])\d{1,3}(?:\.\d{3})*(?:,\d\d)? ?(?:euro|eur|miljoen|miljard)\b"
)
IP_ADDRESS = re.compile(
    r"(?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.])|(?<![\w:])(?:[0-9a-f]{1,4}:+){4,7}[0-9a-f]{1,4}\b"
)
SHORT_DATE = re.compile(
    r"\d{1,2}( ?[-/.] ?)\d{1,2}\1(?:\d{4}|\d\d)|\d{4}( ?[-/.] ?)\d{1,2}\2\d{1,2}|(?:\d{1,2} \d{1,2} \d{4})"
    r"|(?<!\d)(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) \d\d(?! ?\d)"
)
MAY_BE_WRITTEN = re.compile(r"'|jan|feb|m[ae]|apr|mrt|ju[ln]|aug|sep|o[kc]t|nov|dec|geboren")  # all else has no month
QUOTED_YEAR = re.compile(r"(?<!\d)\d{1,2}[-/. ]\d{1,2}[-/. ]{1,2}'\d\d(?!\d)")  # "3-4-'85"
NUMBER = re.compile(r"(?<!\d)[+(]{0,2}\d(?:[ ./()_,+-]{0,3}\d)*")
YEAR = re.compile(r"(?:19|20)\d\d")
POSTCODE = re.compile(
    r"(?<![a-z0-9])([1-9]\d{3})([ ./_-]{0,2})((?!sa|sd|ss)[a-z]{2})"
    r"((?:[ ,._/-]{1,2}(?:nr|nummer|huisnummer|huisnr)?[ .:]{0,2}|(?=\d))(\d{1,5})(?!\d)(?: ?-? ?[a-z]{1,2}(?![a-z]))?)?"
    r"(?![a-z0-9])"
)
_TWO_LETTER_WORDS = "is in en de op of te om je er za zo ma di wo do vr ad nu al bv nr na we ze me km kg ca no ja mm cm m2"
TWO_LETTER_WORDS = frozenset(_TWO_LETTER_WORDS.split())
CASE_NUMBERS = (
    re.compile(r"(?<![a-z0-9])(?:z|zk|zaak|bzw|owo|hz)[ ./-]{0,2}(?:19|20)?\d{2}[-/. ]\d{2,}(?:[-/.]\d+)*(?![a-z0-9])"),
    re.compile(r"(?<![a-z0-9])(?:z|zk|zaak)[ ./-]{0,2}\d{4,}(?:[-/.]\d+)*(?![a-z0-9])"),
    re.compile(
        r"\b(?:zaak|kenmerk|dossier|referentie|zaaknummer|zaaknr|zaak nummer|zaak nr|dossiernummer|dossiernr|aanslagnummer"
        r"|factuurnummer|referentienummer|aanvraagnummer|meldingsnummer|meldnummer|bezwaarnummer)\b[ .:#-]{0,3}"
        r"(?!(?:19|20)\d\d\b)((?=[a-z./-]{0,10}\d)[a-z0-9][a-z0-9./-]{2,40})"
    ),
    re.compile(r"(?<![a-z0-9])[a-z]{1,4}[-/](?:19|20)?[012]\d[-/]\d{3,}(?![a-z0-9])"),  # "int-24-1234"
    re.compile(r"(?<![a-z0-9])olo(?:[- ]?(?:nummer|nr))?[ .:#-]{0,3}\d{5,}(?!\d)"),  # the national desk for permits
    re.compile(r"(?<![\d/.-])(?:19|20)\d{2}[-/](?!(?:19|20)?\d\d(?!\d))\d{3,}(?![\d/-])"),
)
LETTERS = "[bdfghjklmnprstvwxyz]"  # no vowels: a word is seldom written with a plate's digits about it
_SIDE_CODES: tuple[str, ...] = (
    "xx 99 99",
    "99 99 xx",
    "99 xx 99",
    "xx 99 xx",
    "xx xx 99",
    "99 xx xx",
    "99 xxx 9",
    "9 xxx 99",
    "xx 999 x",
    "x 999 xx",
)
_SIDE_CODES += ("xxx 99 x", "x 99 xxx", "9 xx 999", "999 xx 9")


def _plates() -> re.Pattern[str]:
    """The 14 side codes: with dashes any letters; with spaces, points or nothing between only letters that make no word."""
    forms: list[str] = []
    for code in _SIDE_CODES:
        groups = code.split()
        forms.append("[-‑]".join(group.replace("x", "[a-z]").replace("9", r"\d") for group in groups))
        tight = [group.replace("x", LETTERS).replace("9", r"\d") for group in groups]
        forms += [between.join(tight) for between in ("", r"[ .]")]
        kinds = [group[0] for group in groups]
        if kinds[0] != kinds[1] and kinds[1] != kinds[2]:  # letters and digits take turns twice: no word does that
            forms.append("".join(group.replace("x", "[a-z]").replace("9", r"\d") for group in groups))
    said = ["[ .‑-]?".join(g.replace("x", "[a-z]").replace("9", r"\d") for g in code.split()) for code in _SIDE_CODES]
    named = rf"(?<=kenteken )(?:{'|'.join(said)})"  # where the word stands before it, with vowels too
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(forms)}|{named})(?![a-z0-9])")


PLATE = _plates()
DOCUMENT = re.compile(r"(?<![a-z0-9])[a-z]{2}(?=[a-z0-9]*\d[a-z0-9]*\d[a-z0-9]*\d)[a-z0-9]{6}\d(?![a-z0-9])")

_WORD = r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*"
_PARTICLE = rf"(?:{'|'.join(map(re.escape, PARTICLES))})"
_FIRST = rf"(?:{'|'.join(sorted(FIRST_NAMES, key=len, reverse=True))})"
_INITIALS = r"(?:[^\W\d_](?:\. ?| ))"
_PERSON = rf"(?:(?:{_INITIALS}|{_FIRST}\b) ?)*(?:{_PARTICLE} )*{_WORD}"
NAME_AFTER = re.compile(
    r"\b(heer|dhr|meneer|mevrouw|mevr|mw|familie|fam|echtgenote? van|t\.n\.v|t\.a\.v|tnv|tav)(\.? +)"
    rf"(?!en\b|of\b|hugowaard\b)({_PERSON})"
)
NAME_IS = re.compile(
    rf"\b(mijn naam is|naam is|ik heet|hij heet|zij heet|genaamd|naam ?:|achternaam ?:?|voornaam ?:)( *)"
    rf"(?!(?:wijzigen|veranderen|aanpassen|wijziging|kiezen|partner|kind)\b)({_WORD}(?: +(?:{_PARTICLE} +)*{_WORD})?)"
)
_NAME_SIGNS = """
heer dhr meneer mevrouw mevr mw familie fam echtgenoot echtgenote t.n.v t.a.v tnv tav t a naam heet genaamd achternaam
voornaam
"""
NAME_SIGNS = frozenset(_NAME_SIGNS.split())
WORD_SPLIT = re.compile(r"[\s.:,;-]+")
FIRST_AND_REST = re.compile(rf"\b({_FIRST}(?:(?: +|-){_FIRST}\b)*) +((?:{_PARTICLE} +)*)({_WORD})")
PLACE_AFTER = re.compile(rf" (?:{'|'.join(PLACE_ENDINGS)})\b")  # "anna van buren plein"
INITIALS_AND_REST = re.compile(rf"(?<![\w.])((?:[^\W\d_]\. ?){{1,6}})((?:{_PARTICLE} +)*)({_WORD})")
_NOT_NAMES = """
afspraak paspoort aanvragen werkt bellen mailen spreken gemeente burgemeester wethouder over voor met naar en of die dat
niet kan wil zonder bij aan uit is was heeft moet jarig jaar geleden
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())


def mask_text(text: str, found: Counter[str] | None = None, case_numbers: Sequence[str] = ()) -> str:
    """A query in its stored form: decoded, small letters, single spaces, and personal data as "[bsn]", "[naam]" and so on.

    `found` counts what was masked, by kind. `case_numbers` are further expressions (RE2), of one municipality's case numbers.
    """
    counts: Counter[str] = Counter() if found is None else found
    text = plain(text)
    for pattern in case_numbers:
        for _ in range(20):
            match = first_match(pattern, text)
            if not match or match.startswith("["):
                break
            text = text.replace(match, "[zaaknummer]", 1)
            counts["zaaknummer"] += 1
    if "@" in text or MAY_BE_EMAIL.search(text):
        text = _replaced(EMAIL, "e-mail", text, counts)
    if MAY_BE_NUMBER.search(text) and not SHORT_NUMBER.fullmatch(text):
        text = _mask_numbers(text, counts)
    text = _mask_names(text, counts)
    return text[:LONGEST_KEPT].rstrip() if len(text) > LONGEST_KEPT else text


def plain(text: str) -> str:
    """Text without tricks: percent and entity codes decoded, forms of one character made one, invisible ones gone."""
    if len(text) > LONGEST_READ:  # what the cut goes through is left out whole: half a number would not be known
        text = re.sub(r"[\d\W]+$", "", text[:LONGEST_READ].rpartition(" ")[0]) if " " in text[:LONGEST_READ] else ""
    if text.isascii() and "%" not in text and "&" not in text and text.isprintable():
        return " ".join(text.lower().split())
    for _ in range(MOST_ROUNDS):  # what is decoded may hide what is removed, and the other way round
        before = text
        text = "".join(_simple(unicodedata.normalize("NFKC", _decoded(text)))).lower()
        if text == before:
            break
    else:
        text = text.translate(NO_CODES)
    return " ".join(text.split())


def _decoded(text: str) -> str:
    """Text without percent and entity codes, however often it was encoded."""
    for _ in range(MOST_ROUNDS):
        decoded = html.unescape(unquote(text)) if "%" in text or "&" in text else text
        if decoded == text:
            break
        text = decoded
    return text


def _simple(text: str) -> Iterator[str]:
    """Digits of every script as 0 to 9, every dash as one, no invisible signs and nothing that is drawn over a digit."""
    last_is_digit = False
    for sign in text:
        category = unicodedata.category(sign)
        if category == "Nd":
            yield str(unicodedata.decimal(sign))
            last_is_digit = True
        elif category in ("Cf", "Cs", "Co", "Cn") or (last_is_digit and category in ("Mn", "Me")):
            continue
        else:
            last_is_digit = False
            yield "-" if category == "Pd" or sign == "−" else " " if category in ("Cc", "Zs", "Zl", "Zp") else sign


def _replaced(pattern: re.Pattern[str], kind: str, text: str, counts: Counter[str]) -> str:
    text, times = pattern.subn(f"[{kind}]", text)
    if times:
        counts[kind] += times
    return text


def _mask_numbers(text: str, counts: Counter[str]) -> str:
    if MAY_BE_LONG.search(text):
        text = _replaced(IBAN_NL, "iban", text, counts)
        text = IBAN.sub(lambda match: _iban(match, counts), text)
    text = _replaced(IP_ADDRESS, "ip", text, counts)
    for pattern in CASE_NUMBERS:
        text = _replaced(pattern, "zaaknummer", text, counts)
    if MAY_BE_WRITTEN.search(text):
        text = _replaced(QUOTED_YEAR, "datum", _replaced(WRITTEN_DATE, "datum", text, counts), counts)
    text = POSTCODE.sub(lambda match: _postcode(match, counts), text)
    text = _replaced(PLATE, "kenteken", text, counts)
    text = _replaced(DOCUMENT, "nummer", text, counts)
    amounts = [match.span() for match in AMOUNT.finditer(text)]
    return NUMBER.sub(lambda match: _number(match, amounts, counts), text)


def _iban(match: re.Match[str], counts: Counter[str]) -> str:
    """A foreign account number, where its check digits fit; words that follow it are left alone."""
    signs = match[0]
    for end in range(len(signs), 14, -1):
        compact = signs[:end].replace(" ", "")
        if (
            signs[end - 1] != " "
            and 15 <= len(compact) <= 34
            and int("".join(str(int(one, 36)) for one in compact[4:] + compact[:4])) % 97 == 1
        ):
            counts["iban"] += 1
            return "[iban]" + signs[end:]
    return signs


def _postcode(match: re.Match[str], counts: Counter[str]) -> str:
    digits, between, letters, _, number = match.groups()
    is_year = YEAR.fullmatch(digits)
    if between and (letters in TWO_LETTER_WORDS or is_year) and (not number or (is_year and YEAR.fullmatch(number))):
        return match[0]  # "2026 is", "2025 en 2026"
    counts["postcode"] += 1
    return "[postcode]"


def _number(match: re.Match[str], amounts: list[tuple[int, int]], counts: Counter[str]) -> str:
    """A run of digits with what people write between them: masked by how many there are and how they are grouped."""
    run = match[0]
    digits = [sign for sign in run if sign.isdigit()]
    if SHORT_DATE.fullmatch(run):
        kind = "datum"
    elif len(digits) < 8 or any(start <= match.start() and match.end() <= end for start, end in amounts):
        parts = SHORT_DATE.search(run)
        if parts is None:
            return run
        counts["datum"] += 1
        return run[: parts.start()] + "[datum]" + run[parts.end() :]
    elif all(YEAR.fullmatch(group) for group in re.findall(r"\d+", run)):
        return run
    else:
        number = "".join(digits)
        kind = "bsn" if len(digits) < 10 else "telefoon" if run.startswith("+") or re.match(r"0|31|310", number) else "nummer"
    counts[kind] += 1
    return f"[{kind}]"


def _mask_names(text: str, counts: Counter[str]) -> str:
    def after(match: re.Match[str]) -> str:
        counts["naam"] += 1
        return f"{match[1]}{match[2]}[naam]"

    words = set(WORD_SPLIT.split(text))
    if words & NAME_SIGNS:
        text = NAME_AFTER.sub(after, NAME_IS.sub(after, text))
    if "." in text:
        text = INITIALS_AND_REST.sub(lambda match: _whole_name(match, counts, sure=True), text)
    if words & FIRST_NAMES:
        text = FIRST_AND_REST.sub(lambda match: _whole_name(match, counts, sure=False), text)
    return text


def _whole_name(match: re.Match[str], counts: Counter[str], *, sure: bool) -> str:
    """A first name or initials with what follows, where that is a surname by the list, its form, or a particle before it."""
    _, particles, last = match.groups()
    if last in NOT_NAMES or last.endswith(PLACE_ENDINGS) or PLACE_AFTER.match(match.string, match.end()):
        return match[0]
    by_form = last in SURNAMES or last.endswith(SURNAME_ENDINGS)
    initials = sure and (bool(particles) or by_form or match[1].count(".") > 1) and len(last) > 2
    if not (initials or (not sure and (by_form or (particles.split()[-1:] not in ([], ["in"], ["te"], ["het"]))))):
        return match[0]
    counts["naam"] += 1
    return "[naam]"


class Masker:
    """Masks each distinct query once, and remembers a bounded number of them, in memory only."""

    def __init__(self, case_numbers: Sequence[str] = ()) -> None:
        self.case_numbers = tuple(case_numbers)
        self.counts: Counter[str] = Counter()  # of every occurrence, not only of the distinct ones
        self._queries: dict[str, tuple[str, Counter[str] | None]] = {}
        self._pages: dict[str, tuple[str, Counter[str] | None]] = {}

    def query(self, text: str) -> str:
        masked, kinds = self._queries.get(text) or self._remember(self._queries, text, self._mask(text))
        if kinds:
            self.counts.update(kinds)
        return masked

    def page(self, address: str) -> str:
        """The path of a page without its query; personal data in it is masked, part by part."""
        masked, kinds = self._pages.get(address) or self._remember(self._pages, address, self._mask_page(address))
        if kinds:
            self.counts.update(kinds)
        return masked

    @staticmethod
    def _remember(
        cache: dict[str, tuple[str, Counter[str] | None]], text: str, masked: tuple[str, Counter[str] | None]
    ) -> tuple[str, Counter[str] | None]:
        if len(cache) >= CACHE:
            cache.clear()
        if len(text) <= LONGEST_KEPT:
            cache[text] = masked
        return masked

    def _mask(self, text: str) -> tuple[str, Counter[str] | None]:
        found: Counter[str] = Counter()
        return mask_text(text, found, self.case_numbers), found or None

    def _mask_page(self, address: str) -> tuple[str, Counter[str] | None]:
        found: Counter[str] = Counter()
        try:
            path = urlsplit(address).path
        except ValueError:
            path = ""
        parts = (self._mask_part(part, found) for part in unquote(path[:LONGEST_READ]).split("/"))
        return "/".join(parts)[:LONGEST_PAGE] or "/", found or None

    def _mask_part(self, part: str, found: Counter[str]) -> str:
        """One part of a path; dashes and underscores are also read as the spaces that they stand for."""
        for form in (part, part.replace("-", " ").replace("_", " ").replace("+", " ")):
            masked = mask_text(form, found, self.case_numbers)
            if "[" in masked and masked != plain(form):
                return masked.replace(" ", "-")
        return plain(part)
