"""A rule, and the catalogue of rules: one page of Markdown each, which is its documentation and its fixture.

The catalogue is the folder `rules/catalogue/<area>/<rule>.md`: there is no list to forget. A page has TOML front matter
(what a program needs), the words in Dutch and English, and examples that a test runs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any

from rules.norm import Language, Norm, success_criteria
from rules.outcome import Impact, Mender, Outcome
from rules.spoken import Mended

WORDS: dict[Language, str] = {"nl": "Nederlands", "en": "English"}
PARTS: dict[Language, dict[str, str]] = {
    "nl": {
        "title": "Titel",
        "message": "Melding",
        "barrier": "Wie wordt gehinderd",
        "mend_in_cms": "Herstellen in het CMS",
        "mend_in_code": "Herstellen in de code",
        "limits": "Wat deze regel niet ziet",
    },
    "en": {
        "title": "Title",
        "message": "Message",
        "barrier": "Who is stopped",
        "mend_in_cms": "Mend it in the CMS",
        "mend_in_code": "Mend it in the code",
        "limits": "What this rule cannot see",
    },
}
EXAMPLES = {
    "Passed": Outcome.PASSED,
    "Failed": Outcome.FAILED,
    "CantTell": Outcome.CANNOT_TELL,
    "Inapplicable": Outcome.INAPPLICABLE,
}

OPTIONAL = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")  # a part of a message that is said only where it has something to say


class RulePageError(ValueError):
    """A rule's page breaks the form; the sentence says where and what to write."""


@dataclass(frozen=True)
class RuleWords:
    """What a rule says to a person, in one language. Texts are Markdown; `messages` may hold {placeholders}."""

    title: str
    messages: dict[str, str]
    barrier: str
    mend_in_cms: str
    mend_in_code: str
    limits: str


@dataclass(frozen=True)
class Example:
    """A piece of HTML and the outcome the rule must give it; of a rule about documents the recipe of a file, in TOML; of a rule
    about hosts what one of them answers, in TOML.

    Of a rule over the sample it is several pages: the site's start page first, the page that is judged last.
    """

    outcome: Outcome
    why: str
    pages: tuple[str, ...]
    form: str = "html"

    def documents(self) -> tuple[str, ...]:
        """The example as whole pages: a fragment is put into a minimal sound one."""
        return tuple(_document(html) for html in self.pages)


