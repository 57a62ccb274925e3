"""The figures that a member state asks for."""

from __future__ import annotations

import pytest

from rules.evaluation import Assessment, Evaluation, Results, SamplePage, SamplePart, SampleRole
from rules.monitoring import (
    Method,
    Need,
    SampleSize,
    in_depth_figures,
    missing_pages,
    needs,
    sample_size,
    simplified_figures,
)
from rules.norm import norms
from rules.outcome import Outcome


@pytest.mark.parametrize(
    ("inhabitants", "period", "expected"),
    [
        (17_900_000, 1, SampleSize(433, 32)),
        (17_900_000, 2, SampleSize(433, 32)),
        (17_900_000, 3, SampleSize(612, 41)),
        (500_000, 3, SampleSize(90, 15)),
        (1, 1, SampleSize(76, 14)),
    ],
)
def test_how_many_sites_are_looked_at(inhabitants: int, period: int, expected: SampleSize) -> None:
    assert sample_size(inhabitants, period) == expected


@pytest.mark.parametrize(("inhabitants", "period"), [(0, 1), (-5, 1), (10, 0)])
def test_a_state_without_inhabitants_or_period_is_a_sentence(inhabitants: int, period: int) -> None:
    with pytest.raises(ValueError, match="inhabitants"):
        sample_size(inhabitants, period)


def test_every_criterion_serves_a_need_and_no_other_is_named() -> None:
    assert set(needs()) == {number for norm in norms().values() for number in norm.criteria}
    assert all(needs().values())
    assert {need for served in needs().values() for need in served} == set(Need) - {Need.WITHOUT_VOICE}


def test_sites_are_counted_by_principle_need_and_criterion() -> None:
    told = simplified_figures({"a": {"1.1.1", "1.4.3"}, "b": {"1.4.3", "3.1.1"}, "c": set()})
    assert (told.method, told.sites, told.without_failure_found) == (Method.SIMPLIFIED, 3, 1)
    assert [(one.principle, one.failing) for one in told.principles] == [
        ("perceivable", 2),
        ("operable", 0),
        ("understandable", 1),
        ("robust", 0),
    ]
    assert told.commonest == [("1.4.3", 2), ("1.1.1", 1), ("3.1.1", 1)]
    assert (told.needs[Need.WITHOUT_COLOUR], told.needs[Need.WITHOUT_HEARING], told.needs[Need.PHOTOSENSITIVE]) == (2, 2, 0)


def test_the_in_depth_method_counts_what_people_concluded() -> None:
    pages = (SamplePage(1, "https://www.example.nl/", "Start", SamplePart.STRUCTURED, SampleRole.HOME),)
    said = (Assessment("2.4.3", 1, "Anna", Outcome.FAILED), Assessment("1.1.1", 1, "Anna", Outcome.PASSED))
    results = Results.of(Evaluation("Proef", "en301549-3.2.1", sample=pages, assessments=said))
    told = in_depth_figures([results])
    assert (told.sites, told.commonest) == (1, [("2.4.3", 1)])
    assert SampleRole.HOME not in missing_pages(results) and SampleRole.STATEMENT in missing_pages(results)
