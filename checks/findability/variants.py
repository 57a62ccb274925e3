"""What residents type instead of the words that a task has: with a typing error, in another form, or in everyday words.

A search that only knows the exact word fails many of them. How many of these it forgives is scored apart, as tolerance.
The variants of a query are always the same ones, so that two runs can be compared.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from rules.findability import QueryKind

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {
    key: [ROWS[row][at] for row, at in ((line, place - 1), (line, place + 1)) if 0 <= at < len(ROWS[row])]
    for line, keys in enumerate(ROWS)
    for place, key in enumerate(keys)
}
SHORTEST = 5  # letters: an error in a shorter word often makes another word
VOWELS = "aeiou"
# What the town hall says, and what residents say; from our own knowledge of municipal websites.
EVERYDAY = {
    "grof huishoudelijk afval": "grofvuil",
    "grofvuil": "grof huishoudelijk afval",
    "huisvuil": "afval",
    "verhuizing doorgeven": "verhuizen",
    "adreswijziging": "verhuizen",
    "identiteitskaart": "id kaart",
    "rijbewijs": "autorijbewijs",
    "omgevingsvergunning": "bouwvergunning",
    "bouwvergunning": "omgevingsvergunning",
    "kapvergunning": "boom kappen",
    "uittreksel brp": "uittreksel",
    "uittreksel": "bewijs van inschrijving",
    "kwijtschelding": "belasting niet betalen",
    "gemeentelijke belastingen": "belasting",
    "onroerendezaakbelasting": "ozb",
    "ozb": "onroerendezaakbelasting",
    "gehandicaptenparkeerkaart": "invalidenkaart",
    "parkeervergunning": "bewonersparkeren",
    "geboorteaangifte": "baby aangeven",
    "aangifte geboorte": "baby aangeven",
    "aangifte overlijden": "overlijden melden",
    "huwelijk": "trouwen",
    "trouwen": "huwelijk",
    "geregistreerd partnerschap": "samenlevingscontract",
    "bijstandsuitkering": "bijstand",
    "participatiewet": "uitkering",
    "wmo": "hulp in huis",
    "huishoudelijke hulp": "thuishulp",
    "leerlingenvervoer": "schoolvervoer",
    "evenementenvergunning": "feest organiseren",
    "melding openbare ruimte": "klacht straat",
    "straatverlichting": "lantaarnpaal",
    "openbare verlichting": "lantaarnpaal",
    "milieustraat": "stort",
    "afvalbrengstation": "stort",
    "naturalisatie": "nederlander worden",
    "verklaring omtrent het gedrag": "vog",
    "vog": "verklaring goed gedrag",
    "inburgering": "inburgeren",
    "hondenbelasting": "hond aanmelden",
    "subsidie": "geld aanvragen",
    "reisdocument": "paspoort",
}


def variants(query: str) -> tuple[tuple[QueryKind, str], ...]:
    """Other ways in which a query may be typed, each once, without the query itself."""
    plain = " ".join(query.lower().split())
    found = {text: kind for kind, text in _all(plain) if text != plain}
    return tuple((kind, text) for text, kind in found.items())


def _all(query: str) -> Iterator[tuple[QueryKind, str]]:
    for text in typing_errors(query):
        yield QueryKind.TYPING_ERROR, text
    for text in inflections(query):
        yield QueryKind.INFLECTION, text
    for official, everyday in EVERYDAY.items():
        if re.search(rf"\b{re.escape(official)}\b", query):
            yield QueryKind.EVERYDAY_WORD, re.sub(rf"\b{re.escape(official)}\b", everyday, query)


def typing_errors(query: str) -> list[str]:
    """The longest word with two letters swapped, one left out, one doubled, and one from the key beside it."""
    words = [word for word in re.findall(r"[a-z]+", query) if len(word) >= SHORTEST]
    if not words:
        return []
    word = max(words, key=len)
    places = [place for place in range(1, len(word) - 1) if word[place] != word[place + 1]]
    if not places:
        return []
    at = places[_number(word) % len(places)]
    beside = NEIGHBOURS[word[at]]
    wrong = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
        word[:at] + beside[_number(word) % len(beside)] + word[at + 1 :],
    )
    return list(dict.fromkeys(query.replace(word, one, 1) for one in wrong if one != word))


def inflections(query: str) -> list[str]:
    """The last word in the plural or the singular, by the regular rules of Dutch; empty where they do not say."""
    *rest, word = query.split() or [""]
    if len(word) < SHORTEST or not word.isalpha():
        return []
    return [" ".join([*rest, other])] if (other := _other_number(word)) else []


def _other_number(word: str) -> str:
    """paspoorten of paspoort and back, containers of container, vergunningen of vergunning, bomen of boom."""
    if word.endswith("ingen"):
        return word[:-2]
    if word.endswith("ing"):
        return word + "en"
    if word.endswith(("ers", "els", "ens")):
        return word[:-1]
    if word.endswith(("er", "el", "aar")):
        return word + "s"
    if word.endswith("en"):
        return _singular(word[:-2])
    if word[-1] in "tdkpgmnlr" and word[-2] not in VOWELS:
        return word + "en"
    if word[-1] in "tdkpgmnlr" and word[-2] == word[-3] and word[-2] in VOWELS:
        return word[:-2] + word[-1] + "en"  # an open syllable writes its long vowel once
    return ""


def _singular(stem: str) -> str:
    if len(stem) < 3:
        return ""
    if stem[-1] == stem[-2]:
        return stem[:-1]
    is_open = stem[-1] not in VOWELS and stem[-2] in "aeou" and stem[-3] not in VOWELS
    return stem[:-1] + stem[-2] + stem[-1] if is_open else stem


def _number(word: str) -> int:
    """The same for the same word, on every machine and in every run."""
    return hashlib.sha256(word.encode()).digest()[0]
