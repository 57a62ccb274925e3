"""What the probes that touch a page share: how they ask their script in it, and what they leave alone."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from importlib import resources
from typing import Any

from rules.observation import Evidence
from rules.probe import Tab

# Controls that may do harm, by their accessible name: they are never pressed.
HARMFUL = re.compile(
    r"\b(verwijder\w*|wissen|wis|annuleer\w*|opzeggen|betaal\w*|betalen|afrekenen|bestel\w*|koop|kopen|doneer\w*|verstuur\w*|verzend\w*|versturen|verzenden|"
    r"indienen|dien in|uitloggen|log[ -]?uit|afmelden|meld af|uitschrijven|aanmelden|inschrijven|opslaan|publiceer\w*|"
    r"delete|remove|erase|cancel|unsubscribe|subscribe|pay|checkout|check out|order|buy|donate|send|submit|"
    r"log[ -]?out|sign[ -]?(?:out|off)|"
    r"log[ -]?off|(?:be.indig|end) (?:uw |je |de |your |the )?se(?:ssie|ssion)|"
    r"save|publish|print|afdrukken|download\w*|deel|delen|share)\b",
    re.IGNORECASE,
)


def is_harmful(name: str) -> bool:
    return HARMFUL.search(name) is not None


class TouchingProbe(ABC):
    """Tries one kind of use on a page. Its folder bears its name, and holds its script: the functions that it may ask."""

    name: str
    deadline_s = 20.0
    touches = True
    watches = False

    def __init__(self) -> None:
        script = resources.files("checks.accessibility").joinpath(self.name, "probe.js").read_text(encoding="utf-8")
        self.sources = (f"globalThis.wake_{self.name} = () => {{ globalThis.vierluik || wakeVierluik(); {script} }};",)

    @abstractmethod
    async def facts(self, page: Tab) -> dict[str, Any]:
        """What came of it, for the topic to judge. The script is awake on the page."""

    async def gather(self, page: Tab) -> Evidence:
        """The facts in the form in which topics are read: those of the page's own document."""
        await self.wake(page)
        topics = {self.name: {"facts": await self.facts(page)}}
        return Evidence(self.name, complete=True, data={"documents": [{"frames": [], "topics": topics}], "notes": []})

    async def wake(self, page: Tab) -> None:
        await page.evaluate(f"void (globalThis.{self.name} = wake_{self.name}())")

    async def ask(self, page: Tab, question: str) -> Any:
        """What a function of the script gives: "field(3)"."""
        answer = f"Promise.resolve({self.name}.{question}).then((found) => JSON.stringify(found ?? null))"
        return json.loads(await page.evaluate(answer))

    async def open_anew(self, page: Tab) -> None:
        """The page as it was before it was touched."""
        await page.reload()
        await self.wake(page)
