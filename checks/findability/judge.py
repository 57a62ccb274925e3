"""What a search did for a task: each answer judged, the figures over them, and the verdict.

Pure: pages are compared by what the caller says they are, so that redirects and moved addresses are resolved already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from checks.findability.ranking import first_rank, ndcg, reciprocal_rank, success_at
from rules.findability import (
    GOOD_RANK,
    AnswerOutcome,
    Barrier,
    JudgedAnswer,
    QueryKind,
    ResultList,
    TaskFigures,
    TaskVerdict,
)

SHOWN = 10
FAR = 4  # clicks from the start page; further than this nobody goes without a search


def judge_answer(answer: ResultList, kind: QueryKind, grades: Mapping[str, int], identity: Callable[[str], str]) -> JudgedAnswer:
    """An answer against the grades of the right pages. `identity`: which page an address leads to in the end."""
    pages = [identity(result.url) for result in answer.results]
    rank = first_rank(pages, grades)
    outcome = AnswerOutcome.FOUND if rank else AnswerOutcome.NOT_FOUND if pages else AnswerOutcome.NO_RESULTS
    return JudgedAnswer(
        query=answer.query,
        kind=kind,
        outcome=outcome,
        rank=rank,
        reciprocal_rank=round(reciprocal_rank(pages, grades), 4),
        ndcg=round(ndcg(pages, grades), 4),
        number_said=answer.number_said,
        listed=len(pages),
        seconds=answer.seconds,
        url=answer.url,
        first=answer.results[:SHOWN] if kind is QueryKind.AS_WRITTEN else (),
    )


def figures_of(answers: Sequence[JudgedAnswer]) -> TaskFigures:
    """The measures over the queries of a task, as residents type them."""
    asked = [one for one in answers if one.outcome is not AnswerOutcome.UNTESTED]
    written = [one for one in asked if one.kind is QueryKind.AS_WRITTEN]
    varied = [one for one in asked if one.kind not in (QueryKind.AS_WRITTEN, QueryKind.OWN_TITLE)]
    return TaskFigures(
        queries=len(written),
        success_at_1=_mean([success_at(1, one.rank) for one in written]),
        success_at_3=_mean([success_at(GOOD_RANK, one.rank) for one in written]),
        mrr=_mean([one.reciprocal_rank for one in written]),
        ndcg=_mean([one.ndcg for one in written]),
        no_results=_mean([one.outcome is AnswerOutcome.NO_RESULTS for one in written]),
        variants=len(varied),
        forgiven=_mean([one.outcome is AnswerOutcome.FOUND for one in varied]) if varied else None,
    )


def verdict_of(
    answers: Sequence[JudgedAnswer], *, exists: bool, barriers: Sequence[Barrier], clicks: int | None, walked: bool
) -> TaskVerdict:
    """What stands between a resident and the right page.

    `exists`: at least one right page answers; `clicks`: from the start page, None where no link leads there; `walked`: a
    run has seen the site's links, else nothing is said of the menu.
    """
    if not exists:
        return TaskVerdict.CONTENT_MISSING
    written = [one for one in answers if one.kind is QueryKind.AS_WRITTEN and one.outcome is not AnswerOutcome.UNTESTED]
    if not written:
        return TaskVerdict.UNTESTED
    if not success_at(GOOD_RANK, written[0].rank):  # the most usual words
        by_title = [one for one in answers if one.kind is QueryKind.OWN_TITLE and one.outcome is not AnswerOutcome.UNTESTED]
        knows_it = any(success_at(GOOD_RANK, one.rank) for one in (*by_title, *written))
        return TaskVerdict.WRONG_WORDS if knows_it or not by_title else TaskVerdict.SEARCH_BROKEN
    if barriers:
        return TaskVerdict.BARRIER
    if walked and (clicks is None or clicks > FAR):
        return TaskVerdict.HIDDEN
    return TaskVerdict.FOUND


def _mean(values: Sequence[float]) -> float:
    return round(fmean(values), 4) if values else 0.0
