"""Where the line of a site's figures was measured in another way, and what both ways say of the same pages by the same rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.languages import N_
from storage.models import Run
from storage.panel import BEFORE, CAME, NOW, SAME_PAGES, WENT
from storage.questions.runs import RunPoint

OTHER_PAGES = 0.05  # of the pages of a run: with more that came or went its figures are of another panel


@dataclass(frozen=True)
class Mark:
    """A run whose figures are not those of the run before it, measured once more."""

    run: Run
    changes: tuple[str, ...]  # what was other, in words of the locale
    pages: int | None  # that both runs judged; None: an earlier version of Vierluik did not write it down
    before: int | None  # of those with failures of the rules that both judged by
    now: int | None


def marks(history: Sequence[RunPoint]) -> dict[int, Mark]:
    """The marks on a line of runs, oldest first, by the number of the run."""
    found: dict[int, Mark] = {}
    browser = ""
    for before, point in zip((None, *history), history, strict=False):
        major = _major(point.run.browser) or browser  # a run that tested no page started none
        if before and (changes := _changes(before, point, browser, major)):
            found[point.run.id] = Mark(point.run, changes, point.figure(SAME_PAGES), point.figure(BEFORE), point.figure(NOW))
        browser = major
    return found


def _changes(before: RunPoint, point: RunPoint, earlier: str, browser: str) -> tuple[str, ...]:
    was, now = before.run, point.run
    other = {
        N_("een andere norm"): was.norm != now.norm,
        N_("andere regels"): was.rule_set != now.rule_set,
        N_("andere motoren"): was.engines != now.engines,
        N_("een andere browser"): bool(earlier) and earlier != browser,
        N_("andere pagina’s"): _share_of_others(point) > OTHER_PAGES,
    }
    return tuple(words for words, is_so in other.items() if is_so)


def _share_of_others(point: RunPoint) -> float:
    same, others = point.figure(SAME_PAGES), (point.figure(CAME) or 0) + (point.figure(WENT) or 0)
    return 0.0 if same is None or not others else others / (same + others)


def _major(browser: str) -> str:
    """A browser by its name and first number."""
    found = re.match(r"\D+\d+", browser)
    return found[0] if found else ""
