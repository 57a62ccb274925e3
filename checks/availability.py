"""Whether what a watched address answered is a good answer. Pure: one answer in, one verdict out."""

from __future__ import annotations

import re
from collections.abc import Callable

from checks.links.soft_404 import ENDS_SO, SAYS_SO
from rules.availability import Answer, Availability, Expected, Look

# A title or heading that says that the site is shut; not a page about a road that is closed, or maintenance of trees.
SAYS_CLOSED = re.compile(
    r"""^\W*(?:
    (?:(?:http\s+)?(?:error\s+)?5\d\d(?:\W+(?:internal|bad|service|gateway|error)\b.*)?)
    |(?:service|site|website)\s+(?:temporarily\s+)?unavailable.*
    |(?:internal\s+server\s+error|bad\s+gateway|gateway\s+time-?out).*
    |(?:(?:de(?:ze)?|the|this|our|onze)\s+)?(?:website|webpagina|site|page|pagina|server|dienst|service)
       \s+(?:is|zijn)\s+(?:tijdelijk|temporarily|momenteel|currently|op\s+dit\s+moment)\b.*
    |(?:in\s+onderhoud|(?:down\s+for|under)\s+maintenance|er\s+is\s+een\s+storing|technische\s+storing
       |(?:even|tijdelijk)\s+niet\s+beschikbaar|er\s+ging\s+iets\s+(?:mis|fout)|something\s+went\s+wrong)
    )\W*(?:[|–—-].*)?$""",
    re.IGNORECASE | re.VERBOSE,
)
REFUSED = frozenset({401, 403, 407, 429})  # a robot may be kept out where people are let in


def judge_answer(answer: Answer, expected: Expected, covers: Callable[[str], bool]) -> Look:
    """Up, down with the reason, or unknown where a refusal is of us and not of visitors.

    `covers`: whether an address belongs to the site. A title that was there while all was well accuses nobody.
    """
    down = _what_is_wrong(answer, expected, covers)
    if answer.status in REFUSED or answer.error == "private-address":
        return Look(Availability.UNKNOWN, down)
    return Look(Availability.DOWN, down) if down else Look(Availability.UP)


def _what_is_wrong(answer: Answer, expected: Expected, covers: Callable[[str], bool]) -> str:
    if answer.status is None:
        return answer.error or "connection-failed"
    if answer.status in REFUSED:
        return "needs-login" if answer.status == 401 else "refused"
    if answer.status >= 400:
        return "server-error" if answer.status >= 500 else "missing"
    if answer.leads_to and not covers(answer.leads_to) and covers(answer.url):
        return "answer-elsewhere"
    if not answer.size or (answer.is_read and not answer.words and not answer.title):
        return "answer-empty"
    if not answer.is_read:
        return ""
    shown = [text for text in (answer.title, answer.heading) if text and text != expected.title]
    if any(SAYS_SO.search(text) or ENDS_SO.search(text) for text in shown):
        return "answer-says-missing"
    if any(SAYS_CLOSED.search(text) for text in shown):
        return "answer-says-closed"
    return "form-gone" if expected.has_form and not answer.has_form else ""


def expectation(answer: Answer, before: Expected) -> Expected:
    """What a good answer shows, for the next looks. A form that was there once is expected from then on."""
    return Expected(answer.title or before.title, before.has_form or answer.has_form) if answer.is_read else before
