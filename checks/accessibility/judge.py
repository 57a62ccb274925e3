"""Judges one page for accessibility: every engine's evidence, turned into findings and outcomes of our rules."""

from __future__ import annotations

from checks.accessibility.engines.axe import check as axe
from rules.finding import Finding
from rules.norm import Norm
from rules.observation import PageSnapshot
from rules.outcome import Outcome


def judge(page: PageSnapshot, norm: Norm) -> tuple[tuple[Finding, ...], dict[str, Outcome]]:
    """The findings on a page, and of every rule that should have run its worst outcome. Pure."""
    return tuple(axe.findings(page)), axe.outcomes(page, norm)
