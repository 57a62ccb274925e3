"""A heading says what its part of the page is about.

Source: WCAG 2.2 SC 2.4.6 Headings and Labels (level AA); EN 301 549 clause 9.2.4.6; ACT rule b49b2e; technique G130.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.accessibility.wording import are_akin, bare, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

RULE = "heading-descriptive"
RULES = (RULE,)

# What a template or an editor puts there until somebody writes a heading.
PLACEHOLDER = re.compile(
    r"lorem ipsum.*|(kop|koptekst|heading|header|titel|title|subtitel|subtitle|tussenkop) ?[1-9]|naamloos|untitled|placeholder|"
    r"(naamloze|nieuwe|untitled|new) (kop|titel|pagina|sectie|heading|title|page|section)|(typ|vul|voer) hier.*(kop|titel).*|"
    r"(uw|jouw|je|your) (kop|titel|heading|title)( hier| here)?|(add|enter|type|insert)( a| your)? (heading|title)( here| text)?|"
    r"(voeg|klik om)( een)? (kop|titel)( toe| toe te voegen)?|(sample|example|voorbeeld) ?(heading|title|kop|titel)|x{3,}",
)
SAYS_NOTHING = re.compile(
    r"kop|koptekst|heading|header|titel|title|subtitel|subtitle|tussenkop|tekst|text|test|blok|block|sectie|section|widget|"
    r"lees (meer|verder)|meer|klik hier|hier|read more|more|click here|here|learn more|content|inhoud tekst"
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    if not facts:
        return
    headings: list[dict[str, Any]] = facts["headings"]
    unrelated = _unrelated(facts)
    for number, heading in enumerate(headings):
        text = bare(heading["text"])
        if not heading["text"]:
            continue  # an empty heading is another rule's
        arguments = {"text": heading["text"][:100]}
        if PLACEHOLDER.fullmatch(text):
            yield failed(RULE, heading["element"], **arguments)
        elif SAYS_NOTHING.fullmatch(text) or not re.search(r"\w", heading["text"]):
            yield cannot_tell(RULE, heading["element"], **arguments)
        elif number and _repeats(headings[number - 1], heading):
            yield cannot_tell(RULE, heading["element"], "twice", **arguments)
        elif heading is unrelated:
            yield cannot_tell(RULE, heading["element"], "unrelated", **arguments)
        else:
            yield passed(RULE, heading["element"])


def _repeats(before: dict[str, Any], heading: dict[str, Any]) -> bool:
    same = bare(before["text"]) == bare(heading["text"]) and before["level"] == heading["level"]
    return same and (not heading["link"] or heading["link"] == before["link"])


def _unrelated(facts: dict[str, Any]) -> dict[str, Any] | None:
    """The main heading, where none of its words comes back in any form in the title or anywhere else on the page."""
    if not facts["rest"]:
        return None
    heading: dict[str, Any] = facts["headings"][facts["rest"]["index"]]
    own = words(heading["text"])
    others = set(words(facts["rest"]["text"]))
    if not own or len(others) < 5:
        return None
    return None if any(are_akin(word, other) for word in own for other in others) else heading
