"""The outcome of every rule on a page, stored once for all pages where it is equal, and small: a letter a rule.

Two hundred rules by name would cost more than a kilobyte for every change of every page; their names stand in a list of
their own, which nearly all pages share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from rules.outcome import Outcome
from rules.rule import was_operated
from storage.blobs import RULE_LIST, get_texts, put_json, put_texts

LETTERS = {
    Outcome.PASSED: "p",
    Outcome.FAILED: "f",
    Outcome.CANNOT_TELL: "c",
    Outcome.INAPPLICABLE: "i",
    Outcome.UNTESTED: "u",
}
OUTCOMES = {letter: outcome for outcome, letter in LETTERS.items()}


def put_outcomes(session: Session, outcomes: Mapping[str, Outcome]) -> str:
    """Store what each rule said of a page; gives the hash of it."""
    names = sorted(outcomes)
    text = put_json(session, RULE_LIST, names) + "".join(LETTERS[outcomes[name]] for name in names)
    return put_texts(session, "outcomes", [text])[text]


def get_outcomes(session: Session, digest: str | None) -> dict[str, Outcome]:
    """What each rule said; empty where nothing is stored."""
    return get_many_outcomes(session, [digest]).get(digest or "", {})


def get_many_outcomes(session: Session, digests: Iterable[str | None]) -> dict[str, dict[str, Outcome]]:
    """What each rule said, by hash."""
    texts = get_texts(session, digests)
    # Before version 0.1 was out they were stored with their names; such a list begins with a bracket.
    lists = {
        digest: json.loads(names) for digest, names in get_texts(session, {_list_of(text) for text in texts.values()}).items()
    }
    return {digest: _read(text, lists) for digest, text in texts.items()}


def of_operated_pages(session: Session, digests: Iterable[str | None]) -> set[str]:
    """Of these, the hashes of what was said of a page that was tried with keyboard, mouse and zoom."""
    return {digest for digest, outcomes in get_many_outcomes(session, digests).items() if was_operated(outcomes)}


def _list_of(text: str) -> str | None:
    return None if text.startswith("{") else text[:32]


def _read(text: str, lists: Mapping[str, list[str]]) -> dict[str, Outcome]:
    names = _list_of(text)
    if names is None:
        return {rule: Outcome(outcome) for rule, outcome in json.loads(text).items()}
    return dict(zip(lists[names], map(OUTCOMES.__getitem__, text[32:]), strict=True))
