"""The table of criteria: for each at level A and AA what rules test, what they ask of a person, and what is left.

Which rules test or ask follows from the catalogue; the words for a person stand in `criteria.toml`. The page `docs/criteria.md`
is made of it by `python -m rules.criteria`; `--check` says whether it is current.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from rules.generated_page import table, write_or_check
from rules.norm import Language, Norm, SuccessCriterion, norms, success_criteria
from rules.rule import Rule, catalogue

MODULE = "rules.criteria"
FILE = "criteria.toml"
LANGUAGES: tuple[Language, ...] = ("nl", "en")
NOTHING: dict[Language, str] = {
    "nl": "Het hele criterium: nog geen regel kijkt ernaar.",
    "en": "The whole criterion: no rule looks at it yet.",
}


class Reach(StrEnum):
    """How far a machine comes with a criterion. Never all the way: that nothing was found is no proof that it is met."""

    TESTED = "tested"  # some of its failures are found by a rule
    ASKED = "asked"  # rules only point at where a person has to look
    UNTOUCHED = "untouched"  # no rule looks at it: a person has to find the places too


@dataclass(frozen=True)
class PersonsPart:
    """What a person has to judge, in one language."""

    where: str  # on which element or page
    question: str
    untouched: str  # what rules leave out, where any rule looks at all


@dataclass(frozen=True)
class CriterionRow:
    """One criterion with its rules and the question that remains."""

    criterion: SuccessCriterion
    tests: tuple[Rule, ...]  # rules that may say failed
    asks: tuple[Rule, ...]  # rules that only ask
    person: dict[Language, PersonsPart]

    @property
    def reach(self) -> Reach:
        if self.tests:
            return Reach.TESTED
        return Reach.ASKED if self.asks else Reach.UNTOUCHED

    def untouched(self, language: Language) -> str:
        """What Vierluik does not look at: all of it where no rule looks, else what rules leave out."""
        return NOTHING[language] if self.reach is Reach.UNTOUCHED else self.person[language].untouched


class CriteriaError(ValueError):
    """`criteria.toml` misses something or has something too much; the sentence says what."""


@cache
def criteria_table() -> dict[str, CriterionRow]:
    """Every criterion that a norm asks for, by number, in the order of WCAG."""
    words = parse_words(resources.files("rules").joinpath(FILE).read_text(encoding="utf-8"))
    rows = {}
    for number, criterion in success_criteria().items():
        if number in words:
            rules = [rule for rule in catalogue().values() if number in rule.criteria]
            tests = tuple(rule for rule in rules if rule.may_fail)
            asks = tuple(rule for rule in rules if not rule.may_fail)
            rows[number] = CriterionRow(criterion, tests, asks, words[number])
    return rows


def rows_of(norm: Norm) -> list[CriterionRow]:
    """The rows of the criteria that one norm asks for."""
    return [criteria_table()[number] for number in norm.criteria]


def parse_words(text: str) -> dict[str, dict[Language, PersonsPart]]:
    """Read the words. Raises CriteriaError where a criterion or a part is missing, empty, or not known."""
    asked = {number for norm in norms().values() for number in norm.criteria}
    data = tomllib.loads(text)
    if wrong := sorted(asked ^ set(data)):
        raise CriteriaError(f"{FILE}: {', '.join(wrong)} is missing, or is no criterion that a norm asks for.")
    return {number: {language: _part(number, language, one) for language in LANGUAGES} for number, one in data.items()}


def _part(number: str, language: Language, words: dict[str, dict[str, str]]) -> PersonsPart:
    part = words.get(language, {})
    try:
        found = PersonsPart(**part)
    except TypeError as error:
        raise CriteriaError(f"{FILE}: {number} in {language} needs where, question and untouched, and nothing else.") from error
    if not all(text.strip() for text in part.values()):
        raise CriteriaError(f"{FILE}: {number} in {language} has an empty part.")
    return found


# --- the page in docs/ -----------------------------------------------------------------------------------------------

STATES: dict[Reach, tuple[str, str]] = {
    Reach.TESTED: ("regels vinden een deel van de fouten", "rules find some of the failures"),
    Reach.ASKED: ("regels wijzen aan waar een mens moet kijken", "rules point at where a person has to look"),
    Reach.UNTOUCHED: ("geen regel kijkt ernaar", "no rule looks at it"),
}
HEADERS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "criterium",
        "wat machines toetsen",
        "waar machines naar vragen",
        "de vraag aan een mens",
        "waar Vierluik niet naar kijkt",
    ),
    "en": (
        "criterion",
        "what machines test",
        "what machines ask about",
        "the question for a person",
        "what Vierluik does not look at",
    ),
}
TITLES: dict[Language, str] = {"nl": "Nederlands", "en": "English"}


def page() -> str:
    """The whole page: the sums per norm, then the table in both languages."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Criteria"
    yield ""
    yield f"<!-- Made by `python -m {MODULE}`; do not edit. -->"
    yield ""
    yield (
        "Every success criterion at level A and AA: the rules that may fail a page, the rules that only ask a person to look, "
        "the question that a person has to answer in any case, and what Vierluik does not look at. A criterion that rules test "
        "is not judged whole: rules find a part of its failures. Nowhere looked at: what stands behind a log-in, apps, and parts "
        "of other websites that a frame shuts off."
    )
    yield ""
    header = ("norm", "criteria", *(english for _, english in STATES.values()))
    yield from table(header, [_sums(norm) for norm in norms().values()])
    for language in LANGUAGES:
        yield from ("", f"## {TITLES[language]}", "")
        yield from table(HEADERS[language], [_row(row, language) for row in criteria_table().values()])


def counts(rows: list[CriterionRow]) -> dict[Reach, int]:
    return {reach: sum(row.reach is reach for row in rows) for reach in Reach}


def _sums(norm: Norm) -> list[str]:
    rows = rows_of(norm)
    return [norm.title, str(len(rows)), *(str(count) for count in counts(rows).values())]


def _row(row: CriterionRow, language: Language) -> list[str]:
    criterion = row.criterion
    asking = ", ".join(norm.id.removeprefix("en301549-") for norm in norms().values() if norm.asks(criterion.number))
    person = row.person[language]
    name = f"{criterion.number} {criterion.name[language]} ({criterion.level}; {asking})"
    return [name, _links(row.tests), _links(row.asks), f"{person.where}. {person.question}", row.untouched(language)]


def _links(rules: tuple[Rule, ...]) -> str:
    return ", ".join(f"[{rule.id}](../rules/catalogue/{rule.area}/{rule.id}.md)" for rule in rules) or "–"


if __name__ == "__main__":
    sys.exit(write_or_check({"criteria.md": page()}, MODULE, sys.argv[1:]))
