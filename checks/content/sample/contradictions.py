"""What one page states of a subject is not what another states of it.

Advice: which of the two is right nobody but the municipality knows. An alarm only where both name the same subject, each states
one thing of that kind, and the two are not two notations of one fact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from checks.accessibility.sample.facts import SamplePage
from checks.content.sample.statements import Statement
from checks.verdict import Verdict, cannot_tell, passed

RULE = "facts-contradict"
RULES = (RULE,)

MOST_PAGES = 200  # kept of one subject
MOST_FINDINGS = 10  # on one page

Subject = tuple[str, str, str]  # language, kind, of whom


# Of these a subject may rightly have several: a page that names two contradicts nothing.
SEVERAL = frozenset(("phone", "mail", "visit", "post", "fee"))


class Contradictions:
    """Remembers what is stated of each subject, and on which page."""

    def __init__(self) -> None:
        self._stated: dict[Subject, dict[str, list[tuple[str, str]]]] = defaultdict(
            dict
        )  # by page: values, and as they are written

    def add(self, page: SamplePage) -> None:
        for subject, statements in _by_subject(page).items():
            known = self._stated[subject]
            if len(known) < MOST_PAGES:
                known[page.address] = [(one.value, one.shown) for one in statements]

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """Every statement that differs from what is usual; where two stand against each other, both are asked about."""
        found: set[tuple[str, str]] = set()  # of one sentence, the hours of one day are enough
        for subject, statements in _by_subject(page).items():
            if not _counts(subject, [one.value for one in statements]):
                continue
            kind = subject[1].partition(" ")[0]
            stated = [
                (address, value, shown)
                for address, several in self._stated[subject].items()
                if _counts(subject, [value for value, _ in several])
                for value, shown in several
            ]
            votes = Counter(value for _, value, _ in stated)
            for this in statements:
                against = next((one for one in stated if one[1] != this.value and votes[one[1]] >= votes[this.value]), None)
                if against is None:
                    yield passed(RULE, this.element)
                elif (place := (kind, this.element["selector"])) not in found and len(found) < MOST_FINDINGS:
                    found.add(place)
                    message = "" if kind in ("visit", "post") else f"cantTell_{kind}"
                    address, _, shown = against
                    arguments = {"subject": this.subject, "shown": this.shown, "other": shown, "page": address}
                    yield cannot_tell(RULE, this.element, message, **arguments)


def _counts(subject: Subject, values: list[str]) -> bool:
    """Whether what a page states can contradict another: who has two numbers has two numbers."""
    return subject[1] not in SEVERAL or len(set(values)) == 1


def _by_subject(page: SamplePage) -> dict[Subject, list[Statement]]:
    found: dict[Subject, list[Statement]] = defaultdict(list)
    for one in page.said.statements if page.said else ():
        found[page.language, one.kind, one.subject].append(one)
    return found
