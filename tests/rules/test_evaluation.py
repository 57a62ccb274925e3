"""What counts for a cell and for a criterion, what the figures are, and what comparing both parts of a sample demands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evaluation import (
    WHOLE_SAMPLE,
    Assessment,
    Comparison,
    Evaluation,
    Results,
    SamplePage,
    SamplePart,
    SampleRole,
    conclude,
    outcome_of_cell,
)
from rules.norm import norms
from rules.outcome import Outcome

P, F, C, I, U = Outcome.PASSED, Outcome.FAILED, Outcome.CANNOT_TELL, Outcome.INAPPLICABLE, Outcome.UNTESTED  # noqa: E741


def page(number: int, part: SamplePart = SamplePart.STRUCTURED, **more: Any) -> SamplePage:
    return SamplePage(number, f"https://www.example.nl/{number}", f"Pagina {number}", part, SampleRole.TEMPLATE, **more)


def said(page: int, outcome: Outcome, assessor: str = "Anna", criterion: str = "1.1.1") -> Assessment:
    return Assessment(criterion, page, assessor, outcome)


def evaluation(*assessments: Assessment, pages: tuple[SamplePage, ...] = (page(1), page(2)), **more: Any) -> Evaluation:
    return Evaluation("Proef", "en301549-3.2.1", sample=pages, assessments=assessments, evaluators=("Anna", "Bram"), **more)


@pytest.mark.parametrize(
    ("outcomes", "reviewer", "expected"),
    [
        ([], "", U),
        ([("Anna", P)], "", P),
        ([("Anna", P), ("Bram", P)], "", P),
        ([("Anna", P), ("Bram", F)], "", C),  # they differ: nobody knows yet
        ([("Anna", P), ("Bram", U)], "", P),  # who has not looked says nothing
        ([("Anna", P), ("Bram", F), ("Cor", F)], "Cor", F),
        ([("Cor", I)], "Cor", I),
        ([("Anna", F), ("Cor", U)], "Cor", F),  # a reviewer who has not looked decides nothing
    ],
)
def test_what_counts_for_a_cell(outcomes: list[tuple[str, Outcome]], reviewer: str, expected: Outcome) -> None:
    assert outcome_of_cell([said(1, outcome, name) for name, outcome in outcomes], reviewer) is expected


@pytest.mark.parametrize(
    ("first", "second", "whole", "expected"),
    [
        (U, U, U, U),
        (P, U, U, U),  # a page that nobody looked at leaves it open
        (P, P, U, P),
        (P, I, U, P),
        (I, I, U, I),
        (P, F, U, F),
        (U, F, U, F),  # one failure is enough
        (P, C, U, C),
        (F, C, U, F),
        (U, U, P, P),
        (U, U, I, I),
        (P, U, I, P),
        (F, U, P, F),  # a failure on a page weighs more than what is said of the whole
        (P, P, F, F),
    ],
)
def test_the_conclusion_on_a_criterion(first: Outcome, second: Outcome, whole: Outcome, expected: Outcome) -> None:
    told = evaluation(said(1, first), said(2, second), said(WHOLE_SAMPLE, whole))
    assert conclude(told, "1.1.1").outcome is expected


def test_what_a_machine_found_concludes_nothing() -> None:
    nobody = evaluation()
    assert {one.outcome for number, one in Results.of(nobody).conclusions.items() if number != "4.1.1"} == {U}
    assert Results.of(nobody).figures.score == "1/50"


def test_parsing_is_met_by_the_norm_and_said_to_be_so_until_a_person_says_otherwise() -> None:
    assert conclude(evaluation(), "4.1.1").by_norm
    assert Results.of(evaluation()).figures.by_norm == 1
    assert conclude(evaluation(said(1, F, criterion="4.1.1")), "4.1.1").outcome is F
    newer = Evaluation("Proef", "en301549-4.1.1")
    assert "4.1.1" not in Results.of(newer).conclusions


def test_a_document_is_not_asked_what_the_norm_does_not_ask_of_documents() -> None:
    told = evaluation(said(1, P, criterion="2.4.5"), pages=(page(1), page(2, is_document=True)))
    assert conclude(told, "2.4.5").pages == {1: P}
    assert set(conclude(told, "1.1.1").pages) == {1, 2}


CRITERIA = st.sampled_from(norms()["en301549-3.2.1"].criteria)
CELLS = st.lists(
    st.tuples(CRITERIA, st.integers(0, 3), st.sampled_from(["Anna", "Bram"]), st.sampled_from(Outcome)),
    max_size=60,
    unique_by=lambda cell: cell[:3],
)


@given(CELLS)
def test_the_figures_always_add_up(cells: list[tuple[str, int, str, Outcome]]) -> None:
    told = evaluation(*(Assessment(*cell) for cell in cells), pages=(page(1), page(2), page(3)))
    results = Results.of(told)
    found = results.figures
    assert sum(found.outcomes.values()) == found.asked == 50
    assert found.judged + found.outcomes[C] + found.not_at_all == 50
    assert found.by_people + found.by_norm + found.not_at_all == 50
    assert {one.criterion for one in results.deviations} == {n for n, one in results.conclusions.items() if one.outcome is F}


def test_the_random_part_is_compared_with_the_structured_part() -> None:
    pages = (page(1, template=7), page(2, SamplePart.RANDOM, template=7))
    everything = [said(number, P, criterion=criterion) for criterion in norms()["en301549-3.2.1"].criteria for number in (1, 2)]
    assert Results.of(evaluation(pages=pages[:1])).compared.verdict is Comparison.NO_RANDOM
    assert Results.of(evaluation(*everything[:8], pages=pages)).compared.verdict is Comparison.UNFINISHED
    assert Results.of(evaluation(*everything, pages=pages)).compared.verdict is Comparison.SAME
    worse = [one for one in everything if (one.criterion, one.page) != ("1.4.3", 2)] + [said(2, F, criterion="1.4.3")]
    compared = Results.of(evaluation(*worse, pages=pages)).compared
    assert (compared.verdict, compared.criteria) == (Comparison.NEW, ("1.4.3",))
    both = [*(one for one in worse if (one.criterion, one.page) != ("1.4.3", 1)), said(1, F, criterion="1.4.3")]
    assert Results.of(evaluation(*both, pages=pages)).compared.verdict is Comparison.SAME
    other = (pages[0], page(2, SamplePart.RANDOM, template=9))
    compared = Results.of(evaluation(*everything, pages=other)).compared
    assert (compared.verdict, compared.templates) == (Comparison.NEW, (2,))
