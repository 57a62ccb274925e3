"""The topics of our own checks: each folder beside this file that has a `gather.js` (in the page) and a `check.py` (pure).

The folder is the list: there is nothing to register.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from checks.accessibility.verdict import DocumentFacts, Judgement
from rules.observation import Evidence, PageSnapshot
from rules.probe import Probe

PACKAGE = "checks.accessibility"


@dataclass(frozen=True)
class Topic:
    """One kind of check: the rules it speaks for, how facts are gathered in the page, and how they are judged."""

    name: str
    rules: frozenset[str]
    judge: Judgement
    gatherer: str  # body of a JavaScript function (page) => facts; empty where a probe of its own brings the evidence
    probe: str  # name of the evidence that its facts are in


@cache
def topics() -> dict[str, Topic]:
    """Every topic by name, sorted. A folder without gather.js has a probe of its own, which bears the folder's name."""
    found = {}
    for folder in sorted(resources.files(PACKAGE).iterdir(), key=lambda entry: entry.name):
        if not folder.is_dir() or not folder.joinpath("check.py").is_file():
            continue
        module = importlib.import_module(f"{PACKAGE}.{folder.name}.check")
        script = folder.joinpath("gather.js")
        gatherer = script.read_text(encoding="utf-8") if script.is_file() else ""
        probe = "vierluik" if gatherer else folder.name
        found[folder.name] = Topic(folder.name, frozenset(module.RULES), module.judge, gatherer, probe)
    return found


def touching_probes() -> list[Probe]:
    """The probes of the topics that have one of their own: PROBE in the folder's probe.py."""
    own = [topic.name for topic in topics().values() if topic.probe == topic.name]
    return [importlib.import_module(f"{PACKAGE}.{name}.probe").PROBE for name in own]


def documents_of(topic: Topic, page: PageSnapshot) -> Iterator[DocumentFacts] | None:
    """The facts of a topic, document by document; None where they were not gathered to the end in the page itself."""
    evidence = page.evidence.get(topic.probe)
    if evidence is None or not evidence.complete or not _gathered(topic, evidence):
        return None
    return (
        DocumentFacts(document["topics"][topic.name]["facts"], tuple(document["frames"]), page)
        for document in evidence.data["documents"]
        if "facts" in document["topics"].get(topic.name, {})
    )


def _gathered(topic: Topic, evidence: Evidence) -> bool:
    documents = evidence.data["documents"]
    return all("failed" not in document["topics"].get(topic.name, {}) for document in documents) and bool(documents)
