"""What a report says about the tool that made it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from checks.accessibility.engines.axe.probe import axe_version


def tool_description(browser: str = "") -> dict[str, Any]:
    return {"name": "Vierluik", "version": version("vierluik"), "engines": {"axe": axe_version()}, "browser": browser}
