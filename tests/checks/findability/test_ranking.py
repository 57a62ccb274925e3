"""Our ranking measures are those of the field: equal to ir-measures on whatever lists and judgements."""

from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

from checks.findability.ranking import first_rank, ndcg, reciprocal_rank, success_at

PAGES = [f"https://www.example.nl/{number}" for number in range(25)]
LISTS = st.permutations(PAGES).flatmap(lambda pages: st.integers(0, 25).map(lambda length: pages[:length]))
GRADES = st.dictionaries(st.sampled_from(PAGES), st.integers(1, 3), min_size=1)


@given(LISTS.filter(bool), GRADES)
def test_measures_are_those_of_ir_measures(pages: list[str], grades: dict[str, int]) -> None:
    qrels = [Qrel("task", page, grade) for page, grade in grades.items()]
    run = [ScoredDoc("task", page, float(-rank)) for rank, page in enumerate(pages)]
    theirs = ir_measures.calc_aggregate([Success @ 1, Success @ 3, RR @ 10, nDCG @ 10], qrels, run)
    assert success_at(1, first_rank(pages, grades)) == pytest.approx(theirs[Success @ 1])
    assert success_at(3, first_rank(pages, grades)) == pytest.approx(theirs[Success @ 3])
    assert reciprocal_rank(pages, grades) == pytest.approx(theirs[RR @ 10])
    assert ndcg(pages, grades) == pytest.approx(theirs[nDCG @ 10])


@given(LISTS, GRADES)
def test_measures_stay_between_nothing_and_all(pages: list[str], grades: dict[str, int]) -> None:
    for value in (
        success_at(1, first_rank(pages, grades)),
        success_at(3, first_rank(pages, grades)),
        reciprocal_rank(pages, grades),
        ndcg(pages, grades),
    ):
        assert 0 <= value <= 1 + 1e-9


def test_page_that_stands_eleventh_is_not_found() -> None:
    assert first_rank(PAGES, {PAGES[9]: 3}) == 10
    assert first_rank(PAGES, {PAGES[10]: 3}) is None
    assert reciprocal_rank(PAGES, {PAGES[10]: 3}) == 0.0
