"""The ways to get in touch and to complain that an accessibility statement names can be followed, and lead somewhere.

Source: Implementing Decision (EU) 2018/1523, annex (contact, and the enforcement procedure with a link to it); the checklist of
DigiToegankelijk (all addresses and contact links work). No success criterion says so, so it is advice: it asks.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accessibility.sample.facts import SamplePage
from checks.links.sample.broken import BROKEN, Answers
from checks.municipal.compared import MOST, REACHES
from checks.verdict import Verdict, cannot_tell, passed
from rules.address import without_credentials, without_fragment

RULE = "statement-links"
RULES = (RULE,)


class StatementLinks:
    """Each statement by itself, with what its links came to. One that leaves all to the register need not repeat them."""

    def __init__(self, answers: Answers, registered: frozenset[str]) -> None:
        """`registered`: the numbers of the site's statements in the register, as it was brought in; none: nothing is known."""
        self._answers = answers
        self._registered = registered

    def add(self, page: SamplePage) -> None:
        """Nothing is compared: each statement has its own links."""

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        ways = page.municipal["statement"] if page.municipal else None
        if not ways:
            return
        root, others = ways["root"], [one for one in ways["numbers"] if one not in self._registered]
        is_of_another = bool(self._registered) and bool(others) and len(others) == len(ways["numbers"])
        if is_of_another:
            yield cannot_tell(RULE, root, "cantTell_register", number=others[0], known=", ".join(sorted(self._registered)[:MOST]))
        owed = [] if ways["register"] else ways["says"]
        dead = [(words, url) for words, url in (*ways["contact"], *ways["complaint"]) if self._is_dead(url)]
        for words, url in dead:
            yield cannot_tell(RULE, root, "cantTell_dead", words=words or url, url=url)
        if "contact" in owed and not ways["contact"] and not ways["form"]:
            yield cannot_tell(RULE, root)
        elif "complaint" in owed and not ways["complaint"]:
            yield cannot_tell(RULE, root, "cantTell_complaint")
        elif not dead and not is_of_another and (ways["contact"] or ways["complaint"] or ways["form"]):
            yield passed(RULE, root)

    def _is_dead(self, url: str) -> bool:
        return not url.startswith(REACHES) and self._answers.classes.get(without_fragment(without_credentials(url))) in BROKEN
