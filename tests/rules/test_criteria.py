"""The table of criteria is whole and true: a row for each, its rules from the catalogue, its words in both languages."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from rules.criteria import LANGUAGES, NOTHING, CriteriaError, Reach, counts, criteria_table, page, parse_words, rows_of
from rules.norm import norms, success_criteria
from rules.rule import catalogue

WORDS = resources.files("rules").joinpath("criteria.toml").read_text(encoding="utf-8")


def test_every_criterion_of_level_a_and_aa_has_a_row() -> None:
    wanted = {one.number for one in success_criteria().values() if one.level in ("A", "AA")}
    assert set(criteria_table()) == wanted
    assert {norm.id: len(rows_of(norm)) for norm in norms().values()} == {"en301549-3.2.1": 50, "en301549-4.1.1": 55}


@pytest.mark.parametrize("number", criteria_table())
def test_a_row_asks_something_of_a_person_in_both_languages(number: str) -> None:
    person = criteria_table()[number].person
    for language in LANGUAGES:
        part = person[language]
        assert all(len(text) > 8 for text in (part.where, part.question, part.untouched))
        assert not part.where.endswith("."), "it is put before the question"
        assert part.question.endswith((".", "?")) and part.untouched.endswith(".")
        assert "?" in part.question or number in ("4.1.1",), "a question is what a person answers"
    assert person["nl"] != person["en"]


def test_every_rule_of_a_criterion_stands_in_its_row_and_nowhere_else() -> None:
    for rule in catalogue().values():
        for number, row in criteria_table().items():
            assert ((rule in row.tests) or (rule in row.asks)) == (number in rule.criteria)
            assert not (rule in row.tests and rule in row.asks)


def test_a_rule_that_is_said_to_test_has_an_example_that_fails() -> None:
    """Its page promises it, and the examples are run."""
    for row in criteria_table().values():
        assert all(rule.may_fail and not rule.is_advice for rule in row.tests)
        assert not any(rule.may_fail for rule in row.asks)


def test_the_reach_of_a_criterion_follows_from_its_rules() -> None:
    for norm in norms().values():
        rows = rows_of(norm)
        assert sum(counts(rows).values()) == len(rows)
        for row in rows:
            assert (row.reach is Reach.UNTOUCHED) == (not row.tests and not row.asks)
            assert (row.reach is Reach.TESTED) == bool(row.tests)
            for language in LANGUAGES:
                assert (row.untouched(language) == NOTHING[language]) == (row.reach is Reach.UNTOUCHED)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (WORDS.replace('["1.1.1".nl]', '["1.1.1".de]'), "1.1.1 in nl needs where, question and untouched"),
        (WORDS.replace('"1.1.1"', '"1.1.9"'), "1.1.1, 1.1.9"),
        (re.sub(r'where = ".*"', 'where = " "', WORDS, count=1), "1.1.1 in nl has an empty part"),
        (re.sub(r"where = ", "wher = ", WORDS, count=1), "and nothing else"),
        (re.sub(r'untouched = ".*"\n', "", WORDS, count=1), "1.1.1 in nl needs"),
    ],
)
def test_words_that_break_the_form_are_a_sentence_that_names_the_criterion(fault: str, sentence: str) -> None:
    with pytest.raises(CriteriaError, match=re.escape(sentence)):
        parse_words(fault)


def test_the_page_has_a_line_for_each_criterion_in_each_language() -> None:
    lines = page().splitlines()
    for number in criteria_table():
        assert sum(line.startswith(f"| {number} ") for line in lines) == len(LANGUAGES)
