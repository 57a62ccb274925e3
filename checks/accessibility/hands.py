"""What the probes that touch a page share: their scripts, the form of their evidence, and what they leave alone."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

from rules.observation import Evidence
from rules.probe import Tab

# Controls that may do harm, by their accessible name: they are never pressed.
HARMFUL = re.compile(
    r"\b(verwijder\w*|wissen|wis|annuleer\w*|opzeggen|betaal\w*|betalen|afrekenen|bestel\w*|koop|kopen|doneer\w*|verstuur\w*|verzend\w*|versturen|verzenden|"
    r"indienen|dien in|uitloggen|log ?uit|afmelden|meld af|uitschrijven|aanmelden|inschrijven|opslaan|publiceer\w*|"
    r"delete|remove|erase|cancel|unsubscribe|subscribe|pay|checkout|check out|order|buy|donate|send|submit|log ?out|sign ?out|"
    r"log ?off|save|publish|print|afdrukken|download\w*|deel|delen|share)\b",
    re.IGNORECASE,
)


def asleep(package: str, name: str) -> str:
    """The script of a probe: the folder's probe.js, whose functions stand ready as `name` once it is woken."""
    script = resources.files(package).joinpath("probe.js").read_text(encoding="utf-8")
    return f"globalThis.wake_{name} = () => {{ globalThis.vierluik || wakeVierluik(); {script} }};"


async def wake(page: Tab, name: str) -> None:
    await page.evaluate(f"void (globalThis.{name} = wake_{name}())")


async def ask(page: Tab, question: str) -> Any:
    """What a function of the probe's script gives."""
    return json.loads(await page.evaluate(f"Promise.resolve({question}).then((found) => JSON.stringify(found ?? null))"))


def is_harmful(name: str) -> bool:
    return HARMFUL.search(name) is not None


def evidence(name: str, facts: Any) -> Evidence:
    """The form in which topics are read: the facts of the page's own document."""
    return Evidence(name, complete=True, data={"documents": [{"frames": [], "topics": {name: {"facts": facts}}}], "notes": []})
