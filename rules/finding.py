"""A finding: the verdict on one test target, with its evidence; and its fingerprint, by which it is known again."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rules.outcome import Impact, Outcome
from rules.rule import what_it_is_about

LONGEST_SNIPPET = 2_000  # characters kept of an element's HTML


@dataclass(frozen=True)
class Target:
    """The element that was judged."""

    frames: tuple[str, ...]  # CSS selectors of the frames it stands in, outermost first
    selector: str  # CSS selector inside the innermost frame; " >>> " goes into an open shadow root
    html: str  # the element's own start, at most LONGEST_SNIPPET characters
    path: str = ""  # its ancestors as a CSS path, for knowing components again


@dataclass(frozen=True)
class Finding:
    """What one rule says about one target on one page. Words are put in when shown: here stand a key and arguments."""

    rule: str
    rule_version: int
    outcome: Outcome  # failed or cantTell; the others are counted per rule
    impact: Impact
    engines: tuple[str, ...]
    target: Target
    message: str  # a key of the rule's messages
    arguments: dict[str, Any] = field(default_factory=dict)
    confirmation: str = ""  # a rules.confirm.Confirmation; empty: nobody looked a second time


def fingerprints(page: str, state: str, findings: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
    """Each finding with the hash that finds it again in a later run.

    Made of the rule, the page's identity, the state, the frames, the component path and the snippet, all normalised, and
    the number among equals; of a rule about words those too. Never of the engine, the rule's version or the page's other words.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        target = finding.target
        parts = [finding.rule, page, state, [normal_path(frame) for frame in target.frames]]
        parts += [normal_path(target.path or target.selector), normal_snippet(target.html)]
        parts += what_it_is_about(finding.rule, finding.arguments)
        base = json.dumps(parts, ensure_ascii=False)
        seen[base] += 1
        yield hashlib.sha256(f"{base}#{seen[base]}".encode()).hexdigest()[:32], finding


@lru_cache(maxsize=4_096)  # an element of a template stands on every page
def normal_path(path: str) -> str:
    """A CSS path without what changes by itself: positions, ids and classes with digits."""
    path = re.sub(r":nth-(?:child|of-type|last-child|last-of-type)\([^)]*\)", "", path)
    path = re.sub(r"[#.](?:\\.|[\w-])*\d(?:\\.|[\w-])*", "", path)
    return " ".join(path.split())


# What tells one element from another of its kind, and stays when a page is built again.
STEADY = re.compile(
    r"""\s(alt|href|src|type|name|role|for|title|rel|scope|lang|aria-[a-z]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def normal_snippet(html: str) -> str:
    """The tag and its steady attributes; digits masked, texts, styles, ids and nonces left out."""
    start = re.match(r"<([\w:-]+)((?:\s+[^\s=>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)", html)
    if not start:
        return ""
    steady = sorted(f"{name.lower()}={value.strip(chr(34) + chr(39))}" for name, value in STEADY.findall(start[2]))
    return re.sub(r"\d+", "0", " ".join([start[1].lower(), *steady]))
