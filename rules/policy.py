"""A policy: a rule that an editor-in-chief writes without programming. Something must, or must not, occur on certain pages.

Whoever shows findings gets a policy's words by `rule_named`, as those of every rule; which policies there are is told once
for a site, with `know`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from rules.norm import Language
from rules.outcome import Impact, Mender
from rules.page_type import PageType
from rules.pattern import PatternError, check_pattern, found_in
from rules.rule import Rule, RuleWords, catalogue

logger = logging.getLogger(__name__)

PREFIX = "own:"  # no page of the catalogue has a name like that
LONGEST_ID, LONGEST_WORDS, LONGEST_TEXT = 40, 200, 2_000
KEYS = ("id", "title", "text", "pattern", "selector", "must_occur", "pages", "page_types", "why", "what_to_do", "on")


class PolicyKind(StrEnum):
    """What a policy looks for."""

    TEXT = "text"  # words, whatever their capitals and white space
    PATTERN = "pattern"  # a regular expression, in one block of text
    SELECTOR = "selector"  # elements, by a CSS selector


class PolicyError(ValueError):
    """A policy cannot be used; `key` is what is wrong, the sentence says what to write."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


@dataclass(frozen=True)
class Policy:
    """One rule of an editor-in-chief."""

    id: str
    title: str
    kind: PolicyKind
    wanted: str  # the text, the expression or the selector
    must_occur: bool  # else it must not
    pages: str = ""  # a regular expression on the address; empty: every page
    page_types: tuple[PageType, ...] = ()  # none: every type
    why: str = ""
    what_to_do: str = ""
    on: bool = True

    @property
    def rule_id(self) -> str:
        return PREFIX + self.id

    def applies_to(self, url: str, page_type: PageType) -> bool:
        return (not self.pages or found_in(self.pages, url)) and (not self.page_types or page_type in self.page_types)

    def as_rule(self) -> Rule:
        """The policy in the form of the catalogue: advice, as no norm asks for it."""
        words: dict[Language, RuleWords] = {"nl": self._words("nl"), "en": self._words("en")}
        return Rule(
            id=self.rule_id,
            version=1,
            area="own",
            criteria=(),
            impact=Impact.MODERATE,
            mender=Mender.EDITOR,
            minutes=10,
            act=(),
            spoken=None,
            touches=False,
            about=(),
            duty="",
            words=words,
            examples=(),
        )

    def _words(self, language: Language) -> RuleWords:
        messages = MISSING[language] if self.must_occur else PRESENT[language]
        return RuleWords(
            title=self.title,
            messages={"failed": messages, "cantTell": messages},
            barrier=self.why or NO_REASON[language],
            mend_in_cms=self.what_to_do or (ADD if self.must_occur else TAKE_OUT)[language],
            mend_in_code="",
            limits=LIMITS[language],
        )

    def as_stored(self) -> dict[str, Any]:
        """As `read_policy` reads it."""
        kept = {**asdict(self), "page_types": [one.value for one in self.page_types]}
        return {self.kind.value: kept.pop("wanted"), **{key: value for key, value in kept.items() if key != "kind"}}


MISSING: dict[Language, str] = {
    "nl": "Uw eigen regel wil dat dit op de pagina staat, en het staat er niet: {wanted}",
    "en": "Your own rule wants this on the page, and it is not there: {wanted}",
}
PRESENT: dict[Language, str] = {
    "nl": "Uw eigen regel wil dat dit niet op de pagina staat: {found}",
    "en": "Your own rule does not want this on the page: {found}",
}
NO_REASON: dict[Language, str] = {
    "nl": "Dit is een afspraak van de eigen organisatie.",
    "en": "The organisation has agreed on this.",
}
ADD: dict[Language, str] = {"nl": "Zet erbij wat de regel vraagt.", "en": "Add what the rule asks for."}
TAKE_OUT: dict[Language, str] = {"nl": "Haal weg wat de regel niet wil.", "en": "Take out what the rule does not want."}
LIMITS: dict[Language, str] = {
    "nl": "De regel kijkt alleen of dit letterlijk op de pagina staat, niet of het klopt.",
    "en": "The rule only looks whether this stands on the page as written, not whether it is right.",
}


def read_policies(lines: Iterable[Mapping[str, Any]]) -> tuple[Policy, ...]:
    """Policies as they stand in the settings. Raises PolicyError, also where two have one id."""
    policies = tuple(read_policy(line) for line in lines)
    ids = [policy.id for policy in policies]
    if twice := [one for one in dict.fromkeys(ids) if ids.count(one) > 1]:
        raise PolicyError("id", f"two policies have the id '{twice[0]}'. Give each its own.")
    return policies


