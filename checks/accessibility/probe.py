"""Gathers the facts that our own checks judge: every topic's gatherer, in every document of the page that can be reached."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from importlib import resources
from typing import Any

from checks.accessibility.engines.axe.probe import axe_asleep
from checks.accessibility.topics import PACKAGE, topics
from rules.observation import Evidence
from rules.probe import World

FRAME_DEADLINE_S = 10.0
MOST_FRAMES = 50


@cache
def sources() -> tuple[str, ...]:
    """What lies asleep in every document: axe-core for names and roles, the shared page, and each topic's gatherer."""
    shared = resources.files(PACKAGE).joinpath("page.js").read_text(encoding="utf-8")
    gatherers = ",".join(f"{json.dumps(topic.name)}: (page) => {{ {topic.gatherer}\n }}" for topic in topics().values() if topic.gatherer)
    return axe_asleep(), f"globalThis.wakeVierluik = function () {{ {shared}\nwake({{ {gatherers} }}); }};"


class PageProbe:
    """The facts of every document: {"documents": [{"frames", "topics": {topic: {"facts"} or {"failed"}}}], "notes"}."""

    name = "vierluik"
    deadline_s = 60.0
    touches = False

    def __init__(self) -> None:
        self.sources = sources()

    async def gather(self, page: World) -> Evidence:
        documents: list[dict[str, Any]] = []
        notes: list[str] = []
        await self._gather(page, (), documents, notes)
        return Evidence(self.name, complete=True, data={"documents": documents, "notes": sorted(set(notes))})

    async def _gather(self, world: World, frames: tuple[str, ...], documents: list[dict[str, Any]], notes: list[str]) -> None:
        found = json.loads(await world.evaluate("globalThis.vierluik || wakeVierluik(), vierluik.gather()"))
        documents.append({"frames": list(frames), "topics": found["topics"]})
        for number, frame in enumerate(found["frames"]):
            if len(documents) > MOST_FRAMES:
                notes.append("too-many-frames")
                return
            child = await world.frame_of(f"vierluik.frame({number})")
            if child is None:
                notes.append("sandboxed-frame" if frame["sandboxed"] else "foreign-frame")
                continue
            try:
                async with asyncio.timeout(FRAME_DEADLINE_S):
                    await self._gather(child, (*frames, frame["path"]), documents, notes)
            except Exception:  # a frame may fail in any way; the page is judged without it, and says so
                notes.append("frame-failed")
