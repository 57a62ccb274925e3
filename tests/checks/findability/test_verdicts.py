"""One verdict per task, the first thing that stands between a resident and the page; figures over what was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.findability.judge import figures_of, judge_answer, verdict_of
from rules.findability import (
    AnswerOutcome,
    Barrier,
    JudgedAnswer,
    QueryKind,
    ResultList,
    SearchResult,
    TaskVerdict,
)

BARRIER = Barrier("form-field-name", "critical", 2, "https://www.example.nl/paspoort")


def answer(rank: int | None, kind: QueryKind = QueryKind.AS_WRITTEN, outcome: AnswerOutcome | None = None) -> JudgedAnswer:
    found = AnswerOutcome.FOUND if rank else AnswerOutcome.NOT_FOUND
    return JudgedAnswer("paspoort", kind, outcome or found, rank=rank, reciprocal_rank=1 / rank if rank else 0.0)


TITLE = answer(1, QueryKind.OWN_TITLE)
UNTESTED = answer(None, outcome=AnswerOutcome.UNTESTED)


@pytest.mark.parametrize(
    ("verdict", "answers", "more"),
    [
        (TaskVerdict.FOUND, [answer(1), TITLE], {}),
        (TaskVerdict.FOUND, [answer(3)], {}),
        (TaskVerdict.FOUND, [answer(1)], {"clicks": None, "walked": False}),
        (TaskVerdict.WRONG_WORDS, [answer(7), TITLE], {}),
        (TaskVerdict.WRONG_WORDS, [answer(None), TITLE], {"barriers": [BARRIER]}),
        (TaskVerdict.WRONG_WORDS, [answer(None), answer(2)], {}),
        (TaskVerdict.SEARCH_BROKEN, [answer(None), answer(9, QueryKind.OWN_TITLE)], {}),
        (TaskVerdict.CONTENT_MISSING, [answer(1)], {"exists": False}),
        (TaskVerdict.BARRIER, [answer(1)], {"barriers": [BARRIER], "clicks": None}),
        (TaskVerdict.HIDDEN, [answer(1)], {"clicks": None}),
        (TaskVerdict.HIDDEN, [answer(1)], {"clicks": 5}),
        (TaskVerdict.UNTESTED, [UNTESTED, TITLE], {}),
        (TaskVerdict.UNTESTED, [], {}),
    ],
)
def test_verdict(verdict: TaskVerdict, answers: list[JudgedAnswer], more: dict[str, object]) -> None:
    known = {"exists": True, "barriers": [], "clicks": 2, "walked": True, **more}
    assert verdict_of(answers, **known) is verdict  # type: ignore[arg-type]


def test_figures_are_over_what_could_be_asked_and_tolerance_stands_apart() -> None:
    zero = answer(None, outcome=AnswerOutcome.NO_RESULTS)
    varied = [answer(1, QueryKind.TYPING_ERROR), replace(zero, kind=QueryKind.INFLECTION)]
    figures = figures_of([answer(1), answer(4), zero, UNTESTED, TITLE, *varied])
    assert figures.queries == 3
    assert (figures.success_at_1, figures.success_at_3) == (0.3333, 0.3333)
    assert figures.mrr == pytest.approx((1 + 0.25) / 3, abs=1e-4)
    assert figures.no_results == 0.3333
    assert (figures.variants, figures.forgiven) == (2, 0.5)
    assert figures_of([answer(1)]).forgiven is None


def test_page_is_known_by_where_its_address_leads() -> None:
    moved = {"https://www.example.nl/oud": "https://www.example.nl/nieuw"}
    results = tuple(SearchResult(url, "t") for url in ("https://www.example.nl/a", "https://www.example.nl/oud"))
    judged = judge_answer(
        ResultList("q", "https://www.example.nl/zoeken?q=q", results, 2),
        QueryKind.AS_WRITTEN,
        {"https://www.example.nl/nieuw": 3},
        lambda url: moved.get(url, url),
    )
    assert (judged.rank, judged.outcome, judged.listed, judged.reciprocal_rank) == (2, AnswerOutcome.FOUND, 2, 0.5)
    nothing = judge_answer(ResultList("q", "u", (), says_none=True), QueryKind.AS_WRITTEN, {"x": 1}, str)
    assert nothing.outcome is AnswerOutcome.NO_RESULTS
