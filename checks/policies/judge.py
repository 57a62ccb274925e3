"""Judges a page by the policies of its site: does what they look for occur, and may it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.municipal.page_type import page_type_of
from checks.own import ENGINE
from checks.policies.probe import NAME
from checks.verdict import Element
from rules.finding import LONGEST_SNIPPET, Finding, Target
from rules.observation import PageSnapshot
from rules.outcome import Outcome
from rules.pattern import first_match
from rules.policy import Policy, PolicyKind

MOST_PLACES = 20  # of one policy on one page
AROUND = 40  # characters of its block on either side of what was found
LONGEST_SHOWN = 200

Place = tuple[tuple[str, ...], Element, str]  # frames, element, and the words that were found in it


def judged(page: PageSnapshot, policies: tuple[Policy, ...]) -> Iterator[tuple[str, Outcome, Finding | None]]:
    """Of every policy its outcome on this page; with a finding for each place where it is broken.

    Untested too where the page was not looked at whole: what was found before, and not now, then stays.
    """
    evidence = page.evidence.get(NAME)
    if evidence is None:
        return
    for policy in policies:
        if not policy.applies_to(page.response.url, page_type_of(page)):
            yield policy.rule_id, Outcome.INAPPLICABLE, None
            continue
        places = list(_places(policy, evidence.data["documents"])) if evidence.complete else None
        if places is None or None in places:
            yield policy.rule_id, Outcome.UNTESTED, None
            continue
        if not (places and policy.must_occur) and _is_cut(policy, evidence.data["documents"]):
            yield policy.rule_id, Outcome.UNTESTED, None  # it may stand in what was left out
            if not places:
                continue
        if bool(places) is policy.must_occur:
            yield policy.rule_id, Outcome.PASSED, None
        else:
            root: Place = ((), evidence.data["documents"][0]["root"], "")
            for place in [one for one in places if one][:MOST_PLACES] or [root]:
                yield policy.rule_id, Outcome.CANNOT_TELL, _finding(policy, place)


def _places(policy: Policy, documents: list[dict[str, Any]]) -> Iterator[Place | None]:
    """Where what it looks for stands; None where the browser does not know the selector."""
    for document in documents:
        frames = tuple(document["frames"])
        if policy.kind is PolicyKind.SELECTOR:
            found = document["selectors"][policy.wanted]
            if "failed" in found:
                yield None
                return
            for element in found["elements"]:
                yield frames, element, _words_of(element["html"])
            continue
        for text, element in [*document["blocks"], [document["title"], document["root"]]]:
            if (words := _found(policy, text)) is not None:
                yield frames, element, words


def _is_cut(policy: Policy, documents: list[dict[str, Any]]) -> bool:
    """Whether words were left out that it is about: the page is too large."""
    return policy.kind is not PolicyKind.SELECTOR and any(document["cut"] for document in documents)


def _found(policy: Policy, text: str) -> str | None:
    """What was found in a text, with a little of what stands around it."""
    if policy.kind is PolicyKind.PATTERN:
        words = first_match(policy.wanted, text)
        start = text.find(words) if words else -1
    else:
        words = " ".join(policy.wanted.split())
        start = text.casefold().find(words.casefold())
    if words is None or start < 0:
        return None
    return _cut(text, start, start + len(words))


def _cut(text: str, start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(text), min(end, start + LONGEST_SHOWN) + AROUND)
    return ("… " if first else "") + text[first:last].strip() + (" …" if last < len(text) else "")


def _words_of(html: str) -> str:
    """An element as its start tag."""
    tag = re.match(r"<[^>]{0,200}>?", html)
    return tag[0] if tag else ""


def _finding(policy: Policy, place: Place) -> Finding:
    frames, element, words = place
    rule = policy.as_rule()
    return Finding(
        rule=policy.rule_id,
        rule_version=rule.version,
        outcome=Outcome.CANNOT_TELL,
        impact=rule.impact,
        engines=(ENGINE,),
        target=Target(frames, element["selector"], element["html"][:LONGEST_SNIPPET], element["path"]),
        message=Outcome.CANNOT_TELL.value,
        arguments={"wanted": policy.wanted[:LONGEST_SHOWN], "found": words[: LONGEST_SHOWN * 2]},
    )
