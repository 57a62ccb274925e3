"""Runs axe-core in an open page: newest version, isolated world, every frame that can be reached, result reduced there.

Source: axe-core's API (run, runPartial, finishRun); axe-playwright-python, of which this is the isolated subclass.
"""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from importlib import resources
from typing import Any

from axe_playwright_python.base import AxeBase

from checks.accessibility.engines.axe.mapping import options_for
from rules.norm import Norm
from rules.observation import Evidence
from rules.probe import World

HERE = resources.files("checks.accessibility.engines.axe")
RUN = "".join(HERE.joinpath(name).read_text(encoding="utf-8") for name in ("contrast_groups.js", "run.js"))
FRAME_DEADLINE_S = 10.0
MOST_FRAMES = 50


class AxeMissing(Exception):
    """The file of axe-core is not there: the set-up did not run to its end."""


def axe_asleep(script: str | None = None) -> str:
    """axe-core as it lies in every document: it starts up only where it is called, in half the time of sending it anew."""
    # Elements that bear these names would otherwise be what they stand for.
    unnamed = "globalThis.axe = globalThis.vierluikAxe = undefined;"
    return f"globalThis.wakeAxe = function () {{ {script or axe_script()} ; }}; {unnamed}"


@cache
def axe_script() -> str:
    """axe-core as npm delivered it. Raises AxeMissing."""
    file = HERE.joinpath("vendor/axe.min.js")
    if not file.is_file():
        raise AxeMissing("axe-core is not there. Run the set-up again: python3 bootstrap.py")
    return file.read_text(encoding="utf-8")


def axe_version() -> str:
    """The version in the first line of axe-core's file, such as "4.14.1"; "unknown" where it has none."""
    found = re.search(r"axe v([\d.]+)", axe_script()[:200])
    return found[1] if found else "unknown"


class IsolatedAxe(AxeBase):  # type: ignore[misc]  # the package has no types
    """axe-core as a probe: a subclass of axe-playwright-python's class that never touches the page's own world."""

    name = "axe"
    deadline_s = 60.0
    touches = False
    watches = False

    def __init__(self, norm: Norm, axe: str | None = None) -> None:
        super().__init__(axe or axe_script())
        self.options = json.dumps(options_for(norm))
        self.sources = (axe_asleep(self.axe_script),)

    async def run(self, page: World) -> dict[str, Any]:
        """The reduced result of one page: {"version", "rules": {axe rule: list}, "findings", "notes"}."""
        whole = json.loads(await page.evaluate(f"{RUN};vierluikAxe.whole({self.options})"))
        left: set[str] = set(whole["left"])
        notes: list[str] = []
        if whole["framed"]:
            partials = await self._partials(page, "null", notes, left)
            result = json.loads(await page.evaluate(f"vierluikAxe.finish([{','.join(partials)}], {self.options})"))
        else:
            result = whole["result"]
        # What other frames gave on a rule says nothing about the one that was too large for it.
        rules = {rule: name for rule, name in result["rules"].items() if rule not in left or name == "violations"}
        notes += ["too-many-elements"] * bool(left)
        return {**result, "rules": rules, "notes": sorted(set(notes))}

    async def _partials(self, world: World, context: str, notes: list[str], left: set[str]) -> list[str]:
        """The partial results of a document and of the frames in it, outermost first, as axe.finishRun wants them.

        Adds to `notes` which frames were not looked into, and to `left` which rules were left out of a large document.
        """
        found = json.loads(await world.evaluate(f"vierluikAxe.frames({context}, {self.options})"))
        left.update(found["left"])
        partials = [await world.evaluate(f"vierluikAxe.partial({context}, {self.options})")]
        for number, frame in enumerate(found["frames"]):
            if number >= MOST_FRAMES:
                notes.append("too-many-frames")
                partials.append("null")
                continue
            child = await world.frame_of(f"vierluikAxe.frame({json.dumps(frame['frameSelector'])})")
            if child is None:
                notes.append("sandboxed-frame" if frame["sandboxed"] else "foreign-frame")
                partials.append("null")
                continue
            partials += await self._frame(child, json.dumps(frame["frameContext"]), notes, left)
        return partials

    async def _frame(self, frame: World, context: str, notes: list[str], left: set[str]) -> list[str]:
        try:
            async with asyncio.timeout(FRAME_DEADLINE_S):
                await frame.evaluate(RUN)
                return await self._partials(frame, context, notes, left)
        except Exception:  # a frame may fail in any way; the page is judged without it, and says so
            notes.append("frame-failed")
            return ["null"]

    async def gather(self, page: World) -> Evidence:
        return Evidence(self.name, complete=True, data=await self.run(page))
