"""What residents type instead: errors of the hand, other forms, everyday words; always the same ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.findability.proposals import short_query, tasks_of_products
from checks.findability.variants import inflections, typing_errors, variants
from rules.findability import QueryKind


def test_typing_errors_are_one_slip_away() -> None:
    errors = typing_errors("paspoort aanvragen")
    assert len(errors) == 4
    assert all(error.startswith("paspoort ") for error in errors), "the longest word is the one that goes wrong"
    assert {len(error) - len("paspoort aanvragen") for error in errors} == {-1, 0, 1}


@given(st.text("abcdefghijklmnopqrstuvwxyz éë-'", max_size=40))
def test_variants_are_others_and_the_same_every_time(query: str) -> None:
    made = variants(query)
    assert made == variants(query)
    texts = [text for _, text in made]
    assert len(set(texts)) == len(texts)
    assert " ".join(query.split()) not in texts


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("paspoort", "paspoorten"),
        ("paspoorten", "paspoort"),
        ("vergunning", "vergunningen"),
        ("containers", "container"),
        ("container", "containers"),
        ("bomen kappen", ""),
        ("rijbewijs", ""),
        ("subsidies", ""),
    ],
)
def test_last_word_in_the_other_number(word: str, other: str) -> None:
    if other:
        assert inflections(word) == [other]
    else:
        assert all(one != word for one in inflections(word))


def test_everyday_words_take_the_place_of_official_ones() -> None:
    everyday = {text for kind, text in variants("gehandicaptenparkeerkaart aanvragen") if kind is QueryKind.EVERYDAY_WORD}
    assert everyday == {"invalidenkaart aanvragen"}
    assert not [text for kind, text in variants("stortbak") if kind is QueryKind.EVERYDAY_WORD]


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Paspoort aanvragen", "paspoort"),
        ("Rijbewijs aanvragen of verlengen", "rijbewijs"),
        ("Verhuizing doorgeven", "verhuizing"),
        ("Trouwen in Voorbeeldstad", "trouwen in voorbeeldstad"),
        ("Aanvragen", "aanvragen"),
    ],
)
def test_proposed_query_leaves_out_the_action(title: str, query: str) -> None:
    assert short_query(title) == query


def test_tasks_are_proposed_once_for_each_title() -> None:
    pages = [
        ("https://a.example/1", "Paspoort - Gemeente X"),
        ("https://a.example/2", "Paspoort | Gemeente X"),
        ("https://a.example/3", ""),
    ]
    (task,) = (one.task for one in tasks_of_products(pages))
    assert (task.title, task.queries, task.grades) == ("Paspoort", ("paspoort",), {"https://a.example/1": 3})
