"""The topics: each file judges one part of a document, in RULES and `judge`. The folder is the list.

NEEDS says what must have been read to its end before a rule may say that it found nothing: "content" (the pages),
"structure" (the tags), "engine" (page-validation).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from checks.documents.snapshot import DocumentSnapshot
from checks.documents.verdict import Verdict


@dataclass(frozen=True)
class Topic:
    """One part of a document, and who judges it."""

    name: str
    rules: frozenset[str]
    needs: frozenset[str]
    judge: Callable[[DocumentSnapshot], Iterator[Verdict]]


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, sorted by name."""
    names = sorted(entry.name.removesuffix(".py") for entry in resources.files(__name__).iterdir() if entry.name.endswith(".py"))
    found = []
    for name in names:
        if name != "__init__":
            module = importlib.import_module(f"{__name__}.{name}")
            found.append(Topic(name, frozenset(module.RULES), frozenset(module.NEEDS), module.judge))
    return tuple(found)
