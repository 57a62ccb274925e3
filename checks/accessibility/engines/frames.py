"""Looks into every document of a page that can be reached: the page itself and its frames, outermost first."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from rules.probe import World

FRAME_DEADLINE_S = 10.0
MOST_FRAMES = 50


async def every_document(page: World, look: str) -> tuple[list[dict[str, Any]], list[str]]:
    """What `look` gives in each document, with the paths of the frames it stands in; and which frames were not looked into.

    `look` is an expression whose value is what `vierluik.look(…)` in page.js makes: a JSON object that also lists the frames.
    """
    documents: list[dict[str, Any]] = []
    notes: set[str] = set()
    await _look(page, (), look, documents, notes)
    return documents, sorted(notes)


async def _look(world: World, frames: tuple[str, ...], look: str, documents: list[dict[str, Any]], notes: set[str]) -> None:
    found = json.loads(await world.evaluate(look))
    inside = found.pop("inside")
    documents.append({**found, "frames": list(frames)})
    for number, frame in enumerate(inside):
        if len(documents) > MOST_FRAMES:
            notes.add("too-many-frames")
            return
        child = await world.frame_of(f"vierluik.frame({number})")
        if child is None:
            notes.add("sandboxed-frame" if frame["sandboxed"] else "foreign-frame")
            continue
        try:
            async with asyncio.timeout(FRAME_DEADLINE_S):
                await _look(child, (*frames, frame["path"]), look, documents, notes)
        except Exception:  # a frame may fail in any way; the page is judged without it, and says so
            notes.add("frame-failed")