def _document(html: str) -> str:
    if re.search(r"<html|<!doctype", html, re.IGNORECASE):
        return html
    return f'<!doctype html><html lang="nl"><head><title>Voorbeeld</title></head><body><main>{html}</main></body></html>'


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue."""

    id: str
    version: int
    area: str  # the folder it lives in: "accessibility", "links" …
    criteria: tuple[str, ...]  # numbers of success criteria; empty: advice, nothing of a norm is failed
    impact: Impact
    mender: Mender
    minutes: int  # of work to mend one
    act: tuple[str, ...]  # ids of the W3C ACT rules that it implements
    spoken: Mended | None  # what mending it changes for the ear; None: nothing, or nothing that one element tells
    touches: bool  # it only speaks of pages that were operated with keyboard, mouse and zoom
    about: tuple[str, ...]  # of a rule about words: the arguments of its message that tell one finding from another
    duty: str  # the law or standard, other than WCAG, that asks for it: it may fail without a criterion; empty: none
    words: dict[Language, RuleWords] = field(repr=False)
    examples: tuple[Example, ...] = field(repr=False)

    @property
    def is_advice(self) -> bool:
        """Good practice that no criterion asks for, and no other duty: it may ask, never accuse."""
        return not self.criteria and not self.duty

    @property
    def may_fail(self) -> bool:
        """Whether it can say failed; its page then has an example of that, which a test runs. Else it only asks."""
        return not self.is_advice and any(example.outcome is Outcome.FAILED for example in self.examples)

    @property
    def compares_pages(self) -> bool:
        """Whether it judges a page by the others of the sample, at the end of a run: an example of it has several pages."""
        return any(len(example.pages) > 1 for example in self.examples) and not self.of_journeys

    @property
    def of_journeys(self) -> bool:
        """Whether only the walk of a journey tells: an example has the steps first, in TOML, and then the pages."""
        return self.area == "journeys"

    @property
    def of_documents(self) -> bool:
        """Whether it judges PDF and office files, not pages."""
        return self.area == "documents"

    @property
    def of_hosts(self) -> bool:
        """Whether it judges what a host answers for the website as a whole; what it finds stands on the start page."""
        return self.area == "website" and any(example.form == "toml" for example in self.examples)

    @property
    def of_answers(self) -> bool:
        """Whether it judges what addresses answer: no second look at a page says more, only a later run does."""
        return self.area == "links" and bool(self.duty)

    def worth(self, pages: int) -> float:
        """The order of work: pages touched x impact / minutes to mend one."""
        return pages * self.impact.weight / max(self.minutes, 1)

    def belongs_to(self, norm: Norm) -> bool:
        """Whether the norm asks for any of its criteria; advice, and duties that are no matter of WCAG, go with every norm."""
        return not self.criteria or any(norm.asks(criterion) for criterion in self.criteria)

    def message(self, language: Language, key: str, arguments: dict[str, Any]) -> str:
        """The sentence for a stored message key, its placeholders filled with what was measured.

        A part between square brackets is left out where something that it names was not measured or is nothing.
        """
        messages = self.words[language].messages
        text = messages.get(key) or messages[Outcome.CANNOT_TELL.value]
        text = OPTIONAL.sub(lambda part: part[1] if all(arguments.get(name) for name in _names(part[1])) else "", text)
        if any(arguments.get(name) is None for name in _names(text)):
            return self.words[language].title + "."
        return text.format_map({name: _number_in(language, value) for name, value in arguments.items()})


def _names(text: str) -> list[str]:
    """The placeholders in a sentence."""
    return [name for _, name, _, _ in Formatter().parse(text) if name]


def _number_in(language: Language, value: Any) -> Any:
    """A measured number as that language writes it: 4.5:1 is 4,5:1 in Dutch."""
    is_number = re.fullmatch(r"\d+\.\d+(:1)?", str(value)) is not None
    return str(value).replace(".", ",") if is_number and language == "nl" else value


@cache
def catalogue() -> dict[str, Rule]:
    """Every rule by id, sorted."""
    found = [
        parse_rule_page(page.name.removesuffix(".md"), area.name, page.read_text(encoding="utf-8"))
        for area in _folders(resources.files("rules").joinpath("catalogue"))
        for page in area.iterdir()
        if page.name.endswith(".md")
    ]
    rules = {rule.id: rule for rule in sorted(found, key=lambda rule: rule.id)}
    if len(rules) != len(found):
        raise RulePageError("Two areas of the catalogue have a page of the same name. A rule's id is used once, for ever.")
    return rules


@cache
def host_rules() -> frozenset[str]:
    """The rules about what hosts answer for the website as a whole."""
    return frozenset(rule.id for rule in catalogue().values() if rule.of_hosts)


@cache
def duties() -> frozenset[str]:
    """The rules that may fail without a criterion of WCAG: what they find says nothing of accessibility."""
    return frozenset(rule.id for rule in catalogue().values() if rule.duty and not rule.criteria)


@cache
def answer_rules() -> frozenset[str]:
    """The rules about what the addresses answer that pages refer to."""
    return frozenset(rule.id for rule in catalogue().values() if rule.of_answers)


@cache
def touching_rules() -> frozenset[str]:
    """The rules that only speak of pages that were operated."""
    return frozenset(rule.id for rule in catalogue().values() if rule.touches)


def what_it_is_about(rule_id: str, arguments: Mapping[str, Any]) -> list[str]:
    """Of a finding about words, the words that tell it from others of its rule; of all others nothing."""
    rule = catalogue().get(rule_id)
    return [str(arguments.get(name, "")) for name in rule.about] if rule else []


def was_operated(outcomes: Mapping[str, str]) -> bool:
    """Whether the outcomes of a page, by rule, say that it was operated: one of those rules ran to its end."""
    return any(outcomes.get(rule, Outcome.UNTESTED) != Outcome.UNTESTED for rule in touching_rules())


def _folders(folder: Traversable) -> Iterator[Traversable]:
    return (entry for entry in folder.iterdir() if entry.is_dir())


def parse_rule_page(rule_id: str, area: str, text: str) -> Rule:
    """Read one page of the catalogue. Raises RulePageError with what to write where."""
    front, body = _front_matter(rule_id, text)
    sections = _sections(body, "## ")
    try:
        rule = Rule(
            id=rule_id,
            version=int(front.pop("version")),
            area=area,
            criteria=tuple(front.pop("criteria")),
            impact=Impact(front.pop("impact")),
            mender=Mender(front.pop("mender")),
            minutes=int(front.pop("minutes")),
            act=tuple(front.pop("act")),
            spoken=Mended(front.pop("spoken")) if "spoken" in front else None,
            touches=bool(front.pop("touches", False)),
            about=tuple(front.pop("about", ())),
            duty=str(front.pop("duty", "")),
            words={language: _words(sections[title], language) for language, title in WORDS.items()},
            examples=tuple(_examples(sections)),
        )
    except (KeyError, ValueError) as error:
        raise RulePageError(f"{area}/{rule_id}.md: {error} is missing or has a value that is not known.") from error
    if front:
        raise RulePageError(f"{area}/{rule_id}.md: unknown front matter {', '.join(front)}.")
    if unknown := [number for number in rule.criteria if number not in success_criteria()]:
        raise RulePageError(f"{area}/{rule_id}.md: WCAG has no success criterion {', '.join(unknown)}.")
    return rule


def _front_matter(rule_id: str, text: str) -> tuple[dict[str, Any], str]:
    match = re.match(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", text, re.DOTALL)
    if not match:
        raise RulePageError(f"{rule_id}.md: begin with front matter between two lines of +++.")
    return tomllib.loads(match[1]), match[2]


def _sections(text: str, marker: str) -> dict[str, str]:
    """The text below each heading of one level, outside code blocks."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    in_code = False
    for line in text.splitlines():
        in_code ^= line.startswith("```")
        if line.startswith(marker) and not in_code:
            lines = sections.setdefault(line.removeprefix(marker).strip(), [])
        else:
            lines.append(line)
    return {title: "\n".join(content).strip() for title, content in sections.items()}


def _words(section: str, language: Language) -> RuleWords:
    parts = _sections(section, "### ")
    texts = {name: parts[heading] for name, heading in PARTS[language].items()}
    messages = dict(re.findall(r"(?m)^- (\w+): (.+(?:\n  .+)*)$", texts.pop("message")))
    for outcome in (Outcome.FAILED, Outcome.CANNOT_TELL):
        messages[outcome.value]
    return RuleWords(messages={key: " ".join(text.split()) for key, text in messages.items()}, **texts)


def _examples(sections: dict[str, str]) -> Iterator[Example]:
    for heading, outcome in EXAMPLES.items():
        for why, blocks in re.findall(r"(.*?)((?:```(?:html|toml)\n.*?```\s*)+)", sections.get(heading, ""), re.DOTALL):
            pages = re.findall(r"```(html|toml)\n(.*?)```", blocks, re.DOTALL)
            yield Example(outcome, " ".join(why.split()), tuple(text for _, text in pages), pages[0][0])
