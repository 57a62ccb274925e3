"""The topics of our own checks: each folder `checks/<area>/<topic>/` with a pure `check.py`, and what brings its facts.

Facts come from the topic's own `gather.js` in the page; else from that of its area, which its topics share, or of the area
that it names as FACTS; else from a probe of the topic's own. The folders are the list: there is nothing to register.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from checks.verdict import DocumentFacts, Judgement
from rules.observation import Evidence, PageSnapshot
from rules.probe import Probe

IN_THE_PAGE = "vierluik"  # the probe that runs every gather.js


@dataclass(frozen=True)
class Topic:
    """One kind of check: the rules it speaks for, where its facts come from, and how they are judged."""

    name: str
    area: str
    rules: frozenset[str]
    judge: Judgement
    facts: str  # the name that its facts bear: its own, or its area's
    probe: str  # name of the evidence that its facts are in


@cache
def topics() -> dict[str, Topic]:
    """Every topic by name, sorted. One whose facts no gather.js brings has a probe of its own, which bears the folder's name."""
    found = {}
    for area in areas():
        for folder in _folders(area):
            if not folder.joinpath("check.py").is_file():
                continue
            module = importlib.import_module(f"checks.{area.name}.{folder.name}.check")
            has_probe = folder.joinpath("probe.py").is_file()
            names = (folder.name, getattr(module, "FACTS", area.name))
            facts = next((name for name in names if name in gatherers() and not has_probe), folder.name)
            probe = IN_THE_PAGE if facts in gatherers() else folder.name
            found[folder.name] = Topic(folder.name, area.name, frozenset(module.RULES), module.judge, facts, probe)
    return dict(sorted(found.items()))


@cache
def gatherers() -> dict[str, str]:
    """The body of each JavaScript function (page) => facts, by the name of its facts: that of a topic or of a whole area."""
    folders = [folder for area in areas() for folder in (area, *_folders(area))]
    scripts = [(folder.name, folder.joinpath("gather.js")) for folder in folders]
    return {name: script.read_text(encoding="utf-8") for name, script in scripts if script.is_file()}


@cache
def areas() -> tuple[Traversable, ...]:
    """The folders beside this file: accessibility, content, and so on."""
    return tuple(_folders(resources.files("checks")))


def _folders(folder: Traversable) -> list[Traversable]:
    return sorted((one for one in folder.iterdir() if one.is_dir()), key=lambda one: one.name)


def touching_probes() -> list[Probe]:
    """The probes of the topics that have one of their own: PROBE in the folder's probe.py. What a walk brings has none."""
    own = [topic for topic in topics().values() if topic.probe == topic.name and _has_probe(topic)]
    return [importlib.import_module(f"checks.{topic.area}.{topic.name}.probe").PROBE for topic in own]


def _has_probe(topic: Topic) -> bool:
    return resources.files("checks").joinpath(topic.area, topic.name, "probe.py").is_file()


def documents_of(topic: Topic, page: PageSnapshot) -> Iterator[DocumentFacts] | None:
    """The facts of a topic, document by document; None where they were not gathered to the end in the page itself."""
    evidence = page.evidence.get(topic.probe)
    if evidence is None or not evidence.complete or not _gathered(topic, evidence):
        return None
    return (
        DocumentFacts(document["topics"][topic.facts]["facts"], tuple(document["frames"]), page)
        for document in evidence.data["documents"]
        if "facts" in document["topics"].get(topic.facts, {})
    )


def _gathered(topic: Topic, evidence: Evidence) -> bool:
    documents = evidence.data["documents"]
    return all("failed" not in document["topics"].get(topic.facts, {}) for document in documents) and bool(documents)
