"""Which product of the national list (UPL) a page is about: as it declares itself, or else by its words.

Precision goes before recall: a page is matched where its heading, its title or the last step of its address says a name of the
list and nothing else, whatever the order, form or compounding of its words: "Geboorte aangeven" is "geboorteaangifte". What says
more may be a part of the product, or news about it. Source of the stems: Snowball, Dutch.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz, process

from checks.accessibility.wording import bare
from rules.product_coverage import MatchedBy
from rules.stemming import stem
from rules.upl import TERM, Product

LONGEST = 200  # characters of a title
SEPARATOR = re.compile(r"\s[|–—»·•:-]\s|\s[|»]|[|»]\s")
ALTERNATIVE = re.compile(r"\s(?:of|en)\s|\s?[,/]\s?")
BRACKETS = re.compile(r"\s*\(([^()]*)\)")
ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)$|[_-]\d{2,}$|,\d+$")
SHORT = re.compile(r"\((\w{3,})\)$")  # an abbreviation at the end
FEWEST_LETTERS, LIKENESS = 12, 96.0  # of a name that may be spelt otherwise; per cent: one letter more or less
EITHER = re.compile(r"\b(\w+) of (\w+)\b")
FEWEST_WORDS_OF_TWO = 3

# What a title says around the name of a product: it tells nothing of which product it is.
AROUND_WORDS = (
    "de het een uw je jouw mijn ons onze voor van bij in op aan met door via per te om uit als naar u "
    "aanvragen aanvraag aanvraagt regelen doen maken laten indienen online digitaal direct zelf meteen informatie "
    "gemeente gemeentelijke"
)
AROUND = frozenset(AROUND_WORDS.split())
# What people type beside the name of a product when they search for it.
ASKED_WORDS = frozenset(
    [
        "kosten",
        "kost",
        "prijs",
        "tarief",
        "tarieven",
        "formulier",
        "wat",
        "hoe",
        "waar",
        "wanneer",
        "wijzigen",
        "verlengen",
        "vernieuwen",
    ]
)
# Two words for one thing: on the left as websites say it, on the right as the list does.
SAME = {
    "id kaart": "identiteitskaart",
    "id-kaart": "identiteitskaart",
    "idkaart": "identiteitskaart",
    "basisregistratie personen": "brp",
    "trouwen": "huwelijk",
    "verhuizing": "verhuis",
    "verhuizen": "verhuis",
    "grof vuil": "grofvuil",
    "evenement": "evenementen",
    "kappen": "kap",
    "slopen": "sloop",
    "bouwen": "bouw",
    "ophalen": "inzameling",
    "inzamelen": "inzameling",
}
# What is done, in each form that titles give it; the list itself has nouns, most of them at the end of a compound.
DONE = {
    "aangeven": "aangifte",
    "aangifte": "aangifte",
    "melden": "melding",
    "melding": "melding",
    "doorgeven": "melding",
    "kwijtschelden": "kwijtschelding",
    "kwijtschelding": "kwijtschelding",
    "vergunning": "vergunning",
    "ontheffing": "ontheffing",
    "vrijstelling": "vrijstelling",
    "subsidie": "subsidie",
    "verklaring": "verklaring",
    "verzoek": "verzoek",
    "bezwaar": "bezwaar",
    "akte": "akte",
    "inzage": "inzage",
    "inzameling": "inzameling",
    "uittreksel": "uittreksel",
}
LONGEST_DONE = max(map(len, DONE))


class ProductNames:
    """The names of a list, made ready once to be looked for in many pages."""

    def __init__(self, products: Iterable[Product], since: str = "") -> None:
        """`since`: the day on which the list was brought in, as it may be shown."""
        self.since = since
        self.by_uri = {_uri_key(product.uri): product for product in products}
        self.municipal = tuple(product for product in self.by_uri.values() if product.for_municipality)
        self._by_name = {bare(product.name): product for product in self.by_uri.values()}
        found: defaultdict[frozenset[str] | str, set[Product]] = defaultdict(set)
        for product in self.municipal:
            for name in (*_names(product.name), *_shorter(product.name)):
                for key in _keys(name):
                    found[key].add(product)
        self._by_key = {key: one for key, named in found.items() if (one := _only_one(named))}
        self._joined = [key for key in self._by_key if isinstance(key, str) and len(key) >= FEWEST_LETTERS]

    def named(self, said: str) -> Product | None:
        """The product that a page declares by its address in the list, or by its name as written there."""
        return self.by_uri.get(_uri_key(said)) or self._by_name.get(bare(said))

    def of_page(self, declared: Sequence[str], heading: str, title: str, url: str) -> tuple[Product, ...]:
        """The products that a page is about; mostly none or one. What it declares itself decides."""
        return self.matched(declared, heading, title, url)[0]

    def matched(
        self, declared: Sequence[str], heading: str, title: str, url: str
    ) -> tuple[tuple[Product, ...], MatchedBy | None]:
        """The products that a page is about, and by what that was seen; None where it is about none."""
        if known := tuple(dict.fromkeys(product for said in declared if (product := self.named(said)))):
            return known, MatchedBy.DECLARED
        titled = SEPARATOR.split(title[:LONGEST])[0]
        step = ENDING.sub("", unquote(urlsplit(url).path[:2000]).rstrip("/").rpartition("/")[2].lower())
        for by, said in (
            (MatchedBy.HEADING, heading[:LONGEST]),
            (MatchedBy.TITLE, titled),
            (MatchedBy.ADDRESS, re.sub(r"[-_+]+", " ", step)),
        ):
            if found := self._said(said):
                return found, by
        return (), None

    def asked_by(self, query: str) -> tuple[Product, ...]:
        """The products that somebody searches for who types this; what is asked about the product is left out."""
        said = bare(query[:LONGEST])
        name = " ".join(word for word in said.split() if word not in ASKED_WORDS)
        return self._said(said) or (self._said(name) if name != said else ())

    def _said(self, said: str) -> tuple[Product, ...]:
        """One product by all of the words; else one by each of the things that they offer: "Paspoort of identiteitskaart"."""
        if whole := self._by_words(said):
            return (whole,)
        parts = [self._by_words(part) for part in ALTERNATIVE.split(said)]
        return tuple(dict.fromkeys(part for part in parts if part)) if len(parts) > 1 and all(parts) else ()

    def _by_words(self, said: str) -> Product | None:
        exact = self._by_name.get(bare(said))
        if exact and exact.for_municipality:
            return exact
        keys = [key for name in _names(said) for key in _keys(name)]
        found = {product for key in keys if (product := self._by_key.get(key))}
        return (found.pop() if len(found) == 1 else None) if found else self._nearly(keys)

    def _nearly(self, keys: Iterable[frozenset[str] | str]) -> Product | None:
        """A long name that is spelt a little otherwise: "gladheidsbestrijding"."""
        for key in keys:
            if isinstance(key, str) and len(key) >= FEWEST_LETTERS:
                nearest = process.extractOne(key, self._joined, scorer=fuzz.ratio, score_cutoff=LIKENESS)
                if nearest and abs(len(nearest[0]) - len(key)) <= 1:
                    return self._by_key[nearest[0]]
        return None


def _only_one(named: set[Product]) -> Product | None:
    """Of products with one key the one that says no more than that; a key of more tells them apart no longer."""
    if len(named) == 1:
        return next(iter(named))
    plain = [product for product in named if not AROUND & set(bare(product.name).split())]
    return plain[0] if len(plain) == 1 else None


def _uri_key(said: str) -> str:
    """The part of an address that names the product; one that is none stays as it is."""
    term = TERM.fullmatch(unquote(said.strip()))
    return term[1].lower() if term else said


def without_words_around(said: str) -> str:
    """The bare words of a title without those that tell nothing of which product it is."""
    return " ".join(word for word in bare(said[:LONGEST]).split() if word not in AROUND)


def _names(name: str) -> list[str]:
    """What is said, as it is and without what stands between brackets."""
    return list(dict.fromkeys((bare(name), bare(BRACKETS.sub("", name)))))


def _shorter(name: str) -> list[str]:
    """What else a name of the list is called: its abbreviation, "verklaring omtrent gedrag (vog)", and each of the two words
    that it offers, "gevonden of verloren voorwerp"; "brood of wijn" is two things.
    """
    short = SHORT.search(name)
    is_one = len(name.split()) > FEWEST_WORDS_OF_TWO and len(EITHER.findall(name)) == 1
    each = [bare(EITHER.sub(rf"\{one}", name)) for one in (1, 2)] if is_one else []
    return [*each, *([bare(short[1])] if short else [])]


def _keys(name: str) -> list[frozenset[str] | str]:
    """The stems of a name as a set with what is done apart, and as one word; none where nothing but that is left."""
    said = f" {name} "
    for written, other in SAME.items():
        said = said.replace(f" {written} ", f" {other} ")
    words = [word for word in re.split(r"[\s-]+", said) if word and word not in AROUND]
    if not words:
        return []
    apart = [part for word in words for part in _apart(word)]
    return [frozenset(map(stem, apart)), stem("".join(words))]


def _apart(word: str) -> tuple[str, ...]:
    """A compound of a thing and what is done with it, apart: "verhuismelding" is "verhuis" and "melding"."""
    if word in DONE:
        return (DONE[word],)
    ends = (word[-length:] for length in range(LONGEST_DONE, 2, -1) if len(word) > length + 2)
    done = next((end for end in ends if end in DONE), "")
    return (word[: -len(done)], DONE[done]) if done else (word,)
