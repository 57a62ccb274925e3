"""Which of our rules an axe-core rule speaks for, and the options axe is run with."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from rules.norm import Norm
from rules.rule import catalogue


@cache
def mapping() -> dict[str, str]:
    """axe rule: our rule."""
    return dict(_table()["rules"])


@cache
def left_out() -> dict[str, str]:
    """axe rules that never run, with the reason."""
    return dict(_table()["left_out"])


@cache
def only_asks() -> dict[str, str]:
    """axe rules whose violations are for a person to judge, with the reason."""
    return dict(_table()["asks"])


def _table() -> dict[str, dict[str, str]]:
    file = resources.files("checks.accessibility.engines.axe").joinpath("mapping.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def options_for(norm: Norm) -> dict[str, Any]:
    """axe's options for a norm: its violations and questions whole, of the rest only which rules ran.

    Every mapped rule is named, so that experimental rules run and those of criteria outside the norm do not.
    """
    rules = catalogue()
    enabled = {axe: {"enabled": rules[ours].belongs_to(norm)} for axe, ours in mapping().items()}
    disabled = {axe: {"enabled": False} for axe in left_out()}
    return {
        "resultTypes": ["violations", "incomplete"],
        "elementRef": False,
        "ancestry": True,
        "rules": {**enabled, **disabled},
    }
