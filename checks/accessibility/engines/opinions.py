"""The engines beside axe-core, and which version of each engine is here."""

from __future__ import annotations

from collections.abc import Iterable

from checks.accessibility.engines.accesslint.check import ENGINE as ACCESSLINT
from checks.accessibility.engines.alfa.check import ENGINE as ALFA
from checks.accessibility.engines.axe.probe import axe_version
from checks.accessibility.engines.qualweb.check import ENGINE as QUALWEB
from checks.accessibility.engines.second_opinion import SecondOpinion

OPINIONS: dict[str, SecondOpinion] = {engine.name: engine for engine in (ACCESSLINT, QUALWEB, ALFA)}


def engine_versions(engines: Iterable[str]) -> dict[str, str]:
    """The version of each of these engines that is somebody else's. Raises AxeMissing or EngineMissing."""
    return {
        name: axe_version() if name == "axe" else OPINIONS[name].version()
        for name in engines
        if name == "axe" or name in OPINIONS
    }
