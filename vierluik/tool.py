"""What a report says about the tool that made it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from checks.accessibility.engines.opinions import engine_versions


def tool_description(browser: str = "", engines: Iterable[str] = ()) -> dict[str, Any]:
    """`engines`: those that judged; a stored run knows its own."""
    versions = engine_versions(engines)
    return {"name": "Vierluik", "version": version("vierluik"), "engines": versions, "browser": browser}