def read_stored_policies(lines: Iterable[Mapping[str, Any]]) -> tuple[Policy, ...]:
    """Policies as an earlier version kept them. One that this version refuses is left out and logged, the others hold."""
    policies: dict[str, Policy] = {}
    for line in lines:
        try:
            policy = read_policy(line)
        except PolicyError as error:
            logger.warning("A stored policy is left out: %s", error)
        else:
            policies.setdefault(policy.id, policy)
    return tuple(policies.values())


def read_policy(line: Mapping[str, Any]) -> Policy:
    """One policy. Raises PolicyError with what to write."""
    name = str(line.get("id", ""))[:LONGEST_ID]
    if unknown := [key for key in line if key not in KEYS]:
        raise PolicyError(unknown[0], f"policy '{name}': there is no key '{unknown[0]}'. The keys are: {', '.join(KEYS)}.")
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name) or name != line.get("id"):
        raise PolicyError("id", f"policy '{name}': write an id of small letters, digits and hyphens, at most {LONGEST_ID} long.")
    kinds = [kind for kind in PolicyKind if line.get(kind.value)]
    if len(kinds) != 1:
        raise PolicyError("wanted", f"policy '{name}': say what to look for with one of: text, pattern or selector.")
    [kind] = kinds
    texts = {key: _text(name, line, key) for key in ("title", kind.value, "pages", "why", "what_to_do")}
    if not texts["title"].strip():
        raise PolicyError("title", f"policy '{name}': give it a title, for example: title = \"Geen 'klik hier'\".")
    for key in ("must_occur", "on"):
        if not isinstance(line.get(key, True), bool):
            raise PolicyError(key, f"policy '{name}': {key} is true or false.")
    types = line.get("page_types", ())
    if not isinstance(types, list | tuple) or any(one not in [*PageType] for one in types):
        raise PolicyError("page_types", f"policy '{name}': page_types is a list of: {', '.join(PageType)}.")
    _check(name, kind, texts[kind.value], texts["pages"])
    return Policy(
        id=name,
        title=" ".join(texts["title"].split()),
        kind=kind,
        wanted=texts[kind.value],
        must_occur=line.get("must_occur", False),
        pages=texts["pages"],
        page_types=tuple(PageType(one) for one in types),
        why=texts["why"],
        what_to_do=texts["what_to_do"],
        on=line.get("on", True),
    )


def _text(name: str, line: Mapping[str, Any], key: str) -> str:
    value = line.get(key, "")
    longest = LONGEST_WORDS if key == "title" else LONGEST_TEXT
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise PolicyError(key, f"policy '{name}': {key} is a text of at most {longest} characters.")
    return value


def _check(name: str, kind: PolicyKind, wanted: str, pages: str) -> None:
    for key, pattern in (("wanted", wanted if kind is PolicyKind.PATTERN else ""), ("pages", pages)):
        try:
            check_pattern(pattern)
        except PatternError as error:
            raise PolicyError(key, f"policy '{name}': {error}") from error
    if not wanted.strip():
        raise PolicyError("wanted", f"policy '{name}': say what to look for with one of: text, pattern or selector.")
    if kind is PolicyKind.PATTERN and found_in(wanted, ""):
        raise PolicyError(
            "wanted", f"policy '{name}': '{wanted}' fits a page without any words too. Make a part of it necessary."
        )
    if kind is PolicyKind.SELECTOR:
        try:
            LexborHTMLParser("<p>").css(wanted)
        except SelectolaxError as error:
            example = "Write for example: a[target=_blank]"
            raise PolicyError("wanted", f"policy '{name}': '{wanted}' is no CSS selector. {example}") from error


def id_of(title: str, taken: Iterable[str]) -> str:
    """An id out of a title, not one of those that are taken."""
    base = re.sub(r"[^a-z0-9]+", "-", title.lower())[: LONGEST_ID - 4].strip("-") or "regel"
    used = set(taken)
    return next(name for number in range(1, len(used) + 2) if (name := base if number == 1 else f"{base}-{number}") not in used)


_known: ContextVar[Mapping[str, Rule]] = ContextVar("policies of the site that is shown", default={})  # noqa: B039 - never changed


def know(policies: Iterable[Policy]) -> None:
    """From here on, in this task or request, these are the policies that `rule_named` knows."""
    _known.set({policy.rule_id: policy.as_rule() for policy in policies})


def rule_named(rule_id: str) -> Rule | None:
    """A rule of the catalogue or a policy of the site; None where there is none (any more)."""
    return catalogue().get(rule_id) or _known.get().get(rule_id)


def known_policies() -> Mapping[str, Rule]:
    """The policies that are known here, as rules."""
    return _known.get()


def is_policy(rule_id: str) -> bool:
    return rule_id.startswith(PREFIX)
