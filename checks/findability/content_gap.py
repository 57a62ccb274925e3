"""Whether the content that a query asks for is on the site after all, and under which words.

Pure: `find` asks the full-text index of the crawled pages, `vocabulary` has every stem that they say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import product

from rapidfuzz.distance import OSA

from checks.findability.variants import EVERYDAY
from rules.content_gap import ANSWERED, FoundPage, Gap, GapVerdict
from rules.stemming import meaning, plain, stem

Find = Callable[[Sequence[Collection[str]]], Sequence[FoundPage]]

FEWEST_VISITS = 3  # that asked otherwise and then went to one page, before that says what was meant
MOST_OF_THEM = 0.5
SHORTEST_CORRECTED, LONG = 5, 8  # letters: one error in a word of five, two in one of eight
SHORTEST_PART = 4
TIES = ("s", "e", "en")  # what ties the parts of a compound together
MOST_SPELLINGS = 3


def explain(
    query: str,
    find: Find,
    vocabulary: Mapping[str, int],
    went_to: Mapping[FoundPage, int] | None = None,
) -> GapVerdict:
    """Why a query finds nothing.

    `vocabulary`: stem: number of pages that say it. `went_to`: where visits went that asked it, then asked otherwise and
    clicked; of single visits, where the log has those.
    """
    wanted = meaning(query)
    if not wanted:
        return GapVerdict(Gap.MISSING)
    mentions = find([{one} for one in wanted])
    if about := next((hit for hit in mentions if _says(hit).issuperset(wanted)), None):
        return GapVerdict(Gap.SAID, about, query)
    if not mentions and (corrected := _corrected(wanted, vocabulary)) and (hits := find([{one} for one in corrected])):
        return GapVerdict(Gap.MISSPELT, hits[0], " ".join(corrected))
    if page := _went(went_to or {}):
        return GapVerdict(Gap.OTHER_WORDS, page, own_name(page))
    for other in _everyday(query):
        if hits := find([{one} for one in meaning(other)]):
            return GapVerdict(Gap.OTHER_WORDS, hits[0], other)
    if mentions:
        return GapVerdict(Gap.MENTIONED, mentions[0], query)
    for parts in _parts(wanted, vocabulary):
        if hits := [hit for hit in find([{part} for part in parts]) if _is_about(hit, parts)]:
            return GapVerdict(Gap.PERHAPS, hits[0], " ".join(parts))
    return GapVerdict(Gap.MISSING)


def page_about(query: str, find: Find, vocabulary: Mapping[str, int]) -> FoundPage | None:
    """The page whose title and headings say what a query asks, in these words or others; None where it is only mentioned."""
    verdict = explain(query, find, vocabulary)
    if verdict.page is None or verdict.gap not in ANSWERED:
        return None
    return verdict.page if _says(verdict.page).issuperset(meaning(verdict.meant)) else None


def own_name(page: FoundPage) -> str:
    """What a page calls itself, without the name of the site that its title ends with."""
    return next((one for one in page.headings if one and page.title.startswith(one)), page.title.partition(" | ")[0].strip())


def _corrected(wanted: Sequence[str], vocabulary: Mapping[str, int]) -> list[str] | None:
    """Every unknown word as it was perhaps meant, the most usual of the nearest; None where one is unlike all words."""
    found = []
    for word in wanted:
        if word in vocabulary:
            found.append(word)
            continue
        most = 0 if len(word) < SHORTEST_CORRECTED else 1 if len(word) < LONG else 2
        near = [
            (OSA.distance(word, other, score_cutoff=most), -pages, other)
            for other, pages in vocabulary.items()
            if abs(len(other) - len(word)) <= most and other[:1] == word[:1]
        ]
        near = [one for one in near if one[0] <= most]
        if not most or not near:
            return None
        found.append(min(near)[2])
    return found if found != list(wanted) else None


def _went(went_to: Mapping[FoundPage, int]) -> FoundPage | None:
    """The page that most visits ended at; None where they were few, or went in all directions."""
    if not went_to:
        return None
    page, visits = max(went_to.items(), key=lambda one: (one[1], one[0].identity))
    return page if visits >= FEWEST_VISITS and visits > MOST_OF_THEM * sum(went_to.values()) else None


def _everyday(query: str) -> Iterator[str]:
    """The query in the words of a town hall, and the other way round."""
    asked = f" {' '.join(plain(query).split())} "
    for one, other in EVERYDAY.items():
        for said, instead in ((one, other), (other, one)):
            if f" {said} " in asked:
                yield asked.replace(f" {said} ", f" {instead} ").strip()


def _parts(wanted: Sequence[str], vocabulary: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """The query with its unknown compounds taken apart into words that the site uses, the rarest way first."""
    ways = [[(word,)] if word in vocabulary else _apart(word, vocabulary)[:MOST_SPELLINGS] for word in wanted]
    for chosen in product(*ways):
        yield tuple(dict.fromkeys(part for parts in chosen for part in parts))


def _apart(word: str, vocabulary: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Ways to take a compound apart: both parts, then the second alone, which says what the thing is."""
    both: list[tuple[str, ...]] = []
    second_only: list[tuple[str, ...]] = []
    for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        second = stem(word[at:])
        if second not in vocabulary:
            continue
        first = next((found for tie in ("", *TIES) if (found := stem(word[:at].removesuffix(tie))) in vocabulary), "")
        both += [(first, second)] if first else []
        second_only.append((second,))
    return sorted(both, key=lambda parts: sum(vocabulary[part] for part in parts)) + second_only


def _is_about(page: FoundPage, parts: Sequence[str]) -> bool:
    """Its title or a heading says one of the parts: a word that only stands somewhere in the text proves little."""
    said = _says(page)
    return any(part in said for part in parts)


def _says(page: FoundPage) -> set[str]:
    """The stems in its title and headings."""
    return {word for text in (page.title, *page.headings) for word in meaning(text)}
