"""An engine beside axe-core: how it is run in every document, and what its word is worth.

Source: measured on the ACT test cases (docs/architecture.md): no engine but axe-core may say "failed" by itself, except with
rules whose own precision earned it. Others ask a person, or only second what another engine found on the same element.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from checks.accessibility.engines.frames import every_document
from checks.probe import sources as page_sources
from rules.finding import LONGEST_SNIPPET, Finding, Target
from rules.norm import Norm
from rules.observation import Evidence, PageSnapshot
from rules.outcome import Outcome, worst
from rules.probe import World
from rules.rule import catalogue

IS_FINDING = (Outcome.FAILED, Outcome.CANNOT_TELL)


class EngineMissing(Exception):
    """The file of an engine is not there: the set-up did not run to its end."""


@dataclass(frozen=True)
class SecondOpinion:
    """An engine by name: its folder holds mapping.toml (its rules and ours), run.js and the vendor files."""

    name: str
    scripts: tuple[str, ...]  # in the folder vendor, in the order in which they run
    gives: str  # the name that they leave for run.js

    @property
    def folder(self) -> Traversable:
        return resources.files("checks.accessibility.engines").joinpath(self.name)

    # --- what its rules are worth ----------------------------------------------------------------------------------

    def mapping(self) -> dict[str, str]:
        """Engine rule: our rule."""
        return dict(_table(self.name)["rules"])

    def left_out(self) -> dict[str, str]:
        """Engine rules that never run, with the reason."""
        return dict(_table(self.name)["left_out"])

    def may_fail(self) -> frozenset[str]:
        """Engine rules that may say "failed" by themselves."""
        return frozenset(_table(self.name)["may_fail"])

    def may_ask(self) -> frozenset[str]:
        """Engine rules that may ask a person by themselves; all else only seconds what others found."""
        return frozenset(_table(self.name)["may_ask"])

    # --- in the page -----------------------------------------------------------------------------------------------

    def script(self) -> str:
        """The engine asleep in a function. Raises EngineMissing."""
        parts = [_vendored(self.folder, file, self.name) for file in self.scripts]
        parts.append(f"globalThis.{self.gives} = {self.gives}")
        # An element that bears the name would otherwise be what it stands for.
        unnamed = f"globalThis.{self.gives} = undefined;"
        return f"globalThis.wake{self.name.capitalize()} = function () {{ {' ; '.join(parts)} ; }}; {unnamed}"

    def version(self) -> str:
        """As its package says it. Raises EngineMissing."""
        return _vendored(self.folder, "version.txt", self.name).strip()

    def probe(self, norm: Norm) -> EngineProbe:
        return EngineProbe(self, norm)

    # --- what it said ----------------------------------------------------------------------------------------------

    def findings(self, page: PageSnapshot) -> Iterator[Finding]:
        """What it says on its own word: failed where that rule earned it, else a question."""
        own_word = self.may_fail() | self.may_ask()
        for document, found in self._found(page):
            if found["rule"] in own_word:
                yield self._finding(found, tuple(document["frames"]))

    def seconds(self, page: PageSnapshot) -> Iterator[Finding]:
        """What counts only where another engine found the same."""
        own_word = self.may_fail() | self.may_ask()
        for document, found in self._found(page):
            if found["rule"] not in own_word:
                yield self._finding(found, tuple(document["frames"]))

    def outcomes(self, page: PageSnapshot, norm: Norm) -> dict[str, Outcome]:
        """The worst outcome of each rule of ours that it may speak for alone; untested where it did not run to its end."""
        evidence = page.evidence.get(self.name)
        complete = evidence is not None and evidence.complete
        documents = evidence.data["documents"] if evidence and complete else []
        result: dict[str, Outcome] = {}
        for engine_rule in sorted(self.may_fail() | self.may_ask()):
            rule = catalogue()[self.mapping()[engine_rule]]
            if not rule.belongs_to(norm):
                continue
            said = [_weighed(rule.is_advice, engine_rule in self.may_fail(), one["rules"].get(engine_rule)) for one in documents]
            for outcome in said or [Outcome.UNTESTED]:
                result[rule.id] = worst(result.get(rule.id, outcome), outcome)
        return result

    def _found(self, page: PageSnapshot) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        evidence = page.evidence.get(self.name)
        if evidence is None or not evidence.complete:
            return
        for document in evidence.data["documents"]:
            for found in document["findings"]:
                if found["rule"] in self.mapping():
                    yield document, found

    def _finding(self, found: dict[str, Any], frames: tuple[str, ...]) -> Finding:
        rule = catalogue()[self.mapping()[found["rule"]]]
        outcome = _weighed(rule.is_advice, found["rule"] in self.may_fail(), found["outcome"])
        element = found["element"]
        return Finding(
            rule=rule.id,
            rule_version=rule.version,
            outcome=outcome,
            impact=rule.impact,
            engines=(self.name,),
            target=Target(frames, element["selector"], element["html"][:LONGEST_SNIPPET], element["path"]),
            message=outcome.value,
            arguments=found.get("arguments", {}),
        )


class EngineProbe:
    """Runs one engine in every document: {"version", "documents": [{"frames", "rules", "findings"}], "notes"}."""

    touches = False
    watches = False
    deadline_s = 60.0

    def __init__(self, engine: SecondOpinion, norm: Norm) -> None:
        self.name = engine.name
        self.version = engine.version()
        self.sources = (*page_sources(), engine.script())
        asked = [rule for rule, ours in engine.mapping().items() if catalogue()[ours].belongs_to(norm)]
        options = {"rules": sorted(asked), "leave": sorted((engine.left_out().keys() | engine.mapping().keys()) - set(asked))}
        run = engine.folder.joinpath("run.js").read_text(encoding="utf-8")
        self.look = f"globalThis.vierluik || wakeVierluik(); ({run.strip()})({json.dumps(options)})"

    async def gather(self, page: World) -> Evidence:
        documents, notes = await every_document(page, self.look)
        return Evidence(self.name, complete=True, data={"version": self.version, "documents": documents, "notes": notes})


def _weighed(is_advice: bool, may_fail: bool, said: str | None) -> Outcome:
    """An engine's word as an outcome of our rule. A rule that said nothing of a document met nothing that it judges."""
    outcome = Outcome(said or Outcome.INAPPLICABLE)
    return Outcome.CANNOT_TELL if outcome is Outcome.FAILED and (is_advice or not may_fail) else outcome


@cache
def _table(engine: str) -> dict[str, Any]:
    file = resources.files("checks.accessibility.engines").joinpath(engine, "mapping.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _vendored(folder: Traversable, file: str, engine: str) -> str:
    found = folder.joinpath("vendor", file)
    if not found.is_file():
        raise EngineMissing(f"The engine {engine} is not there. Run the set-up again: python3 bootstrap.py")
    return found.read_text(encoding="utf-8")
