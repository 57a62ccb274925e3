"""Gathers the facts that our own checks judge: every topic's gatherer, in every document of the page that can be reached."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from checks.accessibility.engines.axe.probe import axe_asleep
from checks.accessibility.engines.frames import every_document
from checks.topics import IN_THE_PAGE, gatherers
from rules.observation import Evidence
from rules.probe import World


@cache
def sources() -> tuple[str, ...]:
    """What lies asleep in every document: axe-core for names and roles, the shared page, and each topic's gatherer."""
    shared = resources.files("checks").joinpath("page.js").read_text(encoding="utf-8")
    functions = ",".join(f"{json.dumps(name)}: (page) => {{ {body}\n }}" for name, body in gatherers().items())
    asleep = f"globalThis.wakeVierluik = function () {{ {shared}\nwake({{ {functions} }}); }};"
    # An element that bears the name would otherwise be what it stands for.
    return axe_asleep(), f"{asleep} globalThis.vierluik = undefined;"


class PageProbe:
    """The facts of every document: {"documents": [{"frames", "topics": {topic: {"facts"} or {"failed"}}}], "notes"}."""

    name = IN_THE_PAGE
    deadline_s = 60.0
    touches = False
    watches = False

    def __init__(self) -> None:
        self.sources = sources()

    async def gather(self, page: World) -> Evidence:
        documents, notes = await every_document(page, "globalThis.vierluik || wakeVierluik(), vierluik.gather()")
        return Evidence(self.name, complete=True, data={"documents": documents, "notes": notes})
