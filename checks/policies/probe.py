"""Gathers what policies speak of: the page's words as they are seen, and the elements that their selectors find."""

from __future__ import annotations

import json
from importlib import resources

from checks.accessibility.engines.frames import every_document
from checks.probe import sources
from rules.observation import Evidence
from rules.policy import Policy, PolicyKind
from rules.probe import Tab

NAME = "policies"


class PolicyProbe:
    """The facts of every document: {"documents": [{"frames", "blocks", "cut", "selectors", "title", "root"}], "notes"}."""

    name = NAME
    deadline_s = 30.0
    touches = False
    watches = False

    def __init__(self, policies: tuple[Policy, ...]) -> None:
        self.sources = sources()
        body = resources.files("checks.policies").joinpath("look.js").read_text(encoding="utf-8")
        selectors = json.dumps([one.wanted for one in policies if one.kind is PolicyKind.SELECTOR])
        texts = json.dumps(any(one.kind is not PolicyKind.SELECTOR for one in policies))
        look = f"(page) => {{ const SELECTORS = {selectors}, TEXTS = {texts};\n{body}\n}}"
        self.expression = f"globalThis.vierluik || wakeVierluik(), vierluik.look({look})"

    async def gather(self, page: Tab) -> Evidence:
        documents, notes = await every_document(page, self.expression)
        return Evidence(self.name, complete=True, data={"documents": documents, "notes": notes})
