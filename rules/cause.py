"""Causes: findings that one repair mends. A fault in the footer of a thousand pages is one cause, not a thousand.

Findings stand together by rule, region of the page, component path and cleaned snippet. What stands on few pages is content:
all of a rule's content faults are one cause, for their pages have one kind of mender.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.finding import normal_path, normal_snippet
from rules.outcome import Mender

COMPONENT_PAGES = 3  # on so many pages the same element is a component
TEMPLATE_SHARE = 0.8  # of a template's pages: the template itself is at fault


class CauseKind(StrEnum):
    """Where the repair is made."""

    TEMPLATE = "template"
    COMPONENT = "component"
    CONTENT = "content"

    def mender(self, rule_says: Mender) -> Mender:
        """Who can mend it: a fault of the template is never the editor's."""
        return rule_says if self is CauseKind.CONTENT or rule_says is not Mender.EDITOR else Mender.SUPPLIER


LANDMARKS = ("header", "nav", "main", "aside", "footer", "search", "form")


def region_of(path: str) -> str:
    """The outermost landmark element that a CSS path goes through; "" where it goes through none."""
    names = re.findall(r"(?:^|[>\s])([a-z]+)", path)
    return next((name for name in names if name in LANDMARKS), "")


@dataclass(frozen=True)
class Place:
    """What is known of a finding to find its cause."""

    finding: int
    rule: str
    page: int
    template: int | None
    frames: tuple[str, ...]
    path: str
    snippet: str
    about: tuple[str, ...] = ()  # of a rule about words: which words


@dataclass(frozen=True)
class Cause:
    """One cause and the findings that share it."""

    key: str
    kind: CauseKind
    rule: str
    region: str
    findings: tuple[int, ...]


def causes_of(places: Iterable[Place], pages_of_template: Mapping[int, int]) -> list[Cause]:
    """Every finding in exactly one cause. `pages_of_template`: how many pages each template has."""
    alike: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        alike[component_key(place)].append(place)
    causes: list[Cause] = []
    content: dict[str, list[Place]] = defaultdict(list)
    for key, group in alike.items():
        pages = {place.page: place.template for place in group}
        if len(pages) < COMPONENT_PAGES:
            content[group[0].rule].extend(group)
            continue
        kind = CauseKind.TEMPLATE if _fills_template(pages, pages_of_template) else CauseKind.COMPONENT
        causes.append(_cause(key, kind, group))
    return causes + [cause for group in content.values() for cause in content_causes(group)]


def content_causes(places: Iterable[Place]) -> list[Cause]:
    """One cause for each rule: what was written on pages, and not built."""
    of_rule: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        of_rule[place.rule].append(place)
    return [_cause(_hash(rule, "content"), CauseKind.CONTENT, group) for rule, group in of_rule.items()]


def _cause(key: str, kind: CauseKind, group: list[Place]) -> Cause:
    region = "" if kind is CauseKind.CONTENT else region_of(group[0].path)
    return Cause(key, kind, group[0].rule, region, tuple(place.finding for place in group))


def _fills_template(pages: Mapping[int, int | None], pages_of_template: Mapping[int, int]) -> bool:
    """Whether it stands on nearly every page of each template that it stands on at all."""
    on: dict[int | None, int] = defaultdict(int)
    for template in pages.values():
        on[template] += 1
    return all(
        template is not None and count >= TEMPLATE_SHARE * pages_of_template.get(template, count)
        for template, count in on.items()
    )


def component_key(place: Place) -> str:
    """By which the same element is known on other pages."""
    frames = " ".join(normal_path(frame) for frame in place.frames)
    return _hash(place.rule, frames, normal_path(place.path), normal_snippet(place.snippet), *place.about)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
