"""Queries that ask for one thing: spelt otherwise, in another form or order, as one word or two, or with what is done with it.

Pure. A product of the national list (UPL) is the anchor where a query names one, also in everyday words. What says more than the
thing itself ("paspoort kwijt") stays apart: it may be another task. Measure of spelling: optimal string alignment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from rules.stemming import meaning, stem

SHORTEST, LONG = 5, 8  # letters of a stem that may be misspelt: one error from five, two from eight
TIMES = 3  # as often is what was meant searched as what was typed by mistake
# What residents type beside a thing, and what leaves the thing the same.
BESIDE_WORDS = (
    "aanvragen aanvraag aanvraagformulier afspraak afspreken bestellen brengen doorgeven formulier gemeente hoe info informatie "
    "inleveren kopen kosten kost maken melden melding nieuw nieuwe ophalen ophaaldag opzeggen prijs regelen tarief tarieven "
    "verlengen vernieuwen wegbrengen wijzigen"
)


@dataclass(frozen=True)
class AskedQuery:
    """A query with how often it was searched."""

    number: int
    text: str
    searches: int


@dataclass(frozen=True)
class QueryCluster:
    """Queries that ask for one thing, the most asked first."""

    queries: tuple[AskedQuery, ...]
    product: str = ""  # the product of the list that they name


def clusters_of(
    queries: Iterable[AskedQuery], vocabulary: Collection[str], product_of: Callable[[str], str]
) -> list[QueryCluster]:
    """Every query in one cluster, the most asked first.

    `vocabulary`: stems that the pages of the site say, and that are therefore no typing errors; `product_of`: the name of the
    one product that a query names, else an empty string.
    """
    asked = sorted(queries, key=lambda one: (-one.searches, one.text))
    meant = _meant(asked, vocabulary)
    names: dict[tuple[str, ...] | str, int] = {}  # the words in any order, or together as one: the number of a cluster
    found: defaultdict[int, list[AskedQuery]] = defaultdict(list)
    products: dict[int, str] = {}
    for query in asked:
        words = _thing([meant.get(word, word) for word in meaning(query.text)])
        in_any_order, as_one_word = tuple(sorted(words)), "".join(words)
        number = names.get(in_any_order, names.get(as_one_word))
        if number is None:
            product = product_of(query.text)
            number = names.setdefault(f"product {product}", len(found)) if product else len(found)
            products.setdefault(number, product)
        for name in (in_any_order, as_one_word):
            names.setdefault(name, number)
        found[number].append(query)
    return [QueryCluster(tuple(members), products[number]) for number, members in found.items()]


def _thing(words: list[str]) -> list[str]:
    """The stems without what is done with the thing; all of them where nothing else is said."""
    beside = {stem(word) for word in BESIDE_WORDS.split()}
    return [word for word in words if word not in beside] or words


def _meant(asked: Iterable[AskedQuery], vocabulary: Collection[str]) -> dict[str, str]:
    """What every misspelt stem stands for: the nearest that is searched far more often, the most usual of those."""
    searched: Counter[str] = Counter()
    for query in asked:
        for word in meaning(query.text):
            searched[word] += query.searches
    by_first_letter: defaultdict[str, list[str]] = defaultdict(list)
    for word in searched:
        if len(word) >= SHORTEST:
            by_first_letter[word[0]].append(word)
    meant = {}
    for word, searches in searched.items():
        if len(word) < SHORTEST or word in vocabulary or not word.isalpha():
            continue
        most = 1 if len(word) < LONG else 2
        near = [
            (distance, -searched[other], other)
            for other in by_first_letter[word[0]]
            if abs(len(other) - len(word)) <= most
            and searched[other] >= TIMES * searches
            and (distance := OSA.distance(word, other, score_cutoff=most)) <= most
        ]
        if near:
            meant[word] = min(near)[2]
    return meant
